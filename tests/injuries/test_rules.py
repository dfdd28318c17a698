"""What a record may not say, and what it says that should be looked at again."""

import datetime as dt

import pytest

from injuries import rules
from injuries.icd10 import External, read, tidied
from injuries.months import Month

CODES = {
    "cause": frozenset(range(1, 15)),
    "place": frozenset(range(1, 11)),
    "activity": frozenset(range(1, 11)),
    "body_part": frozenset(range(1, 9)),
    "nature": frozenset(range(1, 10)),
    "intent": frozenset(range(1, 6)),
    "education": frozenset(range(1, 8)),
}
MONTHS = (Month.at(2025, 1), Month.at(2025, 12))
TODAY = dt.date(2025, 6, 30)
GOOD = {"month": Month.at(2025, 3), "cause": 3}


def faults(**values: object) -> list[tuple[str, str | None]]:
    found = rules.faults({**GOOD, **values}, codes=CODES, months=MONTHS, today=TODAY)
    return [(reason.code, reason.field) for reason in found]


def doubts(**values: object) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.field) for reason in rules.doubts({**GOOD, **values})]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"cause": 15}, [("code", "cause")]),
        ({"month": None}, [("month", "month")]),
        ({"month": Month.at(2024, 12)}, [("outside", "month")]),
        ({"occurred_on": dt.date(2025, 3, 31)}, []),
        ({"occurred_on": dt.date(2025, 4, 1)}, [("month", "occurred_on")]),
        ({"month": Month.at(2025, 7), "occurred_on": dt.date(2025, 7, 1)}, [("future", "occurred_on")]),
        ({"treated_on": dt.date(2025, 7, 1)}, [("future", "treated_on")]),
        ({"occurred_hour": 24}, [("hour", "occurred_hour")]),
        ({"age": 121}, [("age", "age")]),
        ({"age": 120}, []),
        ({"age": 14, "age_band": 2}, [("age_band", "age_band")]),
        ({"age": 62, "age_band": 6}, []),
        ({"icd10": "W01.0"}, []),
        ({"icd10": "17"}, [("icd10", "icd10")]),
    ],
)
def test_faults_are_refused_where_they_stand(values: dict, expected: list) -> None:
    assert faults(**values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"cause": 1, "place": 5, "activity": 7}, []),
        ({"cause": 1, "place": 5, "activity": 8}, []),
        ({"cause": 1, "place": 1, "activity": 2}, [("road", "place"), ("driving", "activity")]),
        ({"cause": 9, "body_part": 1}, [("whole_body", "body_part")]),
        ({"cause": 9, "body_part": 6}, []),
        ({"cause": 7, "nature": 1}, [("burn", "nature")]),
        ({"cause": 12, "intent": 1}, [("assault", "intent")]),
        (
            {"occurred_on": dt.date(2025, 3, 5), "treated_on": dt.date(2025, 3, 4)},
            [("treated_before", "treated_on")],
        ),
        ({"age": 5, "education": 3}, [("schooled_early", "education")]),
        ({"age": 5, "education": 1}, []),
        ({"age": 30, "education": 1}, [("not_schooled", "education")]),
        ({"cause": 1, "icd10": "W01.0"}, [("icd_cause", "icd10")]),
        ({"intent": 3, "icd10": "W01.0"}, [("icd_intent", "icd10")]),
        ({"narrative": "在楼梯上滑倒，电话 13812345678"}, [("telling", "narrative")]),
        ({"narrative": "身份证 11010519491231002X"}, [("telling", "narrative")]),
        ({"narrative": "电话+86 138-1234-5678"}, [("telling", "narrative")]),
        ({"product": "110105 19491231 002X"}, [("telling", "product")]),
        ({"follow_up_note": "致电010-64464565"}, [("telling", "follow_up_note")]),
        ({"narrative": "3楼301室门口"}, []),
    ],
)
def test_doubts_are_said_and_refuse_nothing(values: dict, expected: list) -> None:
    assert doubts(**values) == expected
    assert [code for code, _field in faults(**values) if code != "month"] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("W19", External(1, 3, "fall")),
        ("X80.1", External(2, 3, "fall")),
        ("Y05", External(3, 12, "sexual assault")),
        ("V03", External(1, None, "pedestrian")),
        ("S72", None),
        ("", None),
    ],
)
def test_an_external_cause_is_read_on_both_axes(code: str, expected: External | None) -> None:
    assert read(code) == expected


@pytest.mark.parametrize(
    ("typed", "written"), [("w010", "W01.0"), ("W01.0", "W01.0"), (" x80 ", "X80"), ("", "")]
)
def test_codes_are_written_alike(typed: str, written: str) -> None:
    assert tidied(typed) == written


@pytest.mark.parametrize("text", ["2025-03", "2025/3", "2025年3月", "2025.03"])
def test_months_are_read_as_people_write_them(text: str) -> None:
    assert Month.text(Month.read(text)) == "2025-03"


def test_spans_of_months_are_short() -> None:
    spans = [
        (Month.at(2025, 1), Month.at(2025, 12)),
        (Month.at(2025, 3),) * 2,
        (Month.at(2025, 1), Month.at(2025, 6)),
    ]
    assert [Month.span(*span) for span in spans] == ["2025", "2025-03", "2025-01–2025-06"]
