"""Uploaded tables: values as somebody typed them, hostile files refused with a sentence, nobody harmed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.workbooks import put
from core.xlsx import storable
from documents import sheets
from documents.sheets import Kind, Limits, read, text_of

NAMES = [
    "筼筜街道",
    "𬭎镇",
    "=1+1",
    "＝1+1",
    "+86",
    "-1",
    "@x",
    "\tx",
    "a\nb",
    "_x000D_",
    "_x0041_",
    "007",
    " 前后 ",
]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: list[Any], **cells: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, value in cells.items():
        put(book.active[place], value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def changed(parts: dict[str, bytes | None] | None = None, *, of: bytes = b"", **options: Any) -> bytes:
    """A workbook with some parts written anew, added, or (None) left out."""
    target, parts = io.BytesIO(), parts or {}
    with (
        zipfile.ZipFile(io.BytesIO(of or workbook(["a"]))) as old,
        zipfile.ZipFile(target, "w", **options) as new,
    ):
        for name in [*old.namelist(), *(name for name in parts if name not in old.namelist())]:
            content = parts.get(name, old.read(name) if name in old.namelist() else b"")
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def sheet_of(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}" xmlns:x="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


# --- What is read -------------------------------------------------------------------------------------------


def test_every_sheet_comes_as_plain_rows_and_the_hidden_ones_too() -> None:
    book = openpyxl.Workbook()
    book.active.append(["社区", None, 362, 2015.5, True, dt.date(2024, 2, 29), None])
    book.active.append([])
    book.active["B4"] = dt.datetime(2024, 2, 29, 10, 32)
    hidden = book.create_sheet("暗")
    hidden.sheet_state = "veryHidden"
    hidden["B2"] = "x"
    book.create_sheet("空")
    target = io.BytesIO()
    book.save(target)
    assert read(target.getvalue()) == sheets.Workbook(
        Kind.XLSX,
        {
            "Sheet": [
                ["社区", None, 362, 2015.5, True, dt.date(2024, 2, 29)],
                [],
                [],
                [None, dt.datetime(2024, 2, 29, 10, 32)],
            ],
            "暗": [[], [None, "x"]],
            "空": [],
        },
    )


def test_a_text_that_looks_like_a_formula_is_written_as_text_and_comes_back_as_it_was() -> None:
    written = workbook(**{f"A{row}": name for row, name in enumerate(NAMES, start=1)})
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(written)).read(SHEET)
    assert [row[0] for row in read(written).sheets["Sheet"]] == NAMES


@settings(max_examples=4)
@given(texts=st.lists(st.text(min_size=1), min_size=40, max_size=80))
def test_any_text_comes_back_as_far_as_a_workbook_can_hold_it(texts: list[str]) -> None:
    written = workbook(**{f"A{row}": text for row, text in enumerate(texts, start=1)}, B81="the end")
    back = [row[0] or "" if row else "" for row in read(written).sheets["Sheet"]]
    assert back[: len(texts)] == [storable(text) for text in texts]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (13800000000.0, "13800000000"),
        (2025, "2025"),
        (0.1, "0.1"),
        (True, "TRUE"),
        (dt.date(2020, 5, 1), "2020-05-01"),
        (dt.datetime(2020, 5, 1), "2020-05-01"),
        (dt.datetime(2020, 5, 1, 9, 30), "2020-05-01 09:30"),
        (dt.time(9, 30), "09:30"),
        ("007", "007"),
    ],
)
def test_a_cell_reads_as_somebody_would_type_it(cell: Any, text: str) -> None:
    assert text_of(cell) == text


def test_an_upload_can_be_read_again_afterwards() -> None:
    upload = SimpleUploadedFile("表.xlsx", workbook(["a"]))
    assert read(upload).sheets == {"Sheet": [["a"]]}
    assert read(upload).sheets == {"Sheet": [["a"]]}


UNUSUAL = {
    "no references at all": "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    "attributes in another order": '<row r="1"><c s="0" r="A1"><v>1</v></c><c s="0" r="B1"><v>2</v></c></row>'
    '<row r="2"><c s="0" r="A2"><v>3</v></c></row>',
    "prefixed elements": '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1"><x:v>2</x:v></x:c></x:row>'
    '<x:row r="2"><x:c r="A2"><x:v>3</x:v></x:c></x:row>',
}


@pytest.mark.parametrize("rows", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_a_sheet_of_an_unusual_writer_is_read_all_the_same(rows: str) -> None:
    assert read(changed({SHEET: sheet_of(rows)})).sheets == {"Sheet": [[1, 2], [3]]}


# --- CSV ----------------------------------------------------------------------------------------------------

LIST = [["社区", "电话"], ["筼筜街道", "010-64464565"], ["有,逗号\n和换行", "=1+1"]]


def as_csv(rows: list[list[str]], encoding: str, **options: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, **options).writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_as_text_is_read_in_the_usual_encodings(encoding: str, delimiter: str) -> None:
    content = as_csv(LIST, encoding, delimiter=delimiter)
    assert read(content, kinds=[Kind.XLSX, Kind.CSV]) == sheets.Workbook(Kind.CSV, {"": LIST})


def test_the_apostrophe_before_a_formula_sign_is_taken_off_and_no_other() -> None:
    content = as_csv([["'=1", "'＝1", "'x", "'", "don't"]], "utf-8")
    assert read(content, kinds=[Kind.CSV]).sheets == {"": [["=1", "＝1", "'x", "'", "don't"]]}


# --- What is refused ----------------------------------------------------------------------------------------


def far_cell(cell: str = '<c r="XFD1048576"><v>1</v></c>') -> bytes:
    return changed({SHEET: sheet_of(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{cell}</row>')})


def lying(content: bytes, name: str = SHEET) -> bytes:
    """The directory says that the part is small; unpacked it is not."""
    target = bytearray(content)
    at = content.rindex(name.encode()) - 46  # its entry in the central directory
    target[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(target)


def encrypted(content: bytes) -> bytes:
    """Each entry flagged as encrypted, as a package with a password of its own would be."""
    target = bytearray(content)
    for sign, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(sign)
        while at >= 0:
            target[at + flags] |= 1
            at = content.find(sign, at + 1)
    return bytes(target)


def with_doctype(definitions: str) -> bytes:
    text = f'<?xml version="1.0"?><!DOCTYPE x [{definitions}]><sst><si><t>&a;</t></si></sst>'
    return changed({"xl/sharedStrings.xml": text.encode()})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LAUGHS = '<!ENTITY z "哈">' + "".join(
    f'<!ENTITY {name} "{f"&{below};" * 10}">' for name, below in zip("abcdefghi", "zabcdefgh", strict=True)
)
DEFLATED = {"compression": zipfile.ZIP_DEFLATED}
XLSX_ONLY = "这不是 Excel 工作簿（.xlsx）。请用 Excel 或 WPS 打开，另存为 .xlsx。"
DAMAGED = "文件已损坏或不完整，请重新上传。"
FAR = "表格外很远的地方有内容：单元格 XFD1048576。请把它删除，或者把表格复制到新的工作簿。"
TOO_MUCH = "工作簿里的内容远远超出可以读取的量。请只把需要的内容复制到新的工作簿。"
ENTITIES = "工作簿里有表格软件不会写的定义。请用 Excel 或 WPS 打开后重新保存。"
NESTED = "工作簿里还有打包的文件。请只把表格复制到新的工作簿。"
MACROS = "工作簿里有宏。请另存为不带宏的工作簿（.xlsx）。"
PASSWORD = "工作簿设了密码。请去掉密码后重新上传。"

ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "文件是空的。"),
    "a picture": (lambda: b"\xff\xd8\xff\xe0" + bytes(100), XLSX_ONLY),
    "text": (lambda: b"name,telephone\n", XLSX_ONLY),
    "another package": (lambda: changed({"xl/workbook.xml": None, "word/document.xml": b"<w/>"}), XLSX_ONLY),
    "an old workbook": (
        lambda: OLE + "Workbook".encode("utf-16-le"),
        "这是旧格式的工作簿（.xls）。请用 Excel 或 WPS 打开，另存为 .xlsx。",
    ),
    "a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
    "a packed password": (lambda: encrypted(workbook(["a"])), PASSWORD),
    "macros": (lambda: changed({"xl/vbaProject.bin": OLE}), MACROS),
    "macros by their type": (lambda: changed({"[Content_Types].xml": b'<Types a="macroEnabled"/>'}), MACROS),
    "half a file": (lambda: workbook(["a"])[:-300], DAMAGED),
    "a torn part": (lambda: changed({SHEET: b"<worksheet><sheetData><row"}), DAMAGED),
    "parts in UTF-16": (lambda: changed({SHEET: sheet_of("").decode().encode("utf-16")}), DAMAGED),
    "a cell at the end of the world": (far_cell, FAR),
    "one that stands elsewhere": (lambda: far_cell('<c s="0" r="XFD1048576"><v>1</v></c>'), FAR),
    "one behind a prefix": (lambda: far_cell('<x:c r="XFD1048576"><x:v>1</x:v></x:c>'), FAR),
    "one in other signs": (lambda: far_cell('<c r="&#88;FD1048576"><v>1</v></c>'), FAR),
    "one behind blanks": (lambda: far_cell(f'<c{" " * 2**16}r="XFD1048576"><v>1</v></c>'), FAR),
    "31 MB in 31 kB": (lambda: changed({"xl/media/a.xml": bytes(31 * 2**20)}, **DEFLATED), TOO_MUCH),
    "2 MB of one sign": (lambda: changed({"xl/a.xml": b" " * 2 * 2**20}, **DEFLATED), TOO_MUCH),
    "a lying directory": (
        lambda: lying(changed({SHEET: b"<x>" + b" " * 2**20 + b"</x>"}, **DEFLATED)),
        DAMAGED,
    ),
    "1,000 entries": (lambda: changed({f"xl/{n}.xml": b"" for n in range(1000)}), TOO_MUCH),
    "a package in the package": (lambda: changed({"xl/embeddings/a.bin": workbook(["b"])}), NESTED),
    "200,000 strings": (
        lambda: changed(
            {"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 2 + b"<si><t>a</t></si>" * 200_000 + b"</sst>"}
        ),
        TOO_MUCH,
    ),
    "a billion laughs": (lambda: with_doctype(LAUGHS), ENTITIES),
    "a file of the machine": (lambda: with_doctype('<!ENTITY a SYSTEM "file:///etc/passwd">'), ENTITIES),
}


@pytest.mark.parametrize(("make", "sentence"), ATTACKS.values(), ids=ATTACKS.keys())
def test_a_hostile_file_is_refused_at_once_and_with_a_clear_sentence(
    make: Callable[[], bytes], sentence: str
) -> None:
    content = make()
    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        read(content)
    assert [str(reason) for reason in refused.value.reasons] == [sentence]
    assert time.monotonic() - begun < 3


def test_a_file_beyond_the_limit_is_not_even_opened() -> None:
    with pytest.raises(Refused) as refused:
        read(bytes(2**20 + 1), limits=Limits(size=2**20))
    assert str(refused.value) == "文件超过 1 MB。这样的表格应该小得多。"


@pytest.mark.parametrize("content", [b"a,b\n\0,c\n", b"\xff\xff\xff\xff", b'"never closed'], ids=repr)
def test_what_is_no_text_is_no_table(content: bytes) -> None:
    with pytest.raises(Refused):
        read(content, kinds=[Kind.CSV])


# --- The process of its own ---------------------------------------------------------------------------------


@pytest.fixture
def replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Another program in the reader's place."""

    def replace(code: str) -> None:
        probe = tmp_path / "reader.py"
        probe.write_text(code, encoding="utf-8")
        monkeypatch.setattr(sheets, "READER", probe)

    return replace


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import time; time.sleep(60)", "unfinished"),
        ("import os; os.abort()", "too_much"),
        ("import os; os.kill(os.getpid(), 24)", "unfinished"),  # SIGXCPU: the time is used up
        ("import os; os.kill(os.getpid(), 11)", "damaged"),
        ("raise SystemExit(1)", "damaged"),
    ],
)
def test_however_the_process_ends_the_answer_is_a_sentence(
    replaced: Callable[[str], None], code: str, why: str
) -> None:
    replaced(f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); {code}")
    with pytest.raises(Refused) as refused:
        read(b"x", limits=Limits(seconds=1))
    assert refused.value.codes == [why]


def test_who_asks_for_too_much_memory_is_ended() -> None:
    with pytest.raises(Refused) as refused:
        read(workbook(["a"]), limits=Limits(memory=24 * 2**20))
    assert refused.value.codes == ["too_much"]


def test_the_reader_never_holds_more_than_400_mb() -> None:
    """Nearly as many cells as may be, and most of them empty."""
    rows = "".join(f'<row r="{row}"><c r="G{row}"><v>{row}</v></c></row>' for row in range(1, 28_001))
    content = changed({SHEET: sheet_of(rows)}, **DEFLATED)
    assert len(read(content).sheets["Sheet"]) == 28_000
    # In a process of its own: this one has had children of other tests.
    code = (
        "import resource, sys\n"
        "from documents import sheets\n"
        "sheets.read(sys.stdin.buffer.read())\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, check=True)
    assert int(done.stdout) < 400 * 1024


def test_without_the_look_beforehand_the_parser_would_end_the_process() -> None:
    """The control: python-calamine asks for half a terabyte and aborts."""
    code = (
        "import io, resource, sys, python_calamine;"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0));"
        "book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()));"
        "book.get_sheet_by_index(0).to_python()"
    )
    done = subprocess.run([sys.executable, "-c", code], input=far_cell(), capture_output=True, check=False)
    assert done.returncode == -signal.SIGABRT


def test_no_secret_reaches_the_process_that_opens_a_strangers_file(
    replaced: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced("import json, os; print(json.dumps({'kind': 'csv', 'sheets': [['', [sorted(os.environ)]]]}))")
    monkeypatch.setenv("SECRET_KEY", "geheim")
    assert set(read(b"x").sheets[""][0]) <= {"LC_CTYPE"}
