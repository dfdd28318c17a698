"""One table as lines of text, one after the other: a long table never lies in the asking process as a whole.

The first line says what was found as JSON: ``{"kind", "sheet", "rows"}`` or ``{"refused", "detail"}``. Then each row
is a line of its cells, as somebody would type them, with tabs between; a tab, a line end or a backslash within a cell
is written ``\\t``, ``\\n``, ``\\r``, ``\\\\``.
"""

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

import python_calamine

from .excel import check_old_container, checked, table_sheets
from .limits import (
    DAMAGED,
    ENCRYPTED,
    FAR_CELL,
    NOT_A_WORKBOOK,
    OLD_XLS,
    OLE,
    PACKAGE,
    TOO_MUCH,
    Unusable,
    letters,
)
from .opendocument import ODS_TYPE, read_ods
from .text import decoded, delimiter_of, records, unguarded

CHUNK = 1000  # rows
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Table = tuple[str, str, int, Iterable[list[Any]]]  # kind, sheet, rows, the rows themselves


class Texts(dict[Any, str]):
    """Numbers and days as texts, each of them put into words once. Not for truth values: True would be found as 1."""

    def __missing__(self, value: Any) -> str:
        text = self[value] = _text(value)
        return text


def pour(content: bytes, limits: dict[str, Any], out: TextIO) -> None:
    kind, sheet, count, rows = table(content, limits)
    del content
    out.write(json.dumps({"kind": kind, "sheet": sheet, "rows": count}) + "\n")
    texts, lines = Texts(), []
    for row in rows:
        lines.append(_line(row, texts))
        if len(lines) == CHUNK:
            out.write("\n".join(lines) + "\n")
            lines.clear()
    if lines:
        out.write("\n".join(lines) + "\n")


def table(content: bytes, limits: dict[str, Any]) -> Table:
    kinds = limits["kinds"]
    if "ods" in kinds and content.startswith(PACKAGE) and ODS_TYPE in content[:200]:
        return _opendocument(content, limits)
    if "xlsx" in kinds and content.startswith(PACKAGE):
        package = checked(content, limits)
        del content
        return _excel("xlsx", package, limits)
    if content.startswith(OLE):
        check_old_container(content)
        if "xls" not in kinds:
            raise Unusable(OLD_XLS)
        return _excel("xls", io.BytesIO(content), limits)
    if "csv" in kinds:
        return _csv(content, limits)
    raise Unusable(NOT_A_WORKBOOK)


def _excel(kind: str, source: io.BytesIO, limits: dict[str, Any]) -> Table:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(source)
        names = table_sheets(workbook)
        wanted = [name for name in names if name == limits["sheet"]]
        for name in wanted or names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.end is None:
                continue
            rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
            if rows * columns > limits["cells"]:
                raise Unusable(FAR_CELL, f"{letters(columns)}{rows}")
            return kind, name, rows, _from_the_first_column(sheet)
    except python_calamine.PasswordError as error:
        raise Unusable(ENCRYPTED) from error
    except (python_calamine.CalamineError, ValueError) as error:
        raise Unusable(DAMAGED) from error
    return kind, "", 0, []


def _from_the_first_column(sheet: python_calamine.CalamineSheet) -> Iterator[list[Any]]:
    """The library begins at the first row, but at the first filled column."""
    before = [""] * (sheet.start or (0, 0))[1]
    for row in sheet.iter_rows():
        yield before + row if before else row


def _opendocument(content: bytes, limits: dict[str, Any]) -> Table:
    sheets = read_ods(content, limits)
    wanted = [one for one in sheets if one[0] == limits["sheet"]] or [one for one in sheets if one[1]]
    name, rows = wanted[0] if wanted else ("", [])
    return "ods", name, len(rows), rows


def _csv(content: bytes, limits: dict[str, Any]) -> Table:
    """Read twice: the first time only to know that it can be read, and how long it is."""
    text = decoded(content)
    delimiter = delimiter_of(text)
    count = cells = 0
    for row in records(text, delimiter):
        count, cells = count + 1, cells + len(row)
        if cells > limits["cells"]:
            raise Unusable(TOO_MUCH)
    return "csv", "", count, ([unguarded(cell) for cell in row] for row in records(text, delimiter))


def _line(row: list[Any], texts: Texts) -> str:
    cells = [
        cell if type(cell) is str else _text(cell) if type(cell) is bool else texts[cell] for cell in row
    ]
    line = "\t".join(cells)
    if line.count("\t") == len(cells) - 1 and not ("\n" in line or "\r" in line or "\\" in line):
        return line
    return "\t".join([cell.translate(ESCAPED) for cell in cells])


def _text(value: Any) -> str:
    """As ``documents.sheets.text_of`` has it."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case dt.time():
            return value.isoformat(timespec="minutes")
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)
