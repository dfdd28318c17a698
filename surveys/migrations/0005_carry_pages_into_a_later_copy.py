"""A later copy may count pages of an earlier one; a picture may show two pages, or a blank one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_files_of_the_round"),
        ("surveys", "0004_accepted_without_a_seal"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="copypage",
            name="copy_page_match_known",
        ),
        migrations.AddField(
            model_name="sealedcopy",
            name="carried_pages",
            field=models.ManyToManyField(
                blank=True,
                related_name="carried_into",
                to="surveys.copypage",
                verbose_name="pages carried over",
            ),
        ),
        migrations.AlterField(
            model_name="copypage",
            name="code_read",
            field=models.CharField(blank=True, max_length=120, verbose_name="code read"),
        ),
        migrations.AlterField(
            model_name="copypage",
            name="match",
            field=models.CharField(
                choices=[
                    ("waiting", "being read"),
                    ("matched", "recognised, same version"),
                    ("other_version", "another version of this form"),
                    ("other_community", "a page of another form"),
                    ("duplicate", "this page is there already"),
                    ("attachment", "own attachment"),
                    ("two_pages", "two pages on one picture"),
                    ("blank", "blank page"),
                    ("unreadable", "not recognised"),
                ],
                default="waiting",
                max_length=16,
                verbose_name="result",
            ),
        ),
        migrations.AddConstraint(
            model_name="copypage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "match__in",
                        [
                            "waiting",
                            "matched",
                            "other_version",
                            "other_community",
                            "duplicate",
                            "attachment",
                            "two_pages",
                            "blank",
                            "unreadable",
                        ],
                    )
                ),
                name="copy_page_match_known",
            ),
        ),
    ]
