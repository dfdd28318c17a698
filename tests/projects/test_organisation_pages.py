"""The pages of the organisation: who opens them, what they show, what they refuse."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from communities.models import Community
from projects.enums import ActivityKind, BodyKind, SeatRole
from projects.models import Body, Organisation, ResponsibilityLetter, SafetyWork, Seat
from tests.projects.factories import (
    ActivityFactory,
    BodyFactory,
    EvidenceFactory,
    OrganisationFactory,
    ResponsibilityLetterFactory,
    SafetyWorkFactory,
    SeatFactory,
)
from tests.projects.test_evidence import photograph

NAME = "王小明"
READ = ("organisation", "units", "duties", "letters", "body", "letter")
WRITE = (
    "body_add", "body_edit", "seat_add", "seat_edit", "unit_add", "unit_edit", "letter_add",
    "organisation_template",
)  # fmt: skip
PRESS = ("body_remove", "seat_move", "seat_remove", "unit_remove", "letter_remove")


@pytest.fixture
def seat(community: Community) -> Seat:
    body = BodyFactory(community=community, kind=BodyKind.LEADING_GROUP, name="创建工作领导小组")
    return SeatFactory(body=body, role=SeatRole.HEAD, post="主任", person=NAME)


@pytest.fixture
def letter(community: Community) -> ResponsibilityLetter:
    return ResponsibilityLetterFactory(community=community)


@pytest.fixture
def clerk(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


def address(name: str, seat: Seat, letter: ResponsibilityLetter | None = None) -> str:
    parts: dict[str, Any] = {"community_id": seat.body.community_id}
    if (name.startswith("body_") and name != "body_add") or name == "body" or name.startswith("seat"):
        parts["body_id"] = seat.body_id
    if name in {"seat_edit", "seat_move", "seat_remove"}:
        parts["seat_id"] = seat.pk
    if name in {"unit_edit", "unit_remove"}:
        parts["organisation_id"] = seat.organisation_id
    if name in {"letter", "letter_remove"}:
        assert letter is not None
        parts["letter_id"] = letter.pk
    if name == "organisation_template":
        parts["template"] = "jinjiang-2014"
    return reverse(f"projects:{name}", kwargs=parts)


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_the_community_opens_every_page(clerk: Client, seat: Seat, letter: ResponsibilityLetter) -> None:
    answers = {name: clerk.get(address(name, seat, letter)).status_code for name in (*READ, *WRITE)}
    assert set(answers.values()) == {200}


@pytest.mark.parametrize("who", ["wang", "expert", "leadership"])
def test_those_who_look_on_read_and_write_nothing(
    request: pytest.FixtureRequest, client: Client, who: str, seat: Seat, letter: ResponsibilityLetter
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert {client.get(address(name, seat, letter)).status_code for name in READ} == {200}
    assert {client.get(address(name, seat, letter)).status_code for name in WRITE} == {403}
    assert {
        client.post(address(name, seat, letter), {}).status_code for name in (*WRITE, *PRESS, "letter")
    } == {403}
    assert Seat.objects.get().person == NAME


def test_another_community_finds_nothing_and_the_public_is_sent_to_sign_in(
    client: Client, zhao: User, seat: Seat, letter: ResponsibilityLetter
) -> None:
    pages = [address(name, seat, letter) for name in (*READ, *WRITE)]
    assert {client.get(page).headers["Location"].split("?")[0] for page in pages} == {
        reverse("accounts:login")
    }
    client.force_login(zhao)
    assert {client.get(page).status_code for page in pages} == {404}


def test_what_belongs_to_another_community_is_not_found_under_the_own(
    clerk: Client, community: Community, seat: Seat
) -> None:
    foreign = SeatFactory()
    scan = ResponsibilityLetterFactory()
    for name, parts in (
        ("body", {"body_id": foreign.body_id}),
        ("body_edit", {"body_id": foreign.body_id}),
        ("seat_add", {"body_id": foreign.body_id}),
        ("seat_edit", {"body_id": seat.body_id, "seat_id": foreign.pk}),
        ("unit_edit", {"organisation_id": foreign.organisation_id}),
        ("letter", {"letter_id": scan.pk}),
    ):
        page = reverse(f"projects:{name}", kwargs={"community_id": community.pk, **parts})
        assert clerk.get(page).status_code == 404


def test_a_foreign_organisation_and_a_foreign_scan_are_no_choice(
    clerk: Client, seat: Seat, letter: ResponsibilityLetter
) -> None:
    foreign = OrganisationFactory()
    answer = clerk.post(address("seat_add", seat), {"role": SeatRole.SUPPORT, "organisation": foreign.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["organisation"])
    letter.evidence.add(EvidenceFactory(community=letter.community))
    data = {"year": 2026, "party": "甲", "organisation": foreign.pk, "without": [EvidenceFactory().pk]}
    answer = clerk.post(address("letter", seat, letter), data)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["organisation", "without"])


def test_names_are_shown_whole_only_to_those_who_need_them(
    client: Client, community: Community, seat: Seat, li: User, wang: User, expert: User, office: User
) -> None:
    seat.role = SeatRole.NAMED_LEADER
    seat.save()
    SafetyWorkFactory(community=community)
    pages = [
        address("organisation", seat),
        address("body", seat),
        reverse("projects:work", args=[community.pk]),
    ]
    for user, sees in ((li, True), (office, True), (wang, False), (expert, False)):
        client.force_login(user)
        texts = [client.get(page).content.decode() for page in pages]
        assert [NAME in text for text in texts] == [sees] * 3
        assert ["王**" in text for text in texts] == [not sees] * 3


def test_a_body_shows_its_activities_and_whether_the_leading_group_has_met(
    clerk: Client, community: Community, seat: Seat
) -> None:
    meeting = ActivityFactory(
        community=community, body=seat.body, kind=ActivityKind.MEETING, on=dt.date(2020, 1, 1)
    )
    page = clerk.get(address("body", seat))
    assert page.context["activities"] == [meeting]
    assert page.context["meetings"].is_short is True
    other = BodyFactory(community=community)
    page = clerk.get(reverse("projects:body", args=[community.pk, other.pk]))
    assert (page.context["activities"], page.context["meetings"]) == ([], None)


def test_a_press_fills_from_jinjiang_and_a_second_press_says_so(clerk: Client, community: Community) -> None:
    home = clerk.get(reverse("projects:work", args=[community.pk])).content.decode()
    page = reverse("projects:organisation_template", args=[community.pk, "jinjiang-2014"])
    assert page in home
    assert clerk.get(page).context["filling"].seats == 103
    answer = clerk.post(page, follow=True)
    text = _("%(organisations)d organisations and %(bodies)d working bodies were added.")
    assert said(answer) == [text % {"organisations": 34, "bodies": 15}]
    assert SafetyWork.objects.get(community=community).template == "jinjiang-2014"
    assert [row.body.name for row in answer.context["rows"]][:2] == ["创建工作领导小组", "领导小组办公室"]
    answer = clerk.post(page, follow=True)
    assert said(answer) == [_("Everything of this template was there already.")]


def test_an_unknown_template_is_not_found(clerk: Client, community: Community) -> None:
    page = reverse("projects:organisation_template", args=[community.pk, "nowhere-1900"])
    assert clerk.get(page).status_code == 404


def test_the_second_press_of_the_same_form_adds_nothing(clerk: Client, seat: Seat) -> None:
    page = address("body_add", seat)
    data = {
        "kind": BodyKind.OFFICE,
        "name": "办公室",
        "form_key": clerk.get(page).context["form"]["form_key"].value(),
    }
    for _press in range(2):
        assert clerk.post(page, data).status_code == 302
    assert Body.objects.filter(name="办公室").count() == 1


def test_what_was_typed_stays_when_another_was_quicker(clerk: Client, seat: Seat) -> None:
    Organisation.objects.filter(pk=seat.organisation_id).update(revision=2, duties="他人所写")
    page = address("unit_edit", seat)
    data = {"name": "新名", "kind": "department", "duties": "本人所写", "revision": 1}
    answer = clerk.post(page, data)
    form = answer.context["form"]
    assert (answer.status_code, form["duties"].value(), form["revision"].value()) == (422, "本人所写", "2")
    assert clerk.post(page, data | {"revision": 2}).status_code == 302
    assert Organisation.objects.get(pk=seat.organisation_id).duties == "本人所写"


@pytest.mark.parametrize(
    ("name", "data", "fields"),
    [
        ("body_add", {"kind": "office", "name": "x", "founded_on": "1889-01-01"}, ["founded_on"]),
        ("body_add", {"kind": "office", "name": "x", "founded_on": "2999-01-01"}, ["founded_on"]),
        ("body_add", {"kind": "king", "name": ""}, ["kind", "name"]),
        (
            "body_add",
            {"kind": "office", "name": "x", "founded_on": "2020-01-02", "ended_on": "2020-01-01"},
            ["ended_on"],
        ),
        ("seat_add", {"role": "member"}, ["organisation"]),
        ("seat_add", {"role": "member", "new_organisation": "x" * 101}, ["new_organisation"]),
        ("seat_add", {"role": "king", "person": "y", "post": "x" * 61}, ["post", "role"]),
        ("unit_add", {"name": "x" * 101, "kind": "department"}, ["name"]),
        ("letter_add", {"year": "1889", "party": "x"}, ["year"]),
        ("letter_add", {"year": "x", "party": "", "signed_on": "2026-02-30"}, ["party", "signed_on", "year"]),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk: Client, seat: Seat, name: str, data: dict[str, str], fields: list[str]
) -> None:
    answer = clerk.post(address(name, seat), data)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, fields)


def test_a_letter_comes_with_its_photograph(clerk: Client, seat: Seat) -> None:
    page = address("letter_add", seat)
    data = {"year": 2026, "party": "消防救援大队", "signed_on": "2026-01-15", "files": [photograph()]}
    assert clerk.post(page, data).status_code == 302
    letter = ResponsibilityLetter.objects.get()
    assert letter.evidence.count() == 1
    bad = data | {"party": "乙", "files": [SimpleUploadedFile("a.exe", b"MZ")]}
    answer = clerk.post(page, bad)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["files"])
    rows = clerk.get(address("letters", seat), {"year": "2026"}).context["page"].object_list
    assert [(row.party, row.scans) for row in rows] == [("消防救援大队", 1)]


def test_one_seat_after_the_other_is_added_without_a_way_back(clerk: Client, seat: Seat) -> None:
    page = address("seat_add", seat)
    answer = clerk.post(page, {"role": SeatRole.SUPPORT, "new_organisation": "蓝天救援队", "again": "1"})
    assert answer.headers["Location"] == page
    both = {"role": SeatRole.SUPPORT, "new_organisation": "蓝天救援队", "organisation": seat.organisation_id}
    answer = clerk.post(page, both)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["new_organisation"])
    answer = clerk.post(page, {"role": SeatRole.MEMBER, "new_organisation": "蓝天救援队"})
    assert answer.headers["Location"] == address("body", seat)


def test_a_seat_is_moved_and_removed_by_a_press(clerk: Client, seat: Seat) -> None:
    second = SeatFactory(body=seat.body, role=SeatRole.HEAD, position=1)
    clerk.post(address("seat_move", second), {"up": "1"})
    assert clerk.get(address("body", seat)).context["seats"] == [second, seat]
    clerk.post(address("seat_remove", seat))
    assert list(seat.body.seats.all()) == [second]


def test_what_may_not_go_is_explained(clerk: Client, seat: Seat) -> None:
    answer = clerk.post(address("unit_remove", seat), follow=True)
    assert said(answer) == [_("It has seats, projects, letters or decisions. Take it out of these first.")]
    ActivityFactory(community=seat.body.community, body=seat.body)
    answer = clerk.post(address("body_remove", seat), follow=True)
    assert said(answer) == [
        _("It has meetings, activities or projects. Give it the day on which it ended instead.")
    ]


def test_pages_ask_the_same_for_one_row_and_for_a_dozen(
    clerk: Client, community: Community, seat: Seat, letter: ResponsibilityLetter
) -> None:
    SafetyWorkFactory(community=community)
    letter.evidence.add(EvidenceFactory(community=community))
    ActivityFactory(community=community, body=seat.body)
    pages = [address(name, seat, letter) for name in READ]
    pages += [address("unit_edit", seat), reverse("projects:work", args=[community.pk])]
    before = [asked(clerk, page) for page in pages]
    for _row in range(11):
        SeatFactory(body=seat.body, role=SeatRole.NAMED_LEADER, person=NAME)
        SeatFactory(body__community=community, organisation=seat.organisation)
        ActivityFactory(community=community, body=seat.body)
        letter.evidence.add(EvidenceFactory(community=community))
        ResponsibilityLetterFactory(community=community, organisation=seat.organisation)
    assert [asked(clerk, page) for page in pages] == before


def asked(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)
