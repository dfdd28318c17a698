"""The list importer on the raw printed cells of Annex 1, measured against the list that people checked."""

import csv
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.importers.printed_list import Place, RegionTable, Values, read_list, stem

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

# Rows that a naive carry-down stores wrongly.
BROKEN = {24, 31, 32, *range(41, 45), 91, *range(97, 119)}

# Names that people marked as misprinted, cut off, renamed, merged or to be confirmed.
DOUBTFUL_NAMES = {24, 49, 51, 58, 59, 67, 68, 71, 80, 85, 94, 103, 119, 124, 125}


def read(path):
    with (FIXTURES / path).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def read_dicts(path):
    with (FIXTURES / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def table():
    return RegionTable.from_rows(read_dicts("regions/regions.csv") + read_dicts("regions/subdistricts.csv"))


@pytest.fixture(scope="module")
def rows(table):
    return {row.seq: row for row in read_list(read("register/annex1_raw.csv"), table)}


@pytest.fixture(scope="module")
def checked():
    return {
        int(row["seq"]): Values(row["province"], row["city"], row["name_printed"], row["number"], row["year"])
        for row in read_dicts("register/annex1.csv")
    }


@pytest.fixture
def say(capsys):
    """Shows the figures reached even when the test passes."""

    def show(text):
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return show


def codes(row):
    return {flag.code for flag in row.flags}


def test_a_naive_carry_down_stores_thirty_rows_wrongly(rows, checked):
    assert {seq for seq, row in rows.items() if row.carried != checked[seq]} == BROKEN
    assert len(BROKEN) == 30


def test_every_broken_row_is_caught_without_a_false_alarm(rows, checked, say):
    doubted = {seq for seq, row in rows.items() if row.is_doubted}
    caught, missed, false_alarms = doubted & BROKEN, BROKEN - doubted, doubted - BROKEN
    say(f"rows: caught {len(caught)}, missed {sorted(missed)}, false alarms {sorted(false_alarms)}")
    assert (len(caught), missed, false_alarms) == (30, set(), set())


def test_hints_about_names_meet_most_of_what_people_found(rows, say):
    hinted = {seq for seq, row in rows.items() if any(not flag.doubts_row for flag in row.flags)}
    caught, missed, false_alarms = hinted & DOUBTFUL_NAMES, DOUBTFUL_NAMES - hinted, hinted - DOUBTFUL_NAMES
    say(f"names: caught {len(caught)}, missed {sorted(missed)}, false alarms {sorted(false_alarms)}")
    # 无锡太科技园, 泾渭苑社区 and 天津经济开发区 are no administrative units; 洛阳石化 has no usual ending.
    assert (len(caught), missed, false_alarms) == (12, {68, 124, 125}, {126})


def test_what_is_proposed_agrees_with_the_checked_list_in_all_rows(rows, checked):
    assert {seq: row.proposed for seq, row in rows.items() if row.proposed != checked[seq]} == {}


def test_nothing_is_changed_by_itself(rows):
    printed = {int(line[0]): tuple(line[1:]) for line in read("register/annex1_raw.csv")}
    assert {seq: row.cells for seq, row in rows.items()} == printed
    assert rows[24].carried.city == "西城区"
    assert rows[24].proposed.city == "朝阳区"


def test_numbers_and_years_of_the_list_never_contradict_each_other(rows):
    assert {seq for seq, row in rows.items() if codes(row) & {"number_twice", "order_contradiction"}} == set()


def test_a_year_cut_off_is_proposed_only_between_equal_neighbours(rows):
    assert codes(rows[97]) == {"shifted_right", "year_missing", "year_inferred"}
    assert codes(rows[112]) == {"shifted_right", "year_missing", "year_inferred", "province_again"}
    assert (rows[97].proposed.year, rows[112].proposed.year) == ("2009", "2014")


@pytest.mark.parametrize(
    ("seq", "code"),
    [
        (24, "known_elsewhere"),
        (31, "shifted_right"),
        (32, "name_in_wrong_column"),
        (44, "city_in_wrong_column"),
        (91, "known_elsewhere"),
        (101, "number_in_wrong_column"),
        (102, "city_missing"),
        (105, "city_not_in_province"),
        (114, "known_elsewhere"),
        (118, "city_in_wrong_column"),
        (71, "name_ending"),
        (85, "other_kind"),
        (119, "unit_unknown"),
    ],
)
def test_each_kind_of_slip_has_its_flag(rows, seq, code):
    assert code in codes(rows[seq])


def test_a_flag_says_where_the_unit_is_known(rows):
    sentences = [flag.sentence for flag in rows[91].flags]
    assert len(sentences) == 1
    assert "上海市杨浦区" in sentences[0]


# --- a small table with namesakes, as the whole country has them -------------------------------------------

NAMESAKES = RegionTable(
    [
        Place("310000", "上海市", "province", ""),
        Place("310113", "宝山区", "county", "310000"),
        Place("310113008000", "张庙街道", "town", "310113"),
        Place("230000", "黑龙江省", "province", ""),
        Place("230500", "双鸭山市", "prefecture", "230000"),
        Place("230506", "宝山区", "county", "230500"),
        Place("430000", "湖南省", "province", ""),
        Place("430400", "衡阳市", "prefecture", "430000"),
        Place("430408", "蒸湘区", "county", "430400"),
        Place("430408004000", "联合街道", "town", "430408"),
        Place("440000", "广东省", "province", ""),
        Place("440100", "广州市", "prefecture", "440000"),
    ]
)


def only(line, table=NAMESAKES):
    (row,) = read_list([line], table)
    return row


def test_a_namesake_in_another_province_is_no_reason_to_move_a_row():
    row = only(["1", "广东省", "广州市", "联合街道", "351", "2015"])
    assert codes(row) == {"unit_unknown"}
    assert row.proposed.city == "广州市"


def test_between_two_districts_of_one_name_the_unit_decides():
    row = only(["1", "广东省", "宝山区", "张庙街道", "387", "2017"])
    assert codes(row) == {"city_not_in_province"}
    assert (row.proposed.province, row.proposed.city) == ("上海市", "宝山区")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["1", "上海市", "宝山区", "", "387", "2017"], {"name_missing"}),
        (["1", "上海市", "宝山区", "张庙街道", "", "2017"], {"number_missing"}),
        (["1", "上海市", "宝山区", "张庙街道", "387", ""], {"year_missing"}),
        (["1", "上海市", "宝岛区", "张庙街道", "387", "2017"], {"city_unknown", "known_elsewhere"}),
        (["1", "", "", "", "", ""], {"name_missing", "number_missing", "year_missing", "city_missing"}),
    ],
)
def test_what_is_missing_or_unknown_is_said(line, expected):
    assert codes(only(line)) - {"name_ending"} == expected


def test_a_number_printed_twice_and_a_year_out_of_order_are_said():
    first, second, third = read_list(
        [
            ["1", "上海市", "宝山区", "张庙街道", "387", "2017"],
            ["2", "", "", "张庙镇", "387", "2018"],
            ["3", "", "", "宝山区", "390", "2010"],
        ],
        NAMESAKES,
    )
    assert codes(first) == set()
    assert "number_twice" in codes(second)
    assert codes(third) == {"order_contradiction"}


def test_a_head_repeated_on_every_page_is_no_row():
    head = ["序号", "省（直辖市）", "市（区）", "社区名称", "命名序号", "命名年份"]
    line = ["1", "上海市", "宝山区", "张庙街道", "387", "2017"]
    assert [row.seq for row in read_list([head, line, head], NAMESAKES)] == [1]


def test_full_width_digits_and_blanks_around_cells_are_read():
    row = only(["1", " 上海市 ", "宝山区", "张庙街道", "３８７", "２０１７"])
    assert codes(row) == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("颛桥镇", "颛桥"), ("南磨房地区", "南磨房"), ("乡", "乡"), ("金融街街道", "金融街")],
)
def test_the_stem_of_a_name_leaves_its_kind_out(name, expected):
    assert stem(name) == expected


CELLS = st.one_of(
    st.sampled_from(["", "上海市", "宝山区", "张庙街道", "衡阳市", "387", "2017", "序号", "街道"]),
    st.text(max_size=8),
)


@given(st.lists(st.lists(CELLS, max_size=9), max_size=6))
def test_whatever_is_printed_is_read_kept_and_never_refused(table_lines):
    lines = [[str(seq), *cells] for seq, cells in enumerate(table_lines, 1)]
    rows = read_list(lines, NAMESAKES)
    assert [row.cells for row in rows] == [tuple(cell.strip() for cell in line[1:7]) for line in lines]
