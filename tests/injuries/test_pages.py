"""The pages: a case on a phone, totals of a month, what is asked again, who looks and that it is noted."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.enums import MembershipState
from communities.models import Community, Membership, Population
from core import clock
from core.errors import Refused
from injuries.enums import Stage
from injuries.lifecycle import advance
from injuries.models import Code, DataSet, PublishedYear, Record, RowAccess
from injuries.selectors.datasets import duty_cards
from injuries.services import publishing
from tests.factories import MembershipFactory, RoleFactory, UserFactory
from tests.injuries.factories import JANUARY, DataSetFactory, RecordFactory, RowAccessFactory
from tests.injuries.test_figures import record

FALL = {"cause": "3", "occurred_on": "2025-03-05", "sex": "2", "age": "71", "place": "1", "fall_type": "4"}


def url(name: str, *args: object) -> str:
    return reverse(f"injuries:{name}", args=args)


def test_a_fall_is_recorded_with_what_its_cause_opens(liaison: Client, records: DataSet) -> None:
    page = liaison.get(url("record_add", records.pk))
    assert 'data-branch="3"' in page.content.decode()
    answer = liaison.post(url("record_add", records.pk), FALL)
    assert answer.status_code == 302
    row = Record.objects.get()
    assert (row.cause, row.month, row.age_band, row.fall_type) == (3, JANUARY + 2, 5, 4)


def test_the_next_case_can_follow_at_once(liaison: Client, records: DataSet) -> None:
    answer = liaison.post(url("record_add", records.pk), {**FALL, "another": "1"})
    assert answer["Location"] == url("record_add", records.pk)


def test_a_doubt_is_asked_once_and_then_believed(liaison: Client, records: DataSet) -> None:
    crash = {**FALL, "cause": "1", "place": "1"}
    page = liaison.post(url("record_add", records.pk), crash)
    assert page.status_code == 422
    assert Record.objects.count() == 0
    seen = page.context["form"]["doubts_seen"].value()
    assert seen == "road"
    assert liaison.post(url("record_add", records.pk), {**crash, "doubts_seen": seen}).status_code == 302
    assert Record.objects.get().place == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"cause": ""}, "cause"),
        ({"occurred_on": "", "month": ""}, "occurred_on"),
        ({"occurred_on": "2999-01-01"}, "occurred_on"),
        ({"occurred_on": "2024-03-05"}, "month"),
        ({"age": "140"}, "age"),
        ({"age": "三岁"}, "age"),
        ({"place": "77"}, "place"),
        ({"month": "2025-13", "occurred_on": ""}, "month"),
        ({"icd10": "x"}, "icd10"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_lost(
    liaison: Client, records: DataSet, sent: dict[str, str], field: str
) -> None:
    page = liaison.post(url("record_add", records.pk), {**FALL, **sent})
    assert (page.status_code, Record.objects.count()) == (422, 0)
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["sex"].value() == "2"


def test_two_devices_do_not_overwrite_each_other(liaison: Client, records: DataSet) -> None:
    row = RecordFactory(data_set=records)
    change = {**FALL, "revision": "1"}
    assert liaison.post(url("record", records.pk, row.pk), change).status_code == 302
    page = liaison.post(url("record", records.pk, row.pk), {**change, "age": "72"})
    assert page.status_code == 422
    row.refresh_from_db()
    assert row.age == 71
    form = page.context["form"]
    assert [(str(label), said) for label, said in form.others] == [("年龄", "71")]
    sent = {**change, "age": "72", "revision": form["revision"].value()}
    assert liaison.post(url("record", records.pk, row.pk), sent).status_code == 302


def test_a_record_is_removed_once(liaison: Client, records: DataSet) -> None:
    row = RecordFactory(data_set=records)
    assert liaison.post(url("record_remove", records.pk, row.pk)).status_code == 302
    assert liaison.post(url("record_remove", records.pk, row.pk)).status_code == 404
    assert Record.objects.count() == 0


def test_the_totals_of_a_month_are_written(liaison: Client, totals: DataSet) -> None:
    page = liaison.post(url("totals", totals.pk, JANUARY), {"all-0": "5", "cause-1": "3", "age_band-5": "2"})
    assert page.status_code == 302
    stored = totals.totals.values_list("dimension", "number", "cases")
    assert sorted(stored) == [("age_band", 5, 2), ("all", 0, 5), ("cause", 1, 3)]
    assert liaison.get(url("totals", totals.pk, JANUARY - 1)).status_code == 404


def test_a_data_set_is_begun_and_leads_to_the_first_case(liaison: Client, community: Community) -> None:
    sent = {
        "family": "1",
        "source_kind": "community",
        "form": "records",
        "first_month": "2025-01",
        "last_month": "2025-12",
        "completeness": "unknown",
    }
    sent["family"] = str(DataSetFactory().family_id)
    answer = liaison.post(url("data_set_add", community.pk), sent)
    made = DataSet.objects.get(community=community)
    assert answer["Location"] == url("record_add", made.pk)
    assert made.is_counted is True
    page = liaison.post(url("data_set_add", community.pk), {**sent, "last_month": "2026-03"})
    assert list(page.context["form"].errors) == ["last_month"]


def test_who_is_not_yet_vouched_for_sees_figures_but_no_cases(
    liaison: Client, li: User, records: DataSet
) -> None:
    Membership.objects.filter(user=li).update(state=MembershipState.PROVISIONAL)
    assert liaison.get(url("dashboard", records.community_id)).status_code == 200
    assert liaison.get(url("records", records.pk)).status_code == 403


def test_the_association_and_the_authority_see_no_case_by_right(
    client: Client, records: DataSet, administrator: User, wang: User
) -> None:
    for person in (administrator, wang):
        client.force_login(person)
        assert client.get(url("data_set", records.pk)).status_code == 200
        assert client.get(url("records", records.pk)).status_code == 403


def test_who_was_given_access_says_so_before_looking_and_it_is_noted(
    client: Client, records: DataSet, wang: User
) -> None:
    row = RecordFactory(data_set=records, narrative="在家滑倒")
    RowAccessFactory(community=records.community, user=wang, until=dt.date(2026, 3, 1))
    client.force_login(wang)
    with clock.frozen("2026-02-28 10:00"):
        before = client.get(url("records", records.pk))
        assert "lines" not in before.context
        client.post(url("records_look", records.pk))
        after = client.get(url("records", records.pk))
        assert [(one.number, one.day, one.age) for one in after.context["lines"].rows] == [
            (row.pk, None, "65岁及以上")
        ]
    entry = AuditEntry.objects.get(action="injury_rows.view")
    assert (entry.actor_id, entry.reason) == (wang.pk, "现场评定")
    with clock.frozen("2026-02-28 10:31"):
        assert "lines" not in client.get(url("records", records.pk)).context
    with clock.frozen("2026-03-02"):
        assert client.get(url("records", records.pk)).status_code == 403


def test_access_ends_at_the_next_request(client: Client, records: DataSet, li: User, wang: User) -> None:
    access = RowAccessFactory(community=records.community, user=wang, until=dt.date(2030, 1, 1))
    client.force_login(wang)
    client.post(url("records_look", records.pk))
    assert client.get(url("records", records.pk)).status_code == 200
    RowAccess.objects.filter(pk=access.pk).update(ended_at=clock.now())
    assert client.get(url("records", records.pk)).status_code == 403


def test_access_is_given_to_who_sees_the_figures_anyway(
    liaison: Client, community: Community, wang: User
) -> None:
    sent = {"email": wang.email, "need": "抽查", "until": (clock.today() + dt.timedelta(days=30)).isoformat()}
    assert liaison.post(url("access_add", community.pk), sent).status_code == 302
    assert RowAccess.objects.get().user == wang
    page = liaison.post(url("access_add", community.pk), {**sent, "email": "nobody@example.org"})
    assert list(page.context["form"].errors) == ["email"]


def test_a_table_comes_as_a_file(client: Client, records: DataSet, li: User, wang: User) -> None:
    record(records, 9)
    record(records, 1, intent=2)
    client.force_login(li)
    lines = b"".join(
        client.get(url("table", records.community_id, "cause-intent")).streaming_content
    ).decode()
    assert lines.splitlines()[1] == "跌倒/坠落,9,1,10"
    assert client.get(url("table", records.community_id, "nothing")).status_code == 404
    client.force_login(wang)
    assert client.get(url("table", records.community_id, "cause-intent")).status_code == 404


def test_a_year_is_published_when_it_is_approved_and_stays_as_it_was_cut(
    liaison: Client, records: DataSet, li: User, client: Client
) -> None:
    community = records.community
    Community.objects.update(published=True)
    record(records, 9)
    record(records, 2, cause=4)
    liaison.post(url("publish", community.pk, 2025), {"shown": "1"})
    assert not PublishedYear.objects.exists()
    DataSet.objects.update(stage=Stage.ENDORSED)
    liaison.post(url("publish", community.pk, 2025), {"shown": "1"})
    kept = PublishedYear.objects.get().tables
    client.logout()
    page = client.get(url("public", community.pk))
    assert page.status_code == 200
    assert [line.values for line in page.context["years"][0].tables[0].lines] == [
        line[1] + [line[2]] for line in kept["cause-sex"]["rows"][:-1]
    ]
    record(records, 30, cause=4)
    publishing.withdraw(community, 2025, by=li)
    assert client.get(url("public", community.pk)).status_code == 404
    publishing.publish(community, 2025, by=li)
    assert PublishedYear.objects.get().tables == kept


def test_nothing_small_stands_on_the_public_page(liaison: Client, records: DataSet, li: User) -> None:
    Community.objects.update(published=True)
    DataSet.objects.update(stage=Stage.LOCKED)
    for cause, cases in ((3, 40), (1, 12), (4, 3), (9, 1)):
        record(records, cases, cause=cause)
    publishing.publish(records.community, 2025, by=li)
    page = liaison.get(url("public", records.community_id))
    shown = [
        value
        for table in page.context["years"][0].tables
        for line in table.all_lines
        for value in line.values
    ]
    assert [value for value in shown if value is not None and value < 5] == []
    assert None in shown


def test_the_population_is_written_in_a_grid(liaison: Client, community: Community) -> None:
    sent = {"year": "2025", "basis": "resident", "source": "统计年鉴", "all-0-": "50546"}
    assert liaison.post(url("people", community.pk), sent).status_code == 302
    assert Population.objects.get().count == 50546
    seen = liaison.get(url("people", community.pk), {"year": "2025"}).context["form"]["seen"].value()
    page = liaison.post(url("people", community.pk), {**sent, "seen": seen, "all-0-14": "9"})
    assert list(page.context["form"].errors) == ["all-15-24"]
    assert liaison.post(url("people", community.pk), {**sent, "all-0-": "1"}).status_code == 422
    assert (
        liaison.post(url("people", community.pk), {**sent, "year": "002025" + "0" * 5000}).status_code == 422
    )
    Population.objects.create(community=community, year=2024, basis="resident", age_to=4, count=900)
    seen = liaison.get(url("people", community.pk), {"year": "2024"}).context["form"]["seen"].value()
    other = {**sent, "year": "2024", "seen": seen}
    assert liaison.post(url("people", community.pk), other).status_code == 422
    assert sorted(Population.objects.values_list("count", flat=True)) == [900, 50546]


def test_staff_change_the_words_of_a_code_never_its_number(client: Client, office: User) -> None:
    client.force_login(office)
    code = Code.objects.get(list="cause", number=3)
    sent = {"label_zh": "跌落", "label_en": "fall", "is_used": "on", "source": "x", "number": "99"}
    assert client.post(url("code", code.pk), sent).status_code == 302
    code.refresh_from_db()
    assert (code.number, code.label_zh) == (3, "跌落")
    assert AuditEntry.objects.filter(action="injury_code.change").count() == 1


def test_what_was_sent_back_stands_among_the_duties(
    liaison: Client, records: DataSet, wang: User, li: User
) -> None:
    advance(records, "close", by=li)
    assert [card.word for card in duty_cards(wang)] == ["1"]
    advance(records, "send_back", by=wang, note="缺三月")
    assert [(card.url, card.note) for card in duty_cards(li)] == [(url("data_set", records.pk), "缺三月")]


def test_a_clerk_records_and_decides_nothing_that_leaves_the_community(
    client: Client, community: Community, records: DataSet
) -> None:
    clerk = UserFactory()
    MembershipFactory(user=clerk, community=community, role=RoleFactory(code=RoleCode.COMMUNITY_CLERK))
    client.force_login(clerk)
    assert client.post(url("record_add", records.pk), FALL).status_code == 302
    assert client.post(url("publish", community.pk, 2025), {"shown": "1"}).status_code == 403
    sent = {"email": "x@example.org", "need": "抽查", "until": clock.today().isoformat()}
    assert client.post(url("access_add", community.pk), sent).status_code == 403


def test_a_quarter_is_no_year_to_be_published(records: DataSet, li: User) -> None:
    DataSet.objects.update(stage=Stage.LOCKED, last_month=JANUARY + 2)
    with pytest.raises(Refused) as refused:
        publishing.publish(records.community, 2025, by=li)
    assert refused.value.codes == ["approved"]


def test_others_read_the_sum_of_a_data_set_and_not_its_months(
    client: Client, records: DataSet, wang: User
) -> None:
    RecordFactory.create_batch(3, data_set=records)
    client.force_login(wang)
    page = client.get(url("data_set", records.pk))
    assert (page.context["months"], page.context["cases"]) == ([], 3)


def test_a_rate_that_is_not_known_is_empty_in_the_file(liaison: Client, records: DataSet) -> None:
    record(records, 9)
    answer = liaison.get(url("table", records.community_id, "causes"))
    lines = b"".join(answer.streaming_content).decode()
    assert lines.splitlines()[1] == "跌倒/坠落,9,100%,"


def test_a_month_that_has_not_begun_has_no_number(liaison: Client, records: DataSet) -> None:
    with clock.frozen("2025-02-10"):
        months = liaison.get(url("data_set", records.pk)).context["months"]
    assert [one.cases for one in months] == [0, 0] + [None] * 10


def test_a_year_is_offered_to_everybody_once_its_data_are_approved(liaison: Client, records: DataSet) -> None:
    record(records, 9)
    assert liaison.get(url("settings", records.community_id)).context["years"] == [(2025, False, False)]
    DataSet.objects.update(stage=Stage.ENDORSED)
    assert liaison.get(url("settings", records.community_id)).context["years"] == [(2025, False, True)]


def test_a_doubt_is_a_question_and_a_fault_is_not(liaison: Client, records: DataSet) -> None:
    crash = {**FALL, "cause": "1"}
    asked = liaison.post(url("record_add", records.pk), crash)
    assert [field for field, _sentence in asked.context["form"].asked] == ["id_place"]
    assert 'class="error-summary"' not in asked.content.decode()
    faulty = liaison.post(url("record_add", records.pk), {**crash, "doubts_seen": "road", "age": "140"})
    assert faulty.context["form"].asked == []
    assert 'class="error-summary"' in faulty.content.decode()


def test_a_standardised_rate_says_whom_it_leaves_out(liaison: Client, records: DataSet) -> None:
    for first, last in ((0, 14), (15, 24), (25, 59), (60, 64), (65, None)):
        Population.objects.create(
            community=records.community,
            year=2025,
            basis="resident",
            sex="all",
            age_from=first,
            age_to=last,
            count=900,
        )
    record(records, 9)
    record(records, 2, age=None, age_band=None)
    page = liaison.get(url("dashboard", records.community_id))
    assert page.context["board"].standardised.left_out == 2
    record(records, 2, age=None, age_band=None)
    page = liaison.get(url("dashboard", records.community_id))
    assert page.context["board"].standardised.is_known is False
