"""Trainings by level and audience, with a list of trainees that their own community alone sees (S3-8)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.enums import Permission, RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from projects.models import Activity, PlannedTeaching, Trainee
from projects.services.trainees import write_list
from tests.factories import MembershipFactory, RoleFactory
from tests.projects.factories import ActivityFactory
from tests.queries import queries_of

PASTED = "社区主任\t渝安培2026-001\n\n安全员 王小明，渝安培2026-002\r\n楼栋长\n"
PEOPLE = [("社区主任", "渝安培2026-001"), ("安全员 王小明", "渝安培2026-002"), ("楼栋长", "")]


@pytest.fixture(autouse=True)
def in_march() -> object:
    with clock.frozen("2026-03-10"):
        yield


@pytest.fixture
def training(community: Community) -> Activity:
    return ActivityFactory(community=community, people=99)


def page_of(activity: Activity, name: str = "trainees") -> str:
    return reverse(f"projects:{name}", args=[activity.community_id, activity.pk])


def listed() -> list[tuple[str, str]]:
    return list(Trainee.objects.order_by("position").values_list("person", "certificate"))


def test_many_lines_are_pasted_at_once_and_counted(client: Client, training: Activity, li: User) -> None:
    client.force_login(li)
    data = {"revision": training.revision, "lines": PASTED}
    assert client.post(page_of(training), data).status_code == 302
    training.refresh_from_db()
    assert (listed(), training.people) == (PEOPLE, 3)
    shown = client.get(page_of(training)).context["form"]["lines"].value()
    assert shown == "社区主任，渝安培2026-001\n安全员 王小明，渝安培2026-002\n楼栋长"


def test_the_same_list_again_changes_nothing(client: Client, training: Activity, li: User) -> None:
    client.force_login(li)
    data = {"revision": training.revision, "lines": PASTED}
    assert [client.post(page_of(training), data).status_code for _press in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="trainees.write").count() == 1


def test_who_saves_second_is_told_and_sees_what_is_saved(
    client: Client, training: Activity, li: User
) -> None:
    client.force_login(li)
    data = {"revision": training.revision, "lines": PASTED}
    client.post(page_of(training), data)
    answer = client.post(page_of(training), data | {"lines": "别人"})
    assert (answer.status_code, len(answer.context["trainees"]), len(listed())) == (422, 3, 3)
    again = data | {"lines": "别人", "revision": answer.context["form"]["revision"].value()}
    assert client.post(page_of(training), again).status_code == 302
    assert listed() == [("别人", "")]


@pytest.mark.parametrize(
    "lines", ["，无名", "甲\x00乙", "长" * 61, f"甲，{'1' * 61}", "\n".join(["甲"] * 501)]
)
def test_what_is_no_line_is_said_beside_the_field(
    client: Client, training: Activity, li: User, lines: str
) -> None:
    client.force_login(li)
    answer = client.post(page_of(training), {"revision": training.revision, "lines": lines})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["lines"])
    assert listed() == []


def test_the_number_of_people_follows_the_list_as_long_as_there_is_one(
    client: Client, training: Activity, li: User
) -> None:
    write_list(activity=training, people=PEOPLE, revision=training.revision, by=li)
    client.force_login(li)
    change = page_of(training, "activity_change")
    form = client.get(change).context["form"]
    assert form.fields["people"].disabled is True
    data = {"title": "培训", "on": "2026-03-01", "people": "500", "form_key": "x"}
    client.post(change, data | {"revision": form["revision"].value()})
    training.refresh_from_db()
    assert (training.title, training.people) == ("培训", 3)
    write_list(activity=training, people=[], revision=training.revision, by=li)
    training.refresh_from_db()
    assert training.people == 99


def test_names_are_read_in_their_own_community_and_nowhere_else(
    client: Client, training: Activity, li: User, wang: User, zhao: User, administrator: User, office: User
) -> None:
    write_list(activity=training, people=PEOPLE, revision=training.revision, by=li)
    seen = {}
    for user in (li, wang, zhao, administrator, office):
        client.force_login(user)
        page = client.get(page_of(training, "activity"))
        seen[user] = (client.get(page_of(training)).status_code, "王小明" in page.content.decode())
    assert seen == {
        li: (200, False),
        wang: (403, False),
        zhao: (404, False),
        administrator: (403, False),
        office: (403, False),
    }
    with pytest.raises(PermissionDenied):
        write_list(activity=training, people=[], revision=1, by=administrator)


def test_names_are_for_approved_members_who_record(client: Client, training: Activity, li: User) -> None:
    write_list(activity=training, people=PEOPLE, revision=training.revision, by=li)
    reader = RoleFactory(code=RoleCode.COMMUNITY_LEADER)
    reader.permissions = [Permission.WORK_VIEW]
    reader.save()
    clerk = RoleFactory(code=RoleCode.COMMUNITY_CLERK)
    seen = []
    for role, state in ((clerk, "active"), (clerk, "provisional"), (reader, "active")):
        member = MembershipFactory(community=training.community, state=state, role=role)
        client.force_login(member.user)
        shown = client.get(page_of(training, "activity")).context["may_list"]
        seen.append((client.get(page_of(training)).status_code, shown))
    assert seen == [(200, True), (403, False), (403, False)]


def test_names_stay_out_of_the_trail(training: Activity, li: User) -> None:
    write_list(activity=training, people=PEOPLE, revision=training.revision, by=li)
    entry = AuditEntry.objects.get(action="trainees.write")
    assert entry.changes == {"trainees": 3, "people": [99, 3]}


def test_only_trainings_have_a_list(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    found = {}
    for kind in ("training", "lecture", "meeting", "drill"):
        activity = ActivityFactory(community=community, kind=kind)
        found[kind] = client.get(page_of(activity)).status_code
        assert client.get(page_of(activity, "activity")).context["may_list"] is (found[kind] == 200)
    assert found == {"training": 200, "lecture": 200, "meeting": 404, "drill": 404}


def test_a_training_says_its_level_who_is_trained_and_what_it_was_planned_as(
    client: Client, community: Community, elsewhere: Community, li: User
) -> None:
    own, foreign = (
        PlannedTeaching.objects.create(community=where, year=2026, month_from=3, month_to=4, topic="防火")
        for where in (community, elsewhere)
    )
    client.force_login(li)
    where = reverse("projects:activity_add", args=[community.pk])
    data = {"kind": "training", "title": "培训", "on": "2026-03-01", "form_key": "one", "revision": "0"}
    data |= {"level": "city", "trained": ["core", "leaders"]}
    refused = client.post(where, data | {"planned": foreign.pk})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["planned"])
    assert client.post(where, data | {"planned": own.pk}).status_code == 302
    kept = Activity.objects.get()
    assert (kept.level, kept.trained, kept.planned) == ("city", ["leaders", "core"], own)
    own.delete()
    kept.refresh_from_db()
    assert kept.planned is None


def test_the_list_asks_the_same_for_one_and_for_many(client: Client, training: Activity, li: User) -> None:
    client.force_login(li)

    def make() -> None:
        training.trainees.create(person="居民")

    assert queries_of(client, page_of(training), make, 1) == queries_of(client, page_of(training), make, 19)
