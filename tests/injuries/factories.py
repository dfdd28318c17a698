"""What injury data are made of in tests. Counts follow only where a service writes."""

import json

import factory
from django.conf import settings

from injuries.enums import Completeness, Form, SourceKind
from injuries.models import Code, DataSet, Family, LockException, Record, RowAccess, SubArea, Total
from injuries.months import Month
from tests.factories import CommunityFactory, UserFactory

JANUARY, DECEMBER = Month.at(2025, 1), Month.at(2025, 12)
SHIPPED = json.loads((settings.BASE_DIR / "fixtures/injuries/codes.json").read_text(encoding="utf-8"))


def shipped_codes() -> None:
    """The lists of the card, where a flushed database has lost those of the migration."""
    if Code.objects.exists():
        return
    Code.objects.bulk_create(
        Code(list=name, number=code["number"], label_zh=code["zh"], label_en=code["en"])
        for name, content in SHIPPED["lists"].items()
        for code in content["codes"]
    )


class FamilyFactory(factory.django.DjangoModelFactory):
    """One of the shipped families, by its number: 4 is that of the home."""

    class Meta:
        model = Family
        django_get_or_create = ("number",)

    number = 4
    code = factory.LazyAttribute(lambda family: SHIPPED["families"][family.number - 1]["code"])
    label_zh = factory.LazyAttribute(lambda family: SHIPPED["families"][family.number - 1]["zh"])
    label_en = factory.LazyAttribute(lambda family: SHIPPED["families"][family.number - 1]["en"])


class SubAreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SubArea

    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"第{n}居委会")


class DataSetFactory(factory.django.DjangoModelFactory):
    """The records of a community's hospital for 2025."""

    class Meta:
        model = DataSet

    community = factory.SubFactory(CommunityFactory)
    family = factory.SubFactory(FamilyFactory)
    source_kind = SourceKind.HOSPITAL
    form = Form.RECORDS
    first_month, last_month = JANUARY, DECEMBER
    definition = "首诊伤害病例"
    completeness = Completeness.COMPLETE
    is_counted = True

    class Params:
        totals = factory.Trait(form=Form.TOTALS, source_kind=SourceKind.POLICE)


class RecordFactory(factory.django.DjangoModelFactory):
    """An old woman fell at home."""

    class Meta:
        model = Record

    data_set = factory.SubFactory(DataSetFactory)
    month = JANUARY
    age, age_band, sex = 71, 5, 2
    cause, place, activity, intent = 3, 1, 2, 1
    severity, outcome = 2, 4


class TotalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Total

    data_set = factory.SubFactory(DataSetFactory, totals=True)
    month = JANUARY
    cases = 5


class RowAccessFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RowAccess

    community = factory.SubFactory(CommunityFactory)
    user = factory.SubFactory(UserFactory)
    need = "现场评定"


class LockExceptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LockException

    data_set = factory.SubFactory(DataSetFactory)
    user = factory.SubFactory(UserFactory)
    reason = "补报一例"
