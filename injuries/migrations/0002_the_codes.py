"""The lists of the card and the families of records; their words may be changed afterwards."""

import json

from django.conf import settings
from django.db import migrations


def ship(apps, schema_editor):
    shipped = json.loads((settings.BASE_DIR / "fixtures/injuries/codes.json").read_text(encoding="utf-8"))
    Code = apps.get_model("injuries", "Code")
    Code.objects.bulk_create(
        Code(
            list=name,
            number=code["number"],
            label_zh=code["zh"],
            label_en=code["en"],
            icd10=code.get("icd10", ""),
            international=code.get("international", ""),
            source=content["source"],
        )
        for name, content in shipped["lists"].items()
        for code in content["codes"]
    )
    Family = apps.get_model("injuries", "Family")
    Family.objects.bulk_create(
        Family(
            number=family["number"],
            code=family["code"],
            label_zh=family["zh"],
            label_en=family["en"],
            position=family["number"],
            source=family["source"],
        )
        for family in shipped["families"]
    )
    apps.get_model("injuries", "Scope").objects.create(kind="nation")


class Migration(migrations.Migration):
    dependencies = [("injuries", "0001_the_injury_records")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
