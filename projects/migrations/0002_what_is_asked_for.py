"""The numbers and days that hold until staff set others, each with where it comes from."""

from django.db import migrations

CHONGQING = ("渝办发〔2010〕93号", "General Office of Chongqing, 2010, No. 93")
JINJIANG = ("成都市锦江区2014年工作方案", "Work plan of Jinjiang District, Chengdu, 2014")

MINIMA = (
    ("projects", 7, *CHONGQING),
    ("teaching", 4, *CHONGQING),
    ("drills", 4, *CHONGQING),
    ("meetings", 1, *JINJIANG),
    ("district_training", 1, *CHONGQING),
)
DAY_ZH, DAY_EN = "截止日期为平台默认值，可修改", "the day is the platform's own, to be changed"
RULES = (
    ("monthly", 1, 5, f"{CHONGQING[0]}；{DAY_ZH}", f"{CHONGQING[1]}; {DAY_EN}"),
    ("half_year", 0, 31, f"{CHONGQING[0]}；{DAY_ZH}", f"{CHONGQING[1]}; {DAY_EN}"),
    ("year_end", 0, 31, f"{CHONGQING[0]}；{DAY_ZH}", f"{CHONGQING[1]}; {DAY_EN}"),
    ("association", 1, 31, "据业内惯例，未经核实，可修改", "from memory, not verified, to be changed"),
)


def ship(apps, schema_editor):
    YearlyMinimum = apps.get_model("projects", "YearlyMinimum")
    for code, least, source_zh, source_en in MINIMA:
        YearlyMinimum.objects.get_or_create(
            code=code, defaults={"least": least, "source_zh": source_zh, "source_en": source_en}
        )
    ReportRule = apps.get_model("projects", "ReportRule")
    for kind, months_after, day, source_zh, source_en in RULES:
        ReportRule.objects.get_or_create(
            kind=kind,
            defaults={
                "months_after": months_after,
                "day": day,
                "source_zh": source_zh,
                "source_en": source_en,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_the_safety_work")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
