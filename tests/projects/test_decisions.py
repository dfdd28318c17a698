"""What meetings decided stays in sight until it is done; so does what drills showed."""

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
from projects.enums import ActivityKind
from projects.models import Activity, Decision
from projects.selectors.activities import home_activities, open_decisions, unanswered
from projects.selectors.versions import version_of
from projects.services.decisions import add, change
from tests.projects.factories import ActivityFactory, DecisionFactory, OrganisationFactory
from tests.queries import queries_of


@pytest.fixture(autouse=True)
def in_april() -> object:
    with clock.frozen("2026-04-10"):
        yield


@pytest.fixture
def meeting(community: Community) -> Activity:
    return ActivityFactory(community=community, kind=ActivityKind.MEETING, on=dt.date(2026, 3, 1))


def test_a_decision_is_added_on_the_page_of_its_meeting(
    client: Client, community: Community, meeting: Activity, li: User
) -> None:
    client.force_login(li)
    who = OrganisationFactory(community=community)
    data = {"text": "检修消防栓", "organisation": who.pk, "due_on": "2026-03-31"}
    address = reverse("projects:decision_add", args=[community.pk, meeting.pk])
    for _press in range(2):
        assert client.post(address, data).status_code == 302
    decision = Decision.objects.get()
    assert (decision.text, decision.organisation, decision.due_on) == (
        "检修消防栓",
        who,
        dt.date(2026, 3, 31),
    )
    assert AuditEntry.objects.get(action="decision.add").community_id == community.pk


def test_only_a_meeting_decides(community: Community, li: User) -> None:
    with pytest.raises(Refused) as refused:
        add(activity=ActivityFactory(community=community), by=li, text="x")
    assert refused.value.codes == ["no_meeting"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("due_on", "2026-02-28"),
        ("due_on", "2036-04-11"),
        ("done_on", "2026-04-11"),
        ("done_on", "2026-02-28"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Client, community: Community, meeting: Activity, li: User, field: str, value: str
) -> None:
    client.force_login(li)
    data = {"text": "检修消防栓"} | {field: value}
    answer = client.post(reverse("projects:decision_add", args=[community.pk, meeting.pk]), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Decision.objects.count() == 0


def test_another_community_s_organisation_does_nothing_here(
    client: Client, community: Community, elsewhere: Community, meeting: Activity, li: User
) -> None:
    client.force_login(li)
    foreign = OrganisationFactory(community=elsewhere)
    answer = client.post(
        reverse("projects:decision_add", args=[community.pk, meeting.pk]),
        {"text": "检修", "organisation": foreign.pk},
    )
    assert list(answer.context["form"].errors) == ["organisation"]
    with pytest.raises(Refused) as refused:
        add(activity=meeting, by=li, text="检修", organisation=foreign)
    assert refused.value.codes == ["foreign"]


def test_a_decision_is_done(client: Client, community: Community, meeting: Activity, li: User) -> None:
    client.force_login(li)
    decision = DecisionFactory(activity=meeting, text="检修")
    address = reverse("projects:decision", args=[community.pk, meeting.pk, decision.pk])
    seen = client.get(address).context["form"]["seen"].value()
    data = {"text": "检修", "done_on": "2026-04-01", "note": "已检修12处", "seen": seen}
    assert client.post(address, data).status_code == 302
    decision.refresh_from_db()
    assert (decision.done_on, decision.note) == (dt.date(2026, 4, 1), "已检修12处")


def test_who_saves_second_is_told_and_may_press_again(
    client: Client, community: Community, meeting: Activity, li: User
) -> None:
    client.force_login(li)
    decision = DecisionFactory(activity=meeting)
    seen = version_of(decision)
    change(decision=decision, seen=seen, by=li, note="甲")
    address = reverse("projects:decision", args=[community.pk, meeting.pk, decision.pk])
    data = {"text": decision.text, "note": "乙", "seen": seen}
    answer = client.post(address, data)
    assert (answer.status_code, answer.context["form"]["note"].value()) == (422, "乙")
    assert client.post(address, data | {"seen": answer.context["form"]["seen"].value()}).status_code == 302
    decision.refresh_from_db()
    assert decision.note == "乙"


def test_a_decision_is_removed_by_who_records(
    client: Client, community: Community, meeting: Activity, li: User, wang: User
) -> None:
    decision = DecisionFactory(activity=meeting)
    address = reverse("projects:decision_remove", args=[community.pk, meeting.pk, decision.pk])
    client.force_login(wang)
    assert client.post(address).status_code == 403
    client.force_login(li)
    assert client.post(address).status_code == 302
    assert Decision.objects.count() == 0


def test_who_looks_does_not_decide(meeting: Activity, wang: User, zhao: User) -> None:
    for stranger in (wang, zhao):
        with pytest.raises(PermissionDenied):
            add(activity=meeting, by=stranger, text="x")


def test_what_is_open_stands_first_due_first(
    client: Client, community: Community, elsewhere: Community, meeting: Activity, li: User
) -> None:
    without = DecisionFactory(activity=meeting)
    later = DecisionFactory(activity=meeting, due_on=dt.date(2026, 5, 1))
    overdue = DecisionFactory(activity=meeting, due_on=dt.date(2026, 4, 9))
    DecisionFactory(activity=meeting, due_on=dt.date(2026, 4, 1), done_on=dt.date(2026, 4, 2))
    DecisionFactory(activity__community=elsewhere)
    assert list(open_decisions(community)) == [overdue, later, without]
    shown = home_activities(community)
    assert (shown.open_decisions, shown.overdue) == (3, 1)
    client.force_login(li)
    page = client.get(reverse("projects:open_matters", args=[community.pk]))
    assert list(page.context["page"]) == [overdue, later, without]
    assert page.content.decode().count("tag--late") == 1


def test_a_drill_with_shortcomings_is_open_until_it_says_what_follows(community: Community) -> None:
    drill = {"community": community, "kind": ActivityKind.DRILL}
    open_drill = ActivityFactory(**drill, shortcomings="集合慢")
    ActivityFactory(**drill, shortcomings="集合慢", follow_up="增设标识")
    ActivityFactory(**drill)
    assert list(unanswered(community)) == [open_drill]


def test_the_list_of_what_is_open_asks_the_same_for_many(
    client: Client, community: Community, meeting: Activity, li: User
) -> None:
    client.force_login(li)
    address = reverse("projects:open_matters", args=[community.pk])

    def make() -> None:
        DecisionFactory(activity=meeting, organisation=OrganisationFactory(community=community))
        ActivityFactory(community=community, kind=ActivityKind.DRILL, shortcomings="集合慢")

    assert queries_of(client, address, make, 2) == queries_of(client, address, make, 10)
