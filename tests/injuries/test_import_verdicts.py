"""A row of a table is judged as the same case typed into the form is."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuries import rules
from injuries.enums import BRANCH_FIELDS, AgeBand, ListName
from injuries.importers.cells import Bad, reader_of, words_of
from injuries.importers.columns import BY_FIELD, Reading
from injuries.importers.rows import Checker, Frame
from injuries.months import Month
from injuries.services.records import completed
from tests.injuries.factories import SHIPPED

MONTHS = (Month.at(2025, 1), Month.at(2025, 12))
TODAY = dt.date(2025, 11, 30)
LISTS = {
    name: [(code["number"], code["zh"], code["en"]) for code in content["codes"]]
    for name, content in SHIPPED["lists"].items()
}
CODES = {name: frozenset(number for number, _zh, _en in codes) for name, codes in LISTS.items()}
WORDS = {name: words_of(codes, {}) for name, codes in LISTS.items()}
FIELDS = (
    "month",
    "occurred_on",
    "occurred_hour",
    "treated_on",
    "age",
    "age_band",
    *ListName.values,
    "icd10",
    "narrative",
)
# What is wrong with one cell by itself; an import reads such a cell as empty and says nothing of its neighbours.
OF_A_CELL = {"code", "future", "hour", "age", "icd10"}
# An import says by which of the two columns the month is wrong.
ALIKE = {("other_month", "occurred_on"): ("month", "occurred_on")}

DAYS = st.none() | st.dates(dt.date(2024, 12, 1), dt.date(2026, 1, 31))
NARRATIVES = ("", "浴室滑倒", "电话13800000000", "11010519491231002X", "2025-03-01 08:00")
ICD10 = ("", "W01.0", "X80", "V03.1", "S72", "W1")


def codes_of(name: str) -> st.SearchStrategy[int | None]:
    """Of the list; where no cause has to open the field, now and then one that is not in it."""
    strange = [] if name in BRANCH_FIELDS else [99]
    return st.none() | st.sampled_from([*sorted(CODES[name]), *strange])


CASES = st.fixed_dictionaries(
    {
        "month": st.none() | st.integers(MONTHS[0] - 1, MONTHS[1] + 1),
        "occurred_on": DAYS,
        "occurred_hour": st.none() | st.integers(0, 25),
        "treated_on": DAYS,
        "age": st.none() | st.integers(0, 125),
        "age_band": st.none() | st.sampled_from([int(band) for band in AgeBand]),
        **{name: codes_of(name) for name in ListName.values},
        "icd10": st.sampled_from(ICD10),
        "narrative": st.sampled_from(NARRATIVES),
    }
)


def cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    return Month.text(value) if name == "month" else str(value)


def judged_by_the_import(case: dict[str, Any]) -> tuple[set, set]:
    frame = Frame(words=WORDS, areas={}, months=MONTHS, today=TODAY)
    checker = Checker(Reading(list(FIELDS), list(FIELDS), []), frame)
    part = checker.check([2], [[cell(name, case[name]) for name in FIELDS]])
    faults = {(found.code, found.field) for found in part.faults}
    return {ALIKE.get(fault, fault) for fault in faults}, {(found.code, found.field) for found in part.doubts}


def judged_by_the_form(case: dict[str, Any]) -> tuple[set, set]:
    full = completed(case)
    faults = rules.faults(full, codes=CODES, months=MONTHS, today=TODAY)
    return (
        {(reason.code, reason.field) for reason in faults},
        {(reason.code, reason.field) for reason in rules.doubts(full)},
    )


def of_a_cell(faults: set) -> set:
    return {fault for fault in faults if fault[0] in OF_A_CELL}


@settings(max_examples=300, deadline=None)
@given(case=CASES)
def test_an_import_judges_as_the_form_does(case: dict[str, Any]) -> None:
    faults, doubts = judged_by_the_import(case)
    expected_faults, expected_doubts = judged_by_the_form(case)
    assert of_a_cell(faults) == of_a_cell(expected_faults)
    if not of_a_cell(faults):
        assert (faults, doubts) == (expected_faults, expected_doubts)


class Watched(dict[str, Any]):
    """Remembers which of its values were read."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


def spoken_of(code: str, field: str) -> set[str]:
    """The doubt about what looks like a person's number is asked of each free text by itself."""
    return {field} if code == "telling" else set(rules.SPOKEN_OF[code])


def test_the_table_of_fields_names_every_doubt_and_no_other() -> None:
    assert {code for code, _field, _holds, _text in rules.DOUBTS} == set(rules.SPOKEN_OF)
    assert [field for code, field, _holds, _text in rules.DOUBTS if field not in spoken_of(code, field)] == []


@settings(max_examples=200, deadline=None)
@given(case=CASES)
def test_a_doubt_reads_no_other_field_and_never_holds_without_one_of_its_own(case: dict[str, Any]) -> None:
    for code, field, holds, _text in rules.DOUBTS:
        named = spoken_of(code, field)
        watched = Watched(case)
        holds(watched)
        assert watched.read <= named
        assert [one for one in named if holds({**case, one: None})] == []


BAND = reader_of(BY_FIELD["age_band"], words={}, areas={}, today=TODAY)


@pytest.mark.parametrize(
    ("band", "texts"),
    [
        (AgeBand.CHILDREN, ["1", "0-14", "0–14岁", "0~14周岁", "0至14岁", "0-14 years", "aged 0 to 14"]),
        (AgeBand.YOUTH, ["15–24 yrs", "15 - 24 Years", "15 years to 24 years", "１５－２４岁", "15-24y"]),
        (AgeBand.ADULTS, ["25-59", "25-59 years old", "25到59岁"]),
        (AgeBand.AGEING, ["60-64", "60 to 64 yrs."]),
        (
            AgeBand.OLDER,
            [
                *(
                    "65+",
                    "65 and over",
                    "65 years and older",
                    "65 or older",
                    "65 yrs and above",
                    ">=65",
                    "≥65",
                ),
                *("65岁及以上", "65岁以上", "65 plus", "65 years old and over"),
            ],
        ),
        (AgeBand.ADULTS_UNDIVIDED, ["25-64", "25–64岁（未细分）", "25 to 64 years, not divided"]),
    ],
)
def test_an_age_band_is_read_in_either_language(band: AgeBand, texts: list[str]) -> None:
    assert {text: BAND[text] for text in texts} == dict.fromkeys(texts, int(band))


@pytest.mark.parametrize(
    "text", ["3岁", "5 years", "0-17", "60岁以上", "64 and over", "years", "7", "老人", "65"]
)
def test_what_is_no_age_band_is_said_to_be_none(text: str) -> None:
    assert (type(BAND[text]), BAND[text]) == (Bad, "band")
