"""Differences between accepted answers and the register: which are listed, and how one by one they go in."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEntry
from communities.enums import DatePrecision
from communities.services import register
from core import clock
from core.errors import Refused
from surveys.enums import ChangeState
from surveys.models import RegisterChange
from surveys.selectors.register_values import Agreement, register_values
from surveys.selectors.reviews import change_rows
from surveys.services.register_changes import apply_change, dismiss_change, list_differences
from tests.factories import ContactFactory, DesignationFactory, RegisterEntryFactory
from tests.surveys.scenes import submitted

SAME = {
    "community_name": "厦门市筼筜街道",
    "first_certified": "2015",
    "recertified": [],
    "leader_name": "负责人",
    "leader_phone": "0592-5380000",
    "leader_mobile": "13800000000",
    "contact_name": "李联络",
    "contact_phone": "0592-5380001",
    "contact_mobile": "13800000001",
    "email": "lianluo@example.org",
    "address": "厦门市思明区湖滨北路1号",
}


@pytest.fixture
def entry(community):
    """The register as the answers of SAME say it."""
    entry = RegisterEntryFactory(community=community)
    DesignationFactory(entry=entry)
    ContactFactory(community=community, phone="0592-5380001")
    ContactFactory(
        community=community,
        role="leader",
        name="负责人",
        phone="（0592）5380000",
        mobile="138 0000 0000",
        email="",
    )
    community.address = "厦门市思明区湖滨北路 1 号"
    community.save()
    return entry


def differences(community, **answers):
    submission = submitted(community, stage="accepted", answers={**SAME, **answers})
    rows = list_differences(response=submission.response, submission=submission)
    return {row.field: (row.old_value, row.new_value) for row in rows}


def one(community, field, **answers):
    differences(community, **answers)
    return RegisterChange.objects.get(field=field)


# --- what is listed -------------------------------------------------------------------------------------


def test_the_same_answers_in_other_spelling_are_no_difference(community, entry) -> None:
    assert differences(community) == {}


@pytest.mark.parametrize(
    "name", ["筼筜街道", "厦门市筼筜街道", "福建省厦门市筼筜街道", " 筼筜 街道", "福建省筼筜街道"]
)
def test_a_name_with_or_without_its_place_is_the_same(community, entry, name) -> None:
    assert differences(community, community_name=name) == {}


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("community_name", "筼筜街道办", {"community.name": ("筼筜街道", "筼筜街道办")}),
        ("first_certified", "2015-06", {"designation.first": ("2015", "2015-06")}),
        ("first_certified", "2016", {"designation.first": ("2015", "2016")}),
        ("recertified", ["2020"], {"designation.renewals": (None, ["2020"])}),
        ("contact_mobile", "13900000001", {"contact.liaison.mobile": ("13800000001", "13900000001")}),
        ("email", "new@example.org", {"contact.liaison.email": ("lianluo@example.org", "new@example.org")}),
        ("leader_name", "新负责人", {"contact.leader.name": ("负责人", "新负责人")}),
        (
            "address",
            "厦门市思明区新址",
            {"community.address": ("厦门市思明区湖滨北路 1 号", "厦门市思明区新址")},
        ),
    ],
)
def test_each_field_that_feeds_the_register_is_compared(community, entry, question, answer, expected) -> None:
    assert differences(community, **{question: answer}) == expected


def test_a_register_that_knows_the_day_agrees_with_the_year(community, entry) -> None:
    entry.designations.update(designated_on=dt.date(2015, 6, 30), precision=DatePrecision.DAY)
    assert differences(community, first_certified="2015") == {}


def test_an_empty_answer_takes_nothing_out_of_the_register(community, entry) -> None:
    held = register_values(community, entry.programme)
    assert held.agreement("contact.liaison.mobile", None) == Agreement.EMPTY
    assert differences(community, contact_mobile=None, recertified=[]) == {}


def test_listing_twice_lists_once(community, entry) -> None:
    change = one(community, "community.address", address="新址")
    response = change.response
    assert list_differences(response=response, submission=response.submissions.get()) == []


# --- how it goes in -------------------------------------------------------------------------------------


def test_nothing_changes_by_listing(community, entry) -> None:
    one(community, "community.address", address="新址")
    community.refresh_from_db()
    assert community.address == "厦门市思明区湖滨北路 1 号"


def test_an_address_goes_in_with_its_source(community, entry, office) -> None:
    change = one(community, "community.address", address="新址")
    with clock.frozen("2024-03-05 09:00"):
        apply_change(change=change, by=office)
    community.refresh_from_db()
    assert (community.address, change.state, change.decided_by) == ("新址", ChangeState.APPLIED, office)
    assert AuditEntry.objects.get(action="community.change").reason == (
        f"{change.response.round.notice.number} {change.response.reference}"
    )


def test_a_name_goes_in_and_the_old_one_stays_findable(community, entry, office) -> None:
    apply_change(change=one(community, "community.name", community_name="筼筜街道办"), by=office)
    community.refresh_from_db()
    assert community.name_zh == "筼筜街道办"
    assert [name.name for name in community.names.filter(kind="former")] == ["筼筜街道"]


def test_a_contact_goes_in_value_by_value(community, entry, office) -> None:
    change = one(community, "contact.liaison.mobile", contact_mobile="13900000001", email="new@example.org")
    apply_change(change=change, by=office)
    contact = community.contacts.get(role="liaison")
    assert (contact.mobile, contact.email) == ("13900000001", "lianluo@example.org")


def test_a_more_exact_first_date_goes_in(community, entry, office) -> None:
    apply_change(change=one(community, "designation.first", first_certified="2015-06"), by=office)
    assert entry.designations.get(cycle=0).date_text == "2015-06"


def test_only_re_designations_that_are_not_known_go_in(community, entry, office) -> None:
    DesignationFactory(entry=entry, cycle=1, designated_on=dt.date(2020, 5, 1), precision=DatePrecision.MONTH)
    change = one(community, "designation.renewals", recertified=["2020", "2023-11"])
    apply_change(change=change, by=office)
    dates = [cycle.date_text for cycle in entry.designations.filter(cycle__gt=0).order_by("cycle")]
    assert dates == ["2020-05", "2023-11"]


def test_what_the_register_refuses_stays_open_with_its_reason(community, entry, office) -> None:
    DesignationFactory(entry=entry, cycle=1, designated_on=dt.date(2020, 1, 1))
    change = one(community, "designation.first", first_certified="2021")
    with pytest.raises(Refused) as refused:
        apply_change(change=change, by=office)
    change.refresh_from_db()
    assert (refused.value.codes, change.state) == (["order"], ChangeState.OPEN)


def test_a_unit_outside_the_register_has_no_date_to_set(community, office) -> None:
    change = one(community, "designation.first")
    with pytest.raises(Refused) as refused:
        apply_change(change=change, by=office)
    assert refused.value.codes == ["no_entry"]


def test_a_difference_can_be_left(community, entry, office) -> None:
    change = one(community, "community.address", address="新址")
    dismiss_change(change=change, by=office)
    community.refresh_from_db()
    assert (change.state, community.address) == (ChangeState.DISMISSED, "厦门市思明区湖滨北路 1 号")


def test_a_difference_is_settled_once(community, entry, office, administrator) -> None:
    change = one(community, "community.address", address="新址")
    with clock.frozen("2024-03-05 09:00"):
        apply_change(change=change, by=office)
    with pytest.raises(Refused) as refused:
        dismiss_change(change=change, by=administrator)
    assert str(refused.value) == "周经办已于2024年3月5日 09:00处理：已写入名录。"


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "leadership", "stranger"])
def test_only_those_who_keep_the_register_settle(community, entry, who, request) -> None:
    change = one(community, "community.address", address="新址")
    for settle in (apply_change, dismiss_change):
        with pytest.raises(PermissionDenied):
            settle(change=change, by=request.getfixturevalue(who))


# --- what is shown --------------------------------------------------------------------------------------


def shown(change, user):
    row = next(row for row in change_rows(change.response, user) if row.change == change)
    return row.label, row.old, row.new


def test_contacts_are_masked_for_those_without_the_right(community, entry, office, leadership) -> None:
    change = one(community, "contact.liaison.mobile", contact_mobile="13900000001")
    assert shown(change, office)[1:] == ("13800000001", "13900000001")
    assert shown(change, leadership)[1:] == ("138****0001", "139****0001")


def test_the_trail_holds_a_contact_masked_only(community, entry, office) -> None:
    apply_change(change=one(community, "contact.liaison.mobile", contact_mobile="13900000001"), by=office)
    trail = str([entry.changes for entry in AuditEntry.objects.all()])
    assert "13900000001" not in trail
    assert "13800000001" not in trail


def test_a_name_given_with_its_place_goes_in_without_it(community, entry, office) -> None:
    change = one(community, "community.name", community_name="福建省厦门市筼筜街道办")
    apply_change(change=change, by=office)
    community.refresh_from_db()
    assert community.name_zh == "筼筜街道办"


def test_a_register_that_changed_meanwhile_is_not_overwritten_unseen(community, entry, office) -> None:
    change = one(community, "community.address", address="新址")
    seen = change_rows(change.response, office)[0].seen
    register.set_address(community=community, address="另一处", by=office)
    with pytest.raises(Refused, match="请再核对一次"):
        apply_change(change=change, by=office, seen=seen)
    change = RegisterChange.objects.get()
    row = change_rows(change.response, office)[0]
    assert row.old == "另一处"
    apply_change(change=change, by=office, seen=row.seen)
    change.refresh_from_db()
    assert (change.old_value, change.state) == ("另一处", ChangeState.APPLIED)
