"""A demonstration shows a made-up year on real communities, the same at every start, and nobody by name."""

import re

import pytest
from django.core.management import CommandError, call_command

from communities.models import Community
from projects.enums import COUNTED_PROJECTS, ActivityKind
from projects.models import Activity, Evidence, PeriodReport, Project, SafetyStaff, Seat, Shortcoming
from projects.selectors.organisation import staff_numbers
from projects.selectors.shelves import REGISTERS
from tests.factories import CommunityFactory
from tests.surveys.rounds import named

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(settings, programme) -> Community:
    settings.DEMONSTRATION = True
    community = CommunityFactory(name_zh="天竺镇")
    named(community, number=420, sequence=1)
    return community


def test_no_made_up_work_is_written_outside_a_demonstration(settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError):
        call_command("load_safety_work", verbosity=0)


def test_a_year_of_work_is_there_with_its_pictures(unit: Community) -> None:
    call_command("load_safety_work", verbosity=0)
    assert Project.objects.filter(community=unit).count() == 8
    assert Project.objects.filter(community=unit, stage__in=COUNTED_PROJECTS).exists()
    assert Activity.objects.filter(community=unit, kind=ActivityKind.DRILL).count() == 3
    assert Evidence.objects.filter(community=unit).count() == 12
    assert PeriodReport.objects.filter(community=unit, kind="monthly").count() == 2
    stages = Shortcoming.objects.filter(community=unit).order_by("pk").values_list("stage", flat=True)
    assert list(stages) == ["assigned", "rectified", "closed", "assigned"]
    assert staff_numbers(unit) == {"full": 1, "part": 2}
    kept = {code: register.rows(unit).count() for code, register in REGISTERS.items()}
    assert {code: number for code, number in kept.items() if number} == {
        "staff": 3,
        "appraisals": 1,
        "experts": 2,
        "services": 1,
        "news": 1,
        "teaching": 3,
    }
    assert {one.finding_id is not None for one in Project.objects.all()} == {True}


def test_a_second_start_writes_nothing_more(unit: Community) -> None:
    call_command("load_safety_work", verbosity=0)
    before = (Project.objects.count(), Activity.objects.count(), Evidence.objects.count())
    call_command("load_safety_work", verbosity=0)
    assert (Project.objects.count(), Activity.objects.count(), Evidence.objects.count()) == before


def test_nobody_is_named(unit: Community) -> None:
    call_command("load_safety_work", verbosity=0)
    assert set(Seat.objects.values_list("person", flat=True)) == {""}
    assert set(SafetyStaff.objects.values_list("person", flat=True)) == {""}
    words = " ".join(Activity.objects.values_list("minutes", flat=True))
    assert re.findall(r"[某张王李]", words) == []
