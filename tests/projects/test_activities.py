"""An activity is recorded once, with its pictures, by who may; and never written over in silence."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.enums import ActivityKind, BodyKind, Element, Emergency, ProjectStage
from projects.models import Activity, Evidence, SafetyWork
from projects.selectors.activities import Owner
from projects.services.activities import ELEMENT_OF, change, record, remove
from tests.projects.factories import (
    ActivityFactory,
    BodyFactory,
    EvidenceFactory,
    ProjectFactory,
    SafetyWorkFactory,
)
from tests.projects.test_evidence import photograph
from tests.queries import queries_of

DAY = dt.date(2026, 3, 5)


@pytest.fixture(autouse=True)
def in_march() -> object:
    with clock.frozen("2026-03-10"):
        yield


def sent(**more: object) -> dict[str, object]:
    """What a phone sends for a drill."""
    return {
        "kind": "drill",
        "title": "消防疏散演练",
        "on": "2026-03-05",
        "place": "文化广场",
        "people": "120",
        "result": "疏散用时4分钟",
        "form_key": "k1",
        "revision": "0",
        **more,
    }


def add_address(community: Community) -> str:
    return reverse("projects:activity_add", args=[community.pk])


# --- Recording ----------------------------------------------------------------------------------------------


def test_without_a_kind_the_kinds_are_large_buttons(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    page = client.get(add_address(community))
    assert page.context["kinds"] == ActivityKind.choices


def test_a_drill_with_three_photographs_is_recorded(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    pictures = [photograph(f"{n}.jpg", colour) for n, colour in enumerate(("red", "green", "blue"))]
    answer = client.post(add_address(community), sent(files=pictures, emergency=Emergency.ACCIDENT))
    drill = Activity.objects.get()
    assert answer.headers["Location"] == reverse("projects:activity", args=[community.pk, drill.pk])
    assert (drill.title, drill.on, drill.people, drill.emergency, drill.created_by) == (
        "消防疏散演练",
        DAY,
        120,
        Emergency.ACCIDENT,
        li,
    )
    assert set(drill.evidence.values_list("element", "title", "happened_on")) == {
        (Element.EMERGENCY, "消防疏散演练", DAY)
    }
    assert drill.evidence.exclude(thumbnail=None).count() == 3
    page = client.get(answer.headers["Location"])
    assert len(page.context["files"]) == 3
    assert AuditEntry.objects.filter(action="activity.add").count() == 1


def test_the_first_activity_begins_the_work(community: Community, li: User) -> None:
    for key in ("a", "b"):
        record(
            owner=Owner(community),
            fields={"kind": "drill", "title": "演练", "on": DAY},
            form_key=key,
            by=li,
        )
    assert SafetyWork.objects.get(community=community).started_on == dt.date(2026, 3, 10)


def test_every_kind_has_its_place_in_the_archive() -> None:
    assert set(ELEMENT_OF) == set(ActivityKind)


def test_the_second_press_finds_the_first_row(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    first = client.post(add_address(community), sent())
    second = client.post(add_address(community), sent())
    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert Activity.objects.count() == 1
    assert AuditEntry.objects.filter(action="activity.add").count() == 1


def test_a_bad_photograph_is_named_and_what_was_typed_stays(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    bad = SimpleUploadedFile("坏.jpg", b"MZ" + b"x" * 40, "image/jpeg")
    answer = client.post(add_address(community), sent(files=[photograph(), bad]))
    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.errors["files"][0].startswith("坏.jpg: ")
    assert len(form.errors["files"]) == 2
    assert (form["title"].value(), form["form_key"].value()) == ("消防疏散演练", "k1")
    assert (Activity.objects.count(), Evidence.objects.count()) == (0, 0)


def test_a_bad_paper_is_said_beside_the_papers(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    answer = client.post(add_address(community), sent(papers=[SimpleUploadedFile("名单.exe", b"MZ")]))
    assert answer.context["form"].errors["papers"][0].startswith("名单.exe: ")
    assert answer.context["form"].is_more_open is True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("on", "2026-03-11"),
        ("on", "1989-12-31"),
        ("on", "gestern"),
        ("people", "-1"),
        ("people", "1000001"),
        ("emergency", "war"),
        ("six_settings", ["moon"]),
        ("result", "x" * 10_001),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Client, community: Community, li: User, field: str, value: object
) -> None:
    client.force_login(li)
    answer = client.post(add_address(community), sent(**{field: value}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Activity.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "only"),
    [
        ("meeting", {"body", "agenda", "minutes"}),
        ("training", {"level", "trained", "planned", "training_form"}),
        ("lecture", {"level", "trained", "planned", "training_form"}),
        ("publicity", {"planned", "channel"}),
        ("drill", {"emergency", "emergency_plan", "scenario", "shortcomings", "follow_up"}),
        ("inspection", {"shortcomings", "follow_up"}),
        ("contest", set()),
    ],
)
def test_only_fields_that_fit_the_kind_are_asked(
    client: Client, community: Community, li: User, kind: str, only: set[str]
) -> None:
    client.force_login(li)
    form = client.get(add_address(community), {"kind": kind}).context["form"]
    shared = {"title", "on", "place", "people", "project", "files", "papers", "result", "groups"}
    assert set(form.fields) - shared - {"six_settings", "form_key", "revision"} == only
    assert form["on"].value() == dt.date(2026, 3, 10)


def test_only_running_projects_of_this_community_can_be_chosen(
    client: Client, community: Community, elsewhere: Community, li: User
) -> None:
    client.force_login(li)
    running = ProjectFactory(community=community, stage=ProjectStage.RUNNING)
    ProjectFactory(community=community, stage=ProjectStage.PROPOSED)
    foreign = ProjectFactory(community=elsewhere, stage=ProjectStage.RUNNING)
    answer = client.post(add_address(community), sent(project=foreign.pk))
    assert list(answer.context["form"].errors) == ["project"]
    assert list(answer.context["form"].fields["project"].queryset) == [running]
    client.post(add_address(community), sent(project=running.pk))
    assert Activity.objects.get().project == running


def test_what_belongs_to_another_community_is_refused_behind_the_form_too(
    community: Community, elsewhere: Community, li: User
) -> None:
    body = BodyFactory(community=elsewhere)
    with pytest.raises(Refused) as refused:
        record(
            owner=Owner(community),
            fields={"kind": "meeting", "title": "会议", "on": DAY, "body": body},
            by=li,
        )
    assert refused.value.codes == ["foreign"]


def test_who_looks_does_not_record(community: Community, wang: User, zhao: User) -> None:
    for stranger in (wang, zhao):
        with pytest.raises(PermissionDenied):
            record(owner=Owner(community), fields={"kind": "drill", "title": "演练", "on": DAY}, by=stranger)


# --- The list and the page of one -----------------------------------------------------------------------------


def test_the_list_shows_a_year_with_its_kinds(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    drill = ActivityFactory(community=community, kind=ActivityKind.DRILL, on=dt.date(2026, 2, 1))
    training = ActivityFactory(community=community, on=dt.date(2026, 3, 1))
    lecture = ActivityFactory(community=community, kind=ActivityKind.LECTURE, on=dt.date(2026, 3, 1))
    ActivityFactory(community=community, on=dt.date(2025, 12, 31))
    address = reverse("projects:activities", args=[community.pk])
    page = client.get(address)
    assert [(one.value, one.number) for one in page.context["kinds"]] == [
        ("training", 1),
        ("lecture", 1),
        ("drill", 1),
    ]
    assert list(page.context["page"]) == [lecture, training, drill]
    assert list(client.get(address, {"kind": "drill"}).context["page"]) == [drill]
    assert list(client.get(address, {"kind": "teaching"}).context["page"]) == [lecture, training]
    assert client.get(address, {"year": "2025"}).context["page"].paginator.count == 1
    assert client.get(address, {"year": "no"}).context["year"] == 2026


def test_the_counter_of_meetings_leads_to_those_of_the_leading_group(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    group = BodyFactory(community=community, kind=BodyKind.LEADING_GROUP)
    counted = ActivityFactory(community=community, kind=ActivityKind.MEETING, body=group)
    ActivityFactory(community=community, kind=ActivityKind.MEETING)
    address = reverse("projects:activities", args=[community.pk])
    assert list(client.get(address, {"kind": "meetings"}).context["page"]) == [counted]


def test_another_community_s_activity_is_not_found_here(
    client: Client, community: Community, elsewhere: Community, li: User
) -> None:
    client.force_login(li)
    foreign = ActivityFactory(community=elsewhere)
    for name in ("activity", "activity_change"):
        assert client.get(reverse(f"projects:{name}", args=[community.pk, foreign.pk])).status_code == 404
    assert (
        client.post(reverse("projects:activity_remove", args=[community.pk, foreign.pk])).status_code == 404
    )


def test_the_list_asks_the_same_for_one_and_for_twenty(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    SafetyWorkFactory(community=community)

    def make() -> None:
        ActivityFactory(community=community).evidence.add(EvidenceFactory(community=community))

    for name in ("activities", "work"):
        address = reverse(f"projects:{name}", args=[community.pk])
        assert queries_of(client, address, make, 9) == queries_of(client, address, make, 9)


# --- Changing and removing ------------------------------------------------------------------------------------


def test_a_change_adds_and_takes_out_photographs(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    drill = ActivityFactory(community=community, kind=ActivityKind.DRILL)
    old = EvidenceFactory(community=community)
    drill.evidence.add(old)
    address = reverse("projects:activity_change", args=[community.pk, drill.pk])
    answer = client.post(
        address, sent(revision="1", title="新名称", files=[photograph()], dropped=[str(old.pk)])
    )
    assert answer.status_code == 302
    drill.refresh_from_db()
    assert (drill.title, drill.revision, drill.evidence.count()) == ("新名称", 2, 1)
    assert Evidence.objects.filter(pk=old.pk).exists() is True
    entry = AuditEntry.objects.get(action="activity.change")
    assert entry.changes["place"] == ["", "文化广场"]


def test_who_saves_second_is_told_and_keeps_what_was_typed(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    drill = ActivityFactory(community=community, kind=ActivityKind.DRILL, revision=2, title="甲")
    address = reverse("projects:activity_change", args=[community.pk, drill.pk])
    answer = client.post(address, sent(revision="1", title="乙"))
    form = answer.context["form"]
    assert (answer.status_code, form["title"].value(), form["revision"].value()) == (422, "乙", "2")
    drill.refresh_from_db()
    assert drill.title == "甲"
    assert client.post(address, sent(revision="2", title="乙")).status_code == 302
    drill.refresh_from_db()
    assert (drill.title, drill.revision) == ("乙", 3)


def test_minutes_enter_the_trail_masked(community: Community, li: User) -> None:
    meeting = ActivityFactory(community=community, kind=ActivityKind.MEETING)
    change(activity=meeting, revision=1, fields={"minutes": "某同志提出整改意见"}, by=li)
    told = AuditEntry.objects.get(action="activity.change").changes["minutes"]
    assert (told[0], told[1]["shown"]) == (None, "某同志****意见")


def test_a_removed_activity_leaves_its_files(community: Community, li: User, wang: User) -> None:
    drill = ActivityFactory(community=community)
    drill.evidence.add(EvidenceFactory(community=community))
    with pytest.raises(PermissionDenied):
        remove(activity=drill, by=wang)
    remove(activity=drill, by=li)
    assert (Activity.objects.count(), Evidence.objects.count()) == (0, 1)
    assert AuditEntry.objects.filter(action="activity.remove").count() == 1


# --- Home -----------------------------------------------------------------------------------------------------


def test_the_home_page_shows_the_latest_four_and_the_counters(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    SafetyWorkFactory(community=community)
    days = [dt.date(2026, 3, day) for day in range(1, 7)]
    made = [ActivityFactory(community=community, on=day) for day in days]
    shown = client.get(reverse("projects:work", args=[community.pk])).context["activities"]
    assert shown.latest == made[:1:-1]
    assert [one.number for one in shown.counters] == [0, 6, 0, 0]
