"""The committed list agrees with its printed cells, its corrections and the table of regions."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from communities.enums import CodeSystem, CommunityKind, CommunityType, NameStatus, RegionLevel

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LEVELS = ["SURE", "LIKELY", "INFO"]


def read(path):
    with (FIXTURES / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def annex():
    return {row["seq"]: row for row in read("register/annex1.csv")}


@pytest.fixture(scope="module")
def corrections():
    return read("register/annex1_corrections.csv")


@pytest.fixture(scope="module")
def regions():
    rows = read("regions/regions.csv") + read("regions/subdistricts.csv")
    return {row["code"]: row for row in rows}


def test_the_printed_cells_are_those_of_the_raw_list(annex):
    columns = ("province", "city", "name", "number", "year", "overflow")
    raw = {
        row["seq"]: [row[f"cell{place}"] for place in range(2, 8)] for row in read("register/annex1_raw.csv")
    }
    assert {seq: [row[f"printed_{column}"] for column in columns] for seq, row in annex.items()} == raw


def test_what_is_sure_is_applied(annex, corrections):
    columns = {
        "name": "name_shown",
        "province": "province",
        "city": "city",
        "number": "number",
        "year": "year",
    }
    sure = [row for row in corrections if row["level"] == "SURE"]
    assert [row for row in sure if annex[row["seq"]][columns[row["cell"]]] != row["value"]] == []


def test_every_cell_that_carries_down_wrongly_has_a_sure_correction(annex, corrections):
    sure = {(row["seq"], row["cell"]) for row in corrections if row["level"] == "SURE"}
    differing = set()
    for cell in ("province", "city"):
        above = ""
        for seq, row in annex.items():
            above = row[f"printed_{cell}"] or above
            if above != row[cell]:
                differing.add((seq, cell))
    assert differing - sure == set()
    assert len({seq for seq, _ in differing}) == 30


def test_what_is_likely_is_suggested_and_not_shown(annex, corrections):
    likely = [row for row in corrections if (row["level"], row["cell"]) == ("LIKELY", "name")]
    assert {row["seq"]: row["value"] for row in likely} == {
        row["seq"]: row["name_suggestion"] for row in annex.values() if row["name_suggestion"]
    }
    assert [row["seq"] for row in likely if annex[row["seq"]]["name_shown"] != row["printed"]] == []


def test_each_correction_has_a_level_a_row_and_a_reason(annex, corrections):
    assert {row["level"] for row in corrections} == set(LEVELS)
    assert {row["seq"] for row in corrections} <= set(annex)
    assert [row for row in corrections if not row["note"].endswith("。")] == []
    order = [(int(row["seq"]), LEVELS.index(row["level"])) for row in corrections]
    assert order == sorted(order)


def test_choices_are_those_of_the_register(annex):
    rows = annex.values()
    assert {row["kind"] for row in rows} <= set(CommunityKind.values)
    assert {row["community_type"] for row in rows} <= set(CommunityType.values)
    assert {row["name_status"] for row in rows} == set(NameStatus.values)
    assert {row["parent_basis"] for row in rows if row["parent_seq"]} == {"inferred"}


def test_every_code_is_in_the_table_of_regions(annex, regions):
    columns = (
        "province_code",
        "city_code",
        "county_at_naming_code",
        "county_today_code",
        "code12_mca",
        "code9_nbs",
    )
    missing = [
        (seq, row[column])
        for seq, row in annex.items()
        for column in columns
        if row[column] not in {"", *regions}
    ]
    assert missing == []
    assert sum(bool(row["code12_mca"]) for row in annex.values()) == 104


def test_place_names_and_codes_of_the_list_agree(annex, regions):
    assert [
        seq
        for seq, row in annex.items()
        if (regions[row["province_code"]]["name"], regions[row["city_code"]]["name"])
        != (row["province"], row["city"])
    ] == []


def test_regions_form_one_tree(regions):
    assert Counter(row["level"] for row in regions.values() if not row["parent_code"]) == {
        RegionLevel.PROVINCE: 31
    }
    assert [code for code, row in regions.items() if row["parent_code"] not in {"", *regions}] == []
    gone = {code: row["successor_code"] for code, row in regions.items() if row.get("valid_until")}
    assert gone == {"310103": "310101", "440116": "440112", "500112": "500157"}


def test_codes_have_the_length_of_their_system_and_level(regions):
    lengths = {
        (CodeSystem.MCA, RegionLevel.TOWN): 12,
        (CodeSystem.NBS, RegionLevel.TOWN): 9,
    }
    assert [
        code
        for code, row in regions.items()
        if len(code) != lengths.get((row["code_system"], row["level"]), 6)
        or not code.startswith(row["parent_code"][:2])
    ] == []


def test_nineteen_units_have_another_code_in_the_other_system(annex):
    both = [row for row in annex.values() if row["code9_nbs"]]
    assert len(both) == 104
    assert sum(row["code12_mca"][:9] != row["code9_nbs"] for row in both) == 19
