"""Tables that staff bring in, as Excel files: the template, our own table to be changed, the rows to be mended."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from unicodedata import east_asian_width

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from communities.importers.cells import CLEAR
from communities.importers.columns import MARK_TITLES, MARKS, OFFICIAL, TO_MEND, Column, Table
from communities.importers.problems import Problem
from core import workbooks

HOW_SHEET, CHOICES_SHEET = "填写说明", "选项"
LAST_ROW = 20_001  # as far as drop-downs reach: every row that is read
LINE, SPARE = 16.0, 4.0  # points
MARK_WIDTH, REASONS_WIDTH, HOW_WIDTH, PLAIN_WIDTH = 4.0, 60.0, 70.0, 18.0  # characters
Offered = Mapping[str, Sequence[str]]
OwnRow = tuple[Sequence[str], Sequence[str]]  # cells, marks
BrokenRow = tuple[Sequence[str], Mapping[str, Sequence[Problem]]]  # cells as typed, what is to be mended


def template(table: Table, *, offered: Offered) -> bytes:
    """Head, drop-downs and an explanation; no row, so that no example is ever brought in."""
    with translation.override(OFFICIAL):
        return _book(table, (), offered, is_marked=False)


def own_table(table: Table, rows: Iterable[OwnRow], *, offered: Offered) -> bytes:
    """What stands on the platform, with the hidden columns by which each row is known again."""
    with translation.override(OFFICIAL):
        return _book(table, rows, offered, is_marked=True)


def errors_workbook(
    table: Table, titles: Sequence[str], keys: Sequence[str], rows: Iterable[BrokenRow]
) -> bytes:
    """Every row as it came, wrong cells red, and at the end what is to be done. It can be brought in again as it is."""
    with translation.override(OFFICIAL):
        book = _new_book()
        kept = [place for place, title in enumerate(titles) if title != TO_MEND]
        widths = [
            table.by_key[keys[place]].width if keys[place] in table.by_key else PLAIN_WIDTH for place in kept
        ]
        sheet = workbooks.StreamedSheet(
            book,
            table.title,
            head=[*(titles[place] for place in kept), TO_MEND],
            widths=[*widths, REASONS_WIDTH],
            hidden=[column for column, place in enumerate(kept, start=1) if keys[place] in MARKS],
            is_landscape=True,
        )
        for typed, problems in rows:
            cells = [typed[place] if place < len(typed) else "" for place in kept]
            wrong = {column for column, place in enumerate(kept) if problems.get(keys[place] or "-")}
            if problems:
                wrong.add(len(cells))
            reasons = _reasons(table, problems)
            sheet.add_marked([*cells, reasons], "typed", marked=wrong, height=_height(reasons, REASONS_WIDTH))
        return workbooks.to_bytes(book)


def _reasons(table: Table, problems: Mapping[str, Sequence[Problem]]) -> str:
    """Of the row as a whole first, then by column."""
    lines = [str(one) for one in problems.get("", ())]
    for column in table.columns:
        lines += [f"{column.title}：{one}" for one in problems.get(column.key, ())]
    return "\n".join(lines)


def _height(text: str, width: float) -> float | None:
    """Points, so that every line is seen: no program makes room for a row that it has not written itself."""
    lines = sum(math.ceil(_width(line) / (width - 2)) for line in text.split("\n"))
    return lines * LINE + SPARE if lines > 1 else None


def _width(text: str) -> int:
    """In characters as Excel counts: a Chinese one takes two."""
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text)


def _new_book() -> Workbook:
    book = workbooks.new_workbook(streamed=True)
    book.properties.creator = "中国职业安全健康协会"
    return book


def _book(table: Table, rows: Iterable[OwnRow], offered: Offered, *, is_marked: bool) -> bytes:
    book, columns = _new_book(), table.columns
    marks = MARKS if is_marked else ()
    sheet = workbooks.StreamedSheet(
        book,
        table.title,
        head=[*(column.title for column in columns), *(MARK_TITLES[mark] for mark in marks)],
        widths=[*(column.width for column in columns), *(MARK_WIDTH for _mark in marks)],
        hidden=range(len(columns) + 1, len(columns) + len(marks) + 1),
        is_landscape=True,
    )
    lists = [(column, _options(column, offered)) for column in columns if _options(column, offered)]
    for place, (column, options) in enumerate(lists, start=1):
        letter = get_column_letter(place)
        source = f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(options)}"
        sheet.offer(columns.index(column) + 1, source, last_row=LAST_ROW)
    for cells, own_marks in rows:
        sheet.add_row([*cells, *own_marks], "typed")
    _explain(book, table, is_marked=is_marked)
    _write_choices(book, [options for _column, options in lists])
    return workbooks.to_bytes(book)


def _options(column: Column, offered: Offered) -> Sequence[str]:
    return column.options or offered.get(column.key, ())


def _explain(book: Workbook, table: Table, *, is_marked: bool) -> None:
    sheet = workbooks.StreamedSheet(
        book, HOW_SHEET, head=[_("Column"), _("How to fill it in"), _("Example")], widths=[18, HOW_WIDTH, 30]
    )
    for column in table.columns:
        how = str(column.how)
        height = _height(how, HOW_WIDTH)
        sheet.add_marked([column.title, how, column.example], "typed", marked=(), height=height)
    rules = [
        _("An empty cell changes nothing. To remove a value, write “%(word)s”.") % {"word": CLEAR},
        _("Nothing is changed by uploading: each row is shown first with what it would change."),
        _("Either all rows are taken over or none."),
    ]
    if is_marked:
        rules.append(
            _(
                "The hidden columns at the end say which row is which: leave them, and delete rows that you do not"
                " need. A row that somebody changed on the platform meanwhile is refused."
            )
        )
    for rule in rules:
        sheet.add_marked(["", rule, ""], "typed", marked=(), height=_height(rule, HOW_WIDTH))


def _write_choices(book: Workbook, lists: Sequence[Sequence[str]]) -> None:
    if not lists:
        return
    sheet = book.create_sheet(CHOICES_SHEET)
    sheet.sheet_state = "hidden"
    for row in range(max(map(len, lists))):
        sheet.append(
            [workbooks.as_text(sheet, options[row]) if row < len(options) else None for options in lists]
        )
