"""Writing to the register: what is kept, what is refused, what the trail says."""

import datetime as dt

import pytest

from audit.models import AuditEntry
from communities.enums import DatePrecision, EntryEnd, NameKind, NameStatus, Standing
from communities.models import Community, RegisterEntry
from communities.services import register
from core import clock
from core.errors import Refused
from tests.factories import CommunityFactory, ContactFactory, DesignationFactory, RegisterEntryFactory

SOURCE = "2024年调查表"

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> RegisterEntry:
    """Named in 2015, month and day unknown."""
    return DesignationFactory(entry__number=362, entry__community__name_zh="筼筜街道").entry


def cycles(entry: RegisterEntry) -> list[tuple[int, str]]:
    return [(row.cycle, row.date_text) for row in entry.designations.order_by("cycle")]


def test_a_new_community_is_found_by_pinyin_at_once(office):
    made = register.create_community(by=office, name_zh="古美路街道", province_name="上海市")
    assert (made.standing, made.published, made.revision) == (Standing.CANDIDATE, False, 1)
    assert "gumeilujiedao" in made.search_text


def test_a_renamed_community_keeps_its_old_name(entry, office):
    before = entry.community
    after = register.rename_community(community=before, name="筼筜路街道", by=office, source=SOURCE)
    assert (after.name_zh, after.revision) == ("筼筜路街道", before.revision + 1)
    assert [(name.kind, name.name) for name in after.names.all()] == [(NameKind.FORMER, "筼筜街道")]
    assert "筼筜街道" in after.search_text
    trail = AuditEntry.objects.get(action="community.rename")
    assert trail.changes["name_zh"] == ["筼筜街道", "筼筜路街道"]
    assert (trail.actor_id, trail.community_id) == (office.pk, before.pk)


def test_the_same_name_again_changes_nothing(entry, office):
    after = register.rename_community(community=entry.community, name="筼筜街道", by=office)
    assert (after.revision, AuditEntry.objects.count()) == (1, 0)


def test_an_empty_name_is_refused(entry, office):
    with pytest.raises(Refused):
        register.rename_community(community=entry.community, name=" ", by=office)
    entry.community.refresh_from_db()
    assert entry.community.name_zh == "筼筜街道"


def test_accepting_a_suggestion_makes_it_the_name_and_keeps_the_printed_one(office):
    community = CommunityFactory(name_zh="联合街道", name_status=NameStatus.TO_BE_CONFIRMED)
    register.add_name(community=community, kind=NameKind.SUGGESTED, name="联和街道", by=None)
    after = register.confirm_name(community=community, accept_suggestion=True, by=office, source="来函")
    assert (after.name_zh, after.name_status) == ("联和街道", NameStatus.CORRECTED)
    assert [(row.kind, row.name) for row in after.names.all()] == [(NameKind.PRINTED, "联合街道")]


def test_keeping_the_printed_name_drops_the_suggestion(office):
    community = CommunityFactory(name_zh="联合街道", name_status=NameStatus.TO_BE_CONFIRMED)
    register.add_name(community=community, kind=NameKind.SUGGESTED, name="联和街道", by=None)
    after = register.confirm_name(community=community, accept_suggestion=False, by=office)
    assert (after.name_zh, after.name_status) == ("联合街道", NameStatus.AS_PRINTED)
    assert after.names.count() == 0


def test_a_settled_name_cannot_be_confirmed_again(entry, office):
    with pytest.raises(Refused) as refused:
        register.confirm_name(community=entry.community, accept_suggestion=False, by=office)
    assert refused.value.codes == ["settled"]


def test_a_name_as_printed_is_never_removed(entry, office):
    name = register.add_name(community=entry.community, kind=NameKind.PRINTED, name="筓筓街道", by=office)
    with pytest.raises(Refused) as refused:
        register.remove_name(name=name, by=office)
    assert refused.value.codes == ["printed"]


def test_an_exact_date_of_naming_replaces_the_year(entry, office):
    register.record_first_designation_date(entry=entry, date_text="2015-06-30", source=SOURCE, by=office)
    entry.refresh_from_db()
    assert cycles(entry) == [(0, "2015-06-30")]
    assert (entry.ends_earliest, entry.ends_latest) == (dt.date(2020, 6, 30), dt.date(2020, 6, 30))
    assert AuditEntry.objects.get(action="designation.record").changes == {"cycle_0": ["2015", "2015-06-30"]}


def test_another_year_of_naming_is_another_first_year(entry, office):
    register.record_first_designation_date(entry=entry, date_text="2014-12", source=SOURCE, by=office)
    entry.refresh_from_db()
    assert (entry.first_year, entry.year_inferred) == (2014, False)


def test_a_renewal_moves_both_ends(entry, office):
    with clock.frozen("2024-03-01"):
        register.record_renewal(entry=entry, date_text="2020-05", source=SOURCE, by=office)
    entry.refresh_from_db()
    assert (entry.ends_earliest, entry.ends_latest) == (dt.date(2025, 5, 1), dt.date(2025, 5, 31))
    assert Community.objects.get(pk=entry.community_id).revision == 2


def test_renewals_stand_in_the_order_of_time_whatever_the_order_of_recording(entry, office):
    for date in ("2023", "2018-05-01", "2020-11"):
        register.record_renewal(entry=entry, date_text=date, source=SOURCE, by=office)
    assert cycles(entry) == [(0, "2015"), (1, "2018-05-01"), (2, "2020-11"), (3, "2023")]
    entry.refresh_from_db()
    assert entry.ends_latest == dt.date(2028, 12, 31)


def test_a_renewal_told_twice_is_one_and_the_more_exact_date_stays(entry, office):
    for date in ("2020", "2020-05-01", "2020-05", "2020"):
        register.record_renewal(entry=entry, date_text=date, source=SOURCE, by=office)
    assert cycles(entry) == [(0, "2015"), (1, "2020-05-01")]


@pytest.mark.parametrize("date", ["", "20", "2020-13", "2021-02-29", "２０２０", "2020年", "<script>"])
def test_what_is_no_date_is_refused(entry, office, date):
    with pytest.raises(Refused) as refused:
        register.record_renewal(entry=entry, date_text=date, source=SOURCE, by=office)
    assert refused.value.codes == ["date"]


@pytest.mark.parametrize("date", ["1899", "2100", "2026-11-22"])
def test_a_date_before_all_communities_or_in_the_future_is_refused(entry, office, date):
    with clock.frozen("2026-11-21"), pytest.raises(Refused) as refused:
        register.record_renewal(entry=entry, date_text=date, source=SOURCE, by=office)
    assert refused.value.codes == ["date_range"]


def test_a_renewal_before_the_naming_is_refused(entry, office):
    with pytest.raises(Refused) as refused:
        register.record_renewal(entry=entry, date_text="2014-12-31", source=SOURCE, by=office)
    assert refused.value.codes == ["order"]
    assert cycles(entry) == [(0, "2015")]


def test_a_naming_after_a_renewal_is_refused(entry, office):
    register.record_renewal(entry=entry, date_text="2020", source=SOURCE, by=office)
    with pytest.raises(Refused) as refused:
        register.record_first_designation_date(entry=entry, date_text="2021", source=SOURCE, by=office)
    assert refused.value.codes == ["order"]


def test_a_programme_without_a_period_has_no_end(programme, office):
    programme.validity_months = None
    programme.save()
    entry = RegisterEntryFactory(programme=programme)
    register.record_designation(entry=entry, cycle=0, date_text="2015", source=SOURCE, by=office)
    entry.refresh_from_db()
    assert (entry.ends_earliest, entry.ends_latest) == (None, None)


def test_entering_a_candidate_in_a_register_makes_it_named(programme, office):
    community = CommunityFactory(standing=Standing.CANDIDATE)
    entry = register.add_entry(
        community=community, programme=programme, number=438, date_text="2024-05-01", source="公函", by=office
    )
    community.refresh_from_db()
    assert (community.standing, entry.first_year) == (Standing.NAMED, 2024)
    assert entry.designations.get().precision == DatePrecision.DAY


def test_a_number_is_given_once_per_programme(entry, programme, office):
    with pytest.raises(Refused):
        register.add_entry(community=CommunityFactory(), programme=programme, number=362, by=office)


def test_an_end_needs_its_decision_and_is_recorded_once(entry, office):
    with pytest.raises(Refused) as refused:
        register.end_entry(entry=entry, kind=EntryEnd.REVOKED, on=dt.date(2100, 1, 1), basis=" ", by=office)
    assert refused.value.codes == ["no_basis", "future"]
    ended = register.end_entry(
        entry=entry, kind=EntryEnd.REVOKED, on=dt.date(2021, 1, 1), basis="〔2021〕3号", by=office
    )
    assert (ended.ended_kind, ended.ended_basis) == (EntryEnd.REVOKED, "〔2021〕3号")
    with pytest.raises(Refused) as refused:
        register.end_entry(entry=entry, kind=EntryEnd.LAPSED, on=dt.date(2021, 1, 1), basis="x", by=office)
    assert refused.value.codes == ["ended"]


def test_a_merger_needs_a_basis_and_another_living_community(entry, office):
    with pytest.raises(Refused) as refused:
        register.merge_community(community=entry.community, into=entry.community, by=office, reason="")
    assert refused.value.codes == ["itself", "no_basis"]
    heir = CommunityFactory()
    merged = register.merge_community(community=entry.community, into=heir, by=office, reason="民政部批复")
    assert (merged.standing, merged.merged_into) == (Standing.MERGED, heir)


def test_contact_values_enter_the_trail_masked(community, office):
    register.set_contact(community=community, role="liaison", name="李小明", mobile="13812345678", by=office)
    trail = AuditEntry.objects.get(action="contact.set")
    assert trail.target_label == "筼筜街道"
    assert trail.changes["liaison.mobile"][1]["shown"] == "138****78"
    assert "13812345678" not in str(trail.changes)
    assert "李小明" not in str(trail.changes)


def test_a_contact_keeps_what_is_not_given(community, office):
    ContactFactory(community=community, phone="0592-1234567")
    contact = register.set_contact(community=community, role="liaison", mobile="13900000002", by=office)
    assert (contact.phone, contact.mobile, contact.name) == ("0592-1234567", "13900000002", "李联络")


def test_the_same_contact_again_leaves_no_trace(community, office):
    ContactFactory(community=community)
    register.set_contact(community=community, role="liaison", name="李联络", by=office)
    assert AuditEntry.objects.count() == 0


def test_a_wrong_e_mail_is_refused(community, office):
    with pytest.raises(Refused):
        register.set_contact(community=community, role="liaison", email="不是邮箱", by=office)
    assert community.contacts.count() == 0


def test_looking_at_contacts_unmasked_is_recorded(community, office):
    ContactFactory(community=community)
    assert [row.name for row in register.reveal_contact(community=community, by=office)] == ["李联络"]
    assert AuditEntry.objects.get().action == "contact.reveal"


def test_an_edit_by_staff_leaves_the_loaded_values_alone(office):
    community = CommunityFactory(city_name="卢湾区", loaded={"city_name": "卢湾区"})
    after = register.change_community(community=community, city_name="黄浦区", by=office, reason="区划调整")
    assert (after.city_name, after.loaded) == ("黄浦区", {"city_name": "卢湾区"})
    assert AuditEntry.objects.get().changes == {"city_name": ["卢湾区", "黄浦区"]}


def test_the_revision_cannot_be_set_from_outside(community, office):
    with pytest.raises(ValueError, match="revision"):
        register.change_community(community=community, revision=99, by=office)


def test_an_address_is_one_change(community, office):
    after = register.set_address(community=community, address=" 湖滨南路1号 ", by=office, source=SOURCE)
    assert (after.address, after.revision) == ("湖滨南路1号", 2)
