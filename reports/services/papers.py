"""A round's sealed copies in one archive: one PDF for each unit, or one for each province.

A module of its own, so that web workers, which only ask for it, never load what reads PDFs.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from core.clock import local
from core.errors import Reason, Refused
from core.file_names import file_name, told_apart
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from reports import selectors
from reports.selectors import UnitFilter
from reports.selectors.papers import sent_copies
from reports.services.exports import WITHOUT
from surveys import scans
from surveys.enums import FilePurpose
from surveys.models import Round, SealedCopy
from surveys.selectors.file_names import stamped_name

ZIP = "application/zip"
E_SEALED = "电子签章"


def make_archive(run: Run) -> StoredFile:
    """The handler of the run: 省_市_命名序号_社区_v2.pdf for each unit, and its electronically sealed files."""
    survey_round, copies = _copies_of(run)
    with tempfile.TemporaryFile() as archive:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as target:
            taken: set[str] = set()
            for done, copy in enumerate(copies, start=1):
                for name, stored in _files_of(copy):
                    _put(target, told_apart(name, taken), stored, run)
                documents.report_progress(run, done)
        return _store(run, archive, survey_round, "盖章件")


def make_province_files(run: Run) -> StoredFile:
    """The handler of the run: one PDF for each province, its units in the order of the register."""
    survey_round, copies = _copies_of(run)
    stamped = [copy for copy in copies if copy.stamped]
    order = {tally.name: place for place, tally in enumerate(selectors.board(survey_round).provinces)}
    stamped.sort(key=lambda copy: order.get(_province(copy), len(order)))
    done = 0
    with tempfile.TemporaryFile() as archive:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as target:
            for province, group in groupby(stamped, key=_province):
                members = list(group)
                title = f"{survey_round.title_zh} {province}"
                with ExitStack() as stack:
                    opened = [stack.enter_context(_open(copy.stamped)) for copy in members]
                    whole = stack.enter_context(scans.join(opened, title))
                    name = file_name([province, f"{len(members)}家", "盖章件"], ".pdf")
                    with target.open(_entry(name, run), "w", force_zip64=True) as part:
                        _pour(whole, part)
                done += len(members)
                documents.report_progress(run, done)
        return _store(run, archive, survey_round, "盖章件_按省")


def _copies_of(run: Run) -> tuple[Round, list[SealedCopy]]:
    """The sent copies; whom the archive goes without, the run remembers. Raises Refused when there is nothing."""
    survey_round = Round.objects.select_related("programme").get(pk=run.parameters["round"])
    wanted = UnitFilter(**run.parameters["filter"])
    copies = list(sent_copies(survey_round, wanted))
    ready = [copy for copy in copies if any(_files_of(copy))]
    without = [
        _("%(community)s: no stamped PDF yet") % {"community": copy.submission.response.community}
        for copy in copies
        if not any(_files_of(copy))
    ]
    run.parameters = {**run.parameters, WITHOUT: without}
    Run.objects.filter(pk=run.pk).update(parameters=run.parameters, total=len(ready))
    if not ready:
        raise Refused(Reason(_("No sealed copy has been sent yet."), code="nothing"))
    return survey_round, ready


def _files_of(copy: SealedCopy) -> Iterator[tuple[str, StoredFile]]:
    name = stamped_name(copy.submission, getattr(copy, "unit_number", None))
    if copy.stamped:
        yield name, copy.stamped
    for file in copy.files.all():
        if file.purpose == FilePurpose.E_SEALED and file.withdrawn_at is None:
            stem, ending = name.removesuffix(".pdf"), str(file.stored.file.name).rpartition(".")[2]
            yield f"{stem}_{E_SEALED}.{ending}", file.stored


def _province(copy: SealedCopy) -> str:
    return copy.submission.response.community.province_name


def _open(stored: StoredFile | None) -> Any:
    if stored is None:
        raise LookupError("a copy without its document")
    return stored.file.open("rb")


def _entry(name: str, run: Run) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (*local(run.created_at).date().timetuple()[:3], 0, 0, 0))


def _put(target: zipfile.ZipFile, name: str, stored: StoredFile, run: Run) -> None:
    with stored.file.open("rb") as content, target.open(_entry(name, run), "w", force_zip64=True) as part:
        _pour(content, part)


def _pour(source: Any, target: Any) -> None:
    source.seek(0)
    while chunk := source.read(2**20):
        target.write(chunk)


def _store(run: Run, archive: Any, survey_round: Round, what: str) -> StoredFile:
    name = file_name([survey_round.title_zh, what, f"{local(run.created_at):%Y%m%d}"], ".zip")
    return documents.store_file(
        kind=FileKind.EXPORT,
        content=File(archive),
        original_name=name,
        content_type=ZIP,
        by=run.requested_by,
    )
