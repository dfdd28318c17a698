"""The health department of a place gives injury data of its own and reads figures. Source: 成都市锦江区2014."""

from django.db import migrations


def ship_role(apps, schema_editor):
    apps.get_model("accounts", "Role").objects.get_or_create(
        code="health_department",
        defaults={
            "scope": "authority",
            "name_zh": "卫生健康部门",
            "name_en": "Health department",
            "description_zh": "查看所辖社区的伤害统计，录入本部门（医疗机构、疾控）的伤害数据。",
            "description_en": (
                "Sees the injury figures of the communities of its place and records injury data of its own sources."
            ),
            "permissions": ["injury.view", "injury.record"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_rights_to_injury_records")]

    # Backwards nothing is taken away: posts may hang on the row.
    operations = [migrations.RunPython(ship_role, migrations.RunPython.noop)]
