"""The administrator's role holds every permission, the new one too."""

from django.db import migrations

NEW = "import.manage"


def give(apps, schema_editor):
    for role in apps.get_model("accounts", "Role").objects.filter(code="administrator"):
        if NEW not in role.permissions:
            role.permissions = [*role.permissions, NEW]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_rights_to_the_safety_work")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
