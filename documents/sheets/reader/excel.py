"""Workbooks of Excel: packages (.xlsx) that are checked and packed anew, and the old container (.xls)."""

import io
import re
import zipfile
import zlib
from typing import Any

import python_calamine
from defusedxml import ElementTree

from .limits import (
    CHUNK,
    DAMAGED,
    DECLARATION,
    ENCRYPTED,
    ENTITIES,
    FAR_CELL,
    MACROS,
    NESTED,
    NOT_A_WORKBOOK,
    OLE,
    PACKAGE,
    TOO_MUCH,
    Unusable,
    check_directory,
    cut,
    letters,
    number,
    unpacked,
)

RATIO, SMALL = 200, 2**20  # packed text of tables shrinks to a twentieth; below a megabyte nobody cares

# A cell as Excel, WPS, LibreOffice and the usual libraries write it; any other kind is parsed slowly.
CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
UNUSUAL_CELL = re.compile(rb'<c(?=[\s/>])(?! r="[A-Z]{1,3}[0-9]{1,7}")|<[^\s<>/]*:c[\s/>]')
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# In a long table nearly every cell is near; only where one may be far away is each of them looked at.
FAR_OR_ODD = re.compile(rb'<c(?! r="[A-Z]{1,2}[0-9]{1,6}"|[A-Za-z])')
PREFIXED = re.compile(rb":c[\s/>]")
# The library gives an error as an empty cell; as a text it is seen and refused where a number is wanted.
ERROR = re.compile(rb'(<(?:[^\s<>/]*:)?c\s[^<>]*?\bt=)"e"')
OVERLAP = 64  # bytes: no usual cell is torn in two by a slice


def read_xlsx(content: bytes, limits: dict[str, Any]) -> list[Any]:
    package = checked(content, limits)
    del content
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(package)
        return [[name, trimmed(workbook.get_sheet_by_name(name))] for name in table_sheets(workbook)]
    except (python_calamine.CalamineError, ValueError) as error:
        raise Unusable(DAMAGED) from error


def check_old_container(content: bytes) -> None:
    """A workbook with a password may be a package inside the old container; macros have a storage of their own."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unusable(ENCRYPTED)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Unusable(MACROS)


def read_xls(content: bytes, limits: dict[str, Any]) -> list[Any]:
    """Bounded by its form (256 columns, 65,536 rows), and by the limits of this process."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        cells, sheets = limits["cells"], []
        for name in table_sheets(workbook):
            sheet = workbook.get_sheet_by_name(name)
            last_row, last_column = (sheet.end or (-1, -1))[0] + 1, (sheet.end or (-1, -1))[1] + 1
            if last_row * last_column > cells:
                raise Unusable(FAR_CELL, f"{letters(last_column)}{last_row}")
            cells -= last_row * last_column
            sheets.append([name, trimmed(sheet)])
    except python_calamine.PasswordError as error:
        raise Unusable(ENCRYPTED) from error
    except (python_calamine.CalamineError, ValueError) as error:
        raise Unusable(DAMAGED) from error
    return sheets


def table_sheets(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    table = python_calamine.SheetTypeEnum.WorkSheet
    return [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == table]


def trimmed(sheet: python_calamine.CalamineSheet) -> list[list[Any]]:
    """Rows from A1 on; nothing for an empty cell, and no empty cells or rows at an end."""
    rows = [
        cut([None if cell == "" else cell for cell in row]) for row in sheet.to_python(skip_empty_area=False)
    ]
    return cut(rows)


def checked(content: bytes, limits: dict[str, Any]) -> io.BytesIO:
    """A new package of the parts that are text, each of them looked at."""
    check_directory(content, limits)
    package, left, cells = io.BytesIO(), limits["unpacked"], limits["cells"]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(package, "w") as target:
            check_entries(source.infolist(), limits)
            for entry in source.infolist():
                part = unpacked(source, entry, left)
                left -= len(part)
                if part.startswith((PACKAGE, OLE)):
                    raise Unusable(NESTED)
                if is_read(entry.filename):
                    cells -= check_part(entry.filename, part, cells, limits)
                    target.writestr(
                        entry.filename, ERROR.sub(rb'\1"str"', part) if b't="e"' in part else part
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Unusable(DAMAGED) from error
    package.seek(0)
    return package


def check_entries(entries: list[zipfile.ZipInfo], limits: dict[str, Any]) -> None:
    """What the directory itself says. Sizes are counted again while unpacking: a directory may lie."""
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unusable(ENCRYPTED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unusable(MACROS)
    if "xl/workbook.xml" not in names:
        raise Unusable(NOT_A_WORKBOOK)
    if len(names) < len(entries):
        raise Unusable(DAMAGED)
    if len(entries) > limits["parts"] or sum(entry.file_size for entry in entries) > limits["unpacked"]:
        raise Unusable(TOO_MUCH)
    if any(entry.file_size > max(SMALL, RATIO * entry.compress_size) for entry in entries):
        raise Unusable(TOO_MUCH)


def is_read(name: str) -> bool:
    """Pictures and printer settings are no text; the order of calculation only looks like cells."""
    return name.endswith((".xml", ".rels")) and not name.endswith("calcChain.xml")


def check_part(name: str, part: bytes, cells: int, limits: dict[str, Any]) -> int:
    """How many cells the area of this part has, of the ``cells`` that may still be read."""
    if b"\0" in part:  # UTF-16 would hide from these searches what a parser sees
        raise Unusable(DAMAGED)
    if DECLARATION.search(part):
        raise Unusable(ENTITIES)
    if name == "[Content_Types].xml" and b"macroEnabled" in part:
        raise Unusable(MACROS)
    if b"<si" in part and part.count(b"<si>") + part.count(b"<si ") > limits["strings"]:
        raise Unusable(TOO_MUCH)
    if limits.get("lines") and is_near(part):
        return 0  # the library says what it found before a row is asked for
    row, column = slow_extent(part) if UNUSUAL_CELL.search(part) else extent(part)
    if row * column > cells:
        raise Unusable(FAR_CELL, f"{letters(column)}{row}")
    return row * column


def is_near(part: bytes) -> bool:
    """Every cell says where it stands, within the first 702 columns and a million rows.

    How large the table is then is asked of the library; should that ask for too much memory for it, this process ends.
    """
    return FAR_OR_ODD.search(part) is None and PREFIXED.search(part) is None


def extent(part: bytes) -> tuple[int, int]:
    """The last row and the last column that a cell stands in, counted from 1; zeros where there is none."""
    last_row, columns = 0, {b""}
    for start in range(0, len(part), CHUNK):
        found = CELL.findall(part, start, start + CHUNK + OVERLAP)
        last_row = max(last_row, max((int(row) for _column, row in found), default=0))
        columns.update(column for column, _row in found)
    return last_row, max(number(column.decode()) for column in columns)


def slow_extent(part: bytes) -> tuple[int, int]:
    """The same by parsing: cells without a reference stand beside the one before, rows without a number below."""
    row = column = last_row = last_column = 0
    try:
        for _event, element in ElementTree.iterparse(io.BytesIO(part), ("start",), forbid_dtd=True):
            kind = element.tag.rpartition("}")[2]
            if kind == "row":
                row, column = row_of(element.get("r"), row), 0
            elif kind == "c":
                column, row = cell_of(element.get("r"), column, row)
                last_row, last_column = max(last_row, row), max(last_column, column)
            element.clear()
    except (ElementTree.ParseError, ValueError) as error:
        raise Unusable(DAMAGED) from error
    return last_row, last_column


def row_of(reference: str | None, above: int) -> int:
    return int(reference) if reference and reference.isascii() and reference.isdigit() else above + 1


def cell_of(reference: str | None, before: int, row: int) -> tuple[int, int]:
    if reference is None:
        return before + 1, row
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise Unusable(DAMAGED)
    return number(found[1]), int(found[2])
