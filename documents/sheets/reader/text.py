"""Tables as text: CSV in UTF-8 or GB18030, with comma, semicolon or tab."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from .limits import CHUNK, DAMAGED, NOT_A_WORKBOOK, TOO_MUCH, Unusable, cut

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read_csv(content: bytes, limits: dict[str, Any]) -> list[list[str | None]]:
    """Comma, semicolon or tab; the apostrophe that keeps a spreadsheet from running a text is taken off again."""
    text = decoded(content)
    delimiter = delimiter_of(text)
    rows, cells = [], 0
    for row in records(text, delimiter):
        cells += len(row)
        if cells > limits["cells"]:
            raise Unusable(TOO_MUCH)
        rows.append(cut([unguarded(cell) or None for cell in row]))
    return cut(rows)


def delimiter_of(text: str) -> str:
    """By the first line."""
    sample = text[: text.find("\n") % 10_000]
    return max(",;\t", key=sample.count)


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
