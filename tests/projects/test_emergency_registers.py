"""Plans, teams and equipment stand once in their register, are changed with care and found at once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.models import EmergencyEquipment, EmergencyPlan, EmergencyTeam, Evidence
from projects.selectors.shelves import EMERGENCY
from projects.selectors.shelves import REGISTERS as ALL
from projects.services.registers import add, remove
from tests.projects.factories import (
    ActivityFactory,
    EmergencyEquipmentFactory,
    EmergencyPlanFactory,
    EmergencyTeamFactory,
    EvidenceFactory,
)
from tests.projects.test_evidence import photograph
from tests.queries import queries_of

REGISTERS = {code: one for code, one in ALL.items() if one.shelf is EMERGENCY}
PLANS, TEAMS, EQUIPMENT = REGISTERS.values()
SENT = {
    "plans": {"name": "防汛预案", "emergency": "natural", "issued_on": "2025-05-01"},
    "teams": {"name": "义务消防队", "members": "12", "lead_post": "队长", "phone": "0592-2222222"},
    "equipment": {"name": "灭火器", "quantity": "40", "place": "文化广场", "checked_on": "2026-03-01"},
}


@pytest.fixture(autouse=True)
def in_march() -> object:
    with clock.frozen("2026-03-10"):
        yield


def address(community: Community, register: str, *row: int, name: str = "") -> str:
    if row:
        name = name or "row"
    return reverse(
        f"projects:register_{name}" if name else "projects:register", args=[community.pk, register, *row]
    )


@pytest.mark.parametrize("register", REGISTERS)
def test_two_presses_add_one_row(client: Client, community: Community, li: User, register: str) -> None:
    client.force_login(li)
    for _press in range(2):
        assert client.post(address(community, register, name="add"), SENT[register]).status_code == 302
    page = client.get(address(community, register))
    assert [row.name for row in page.context["page"]] == [SENT[register]["name"]]
    assert AuditEntry.objects.filter(action="emergency.add").count() == 1


@pytest.mark.parametrize("register", REGISTERS)
def test_another_row_of_the_same_name_is_refused(
    client: Client, community: Community, li: User, register: str
) -> None:
    client.force_login(li)
    client.post(address(community, register, name="add"), SENT[register])
    other = {"plans": {"emergency": "health"}, "teams": {"members": "3"}, "equipment": {"quantity": "1"}}
    answer = client.post(address(community, register, name="add"), SENT[register] | other[register])
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert REGISTERS[register].model.objects.count() == 1


def test_the_same_equipment_may_lie_in_two_places(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    for place in ("文化广场", "社区服务中心"):
        client.post(address(community, "equipment", name="add"), SENT["equipment"] | {"place": place})
    assert EmergencyEquipment.objects.count() == 2


def test_a_plan_keeps_its_documents_in_the_archive(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    client.post(address(community, "plans", name="add"), SENT["plans"] | {"files": [photograph()]})
    plan = EmergencyPlan.objects.get()
    (document,) = plan.evidence.all()
    assert (document.title, document.element, document.happened_on) == (
        "防汛预案",
        "emergency",
        dt.date(2025, 5, 1),
    )
    form = client.get(address(community, "plans", plan.pk)).context["form"]
    data = SENT["plans"] | {"seen": form["seen"].value(), "dropped": [document.pk]}
    client.post(address(community, "plans", plan.pk), data)
    assert (plan.evidence.count(), Evidence.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("register", "field", "value"),
    [
        ("plans", "name", ""),
        ("plans", "emergency", "war"),
        ("plans", "issued_on", "2026-03-11"),
        ("plans", "issued_on", "1989-12-31"),
        ("plans", "revised_on", "2025-04-30"),
        ("teams", "members", "-1"),
        ("teams", "members", "1000001"),
        ("equipment", "checked_on", "2026-03-11"),
        ("equipment", "quantity", "viele"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Client, community: Community, li: User, register: str, field: str, value: str
) -> None:
    client.force_login(li)
    answer = client.post(address(community, register, name="add"), SENT[register] | {field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_telephone_enters_the_trail_masked(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    team = EmergencyTeamFactory(community=community, phone="0592-2222222")
    seen = client.get(address(community, "teams", team.pk)).context["form"]["seen"].value()
    client.post(
        address(community, "teams", team.pk), {"name": team.name, "phone": "0592-3333333", "seen": seen}
    )
    told = AuditEntry.objects.get(action="emergency.change").changes["phone"]
    assert [one["shown"] for one in told] == ["059****22", "059****33"]


def test_who_saves_second_is_told_and_may_press_again(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    row = EmergencyEquipmentFactory(community=community, quantity=1)
    where = address(community, "equipment", row.pk)
    seen = client.get(where).context["form"]["seen"].value()
    data = {"name": row.name, "quantity": "2", "seen": seen}
    assert client.post(where, data).status_code == 302
    answer = client.post(where, data | {"quantity": "3"})
    assert (answer.status_code, answer.context["form"]["quantity"].value()) == (422, "3")
    again = data | {"quantity": "3", "seen": answer.context["form"]["seen"].value()}
    assert client.post(where, again).status_code == 302
    row.refresh_from_db()
    assert row.quantity == 3


def test_a_removed_plan_leaves_its_drills_and_documents(
    client: Client, community: Community, li: User
) -> None:
    plan = EmergencyPlanFactory(community=community)
    plan.evidence.add(EvidenceFactory(community=community))
    drill = ActivityFactory(community=community, kind="drill", emergency_plan=plan)
    client.force_login(li)
    assert client.post(address(community, "plans", plan.pk, name="remove")).status_code == 302
    drill.refresh_from_db()
    assert (EmergencyPlan.objects.count(), drill.emergency_plan, Evidence.objects.count()) == (0, None, 1)
    assert AuditEntry.objects.filter(action="emergency.remove").count() == 1


def test_who_looks_changes_nothing(
    client: Client, community: Community, elsewhere: Community, wang: User, zhao: User
) -> None:
    row = EmergencyTeamFactory(community=community)
    for user, seen in ((wang, 200), (zhao, 404)):
        client.force_login(user)
        assert client.get(address(community, "teams")).status_code == seen
        refused = 403 if seen == 200 else 404
        assert client.post(address(community, "teams", name="add"), SENT["teams"]).status_code == refused
        assert client.post(address(community, "teams", row.pk, name="remove")).status_code == refused
        with pytest.raises(PermissionDenied):
            add(register=TEAMS, owner=community, by=user, name="x")
        with pytest.raises(PermissionDenied):
            remove(register=TEAMS, row=row, by=user)
    assert EmergencyTeam.objects.count() == 1


def test_another_community_s_row_is_not_found_here(
    client: Client, community: Community, elsewhere: Community, li: User
) -> None:
    client.force_login(li)
    foreign = EmergencyPlanFactory(community=elsewhere)
    assert client.get(address(community, "plans", foreign.pk)).status_code == 404
    assert client.get(address(community, "lists")).status_code == 404


def test_the_service_refuses_a_plan_of_tomorrow(community: Community, li: User) -> None:
    with pytest.raises(Refused) as refused:
        add(
            register=PLANS,
            owner=community,
            by=li,
            name="x",
            emergency="health",
            issued_on=dt.date(2026, 3, 11),
        )
    assert refused.value.codes == ["day_out_of_range"]


@pytest.mark.parametrize(
    ("register", "factory"),
    [
        ("plans", EmergencyPlanFactory),
        ("teams", EmergencyTeamFactory),
        ("equipment", EmergencyEquipmentFactory),
    ],
)
def test_a_register_asks_the_same_for_one_and_for_twenty(
    client: Client, community: Community, li: User, register: str, factory: type
) -> None:
    client.force_login(li)
    where = address(community, register)

    def make() -> None:
        row = factory(community=community)
        if register == "plans":
            row.evidence.add(EvidenceFactory(community=community))

    assert queries_of(client, where, make, 1) == queries_of(client, where, make, 19)
