"""A shortcoming moves exactly by its table, for those who may, and is closed by another person."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.models import Authority, Community
from core import clock
from core.errors import Refused
from projects.enums import ShortcomingStage
from projects.lifecycle.shortcomings import SHORTCOMING_LIFECYCLE, advance_shortcoming
from projects.models import Shortcoming
from tests.factories import AuthorityFactory, AuthorityPostFactory, MembershipFactory, UserFactory
from tests.projects.factories import ShortcomingFactory

MOVES = [move.name for move in SHORTCOMING_LIFECYCLE]
ALLOWED = {
    ("found", "assign"): "assigned",
    ("assigned", "rectify"): "rectified",
    ("rectified", "close"): "closed",
    ("rectified", "give_back"): "assigned",
    ("closed", "reopen"): "assigned",
    ("rectified", "close_above"): "closed",
    ("rectified", "give_back_above"): "assigned",
    ("closed", "reopen_above"): "assigned",
}
NOTE = "现场仍有杂物，请清理后再报"


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


@pytest.fixture
def clerk(community: Community) -> User:
    user = UserFactory(name="钱")
    MembershipFactory(user=user, community=community, role__code=RoleCode.COMMUNITY_CLERK)
    return user


def at(stage: str, community: Community, by: User | None = None, **fields: object) -> Shortcoming:
    """A shortcoming of that stage with everything that any move asks for; rectified by ``by``."""
    shortcoming = ShortcomingFactory(
        community=community,
        stage=stage,
        post="物业经理",
        due_on=dt.date(2026, 3, 31),
        corrective="已清理通道",
        rectified_on=dt.date(2026, 6, 1),
        closed_on=dt.date(2026, 6, 2) if stage == ShortcomingStage.CLOSED else None,
        **fields,
    )
    shortcoming.stage_changes.create(move="rectify", from_stage="assigned", to_stage="rectified", by=by)
    return shortcoming


@pytest.mark.parametrize(("stage", "move"), list(itertools.product(ShortcomingStage.values, MOVES)))
def test_exactly_the_moves_of_the_table_are_possible(
    stage: str, move: str, administrator: User, clerk: User, community: Community
) -> None:
    shortcoming = at(stage, community, clerk)
    expected = ALLOWED.get((stage, move))
    if expected is None:
        with pytest.raises(Refused) as refused:
            advance_shortcoming(shortcoming, move, by=administrator, note=NOTE)
        assert refused.value.codes == ["stage"]
        assert Shortcoming.objects.get(pk=shortcoming.pk).stage == stage
        assert shortcoming.stage_changes.count() == 1
    else:
        assert advance_shortcoming(shortcoming, move, by=administrator, note=NOTE).stage == expected
        stored = Shortcoming.objects.get(pk=shortcoming.pk)
        assert (stored.stage, stored.closed_on) == (
            expected,
            dt.date(2026, 6, 15) if expected == "closed" else None,
        )
        change = shortcoming.stage_changes.last()
        assert (change.move, change.from_stage, change.to_stage, change.by, change.note) == (
            move,
            stage,
            expected,
            administrator,
            NOTE,
        )
        entry = AuditEntry.objects.get(action=f"shortcoming.{move}")
        assert entry.changes == {"stage": [stage, expected]}


RECORD, REVIEW = {"li", "administrator", "clerk"}, {"li", "administrator"}
JUDGE = {"wang", "office", "administrator"}
MAY = {
    "assign": RECORD,
    "rectify": RECORD,
    "close": REVIEW,
    "give_back": REVIEW,
    "reopen": REVIEW,
    "close_above": JUDGE,
    "give_back_above": JUDGE,
    "reopen_above": JUDGE,
}
PEOPLE = ("li", "clerk", "wang", "zhao", "expert", "stranger", "office", "leadership", "administrator")


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("stage", "move"), list(ALLOWED))
def test_a_move_is_for_those_who_hold_its_permission(
    stage: str, move: str, who: str, request: pytest.FixtureRequest, community: Community
) -> None:
    user: User = request.getfixturevalue(who)
    shortcoming = at(stage, community, UserFactory(name="另一人"))
    if who in MAY[move]:
        assert advance_shortcoming(shortcoming, move, by=user, note=NOTE).stage == ALLOWED[stage, move]
    else:
        with pytest.raises(PermissionDenied):
            advance_shortcoming(shortcoming, move, by=user, note=NOTE)


MISSING = {
    ("found", "assign"): ["nobody_named", "no_day"],
    ("assigned", "rectify"): ["no_correction", "no_rectified_day"],
    ("rectified", "give_back"): ["note"],
    ("closed", "reopen"): ["note"],
    ("rectified", "give_back_above"): ["note"],
    ("closed", "reopen_above"): ["note"],
}


@pytest.mark.parametrize(("stage", "move"), list(MISSING))
def test_a_refusal_names_everything_that_is_missing(stage: str, move: str, community: Community) -> None:
    closed_on = dt.date(2026, 6, 1) if stage == "closed" else None
    shortcoming = ShortcomingFactory(community=community, stage=stage, closed_on=closed_on)
    with pytest.raises(Refused) as refused:
        advance_shortcoming(shortcoming, move, by=None)
    assert refused.value.codes == MISSING[stage, move]


@pytest.mark.parametrize("move", ["close", "close_above"])
def test_nobody_verifies_what_they_rectified_themselves(
    move: str, administrator: User, community: Community
) -> None:
    shortcoming = at("rectified", community, administrator)
    with pytest.raises(Refused) as refused:
        advance_shortcoming(shortcoming, move, by=administrator)
    assert refused.value.codes == ["same_person"]


@pytest.mark.parametrize(
    ("stage", "move"), [("rectified", "close"), ("rectified", "give_back"), ("closed", "reopen")]
)
def test_what_an_authority_entered_is_verified_by_an_authority(
    stage: str, move: str, li: User, wang: User, clerk: User, community: Community
) -> None:
    shortcoming = at(stage, community, clerk, authority=community.supervisor)
    with pytest.raises(Refused) as refused:
        advance_shortcoming(shortcoming, move, by=li, note=NOTE)
    assert refused.value.codes == ["of_an_authority"]
    assert advance_shortcoming(shortcoming, f"{move}_above", by=wang, note=NOTE).stage == ALLOWED[stage, move]


@pytest.mark.parametrize(
    ("stage", "move"),
    [("rectified", "close_above"), ("rectified", "give_back_above"), ("closed", "reopen_above")],
)
def test_what_a_higher_authority_entered_is_not_verified_by_a_lower_one(
    stage: str, move: str, wang: User, clerk: User, community: Community
) -> None:
    above = AuthorityFactory()
    Authority.objects.filter(pk=community.supervisor_id).update(
        parent=above, path=f"{above.path}{community.supervisor_id}/"
    )
    community.refresh_from_db()
    higher = AuthorityPostFactory(authority=above).user
    shortcoming = at(stage, community, clerk, authority=above)
    with pytest.raises(PermissionDenied):
        advance_shortcoming(shortcoming, move, by=wang, note=NOTE)
    assert advance_shortcoming(shortcoming, move, by=higher, note=NOTE).stage == ALLOWED[stage, move]


def test_what_was_given_back_is_rectified_anew(li: User, clerk: User, community: Community) -> None:
    shortcoming = advance_shortcoming(at("rectified", community, clerk), "give_back", by=li, note=NOTE)
    assert Shortcoming.objects.get(pk=shortcoming.pk).rectified_on is None
    with pytest.raises(Refused) as refused:
        advance_shortcoming(shortcoming, "rectify", by=clerk)
    assert refused.value.codes == ["no_rectified_day"]


def test_of_two_who_press_at_once_the_second_is_refused(li: User, clerk: User, community: Community) -> None:
    shortcoming = at("rectified", community, clerk)
    stale = Shortcoming.objects.get(pk=shortcoming.pk)
    advance_shortcoming(shortcoming, "close", by=li)
    with pytest.raises(Refused) as refused:
        advance_shortcoming(stale, "give_back", by=li, note=NOTE)
    assert refused.value.codes == ["stage"]
