"""The year's numbers beside what is asked for: what counts, what does not, and that staff set the least."""

import datetime as dt

import pytest

from communities.models import Authority, Community
from core import clock
from projects.enums import ActivityKind, BodyKind, Minimum, Organiser, ProjectStage
from projects.models import YearlyMinimum
from projects.selectors.counters import Counter, begun_quarters, counters, counters_of, trainings_of
from tests.factories import CommunityFactory
from tests.projects.factories import ActivityFactory, BodyFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def by_code(community: Community, year: int = 2026) -> dict[str, Counter]:
    return {one.code: one for one in counters(community, year)}


def test_a_community_without_anything_has_its_zeros(community: Community) -> None:
    assert [(one.code, one.number, one.least, one.is_met) for one in counters(community, 2026)] == [
        ("projects", 0, 7, False),
        ("teaching", 0, 4, False),
        ("drills", 0, 4, False),
        ("meetings", 0, 1, False),
    ]


def test_trainings_lectures_and_publicity_count_together(community: Community) -> None:
    for kind in (ActivityKind.TRAINING, ActivityKind.LECTURE, ActivityKind.PUBLICITY, ActivityKind.CONTEST):
        ActivityFactory(community=community, kind=kind)
    found = by_code(community)[Minimum.TEACHING]
    assert (found.number, found.is_met, found.source) == (3, False, "渝办发〔2010〕93号")
    ActivityFactory(community=community, kind=ActivityKind.TRAINING)
    assert by_code(community)[Minimum.TEACHING].is_met is True


def test_only_the_year_and_only_this_community_count(community: Community, elsewhere: Community) -> None:
    for day in (dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1)):
        ActivityFactory(community=community, kind=ActivityKind.DRILL, on=day)
    ActivityFactory(community=elsewhere, kind=ActivityKind.DRILL)
    assert by_code(community)[Minimum.DRILLS].number == 2


def test_the_leading_group_meets_in_every_quarter_that_has_begun(community: Community) -> None:
    group = BodyFactory(community=community, kind=BodyKind.LEADING_GROUP)
    office = BodyFactory(community=community, kind=BodyKind.OFFICE)
    meeting = {"community": community, "kind": ActivityKind.MEETING}
    ActivityFactory(**meeting, body=group, on=dt.date(2026, 2, 1))
    ActivityFactory(**meeting, body=office, on=dt.date(2026, 5, 1))
    ActivityFactory(**meeting, on=dt.date(2026, 5, 2))
    with clock.frozen("2026-03-31"):
        found = by_code(community)[Minimum.MEETINGS]
        assert (found.quarters, found.number, found.is_met) == ((1, 0, 0, 0), 1, True)
    with clock.frozen("2026-04-01"):
        assert by_code(community)[Minimum.MEETINGS].is_met is False


@pytest.mark.parametrize(
    ("year", "begun"), [(2025, (1, 2, 3, 4)), (2026, (1, 2)), (2027, (1, 2, 3, 4))], ids=str
)
def test_quarters_have_begun_by_a_day(year: int, begun: tuple[int, ...]) -> None:
    assert begun_quarters(year, dt.date(2026, 4, 1)) == begun


def test_projects_count_once_they_run(community: Community) -> None:
    for stage in ProjectStage:
        ProjectFactory(community=community, stage=stage)
    ProjectFactory(community=community, stage=ProjectStage.RUNNING, starts_on=dt.date(2027, 1, 1))
    assert by_code(community)[Minimum.PROJECTS].number == 3
    assert by_code(community, 2027)[Minimum.PROJECTS].number == 4


def test_staff_set_the_least_and_switch_a_counter_off(community: Community) -> None:
    YearlyMinimum.objects.filter(code=Minimum.DRILLS).update(least=0)
    YearlyMinimum.objects.filter(code=Minimum.PROJECTS).update(is_on=False)
    assert [(one.code, one.least, one.is_met) for one in counters(community, 2026)] == [
        ("teaching", 4, False),
        ("drills", 0, True),
        ("meetings", 1, False),
    ]


def test_many_communities_are_counted_with_two_queries(
    community: Community, django_assert_num_queries
) -> None:
    others = CommunityFactory.create_batch(5)
    for one in others:
        ActivityFactory(community=one, kind=ActivityKind.DRILL)
        ProjectFactory(community=one, stage=ProjectStage.RUNNING)
    keys = [community.pk, *(one.pk for one in others)]
    with django_assert_num_queries(2):
        found = counters_of(keys, 2026)
    assert {key: [one.number for one in found[key]] for key in keys} == {
        community.pk: [0, 0, 0, 0],
        **{one.pk: [1, 0, 1, 0] for one in others},
    }


def test_an_authority_teaches_once_a_year(
    district_authority: Authority, province_authority: Authority
) -> None:
    ActivityFactory(
        organiser=Organiser.AUTHORITY,
        community=None,
        authority=district_authority,
        kind=ActivityKind.TRAINING,
    )
    found = trainings_of([district_authority.pk, province_authority.pk], 2026)
    assert {key: (one.number, one.is_met) for key, one in found.items()} == {
        district_authority.pk: (1, True),
        province_authority.pk: (0, False),
    }
