"""The index of the public register carries the number, so that a late page is counted off without the table.

PostgreSQL does not see that an expression of a column is all that is asked of it.
"""

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("communities", "0007_stamp_what_is_counted")]

    operations = [
        migrations.RemoveIndex(model_name="registerentry", name="entry_newest_first"),
        migrations.AddIndex(
            model_name="registerentry",
            index=models.Index(
                "programme",
                Coalesce("number", 0).desc(),
                "id",
                include=("number",),
                name="entry_newest_first",
            ),
        ),
    ]
