"""A round counted anew from its responses and the JSON of its submissions, beside the figures that are kept."""

from __future__ import annotations

from collections import Counter

from surveys.enums import Stage
from surveys.figures import STANDING
from surveys.models import Figure, GivenAnswer, Response, Round, Submission

Figures = dict[tuple[str, str], int]
COUNTED = {"choice", "choices", "yes_no", "year"}


def kept(survey_round: Round) -> Figures:
    sums: Counter[tuple[str, str]] = Counter()
    for figure in Figure.objects.filter(round=survey_round):
        sums[figure.concept, figure.value] += figure.units
    return {key: units for key, units in sums.items() if units}


def recounted(survey_round: Round) -> Figures:
    sums: Counter[tuple[str, str]] = Counter()
    for response in Response.objects.filter(round=survey_round).exclude(stage=Stage.VOID):
        words = [response.stage]
        words += ["opened"] if response.first_opened_at else []
        words += ["handed_in"] if response.first_submitted_at else []
        words += ["late"] if response.is_late else []
        sums[STANDING, " ".join(words)] += 1
        sums.update(given(response))
    return dict(sums)


def given(response: Response) -> list[tuple[str, str]]:
    last = Submission.objects.filter(response=response).order_by("-version").first()
    said = last.answers if last else {}
    found = []
    for section in response.round.edition.definition["sections"]:
        for question in section["questions"]:
            answer = said.get(question["id"])
            if question["kind"] in COUNTED and question.get("concept") and answer is not None:
                several = answer if isinstance(answer, list) else [answer]
                found += [(question["concept"], text(one)) for one in several]
    return found


def text(answer: object) -> str:
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)


def unlike(survey_round: Round) -> list[object]:
    """Whatever is kept otherwise than it is counted anew: figures, and units that would be found by other answers."""
    now, wanted = kept(survey_round), recounted(survey_round)
    figures = [(key, now.get(key, 0), wanted.get(key, 0)) for key in {**now, **wanted}]
    answers = [
        (response.reference, found, given(response))
        for response in Response.objects.filter(round=survey_round)
        if (found := _found_by(response)) != sorted(given(response))
    ]
    return [line for line in figures if line[1] != line[2]] + answers


def _found_by(response: Response) -> list[tuple[str, str]]:
    rows = GivenAnswer.objects.filter(response=response, round=response.round_id)
    return sorted(rows.values_list("concept", "value"))
