"""What an office does today: a mail merge of the same form in Word format, turned into PDF by LibreOffice in one call.

The form is our own blank one, its cells marked, and each file is the marked one with the marks replaced. It carries
neither codes nor a continuation page, so LibreOffice has less to do than we have.
"""

import io
import resource
import shutil
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

import docx

from bench.data import ANSWERS, DEFINITION
from core.clock import now
from surveys.blank_forms import HEI, SONG, TITLE_SONG, render_docx

TEXT = "word/document.xml"
FONTS = {SONG: "Noto Serif CJK SC", TITLE_SONG: "Noto Serif CJK SC", HEI: "Noto Sans CJK SC"}


def is_there() -> bool:
    return shutil.which("soffice") is not None


def marked_form() -> dict[str, bytes]:
    """The parts of the form with ``{question}`` in every cell that waits for an answer, and in fonts that are here."""
    form = docx.Document(io.BytesIO(render_docx(DEFINITION, published_at=now())))
    rows = DEFINITION["print"]["rows"]
    marks = iter([*(question for row in rows for question in row), "community_name", "planned_year"])
    for table in form.tables:
        for cell in (cell for row in table.rows for cell in row.cells):
            if not cell.text.strip():  # a merged cell comes again, but then it is marked
                cell.paragraphs[0].add_run(f"{{{next(marks)}}}")
    written = io.BytesIO()
    form.save(written)
    with zipfile.ZipFile(written) as parts:
        found = {name: parts.read(name) for name in parts.namelist()}
    for name in ("word/styles.xml", TEXT):
        text = found[name].decode()
        for ours, here in FONTS.items():
            text = text.replace(ours, here)
        found[name] = text.encode()
    return found


def merge(parts: dict[str, bytes], target: Path, answers: dict[str, object]) -> None:
    text = parts[TEXT].decode()
    for question, value in answers.items():
        said = "、".join(map(str, value)) if isinstance(value, list) else str(value)
        text = text.replace(f"{{{question}}}", said)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, text if name == TEXT else content)


def mail_merge(count: int) -> tuple[float, list[int], int]:
    """Processor seconds of both steps, the size of each PDF in bytes, and LibreOffice's memory in MB."""
    parts = marked_form()
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        files = [Path(folder) / f"{number:03}.docx" for number in range(count)]
        for number, file in enumerate(files):
            merge(parts, file, {**ANSWERS, "community_name": f"第{number}街道"})
        written = time.process_time() - began
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
             "--convert-to", "pdf", "--outdir", folder, *map(str, files)],
            check=True, capture_output=True,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        sizes = [file.with_suffix(".pdf").stat().st_size for file in files]
    return written + used, sizes, after.ru_maxrss // 1024
