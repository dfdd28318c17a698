"""Who works for the safety of a community is recorded once, and names of persons stay with those who need them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.enums import ActivityKind, BodyKind, Minimum, PartnerKind, SeatRole
from projects.models import Body, Evidence, Organisation, ResponsibilityLetter, Seat, YearlyMinimum
from projects.selectors import organisation as selectors
from projects.services import organisation as services
from projects.services.evidence import check_files
from projects.services.organisation_letters import add_letter, change_letter, remove_letter
from tests.projects.factories import (
    ActivityFactory,
    BodyFactory,
    EvidenceFactory,
    OrganisationFactory,
    ProjectFactory,
    ResponsibilityLetterFactory,
    SeatFactory,
)
from tests.projects.test_evidence import photograph

NAME = "王小明"


def unit_fields(**fields: object) -> dict[str, object]:
    return {
        "name": "应急管理局", "name_in_source": "区安监局", "kind": PartnerKind.DEPARTMENT,
        "duties": "牵头", "source": "",
    } | fields  # fmt: skip


def body_fields(**fields: object) -> dict[str, object]:
    return {
        "kind": BodyKind.PROJECT_GROUP, "name": "消防安全工作组", "duties": "", "area": "fire", "source": "",
        "founded_on": None, "ended_on": None,
    } | fields  # fmt: skip


def seat_fields(**fields: object) -> dict[str, object]:
    return {"role": SeatRole.SUPPORT, "organisation": None, "post": "", "person": ""} | fields


def letter_fields(**fields: object) -> dict[str, object]:
    return {"year": 2026, "organisation": None, "party": "消防救援大队", "signed_on": None} | fields


# --- Organisations and bodies ------------------------------------------------------------------------------


def test_an_organisation_has_todays_name_and_that_of_its_source(community: Community, li: User) -> None:
    unit = services.add_organisation(community=community, by=li, **unit_fields())
    assert (unit.name, unit.name_in_source, unit.position) == ("应急管理局", "区安监局", 0)
    assert AuditEntry.objects.get(action="organisation.add").community_id == community.pk


def test_the_same_form_pressed_twice_adds_once(community: Community, li: User) -> None:
    unit = services.add_organisation(community=community, by=li, form_key="k", **unit_fields())
    assert services.add_organisation(community=community, by=li, form_key="k", **unit_fields()) == unit
    body = services.add_body(community=community, by=li, form_key="k", **body_fields())
    assert services.add_body(community=community, by=li, form_key="k", **body_fields()) == body
    seat = services.add_seat(body=body, by=li, form_key="k", **seat_fields(post="副区长"))
    assert services.add_seat(body=body, by=li, form_key="k", **seat_fields(post="副区长")) == seat
    letter = add_letter(community=community, by=li, form_key="k", **letter_fields())
    assert add_letter(community=community, by=li, form_key="k", **letter_fields()) == letter
    assert [model.objects.count() for model in (Organisation, Body, Seat, ResponsibilityLetter)] == [1] * 4


def test_a_name_is_given_once_in_a_community_and_again_in_another(
    community: Community, elsewhere: Community, li: User, zhao: User
) -> None:
    for add, fields in (
        (services.add_organisation, unit_fields()),
        (services.add_body, body_fields()),
        (add_letter, letter_fields()),
    ):
        add(community=community, by=li, **fields)
        add(community=elsewhere, by=zhao, **fields)
        with pytest.raises(Refused) as refused:
            add(community=community, by=li, **fields)
        assert [reason.field for reason in refused.value.reasons] in (["name"], ["party"])


def test_who_changes_what_another_has_changed_is_told_and_may_insist(community: Community, li: User) -> None:
    unit = services.add_organisation(community=community, by=li, **unit_fields())
    services.change_organisation(organisation=unit, by=li, revision=1, **unit_fields(duties="甲"))
    with pytest.raises(Refused) as refused:
        services.change_organisation(organisation=unit, by=li, revision=1, **unit_fields(duties="乙"))
    assert refused.value.codes == ["stale"]
    changed = services.change_organisation(organisation=unit, by=li, revision=2, **unit_fields(duties="乙"))
    assert (changed.duties, changed.revision) == ("乙", 3)
    assert AuditEntry.objects.filter(action="organisation.change").first().changes == {"duties": ["甲", "乙"]}


def test_saving_without_a_change_leaves_no_trace(community: Community, li: User) -> None:
    body = services.add_body(community=community, by=li, **body_fields())
    assert services.change_body(body=body, by=li, revision=1, **body_fields()).revision == 1
    assert AuditEntry.objects.filter(action="body.change").count() == 0


def test_an_organisation_in_use_stays(community: Community, li: User) -> None:
    seat = SeatFactory(body__community=community)
    unit = seat.organisation
    with pytest.raises(Refused) as refused:
        services.remove_organisation(organisation=unit, by=li)
    assert refused.value.codes == ["organisation_used"]
    services.remove_seat(seat=seat, by=li)
    project = ProjectFactory(community=community, lead=unit)
    with pytest.raises(Refused):
        services.remove_organisation(organisation=unit, by=li)
    project.delete()
    services.remove_organisation(organisation=unit, by=li)
    assert Organisation.objects.count() == 0


def test_a_body_that_has_met_ends_instead_of_going(community: Community, li: User) -> None:
    body = BodyFactory(community=community)
    meeting = ActivityFactory(community=community, body=body, kind=ActivityKind.MEETING)
    with pytest.raises(Refused) as refused:
        services.remove_body(body=body, by=li)
    assert refused.value.codes == ["body_used"]
    meeting.delete()
    SeatFactory(body=body, person=NAME)
    services.remove_body(body=body, by=li)
    assert (Body.objects.count(), Seat.objects.count()) == (0, 0)
    assert NAME not in str(list(AuditEntry.objects.values_list("changes", "target_label")))


def test_bodies_stand_with_the_leading_group_first(community: Community) -> None:
    kinds = [BodyKind.PROJECT_GROUP, BodyKind.CONFERENCE, BodyKind.OFFICE, BodyKind.LEADING_GROUP]
    for kind in kinds:
        BodyFactory(community=community, kind=kind)
    assert [row.body.kind for row in selectors.bodies(community)] == [
        BodyKind.LEADING_GROUP, BodyKind.OFFICE, BodyKind.PROJECT_GROUP, BodyKind.CONFERENCE,
    ]  # fmt: skip


# --- Seats -------------------------------------------------------------------------------------------------


def test_a_seat_needs_somebody(community: Community, li: User) -> None:
    body = BodyFactory(community=community)
    with pytest.raises(Refused) as refused:
        services.add_seat(body=body, by=li, **seat_fields())
    assert refused.value.codes == ["seat_empty"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(body=body, role=SeatRole.MEMBER)


def test_an_organisation_sits_once_in_a_role_unless_by_different_posts(
    community: Community, li: User
) -> None:
    body, unit = BodyFactory(community=community), OrganisationFactory(community=community)
    services.add_seat(body=body, by=li, **seat_fields(organisation=unit))
    with pytest.raises(Refused) as refused:
        services.add_seat(body=body, by=li, **seat_fields(organisation=unit))
    assert refused.value.codes == ["seat_twice"]
    services.add_seat(body=body, by=li, **seat_fields(organisation=unit, post="副局长"))
    services.add_seat(body=body, by=li, **seat_fields(organisation=unit, role=SeatRole.LEAD))
    assert body.seats.count() == 3


def test_an_organisation_of_another_community_takes_no_seat_and_signs_no_letter(
    community: Community, li: User
) -> None:
    foreign = OrganisationFactory()
    seat = SeatFactory(body__community=community)
    letter = ResponsibilityLetterFactory(community=community)
    for press in (
        lambda: services.add_seat(body=seat.body, by=li, **seat_fields(organisation=foreign)),
        lambda: services.change_seat(seat=seat, by=li, **seat_fields(organisation=foreign)),
        lambda: add_letter(community=community, by=li, **letter_fields(organisation=foreign)),
        lambda: change_letter(letter=letter, by=li, **letter_fields(organisation=foreign)),
    ):
        with pytest.raises(Refused) as refused:
            press()
        assert refused.value.codes == ["foreign"]


def test_the_trail_keeps_a_masked_name_only(community: Community, li: User) -> None:
    body = BodyFactory(community=community, name="领导小组")
    seat = services.add_seat(body=body, by=li, **seat_fields(role=SeatRole.HEAD, post="主任", person=NAME))
    services.change_seat(
        seat=seat, by=li, revision=1, **seat_fields(role=SeatRole.HEAD, post="主任", person="李四")
    )
    seat.refresh_from_db()
    services.remove_seat(seat=seat, by=li)
    entries = AuditEntry.objects.filter(action__startswith="seat.").order_by("pk")
    assert [entry.action for entry in entries] == ["seat.add", "seat.change", "seat.remove"]
    shown = [[side and side["shown"] for side in entry.changes["person"]] for entry in entries]
    assert shown == [[None, "王**"], ["王**", "李*"], ["李*", None]]
    assert {entry.community_id for entry in entries} == {community.pk}
    everything = str(list(entries.values_list("changes", "target_label", "reason")))
    assert (NAME in everything, "李四" in everything) == (False, False)


def test_a_seat_moves_among_those_of_its_role(community: Community, li: User) -> None:
    body = BodyFactory(community=community)
    head = SeatFactory(body=body, role=SeatRole.HEAD, organisation=None, post="组长")
    first, second, third = (SeatFactory(body=body, position=0) for _each in range(3))
    services.move_seat(seat=third, up=True, by=li)
    assert selectors.seats_of(body) == [head, first, third, second]
    services.move_seat(seat=first, up=True, by=li)
    services.move_seat(seat=first, up=False, by=li)
    assert selectors.seats_of(body) == [head, third, first, second]
    services.move_seat(seat=head, up=False, by=li)
    assert selectors.seats_of(body) == [head, third, first, second]


def test_only_who_records_the_work_writes(
    community: Community, zhao: User, wang: User, expert: User, leadership: User
) -> None:
    seat = SeatFactory(body__community=community)
    letter = ResponsibilityLetterFactory(community=community)
    for stranger in (zhao, wang, expert, leadership):
        for press in (
            lambda by: services.add_organisation(community=community, by=by, **unit_fields()),
            lambda by: services.change_organisation(organisation=seat.organisation, by=by, name="新"),
            lambda by: services.remove_organisation(organisation=seat.organisation, by=by),
            lambda by: services.add_body(community=community, by=by, **body_fields()),
            lambda by: services.change_body(body=seat.body, by=by, name="新"),
            lambda by: services.remove_body(body=seat.body, by=by),
            lambda by: services.add_seat(body=seat.body, by=by, **seat_fields(post="新")),
            lambda by: services.change_seat(seat=seat, by=by, post="新"),
            lambda by: services.move_seat(seat=seat, up=True, by=by),
            lambda by: services.remove_seat(seat=seat, by=by),
            lambda by: add_letter(community=community, by=by, **letter_fields()),
            lambda by: change_letter(letter=letter, by=by, year=2025),
            lambda by: remove_letter(letter=letter, by=by),
        ):
            with pytest.raises(PermissionDenied):
                press(stranger)
    assert AuditEntry.objects.count() == 0


# --- Duties, meetings, letters -----------------------------------------------------------------------------


def test_the_matrix_says_who_leads_supports_and_is_a_member(community: Community) -> None:
    police, health = (OrganisationFactory(community=community, position=place) for place in (0, 1))
    fire, order = (BodyFactory(community=community, position=place) for place in (0, 1))
    BodyFactory(community=community, ended_on=dt.date(2020, 1, 1))
    SeatFactory(body=fire, organisation=police, role=SeatRole.LEAD)
    SeatFactory(body=fire, organisation=health, role=SeatRole.SUPPORT)
    SeatFactory(body=order, organisation=police, role=SeatRole.MEMBER)
    matrix = selectors.duty_matrix(community)
    assert matrix.bodies == [fire, order]
    assert [(unit, [duty.labels for duty in cells]) for unit, cells in matrix.rows] == [
        (police, [[str(selectors.SHORT[SeatRole.LEAD])], [SeatRole.MEMBER.label]]),
        (health, [[str(selectors.SHORT[SeatRole.SUPPORT])], []]),
    ]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2024-02-29", "2024-01-01", "2024-03-31"),
        ("2026-06-30", "2026-04-01", "2026-06-30"),
        ("2026-07-01", "2026-07-01", "2026-09-30"),
        ("2026-12-31", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_quarter_has_three_whole_months(day: str, first: str, last: str) -> None:
    found = selectors.quarter(dt.date.fromisoformat(day))
    assert [one.isoformat() for one in found] == [first, last]


def test_only_meetings_of_the_leading_group_in_this_quarter_count(community: Community) -> None:
    group = BodyFactory(community=community, kind=BodyKind.LEADING_GROUP)
    other = BodyFactory(community=community)
    for on, body, kind in (
        (dt.date(2026, 4, 1), group, ActivityKind.MEETING),
        (dt.date(2026, 3, 31), group, ActivityKind.MEETING),
        (dt.date(2026, 5, 1), group, ActivityKind.TRAINING),
        (dt.date(2026, 5, 1), other, ActivityKind.MEETING),
        (dt.date(2026, 5, 1), None, ActivityKind.MEETING),
    ):
        ActivityFactory(community=community, on=on, body=body, kind=kind)
    ActivityFactory(kind=ActivityKind.MEETING, on=dt.date(2026, 5, 1))
    with clock.frozen("2026-05-20"):
        found = selectors.meetings(community)
        assert found == selectors.Meetings(1, 1, "成都市锦江区2014年工作方案", dt.date(2026, 6, 30))
        assert found.is_short is False
    with clock.frozen("2026-07-02"):
        assert selectors.meetings(community).is_short is True
        YearlyMinimum.objects.filter(code=Minimum.MEETINGS).update(is_on=False)
        assert selectors.meetings(community) is None


def test_a_letter_keeps_its_sealed_scans_in_the_archive(community: Community, li: User) -> None:
    signed = dt.date(2026, 1, 15)
    fields = letter_fields(signed_on=signed)
    letter = add_letter(community=community, by=li, scans=check_files([photograph()]), **fields)
    (scan,) = letter.evidence.all()
    assert (scan.element, scan.happened_on, scan.title) == ("organisation", signed, "2026 消防救援大队")
    more = check_files([photograph("二.jpg", "red")])
    change_letter(letter=letter, by=li, revision=1, scans=more, without=[scan], **fields)
    assert [one.title for one in letter.evidence.all()] == ["2026 消防救援大队"]
    assert scan not in letter.evidence.all()
    remove_letter(letter=letter, by=li)
    assert (ResponsibilityLetter.objects.count(), Evidence.objects.count()) == (0, 2)


def test_a_scan_of_another_letter_is_not_taken_away(community: Community, li: User) -> None:
    letter, other = (ResponsibilityLetterFactory(community=community) for _each in range(2))
    scan = EvidenceFactory(community=community)
    other.evidence.add(scan)
    change_letter(letter=letter, by=li, without=[scan], year=2026)
    assert list(other.evidence.all()) == [scan]


def test_an_organisation_that_nobody_listed_joins_with_its_seat(community: Community, li: User) -> None:
    body = BodyFactory(community=community)
    services.add_seat(body=body, by=li, **seat_fields(new_organisation="蓝天救援队"))
    services.add_seat(body=body, by=li, **seat_fields(new_organisation="蓝天救援队", role=SeatRole.LEAD))
    (unit,) = Organisation.objects.all()
    assert (unit.name, unit.community_id, unit.seats.count()) == ("蓝天救援队", community.pk, 2)
    with pytest.raises(Refused) as refused:
        services.add_seat(body=body, by=li, **seat_fields(new_organisation="蓝天救援队"))
    assert refused.value.codes == ["seat_twice"]
