"""The queue keeps its order in a column of its own, and the lists of a round find their rows by index."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

import core.clock


def since_the_last_copy_was_sent(apps, schema_editor):
    """Until now asked of the sealed copies whenever the queue was shown."""
    sent = (
        apps.get_model("surveys", "SealedCopy")
        .objects.filter(response=OuterRef("pk"), sent_at__isnull=False)
        .order_by("-sent_at")
    )
    since = Coalesce(Subquery(sent.values("sent_at")[:1]), F("stage_since"))
    apps.get_model("surveys", "Response").objects.update(waiting_since=since)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0006_files_of_blank_forms")]

    operations = [
        migrations.AddField(
            model_name="response",
            name="waiting_since",
            field=models.DateTimeField(
                default=core.clock.now, verbose_name="waiting for the association since"
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)),
                fields=["round", "due_on"],
                name="invitation_own_deadline",
            ),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(fields=["-round", "id"], name="response_newest_round"),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(
                condition=models.Q(("stage__in", ["in_review", "second_look", "to_check", "uploaded"])),
                fields=["waiting_since", "id"],
                name="response_awaiting_decision",
            ),
        ),
        # Last: PostgreSQL leaves an index unused for a while that is made after the rows were changed.
        migrations.RunPython(since_the_last_copy_was_sent, migrations.RunPython.noop, elidable=True),
    ]
