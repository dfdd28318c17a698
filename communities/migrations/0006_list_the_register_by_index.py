"""The order of the public register is that of an index, and the few that it leaves out have one."""

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0005_imports_end_by_a_rule"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="community",
            index=models.Index(
                condition=models.Q(("published", False)), fields=["id"], name="community_unpublished"
            ),
        ),
        migrations.AddIndex(
            model_name="registerentry",
            index=models.Index(
                models.F("programme"),
                models.OrderBy(Coalesce("number", 0), descending=True),
                models.F("id"),
                name="entry_newest_first",
            ),
        ),
    ]
