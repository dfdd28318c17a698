"""Making the ZIP of a year's evidence: each file under a name that says what it is, and an index of all.

A module of its own, so that web workers, which only ask for it, never load what writes workbooks.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.utils import translation
from django.utils.translation import gettext as _

from communities.models import Community
from core.clock import local
from core.file_names import file_name, told_apart
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from projects import workbooks
from projects.enums import Element
from projects.models import Evidence
from projects.selectors.evidence import USERS, archive, uses_of
from projects.services.evidence_exports import WITHOUT

ZIP = "application/zip"
AT_ONCE = 100


def make_zip(run: Run) -> StoredFile:
    """The handler of the run: a folder for each element, and the index on top."""
    community = Community.objects.get(pk=run.parameters["community"])
    year = int(run.parameters["year"])
    language = run.requested_by.language if run.requested_by else settings.LANGUAGE_CODE
    with translation.override(language), tempfile.TemporaryFile() as whole:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as target:
            title = _("Evidence %(year)d") % {"year": year}
            index = workbooks.evidence_index(title, _poured(run, archive(community, year=year), target))
            name = file_name(["00", community.name_zh, title, _("index")], ".xlsx")
            target.writestr(_entry(name, local(run.created_at).date()), index)
        return documents.store_file(
            kind=FileKind.EXPORT,
            content=File(whole),
            original_name=file_name([community.name_zh, title], ".zip"),
            content_type=ZIP,
            by=run.requested_by,
        )


def _poured(run: Run, rows: Any, target: zipfile.ZipFile) -> Iterator[tuple[Any, ...]]:
    """Put each file into the ZIP and give its row of the index. A file gone from the disk keeps its row, unnamed."""
    taken: set[str] = set()
    without: list[str] = []
    ordered = rows.order_by("happened_on", "pk").prefetch_related(*USERS)
    for number, evidence in enumerate(ordered.iterator(chunk_size=AT_ONCE), start=1):
        name = told_apart(_name(evidence), taken)
        if not _put(target, name, evidence):
            without.append(_("%(file)s: the file is missing on the disk") % {"file": evidence.title})
            name = ""
        yield _row(number, evidence, name)
        documents.report_progress(run, number)
    run.parameters = {**run.parameters, WITHOUT: without}
    Run.objects.filter(pk=run.pk).update(parameters=run.parameters)


def _row(number: int, evidence: Evidence, name: str) -> tuple[Any, ...]:
    return (
        number,
        evidence.happened_on,
        evidence.get_element_display(),
        evidence.title,
        evidence.source,
        name,
        evidence.file.sha256,
        "；".join(f"{kind}：{thing}" for kind, thing in uses_of(evidence)),
    )


def _name(evidence: Evidence) -> str:
    """07 应急预案和响应/20260305_消防演练.jpg: the folders stand in the order of the elements."""
    number, _space, words = str(Element(evidence.element).label).partition(" ")
    folder = file_name([f"{number.zfill(2)} {words}"], "")
    ending = PurePath(str(evidence.file.file.name)).suffix
    stem = evidence.title.removesuffix(PurePath(evidence.file.original_name).suffix)
    return f"{folder}/{file_name([f'{evidence.happened_on:%Y%m%d}', stem], ending)}"


def _put(target: zipfile.ZipFile, name: str, evidence: Evidence) -> bool:
    try:
        content = evidence.file.file.open("rb")
    except FileNotFoundError:
        return False
    with content, target.open(_entry(name, evidence.happened_on), "w", force_zip64=True) as part:
        shutil.copyfileobj(content, part, 2**20)
    return True


def _entry(name: str, day: dt.date) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (min(max(day.year, 1980), 2107), day.month, day.day, 0, 0, 0))
