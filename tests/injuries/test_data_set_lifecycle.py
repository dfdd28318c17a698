"""Every stage × every move × every role: the table says what may happen to a data set, and nothing else does."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from accounts.models import User
from audit.models import AuditEntry
from communities.enums import CodeSystem, MembershipState, RegionLevel
from communities.models import Authority, Community
from core import clock
from core.errors import Refused
from injuries.enums import Completeness, Dimension, Stage
from injuries.lifecycle import LIFECYCLE, advance, open_moves
from injuries.models import DataSet, StageChange
from injuries.selectors.datasets import waiting
from injuries.services import datasets
from injuries.services import records as writing
from injuries.services.totals import write
from tests.factories import AuthorityPostFactory, MembershipFactory, RegionFactory, UserFactory
from tests.injuries.factories import DataSetFactory, LockExceptionFactory

MOVES = [move.name for move in LIFECYCLE]
ALLOWED = {
    ("open", "close"): "closed",
    ("closed", "take_back"): "open",
    ("closed", "endorse"): "endorsed",
    ("closed", "lock"): "locked",
    ("endorsed", "lock"): "locked",
    ("closed", "send_back"): "open",
    ("endorsed", "send_back"): "open",
    ("locked", "reopen"): "open",
}
WRITE, APPROVE, PROVINCE = {"close", "take_back"}, {"endorse", "send_back"}, {"lock", "reopen"}
MAY = {
    "liaison": WRITE,
    "provisional": set(),
    "district": APPROVE,
    "province": APPROVE | PROVINCE,
    "administrator": APPROVE | PROVINCE,
    "case officer": set(),
    "leadership": set(),
    "expert": set(),
    "neighbour": set(),
    "stranger": set(),
}
NOTE = "补报一月数据"


@pytest.fixture
def people(
    community: Community,
    province_authority: Authority,
    li: User,
    wang: User,
    office: User,
    administrator: User,
    leadership: User,
    expert: User,
    zhao: User,
    stranger: User,
) -> dict[str, User]:
    province_authority.region = RegionFactory(level=RegionLevel.PROVINCE, code_system=CodeSystem.MCA)
    province_authority.save()
    above, new = UserFactory(), UserFactory()
    AuthorityPostFactory(user=above, authority=province_authority)
    MembershipFactory(user=new, community=community, state=MembershipState.PROVISIONAL)
    return {
        "liaison": li,
        "provisional": new,
        "district": wang,
        "province": above,
        "administrator": administrator,
        "case officer": office,
        "leadership": leadership,
        "expert": expert,
        "neighbour": zhao,
        "stranger": stranger,
    }


@pytest.mark.parametrize(("stage", "move"), list(itertools.product(Stage.values, MOVES)))
def test_a_move_starts_from_its_stages_only(records: DataSet, stage: str, move: str) -> None:
    DataSet.objects.update(stage=stage)
    if (stage, move) in ALLOWED:
        assert advance(records, move, by=None, note=NOTE).stage == ALLOWED[stage, move]
    else:
        with pytest.raises(Refused) as refused:
            advance(records, move, by=None, note=NOTE)
        assert refused.value.codes == ["stage"]
        assert DataSet.objects.get().stage == stage


@pytest.mark.parametrize("role", MAY)
def test_each_role_makes_its_moves_and_no_other(records: DataSet, people: dict[str, User], role: str) -> None:
    made, offered = set(), set()
    for stage, move in ALLOWED:
        DataSet.objects.update(stage=stage)
        records.refresh_from_db()
        offered |= {one.name for one in open_moves(people[role], records)}
        try:
            advance(records, move, by=people[role], note=NOTE)
        except PermissionDenied:
            assert DataSet.objects.get().stage == stage
        else:
            made.add(move)
    assert (made, offered) == (MAY[role], MAY[role])


def test_a_year_is_closed_when_it_is_over_and_said_to_be_whole(community: Community, li: User) -> None:
    data_set = DataSetFactory(community=community, definition=" ", completeness=Completeness.UNKNOWN)
    with clock.frozen("2025-12-31"), pytest.raises(Refused) as refused:
        advance(data_set, "close", by=li)
    assert refused.value.codes == ["months", "completeness"]


def test_totals_are_closed_when_every_month_has_a_figure_or_a_none(totals: DataSet, li: User) -> None:
    for month in range(totals.first_month, totals.last_month - 1):
        write(totals, month, {(Dimension.ALL, 0): month % 2}, by=li)
    with pytest.raises(Refused) as refused, translation.override("en"):
        advance(totals, "close", by=li)
    assert refused.value.codes == ["silent"]
    assert "these months: 2025-11, 2025-12." in str(refused.value)
    for month in (totals.last_month - 1, totals.last_month):
        write(totals, month, {(Dimension.ALL, 0): 0}, by=li)
    assert advance(totals, "close", by=li).stage == Stage.CLOSED


def test_an_exception_empties_no_month_of_what_was_closed_as_complete(
    totals: DataSet, li: User, wang: User
) -> None:
    write(totals, totals.first_month, {(Dimension.ALL, 0): 3}, by=li)
    DataSet.objects.update(stage=Stage.CLOSED)
    datasets.except_from_lock(totals, user=li, until=clock.today(), reason="补报", by=wang)
    with pytest.raises(Refused) as refused:
        write(totals, totals.first_month, {}, by=li)
    assert refused.value.codes == ["silent"]
    write(totals, totals.first_month, {(Dimension.ALL, 0): 0}, by=li)
    assert totals.totals.get().cases == 0


def test_totals_that_say_they_are_incomplete_are_closed_with_silent_months(
    community: Community, li: User
) -> None:
    totals = DataSetFactory(community=community, totals=True, completeness=Completeness.PARTIAL)
    assert advance(totals, "close", by=li).stage == Stage.CLOSED


def test_records_are_closed_although_a_month_had_no_case(records: DataSet, li: User) -> None:
    assert advance(records, "close", by=li).stage == Stage.CLOSED


@pytest.mark.parametrize(("stage", "move"), [("closed", "send_back"), ("locked", "reopen")])
def test_nobody_opens_again_without_a_reason(
    records: DataSet, administrator: User, stage: str, move: str
) -> None:
    DataSet.objects.update(stage=stage)
    with pytest.raises(Refused) as refused:
        advance(records, move, by=administrator, note=" ")
    assert refused.value.codes == ["note"]


def test_a_move_stands_in_the_history_and_in_the_trail(records: DataSet, li: User, wang: User) -> None:
    advance(records, "close", by=li)
    advance(records, "send_back", by=wang, note=NOTE)
    rows = StageChange.objects.values_list("move", "from_stage", "to_stage", "by", "note")
    assert list(rows) == [
        ("close", "open", "closed", li.pk, ""),
        ("send_back", "closed", "open", wang.pk, NOTE),
    ]
    trail = AuditEntry.objects.filter(action__startswith="injury_data.").order_by("pk")
    assert [(entry.action, entry.reason) for entry in trail] == [
        ("injury_data.close", ""),
        ("injury_data.send_back", NOTE),
    ]


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.ENDORSED, Stage.LOCKED])
def test_closed_data_take_nothing_until_an_exception_is_given(
    records: DataSet, li: User, wang: User, administrator: User, stage: str
) -> None:
    DataSet.objects.update(stage=stage)
    with pytest.raises(Refused) as refused:
        writing.add(records, {"month": records.first_month, "cause": 3}, by=li)
    assert refused.value.codes == ["closed"]
    giver = administrator if stage == Stage.LOCKED else wang
    with clock.frozen("2026-03-01"):
        datasets.except_from_lock(records, user=li, until=dt.date(2026, 3, 5), reason="补报", by=giver)
    with clock.frozen("2026-03-05 23:59"):
        writing.add(records, {"month": records.first_month, "cause": 3}, by=li)
    with clock.frozen("2026-03-06"), pytest.raises(Refused):
        writing.add(records, {"month": records.first_month, "cause": 3}, by=li)
    assert records.records.count() == 1


def test_an_exception_is_for_one_person(records: DataSet, community: Community, li: User) -> None:
    DataSet.objects.update(stage=Stage.LOCKED)
    other = UserFactory()
    MembershipFactory(user=other, community=community)
    LockExceptionFactory(data_set=records, user=other, until=dt.date(2030, 1, 1))
    with pytest.raises(Refused) as refused:
        writing.add(records, {"month": records.first_month, "cause": 3}, by=li)
    assert refused.value.codes == ["closed"]


def test_the_district_gives_no_exception_from_what_the_province_locked(
    records: DataSet, li: User, wang: User
) -> None:
    DataSet.objects.update(stage=Stage.LOCKED)
    with pytest.raises(Refused) as refused:
        datasets.except_from_lock(records, user=li, until=clock.today(), reason="补报", by=wang)
    assert refused.value.codes == ["right"]


def test_an_exception_mends_cases_and_nothing_else_and_ends_with_the_next_move(
    records: DataSet, li: User, wang: User
) -> None:
    DataSet.objects.update(stage=Stage.CLOSED)
    datasets.except_from_lock(records, user=li, until=clock.today(), reason="补报", by=wang)
    for press in (
        lambda: datasets.set_aside(records, by=li),
        lambda: datasets.describe(records, {"definition": "x"}, by=li),
        lambda: datasets.remove(records, by=li),
    ):
        with pytest.raises(Refused) as refused:
            press()
        assert refused.value.codes == ["closed"]
    advance(records, "endorse", by=wang)
    with pytest.raises(Refused):
        writing.add(records, {"month": records.first_month, "cause": 3}, by=li)


def test_open_data_need_no_exception(records: DataSet, li: User, wang: User) -> None:
    with pytest.raises(Refused) as refused:
        datasets.except_from_lock(records, user=li, until=clock.today(), reason="补报", by=wang)
    assert refused.value.codes == ["open"]


def test_who_closed_does_not_approve_too(records: DataSet, li: User, community: Community) -> None:
    AuthorityPostFactory(user=li, authority=community.supervisor)
    advance(records, "close", by=li)
    with pytest.raises(Refused) as refused:
        advance(records, "endorse", by=li)
    assert refused.value.codes == ["own"]


def test_what_was_closed_anew_is_not_approved_unread(records: DataSet, li: User, wang: User) -> None:
    advance(records, "close", by=li)
    seen = DataSet.objects.get().revision
    advance(records, "take_back", by=li)
    advance(records, "close", by=li)
    with pytest.raises(Refused) as refused:
        advance(records, "endorse", by=wang, seen=seen)
    assert refused.value.codes == ["stale"]


def test_a_town_does_not_approve_for_the_district(records: DataSet, community: Community) -> None:
    authority = community.supervisor
    assert authority is not None
    authority.region = RegionFactory(level=RegionLevel.TOWN, code_system=CodeSystem.NBS)
    authority.save()
    officer = UserFactory()
    AuthorityPostFactory(user=officer, authority=authority)
    DataSet.objects.update(stage=Stage.CLOSED)
    with pytest.raises(PermissionDenied):
        advance(records, "endorse", by=officer)


@pytest.mark.parametrize(
    ("role", "stages"),
    [
        ("district", ["closed"]),
        ("province", ["closed", "endorsed"]),
        ("administrator", ["closed", "endorsed"]),
    ],
)
def test_what_the_district_approved_waits_for_the_province_alone(
    community: Community, people: dict[str, User], role: str, stages: list[str]
) -> None:
    for number, stage in enumerate(Stage.values, 1):
        DataSetFactory(community=community, family__number=number, stage=stage)
    assert [row.stage for row in waiting(people[role], None)] == stages
