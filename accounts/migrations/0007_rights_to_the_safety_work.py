"""Who sees, records, reviews and judges the safety work of communities."""

from django.db import migrations

SEES, RECORDS, REVIEWS = "work.view", "work.record", "work.review"
JUDGES, MANAGES = "work.judge", "work.manage"

NEW = {
    "administrator": [SEES, RECORDS, REVIEWS, JUDGES, MANAGES],
    "case_officer": [SEES, JUDGES, MANAGES],
    "leadership": [SEES],
    "authority": [SEES, JUDGES],
    "expert": [SEES],
    "community_leader": [SEES, RECORDS, REVIEWS],
    "community_liaison": [SEES, RECORDS, REVIEWS],
    "community_clerk": [SEES, RECORDS],
}


def give(apps, schema_editor):
    for role in apps.get_model("accounts", "Role").objects.filter(code__in=NEW):
        added = [code for code in NEW[role.code] if code not in role.permissions]
        if added:
            role.permissions = [*role.permissions, *added]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_second_factor_of_authorities")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
