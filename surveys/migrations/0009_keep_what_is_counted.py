"""Lists and figures of a round are counted once, with every write; what is stored already is counted here."""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

COUNTED = {"choice", "choices", "yes_no", "year"}
BATCH = 2000


def count_what_is_stored(apps, schema_editor):
    for survey_round in apps.get_model("surveys", "Round").objects.select_related("edition").iterator():
        count_states(apps, survey_round)
        count_answers(apps, survey_round)


def count_states(apps, survey_round):
    rows = (
        apps.get_model("surveys", "Response")
        .objects.filter(round=survey_round)
        .exclude(stage="void")
        .values_list("stage", "first_opened_at", "first_submitted_at", "is_late")
    )
    counts = Counter(
        " ".join([stage, *["opened"] * bool(opened), *["handed_in"] * bool(handed_in), *["late"] * late])
        for stage, opened, handed_in, late in rows.iterator()
    )
    figure = apps.get_model("surveys", "Figure")
    figure.objects.bulk_create(
        figure(round=survey_round, concept="", value=value, units=units) for value, units in counts.items()
    )


def count_answers(apps, survey_round):
    """Of each response the version handed in last, as the code did until now."""
    given, figure = apps.get_model("surveys", "GivenAnswer"), apps.get_model("surveys", "Figure")
    questions = [
        (question["id"], question["concept"])
        for section in survey_round.edition.definition["sections"]
        for question in section["questions"]
        if question.get("concept") and question["kind"] in COUNTED
    ]
    submissions = apps.get_model("surveys", "Submission").objects.filter(response=OuterRef("pk"))
    answers = Subquery(submissions.order_by("-version").values("answers")[:1])
    responses = apps.get_model("surveys", "Response").objects.filter(round=survey_round)
    rows, counts = [], Counter()
    for pk, stage, answered in responses.annotate(said=answers).values_list("pk", "stage", "said").iterator():
        for concept, value in sorted(values_in(questions, answered or {})):
            rows.append(given(response_id=pk, round=survey_round, concept=concept, value=value))
            counts[concept, value] += stage != "void"
    given.objects.bulk_create(rows, batch_size=BATCH)
    figure.objects.bulk_create(
        figure(round=survey_round, concept=concept, value=value, units=units)
        for (concept, value), units in sorted(counts.items())
        if units
    )


def values_in(questions, answers):
    return {
        (concept, text_of(single))
        for question, concept in questions
        for single in singles(answers.get(question))
    }


def singles(answer):
    if answer is None:
        return []
    return answer if isinstance(answer, list) else [answer]


def text_of(answer):
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return str(answer)[:60]


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_guard_authorities"),
        ("surveys", "0008_whom_an_edition_asks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("concept", models.CharField(blank=True, max_length=100, verbose_name="concept")),
                ("value", models.CharField(max_length=60, verbose_name="value")),
                ("units", models.IntegerField(verbose_name="units")),
            ],
            options={
                "verbose_name": "number of units",
                "verbose_name_plural": "numbers of units",
                "ordering": ("round", "pk"),
            },
        ),
        migrations.CreateModel(
            name="GivenAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("concept", models.CharField(max_length=100, verbose_name="concept")),
                ("value", models.CharField(max_length=60, verbose_name="value")),
            ],
            options={
                "verbose_name": "answer given",
                "verbose_name_plural": "answers given",
                "ordering": ("response", "pk"),
            },
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(
                condition=models.Q(("stage", "void"), _negated=True),
                fields=["round", "id"],
                include=(
                    "stage",
                    "is_late",
                    "first_submitted_at",
                    "first_opened_at",
                    "invitation",
                    "community",
                ),
                name="response_listed",
            ),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(
                condition=models.Q(("return_due_on__isnull", False)),
                fields=["round", "return_due_on"],
                name="response_return_due",
            ),
        ),
        migrations.AddField(
            model_name="figure",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="figures",
                to="surveys.round",
                verbose_name="survey round",
            ),
        ),
        migrations.AddField(
            model_name="givenanswer",
            name="response",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="given_answers",
                to="surveys.response",
                verbose_name="response",
            ),
        ),
        migrations.AddField(
            model_name="givenanswer",
            name="round",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="surveys.round",
                verbose_name="survey round",
            ),
        ),
        migrations.AddIndex(
            model_name="givenanswer",
            index=models.Index(fields=["round", "concept", "value", "response"], name="units_by_answer"),
        ),
        migrations.AddConstraint(
            model_name="givenanswer",
            constraint=models.UniqueConstraint(
                fields=("response", "concept", "value"), name="answer_given_once"
            ),
        ),
        migrations.RunPython(count_what_is_stored, migrations.RunPython.noop, elidable=True),
    ]
