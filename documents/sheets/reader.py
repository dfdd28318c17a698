"""Reads one uploaded table, in a process of its own: ``python -I reader.py LIMITS < FILE``.

What strangers upload may unpack to gigabytes, claim a cell at the end of the world (for which python-calamine would
ask for half a terabyte and abort) or name files of this machine. This program is started for one file, sets itself
hard limits and imports nothing of the platform. It unpacks every part under a count of its own, looks at each, and
hands python-calamine a new package of just these parts: what was checked is what is read, whatever else a directory
made to be read in two ways may hold. ``documents.sheets`` starts it and reads the JSON that it prints.
"""

import csv
import datetime as dt
import io
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import python_calamine
from defusedxml import ElementTree

# Why a file is refused.
NOT_A_WORKBOOK, OLD_XLS, ENCRYPTED, MACROS = "not_a_workbook", "old_xls", "encrypted", "macros"
NESTED, ENTITIES, FAR_CELL, TOO_MUCH, DAMAGED = "nested", "entities", "far_cell", "too_much", "damaged"

PACKAGE, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END_OF_DIRECTORY = b"PK\x05\x06"
MOST_OF_AN_ENTRY = 512  # bytes of the directory; the longest name that Excel writes has a tenth of it
CHUNK = 2**20
RATIO, SMALL = 200, 2**20  # packed text of tables shrinks to a twentieth; below a megabyte nobody cares

# A cell as Excel, WPS, LibreOffice and the usual libraries write it; any other kind is parsed slowly.
CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
UNUSUAL_CELL = re.compile(rb'<c(?=[\s/>])(?! r="[A-Z]{1,3}[0-9]{1,7}")|<[^\s<>/]*:c[\s/>]')
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
OVERLAP = 64  # bytes: no usual cell is torn in two by a slice
# Anything but a comment and a CDATA section.
DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Unusable(Exception):  # noqa: N818 - an answer, not a fault
    """The file cannot be used: why, and what the sentence about it names."""

    def __init__(self, why: str, detail: str = "") -> None:
        self.why, self.detail = why, detail
        super().__init__(why)


def main(arguments: list[str]) -> int:
    limits = json.loads(arguments[0])
    confine(limits)
    try:
        answer = read(sys.stdin.buffer.read(limits["size"] + 1), limits)
    except Unusable as reason:
        answer = {"refused": reason.why, "detail": reason.detail}
    except MemoryError:
        answer = {"refused": TOO_MUCH, "detail": ""}
    sys.stdout.write(json.dumps(answer, default=moment))
    return 0


def confine(limits: dict[str, Any]) -> None:
    """Address space bounds what is resident, too; no file is written, no core dumped."""
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read(content: bytes, limits: dict[str, Any]) -> dict[str, Any]:
    if "xlsx" in limits["kinds"] and content.startswith(PACKAGE):
        return {"kind": "xlsx", "sheets": read_xlsx(content, limits)}
    if content.startswith(OLE):
        # A workbook with a password is a package inside the old container.
        raise Unusable(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content else OLD_XLS)
    if "csv" in limits["kinds"]:
        return {"kind": "csv", "sheets": [["", read_csv(content, limits)]]}
    raise Unusable(NOT_A_WORKBOOK)


# --- Workbooks ----------------------------------------------------------------------------------------------


def read_xlsx(content: bytes, limits: dict[str, Any]) -> list[Any]:
    package = checked(content, limits)
    del content
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(package)
        return [[name, trimmed(workbook.get_sheet_by_name(name))] for name in table_sheets(workbook)]
    except (python_calamine.CalamineError, ValueError) as error:
        raise Unusable(DAMAGED) from error


def table_sheets(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    table = python_calamine.SheetTypeEnum.WorkSheet
    return [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == table]


def trimmed(sheet: python_calamine.CalamineSheet) -> list[list[Any]]:
    """Rows from A1 on; nothing for an empty cell, and no empty cells or rows at an end."""
    rows = [
        cut([None if cell == "" else cell for cell in row]) for row in sheet.to_python(skip_empty_area=False)
    ]
    return cut(rows)


def cut(values: list[Any]) -> list[Any]:
    while values and values[-1] in (None, []):
        values.pop()
    return values


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
                    target.writestr(entry.filename, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Unusable(DAMAGED) from error
    package.seek(0)
    return package


def check_directory(content: bytes, limits: dict[str, Any]) -> None:
    """Before Python makes an object of every entry: how many there are, and how long their list is."""
    end = content.rfind(END_OF_DIRECTORY)
    if end < 0 or len(content) < end + 22:
        raise Unusable(DAMAGED)
    count = int.from_bytes(content[end + 10 : end + 12], "little")
    length = int.from_bytes(content[end + 12 : end + 16], "little")
    if count > limits["parts"] or length > limits["parts"] * MOST_OF_AN_ENTRY:
        raise Unusable(TOO_MUCH)


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


def unpacked(source: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    part = bytearray()
    with source.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            part += chunk
            if len(part) > left:
                raise Unusable(TOO_MUCH)
    return bytes(part)


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
    if part.count(b"<si>") + part.count(b"<si ") > limits["strings"]:
        raise Unusable(TOO_MUCH)
    row, column = slow_extent(part) if UNUSUAL_CELL.search(part) else extent(part)
    if row * column > cells:
        raise Unusable(FAR_CELL, f"{letters(column)}{row}")
    return row * column


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


def number(column: str) -> int:
    """A is 1, Z is 26, XFD is 16384; nothing is 0."""
    total = 0
    for letter in column:
        total = total * 26 + ord(letter) - 64
    return total


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def moment(value: Any) -> dict[str, str] | str:
    """How JSON carries what it has no form for. A length of time becomes text: no form of ours asks for one."""
    if isinstance(value, dt.timedelta):
        return str(value)
    return {type(value).__name__: value.isoformat()}


# --- CSV ----------------------------------------------------------------------------------------------------


def read_csv(content: bytes, limits: dict[str, Any]) -> list[list[str | None]]:
    """Comma, semicolon or tab; the apostrophe that keeps a spreadsheet from running a text is taken off again."""
    text = decoded(content)
    sample = text[: text.find("\n") % 10_000]
    delimiter = max(",;\t", key=sample.count)
    rows, cells = [], 0
    for row in records(text, delimiter):
        cells += len(row)
        if cells > limits["cells"]:
            raise Unusable(TOO_MUCH)
        rows.append(cut([unguarded(cell) or None for cell in row]))
    return cut(rows)


def records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(CHUNK)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise Unusable(DAMAGED) from error


def decoded(content: bytes) -> str:
    """GB18030 decodes almost everything, so UTF-8 is asked first; a file with NUL is no text."""
    if b"\0" in content:
        raise Unusable(NOT_A_WORKBOOK)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable(NOT_A_WORKBOOK)


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
