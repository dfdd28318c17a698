"""Whoever has a post at an authority signs in with a second factor from now on."""

from django.db import migrations


def guard(apps, schema_editor):
    posts = apps.get_model("communities", "AuthorityPost").objects.values("user")
    apps.get_model("accounts", "User").objects.filter(pk__in=posts).update(is_guarded=True)


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0003_bring_tables_in"),
        ("accounts", "0006_second_factor_of_authorities"),
    ]

    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
