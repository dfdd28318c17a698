"""The status is computed from intervals: certain inside, unknown outside and in between."""

import datetime as dt

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.enums import DatePrecision, EntryEnd, Standing, Status
from communities.models import RegisterEntry
from communities.selectors import designation_timeline, status_sentence
from communities.services import register
from communities.services.terms import possible_ends
from core import clock
from tests.factories import CommunityFactory, DesignationFactory, RegisterEntryFactory

pytestmark = pytest.mark.django_db


def named(date: str, **fields: object) -> RegisterEntry:
    """Named on a date as precise as written, valid for five years."""
    with clock.frozen("2100-01-01"):
        entry = RegisterEntryFactory(**fields)
        register.record_first_designation_date(entry=entry, date_text=date, source="测试", by=None)
    entry.refresh_from_db()
    return entry


def status_on(entry: RegisterEntry, day: str) -> tuple[str, bool]:
    found = RegisterEntry.objects.with_status(dt.date.fromisoformat(day)).get(pk=entry.pk)
    return found.status, found.lacks_exact_date


@pytest.mark.parametrize(
    ("named_on", "day", "status", "lacks_exact_date"),
    [
        ("2015-06-30", "2020-06-29", Status.DUE, False),
        ("2015-06-30", "2019-06-29", Status.ACTIVE, False),
        ("2015-06-30", "2019-06-30", Status.DUE, False),
        ("2015-06-30", "2020-06-30", Status.UNKNOWN, False),
        ("2015-06", "2020-05-31", Status.DUE, False),
        ("2015-06", "2020-06-01", Status.UNKNOWN, True),
        ("2015-06", "2020-06-29", Status.UNKNOWN, True),
        ("2015-06", "2020-06-30", Status.UNKNOWN, False),
        ("2021", "2025-12-30", Status.ACTIVE, False),
        ("2021", "2025-12-31", Status.DUE, False),
        ("2021", "2026-01-01", Status.UNKNOWN, True),
        ("2021", "2026-12-30", Status.UNKNOWN, True),
        ("2021", "2026-12-31", Status.UNKNOWN, False),
        ("2016-02-29", "2021-02-27", Status.DUE, False),
        ("2016-02-29", "2021-02-28", Status.UNKNOWN, False),
    ],
)
def test_status_at_its_boundaries(named_on, day, status, lacks_exact_date):
    assert status_on(named(named_on), day) == (status, lacks_exact_date)


def test_a_record_known_to_be_complete_makes_an_old_naming_overdue():
    entry = named("2015-06-30", complete_to=dt.date(2020, 6, 30))
    assert status_on(entry, "2020-06-30") == (Status.OVERDUE, False)


def test_a_record_complete_to_the_day_before_the_end_says_nothing():
    entry = named("2015-06-30", complete_to=dt.date(2020, 6, 29))
    assert status_on(entry, "2020-06-30") == (Status.UNKNOWN, False)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (EntryEnd.LAPSED, Status.LAPSED),
        (EntryEnd.WITHDRAWN, Status.WITHDRAWN),
        (EntryEnd.REVOKED, Status.WITHDRAWN),
    ],
)
def test_an_end_holds_from_its_day(kind, status):
    entry = named("2015-06-30", ended_kind=kind, ended_on=dt.date(2017, 1, 1), ended_basis="〔2017〕1号")
    assert status_on(entry, "2016-12-31") == (Status.ACTIVE, False)
    assert status_on(entry, "2017-01-01") == (status, False)


def test_merged_outranks_everything():
    entry = named("2022", community=CommunityFactory(standing=Standing.MERGED))
    assert status_on(entry, "2023-01-01") == (Status.MERGED, False)


def test_an_entry_without_any_date_is_unknown():
    assert status_on(RegisterEntryFactory(), "2026-11-21") == (Status.UNKNOWN, False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    first=st.dates(dt.date(1989, 1, 1), dt.date(2030, 12, 31)),
    precision=st.sampled_from(list(DatePrecision)),
    day=st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)),
)
def test_sql_and_the_rule_in_words_agree(first, precision, day):
    """Whatever day of the interval was meant: only if all of them agree is the answer a certain one."""
    start = first.replace(
        month=1 if precision == DatePrecision.YEAR else first.month,
        day=first.day if precision == DatePrecision.DAY else 1,
    )
    earliest, latest = possible_ends(start, precision, 60)
    entry = RegisterEntryFactory(ends_earliest=earliest, ends_latest=latest)
    found = RegisterEntry.objects.with_status(day).get(pk=entry.pk)
    holds_for_all, holds_for_none = earliest > day, latest <= day
    assert (found.status in {Status.ACTIVE, Status.DUE}) == holds_for_all
    assert found.lacks_exact_date == (not holds_for_all and not holds_for_none)
    if found.status == Status.DUE:
        assert latest <= day + relativedelta(months=12)


def test_the_sentence_says_that_the_term_is_over():
    entry = named("2015", number=362)
    with clock.frozen("2026-11-21"):
        sentence = status_sentence(entry)
    assert sentence == (
        "2015年命名，五年期在2020年届满，此后没有收到复评记录，所以不能判断现在是否有效。"
        "社区联络人或协会补录复评时间后即可更新。"
    )


def test_the_sentence_says_that_only_the_exact_date_is_missing():
    entry = named("2021", number=422)
    with clock.frozen("2026-11-21"):
        sentence = status_sentence(entry)
    assert sentence == (
        "2021年命名，具体日期未记载；五年期在2026年之内届满，所以还不能判断今天是否有效。"
        "社区联络人或协会补录准确日期后即可更新。"
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"complete_to": dt.date(2025, 1, 1)}, "2015年命名，五年期在2020年届满，此后没有复评。"),
        (
            {"ended_kind": "revoked", "ended_on": dt.date(2018, 5, 1), "ended_basis": "〔2018〕9号"},
            "命名已于2018年5月1日终止，依据：〔2018〕9号。",
        ),
    ],
)
def test_every_other_status_has_its_sentence_too(fields, sentence):
    with clock.frozen("2026-11-21"):
        assert status_sentence(named("2015", **fields)) == sentence


def test_a_valid_designation_says_until_when():
    with clock.frozen("2026-11-21"):
        assert status_sentence(named("2023")) == "2023年命名，五年期到2028年届满，目前在有效期内。"


def test_the_timeline_shows_the_gap_and_the_list_of_2024():
    entry = DesignationFactory(
        entry__number=362,
        entry__sequence=119,
        entry__ends_earliest=dt.date(2020, 1, 1),
        entry__ends_latest=dt.date(2020, 12, 31),
    ).entry
    with clock.frozen("2026-11-21"):
        events = designation_timeline(entry)
    assert [(event.title, event.when, event.gap) for event in events] == [
        ("获国际安全社区命名，第 362 号", "2015年", False),
        ("五年期届满", "2020年", True),
        ("列入复评调查名单", "2024年1月14日", True),
        ("状态未知", "2026年11月21日查询", False),
    ]
    assert events[0].note == "依据：中安健协发〔2024〕12号 附件1 第119行，月日未记载"


def test_a_naming_of_who_times_says_so():
    entry = named("2009")
    with clock.frozen("2026-11-21"):
        assert designation_timeline(entry)[0].note.endswith("（WHO CCCSP）网络")


def test_a_renewal_in_time_leaves_no_gap():
    entry = named("2015")
    register.record_renewal(entry=entry, date_text="2020-03", source="公函", by=None)
    entry.refresh_from_db()
    with clock.frozen("2024-01-01"):
        assert [event.title for event in designation_timeline(entry)][:2] == [
            f"获国际安全社区命名，第 {entry.number} 号",
            "第 1 次复评",
        ]
