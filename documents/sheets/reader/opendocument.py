"""Tables of OpenDocument (.ods)."""

import datetime as dt
import io
import zipfile
import zlib
from typing import Any

from defusedxml import ElementTree

from .limits import (
    DAMAGED,
    DECLARATION,
    ENCRYPTED,
    ENTITIES,
    FAR_CELL,
    MACROS,
    NESTED,
    NOT_A_WORKBOOK,
    Unusable,
    check_directory,
    letters,
    unpacked,
)

# The first entry of an OpenDocument package is its type, not packed.
ODS_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TABLE, OFFICE, TEXT = SPACE % "table", SPACE % "office", SPACE % "text"


def read_ods(content: bytes, limits: dict[str, Any]) -> list[Any]:
    """Cell by cell by a parser without entities: repetitions, of which empty rows have millions, are counted first."""
    part = ods_part(content, limits)
    if b"\0" in part:  # UTF-16 would hide from this search what a parser sees
        raise Unusable(DAMAGED)
    if DECLARATION.search(part):
        raise Unusable(ENTITIES)
    sheets: list[Any] = []
    left = limits["cells"]
    try:
        for _event, element in ElementTree.iterparse(io.BytesIO(part), ("end",), forbid_dtd=True):
            if element.tag == TABLE + "table":
                rows = ods_rows(element, left)
                left -= len(rows) * max(map(len, rows), default=0)
                sheets.append([element.get(TABLE + "name") or "", rows])
                element.clear()
    except (ElementTree.ParseError, ValueError) as error:
        raise Unusable(DAMAGED) from error
    return sheets


def ods_part(content: bytes, limits: dict[str, Any]) -> bytes:
    check_directory(content, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            entries = {entry.filename: entry for entry in source.infolist()}
            if "content.xml" not in entries:
                raise Unusable(NOT_A_WORKBOOK)
            manifest = entries.get("META-INF/manifest.xml")
            if manifest and b"encryption-data" in unpacked(source, manifest, limits["unpacked"]):
                raise Unusable(ENCRYPTED)
            if any(name.startswith(("Basic/", "Scripts/")) for name in entries):
                raise Unusable(MACROS)
            if any(name.endswith((".ods", ".xlsx", ".zip")) for name in entries):
                raise Unusable(NESTED)
            return unpacked(source, entries["content.xml"], limits["unpacked"])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Unusable(DAMAGED) from error


def ods_rows(table: Any, left: int) -> list[list[Any]]:
    """Rows from A1 on; what is repeated is written out only where something stands in it, or behind it."""
    rows: list[list[Any]] = []
    waiting = 0  # empty rows that count only if something follows
    for row in table.iter(TABLE + "table-row"):
        repeated = times(row, "number-rows-repeated")
        cells = ods_cells(row, left)
        if not cells:
            waiting += repeated
            continue
        if (len(rows) + waiting + repeated) * len(cells) > left:
            raise Unusable(FAR_CELL, f"{letters(len(cells))}{len(rows) + waiting + repeated}")
        rows += [[] for _row in range(waiting)]
        rows += [list(cells) for _row in range(repeated)]
        waiting = 0
    return rows


def ods_cells(row: Any, left: int) -> list[Any]:
    cells: list[Any] = []
    waiting = 0
    for cell in row:
        if cell.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
            continue
        repeated, value = times(cell, "number-columns-repeated"), ods_value(cell)
        if value is None:
            waiting += repeated
            continue
        if len(cells) + waiting + repeated > left:
            raise Unusable(FAR_CELL, f"{letters(len(cells) + waiting + repeated)}1")
        cells += [None] * waiting + [value] * repeated
        waiting = 0
    return cells


def times(element: Any, name: str) -> int:
    return max(int(element.get(TABLE + name) or 1), 1)


def ods_value(cell: Any) -> Any:
    kind = cell.get(OFFICE + "value-type")
    if kind in {"float", "currency", "percentage"}:
        return float(cell.get(OFFICE + "value") or "0")
    if kind == "date":
        written = cell.get(OFFICE + "date-value") or ""
        return dt.datetime.fromisoformat(written) if "T" in written else dt.date.fromisoformat(written)
    if kind == "boolean":
        return cell.get(OFFICE + "boolean-value") == "true"
    lines = [ods_text(line) for line in cell.findall(TEXT + "p")]
    return "\n".join(lines) or None


def ods_text(line: Any) -> str:
    """The words of a paragraph with the blanks, tabs and line ends that have elements of their own."""
    parts = [line.text or ""]
    for inner in line:
        if inner.tag == TEXT + "s":
            parts.append(" " * min(int(inner.get(TEXT + "c") or 1), 1000))
        elif inner.tag in (TEXT + "tab", TEXT + "line-break"):
            parts.append("\t" if inner.tag == TEXT + "tab" else "\n")
        elif inner.tag in (TEXT + "span", TEXT + "a"):
            parts.append(ods_text(inner))
        parts.append(inner.tail or "")
    return "".join(parts)
