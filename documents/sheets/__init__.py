"""The door for uploaded tables: workbooks and CSV come in as plain rows, or not at all and with a clear sentence.

Everything that unpacks or parses runs in ``reader/``, a child process with limits of memory and time. What a
caller gets are values, never formulas, styles or a file.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
import signal
import subprocess
import sys
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused

READER = Path(__file__).with_name("start.py")

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | None
Rows = list[list[Cell]]


class Kind(enum.StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most. The sizes are bytes; ``cells`` counts the whole area up to the last filled cell."""

    size: int = 10 * 2**20
    parts: int = 500
    unpacked: int = 30 * 2**20
    cells: int = 200_000
    strings: int = 100_000
    seconds: int = 3
    memory: int = 400 * 2**20


@dataclass(frozen=True, slots=True)
class Workbook:
    """Rows by the name of their sheet, hidden sheets included. A row ends with its last filled cell.

    The rows of a CSV file stand under the empty name.
    """

    kind: Kind
    sheets: dict[str, Rows]


class Refusal(enum.StrEnum):
    """Why a file is not read; the code of the reason that ``Refused`` carries."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_WORKBOOK = "not_a_workbook"
    OLD_XLS = "old_xls"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    NESTED = "nested"
    ENTITIES = "entities"
    FAR_CELL = "far_cell"
    TOO_MUCH = "too_much"
    DAMAGED = "damaged"
    UNFINISHED = "unfinished"


SENTENCES = {
    Refusal.EMPTY: _("The file is empty."),
    Refusal.TOO_LARGE: _("The file is larger than %(detail)s MB. A table of this kind is much smaller."),
    Refusal.NOT_A_WORKBOOK: _(
        "This is not an Excel workbook (.xlsx). Open it in Excel or WPS and save it as .xlsx."
    ),
    Refusal.OLD_XLS: _(
        "This is a workbook of the old kind (.xls). Open it in Excel or WPS and save it as .xlsx."
    ),
    Refusal.ENCRYPTED: _("The workbook is protected by a password. Remove the password and upload it again."),
    Refusal.MACROS: _("The workbook contains macros. Save it as a workbook without macros (.xlsx)."),
    Refusal.NESTED: _("The workbook contains another packed file. Copy the table alone into a new workbook."),
    Refusal.ENTITIES: _(
        "The workbook contains definitions that no spreadsheet program writes. Save it anew in Excel or WPS."
    ),
    Refusal.FAR_CELL: _(
        "Something stands far outside the table, in cell %(detail)s. Delete it, or copy the table into a new workbook."
    ),
    Refusal.TOO_MUCH: _(
        "The workbook holds far more than can be read here. Copy what is needed into a new workbook."
    ),
    Refusal.DAMAGED: _("The file is damaged or incomplete. Please upload it again."),
    Refusal.UNFINISHED: _("The file could not be read in time. Copy what is needed into a new workbook."),
}
# How the child ends when it has used up its time or its memory.
ENDED = {
    -signal.SIGXCPU: Refusal.UNFINISHED,
    -signal.SIGKILL: Refusal.UNFINISHED,
    -signal.SIGABRT: Refusal.TOO_MUCH,
}


def refused(why: Refusal, detail: str = "") -> Refused:
    return Refused(Reason(str(SENTENCES[why]) % {"detail": detail}, code=why.value))


def read(
    upload: bytes | IO[bytes] | Any,
    *,
    kinds: Collection[Kind] = (Kind.XLSX,),
    limits: Limits = Limits(),
) -> Workbook:
    """Every sheet of a workbook, or the one table of a CSV file (UTF-8 or GB18030), told by its content.

    Where only .xlsx is taken, older and other workbooks are refused with the way to save them as one.

    Raises Refused with one reason; its code is a ``Refusal``.
    """
    content = upload if isinstance(upload, bytes) else _content(upload, limits.size + 1)
    if not content:
        raise refused(Refusal.EMPTY)
    if len(content) > limits.size:
        raise refused(Refusal.TOO_LARGE, str(limits.size // 2**20))
    answer = json.loads(_ask(content, kinds, limits))
    if "refused" in answer:
        raise refused(Refusal(answer["refused"]), answer["detail"])
    sheets = {name: [[_cell(cell) for cell in row] for row in rows] for name, rows in answer["sheets"]}
    return Workbook(Kind(answer["kind"]), sheets)


def _content(upload: Any, most: int) -> bytes:
    upload.seek(0)
    content = upload.read(most)
    upload.seek(0)
    return content


def _ask(content: bytes, kinds: Collection[Kind], limits: Limits) -> bytes:
    """Run the reader. No answer, a crash or too long a wait is a refusal like any other."""
    question = json.dumps({"kinds": sorted(kinds), **asdict(limits)})
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the content is never a command
            # -I and an empty environment: nobody else decides what is imported, and no secret is handed on.
            [sys.executable, "-I", str(READER), question],
            input=content,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise refused(Refusal.UNFINISHED) from error
    if done.returncode:
        raise refused(ENDED.get(done.returncode, Refusal.DAMAGED))
    return done.stdout


def _cell(cell: Any) -> Cell:
    """Dates and times travel as ``{"date": "2024-02-29"}``, everything else as itself."""
    if not isinstance(cell, dict):
        return cell
    ((kind, text),) = cell.items()
    return TYPES[kind].fromisoformat(text)


TYPES: dict[str, Any] = {"date": dt.date, "datetime": dt.datetime, "time": dt.time}


def text_of(cell: Cell) -> str:
    """A cell as somebody would type it: 13800000000 and 2025 without a decimal point, dates as 2024-02-29."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case dt.time():
            return cell.isoformat(timespec="minutes")
        case dt.date():
            return cell.isoformat()
        case _:
            return str(cell)
