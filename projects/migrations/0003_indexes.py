"""The first and the last year of the boards are looked up by index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0006_list_the_register_by_index"),
        ("projects", "0002_what_is_asked_for"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="periodreport",
            index=models.Index(fields=["period_from"], name="report_by_period"),
        ),
    ]
