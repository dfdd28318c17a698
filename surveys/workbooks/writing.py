"""The questionnaire of one unit as an Excel file to fill in without a connection."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from core import workbooks
from core.clock import now
from core.dates import format_date, format_moment
from surveys.models import Answer, Remark, Response
from surveys.questionnaires import Kind, Questionnaire
from surveys.workbooks.lines import (
    ANSWER,
    CHOICES_SHEET,
    FORM_SHEET,
    FORMAT,
    HEAD_ROW,
    HINT,
    KEY,
    PART,
    QUESTION,
    SEAL_SHEET,
    STILL_TRUE,
    TICK,
    Line,
    check_value,
    lines_of,
)

OFFICIAL = "zh-hans"
WIDTHS = (14, 28, 34, 56, 9, 3, 3)  # in characters; the last two are hidden
LINE, SPARE, LONG_TEXT, TALLEST = 16.0, 6.0, 105.0, 409.0  # points; no row can be taller
FROM_THE_TOP = Alignment(vertical="top", wrap_text=True)
OPEN = PatternFill("solid", fgColor="FFFFF9DB")


def questionnaire_workbook(
    response: Response, form: Questionnaire, rows: Mapping[str, Answer], remarks: Mapping[str, Remark]
) -> bytes:
    """In Chinese whatever the reader has chosen: it is the office's own table."""
    with translation.override(OFFICIAL):
        lines = list(lines_of(response, form, rows, remarks))
        book = workbooks.new_workbook()
        book.properties.creator = "中国职业安全健康协会"
        sheet = book.create_sheet(FORM_SHEET)
        _write_head(sheet, response)
        _write_lines(sheet, lines)
        _write_drop_downs(book, sheet, lines)
        _write_seal(book, response, lines)
        _protect(book, sheet)
        return workbooks.to_bytes(book)


def _write_head(sheet: Worksheet, response: Response) -> None:
    facts = _("Unit: %(unit)s　Number: %(reference)s　Due: %(day)s　Downloaded: %(moment)s") % {
        "unit": response.community,
        "reference": response.reference,
        "day": format_date(response.invitation.deadline_on),
        "moment": format_moment(now()),
    }
    how = _(
        "Fill in the yellow cells only; choose √ under “still true” where a value given beforehand still holds."
        " Save as .xlsx and upload the file on the page where you downloaded it."
    )
    texts = ((response.round.edition.title_zh, 30), (how, 34), (facts, 20))
    for row, (text, height) in enumerate(texts, start=1):
        cell = workbooks.put(sheet.cell(row, PART), text)
        cell.font = workbooks.TITLE if row == 1 else workbooks.BODY
        cell.alignment = workbooks.WRAPPED
        sheet.merge_cells(start_row=row, end_row=row, start_column=PART, end_column=STILL_TRUE)
        sheet.row_dimensions[row].height = height


def _write_lines(sheet: Worksheet, lines: Sequence[Line]) -> None:
    head = [_("Section"), _("Question"), _("How to fill it in"), _("Your answer"), _("Still holds"), "", ""]
    rows = (
        (str(line.question.section), line.label, line.hint, line.text, "", line.key, line.token)
        for line in lines
    )
    last = workbooks.add_table(sheet, head=head, rows=rows, widths=WIDTHS, at=HEAD_ROW)
    for number, line in enumerate(lines, start=HEAD_ROW + 1):
        _open_cells(sheet, number, line)
    workbooks.merge_equal(sheet, columns=(PART, QUESTION), first=HEAD_ROW + 1, last=last)
    for number in range(HEAD_ROW + 1, last + 1):
        sheet.cell(number, PART).alignment = FROM_THE_TOP  # a page may end within a section
        sheet.cell(number, QUESTION).alignment = workbooks.WRAPPED
    for column in range(KEY, len(WIDTHS) + 1):
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    workbooks.landscape(sheet)
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.print_area = f"A1:E{last}"


def _open_cells(sheet: Worksheet, number: int, line: Line) -> None:
    """As text, so that telephones keep their zeros and dates stay what was typed."""
    columns = [ANSWER] * line.is_open + [STILL_TRUE] * line.asks_whether_true
    for cell in (sheet.cell(number, column) for column in columns):
        cell.fill, cell.protection, cell.number_format = OPEN, Protection(locked=False), "@"
    sheet.cell(number, STILL_TRUE).alignment = workbooks.CENTRED
    if line.question.kind == Kind.LONG_TEXT:
        sheet.cell(number, ANSWER).alignment = FROM_THE_TOP
    sheet.row_dimensions[number].height = _height(line)


def _height(line: Line) -> float:
    """Points: nobody makes rows of a protected sheet fit by themselves."""
    shown = [(line.hint, WIDTHS[HINT - 1]), (line.text, WIDTHS[ANSWER - 1])]
    if line.question.kind != Kind.CHOICES:
        shown.append((line.label, WIDTHS[QUESTION - 1]))
    written = max(
        sum(max(1, math.ceil(_width(part) / (width - 1))) for part in text.split("\n"))
        for text, width in shown
    )
    least = LONG_TEXT if line.question.kind == Kind.LONG_TEXT else 0
    return min(max(least, written * LINE + SPARE), TALLEST)


def _width(text: str) -> int:
    """In characters as Excel counts: a Chinese one takes two."""
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text)


def _write_drop_downs(book: Workbook, sheet: Worksheet, lines: Sequence[Line]) -> None:
    """Their lists stand on a hidden sheet: written into the rule they could hold neither commas nor 256 signs."""
    hidden = book.create_sheet(CHOICES_SHEET)
    hidden.sheet_state = "hidden"
    rules: dict[tuple[str, ...], DataValidation] = {}

    def offer(options: tuple[str, ...], number: int, column: int) -> None:
        if options not in rules:
            rules[options] = _drop_down(hidden, len(rules) + 1, options)
            sheet.add_data_validation(rules[options])
        rules[options].add(sheet.cell(number, column))

    for number, line in enumerate(lines, start=HEAD_ROW + 1):
        if line.is_open and line.options:
            offer(line.options, number, ANSWER)
        if line.asks_whether_true:
            offer((TICK,), number, STILL_TRUE)


def _drop_down(hidden: Worksheet, column: int, options: tuple[str, ...]) -> DataValidation:
    for row, option in enumerate(options, start=1):
        workbooks.put(hidden.cell(row, column), option)
    letter = hidden.cell(1, column).column_letter
    rule = DataValidation(type="list", formula1=f"='{CHOICES_SHEET}'!${letter}$1:${letter}${len(options)}")
    rule.allow_blank = rule.showErrorMessage = True
    rule.error = _("Please choose from the list, or leave the cell empty.")
    return rule


def _write_seal(book: Workbook, response: Response, lines: Sequence[Line]) -> None:
    hidden = book.create_sheet(SEAL_SHEET)
    hidden.sheet_state = "hidden"
    edition = response.round.edition.code
    check = check_value(response.reference, edition, [(line.key, line.token) for line in lines if line.key])
    seal = {"format": FORMAT, "reference": response.reference, "edition": edition, "check": check}
    for row, (name, text) in enumerate(seal.items(), start=1):
        workbooks.put(hidden.cell(row, 1), name)
        workbooks.put(hidden.cell(row, 2), text)


def _protect(book: Workbook, sheet: Worksheet) -> None:
    """Against slips of the hand, not against anybody: there is no password. Rows may be made higher."""
    book.security = WorkbookProtection(lockStructure=True)
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False
    first = sheet.cell(HEAD_ROW + 1, ANSWER).coordinate
    for selection in sheet.sheet_view.selection:
        selection.activeCell = selection.sqref = first
