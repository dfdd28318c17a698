"""What is counted is kept in memory until a touch says that it changed."""

import core.clock
import uuid
from django.db import migrations, models


def begin(apps, schema_editor):
    """With one touch there is a stamp, and what is counted may be kept."""
    apps.get_model("communities", "Touch").objects.create()


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0006_list_the_register_by_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="Touch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="token")),
                ("at", models.DateTimeField(default=core.clock.now, editable=False, verbose_name="time")),
            ],
            options={
                "verbose_name": "change of what is counted",
                "verbose_name_plural": "changes of what is counted",
                "ordering": ("pk",),
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
