"""Who sees, records and approves the injury data of communities, and who sets their codes."""

from django.db import migrations

SEES, RECORDS, APPROVES, MANAGES = "injury.view", "injury.record", "injury.approve", "injury.manage"

NEW = {
    "administrator": [SEES, RECORDS, APPROVES, MANAGES],
    "case_officer": [SEES, MANAGES],
    "leadership": [SEES],
    "authority": [SEES, APPROVES],
    "expert": [SEES],
    "community_leader": [SEES, RECORDS],
    "community_liaison": [SEES, RECORDS],
    "community_clerk": [SEES, RECORDS],
}


def give(apps, schema_editor):
    for role in apps.get_model("accounts", "Role").objects.filter(code__in=NEW):
        added = [code for code in NEW[role.code] if code not in role.permissions]
        if added:
            role.permissions = [*role.permissions, *added]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_who_finishes_imports")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
