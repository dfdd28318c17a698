"""A long table is read row by row through the same door as a short one, and the same files are refused."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest

from core.errors import Refused
from documents.sheets import Kind, Limits
from documents.sheets.lines import opened
from tests.documents.test_sheets import ATTACKS, far_cell, workbook

LARGE = Limits(
    size=40 * 2**20,
    unpacked=300 * 2**20,
    cells=4_000_000,
    strings=1_000_000,
    seconds=60,
    memory=1_200 * 2**20,
)


def lines_of(content: bytes, limits: Limits) -> list[list[str]]:
    with opened(io.BytesIO(content), kinds=[Kind.XLSX], limits=limits) as table:
        return list(table.rows)


@pytest.mark.parametrize(("make", "sentence"), ATTACKS.values(), ids=ATTACKS.keys())
def test_a_hostile_file_is_refused_at_once_and_with_a_clear_sentence(
    make: Callable[[], bytes], sentence: str
) -> None:
    content = make()
    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        lines_of(content, Limits())
    assert [str(reason) for reason in refused.value.reasons] == [sentence]
    assert time.monotonic() - begun < 3


CELLS = {
    "the last column": '<c r="XFD1048576"><v>1</v></c>',
    "the last that counts as near": '<c r="ZZ999999"><v>1</v></c>',
    "behind a prefix": '<x:c r="XFD1048576"><x:v>1</x:v></x:c>',
    "behind a line end": '<c\nr="XFD1048576"><v>1</v></c>',
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS.keys())
def test_a_cell_far_away_is_refused_under_the_limits_of_a_hundred_thousand_records(cell: str) -> None:
    with pytest.raises(Refused):
        lines_of(far_cell(cell), LARGE)


def test_rows_come_as_somebody_would_type_them() -> None:
    content = workbook(["a\tb", "c\\d", "e\nf"], [1, 2.5, True], [None, "", "筼筜"])
    assert lines_of(content, Limits()) == [
        ["a\tb", "c\\d", "e\nf"],
        ["1", "2.5", "TRUE"],
        ["", "", "筼筜"],
    ]
