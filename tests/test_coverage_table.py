"""``docs/coverage.md``: every line of the sources, and where the platform answers it."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "coverage.md"
ROW = re.compile(r"^\| (S\d-\d+) \| (.+?) \| (closed|partly|open) \| (.*?) ?\|$")


def lines():
    with (ROOT / "fixtures/requirements/lines.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table():
    matches = [ROW.match(line) for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| S")]
    return [match.groups() if match else None for match in matches]


def paths(where):
    return re.findall(r"`([^`]+)`", where)


@pytest.fixture(scope="module")
def rows():
    return table()


def test_every_row_has_the_form(rows):
    assert None not in rows


def test_every_line_stands_in_the_table_once_in_the_order_of_the_sources(rows):
    assert [row[0] for row in rows] == [line["id"] for line in lines()]


def test_the_table_says_what_the_line_asks(rows):
    assert {row[0]: row[1] for row in rows} == {line["id"]: line["asks"] for line in lines()}


def test_every_place_named_exists(rows):
    assert [(row[0], path) for row in rows for path in paths(row[3]) if not (ROOT / path).exists()] == []


def test_a_closed_line_names_code_and_test_and_nothing_else(rows):
    for line, _, state, where in rows:
        if state == "closed":
            assert any(path.startswith("tests/") for path in paths(where)), line
            assert any(not path.startswith("tests/") for path in paths(where)), line
            assert re.sub(r"`[^`]+`|[, ]", "", where) == "", line


def test_a_line_done_in_part_names_a_place_and_says_what_is_open(rows):
    for line, _, state, where in rows:
        if state == "partly":
            assert paths(where), line
            assert "; open: " in where, line


def test_an_open_line_names_nothing(rows):
    assert [row[0] for row in rows if row[2] == "open" and row[3]] == []


def test_the_sums_at_the_top_agree_with_the_table(rows):
    sums = Counter(row[2] for row in rows)
    stated = re.search(r"(\d+) lines: (\d+) closed, (\d+) partly, (\d+) open\.", TABLE.read_text("utf-8"))
    assert stated is not None
    assert [int(number) for number in stated.groups()] == [
        len(rows), sums["closed"], sums["partly"], sums["open"],
    ]  # fmt: skip
