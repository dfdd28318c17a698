"""A form pressed twice makes one row, and who changes what another has changed meanwhile is told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_guard_authorities"),
        ("projects", "0002_what_is_asked_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="body",
            name="form_key",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="key of the sent form"
            ),
        ),
        migrations.AddField(
            model_name="body",
            name="revision",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="revision"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="form_key",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="key of the sent form"
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="revision",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="revision"),
        ),
        migrations.AddField(
            model_name="responsibilityletter",
            name="form_key",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="key of the sent form"
            ),
        ),
        migrations.AddField(
            model_name="responsibilityletter",
            name="revision",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="revision"),
        ),
        migrations.AddField(
            model_name="seat",
            name="form_key",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="key of the sent form"
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="revision",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="revision"),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form_key", ""), _negated=True),
                fields=("community", "form_key"),
                name="body_once_per_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form_key", ""), _negated=True),
                fields=("community", "form_key"),
                name="organisation_once_per_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibilityletter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form_key", ""), _negated=True),
                fields=("community", "form_key"),
                name="responsibility_once_per_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form_key", ""), _negated=True),
                fields=("body", "form_key"),
                name="seat_once_per_form",
            ),
        ),
    ]
