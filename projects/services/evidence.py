"""Taking files into the archive: each is looked at before anything is written, and lies there once."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.models import Authority, Community
from core.errors import Reason, Refused
from documents.enums import FileKind
from documents.services import store_file
from projects.authz import must_record
from projects.enums import Element
from projects.kinds import MAX_SIZE, PICTURED, kind_of
from projects.models import Evidence
from projects.selectors.evidence import is_used
from surveys import scans
from surveys.scans.process import on_disk

# A phone sends a handful; more at once is a mistake or a misuse.
MOST_FILES = 20
# All files together: whoever waits longer sees the door give up, and others wait behind.
MOST_SECONDS = 40
TOO_SLOW = Reason(
    _("Looking at these files takes too long. Nothing was kept; send fewer or smaller files at once."),
    code="too_slow",
    field="files",
)
# Small enough for a page of many on a phone, large enough to tell who does what.
THUMBNAIL = 480


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that can be kept. ``picture``: a small JPEG of it, None for what is not opened."""

    upload: Any
    content_type: str
    sha256: str
    picture: bytes | None


def check_files(uploads: Sequence[Any]) -> list[Checked]:
    """Look at every file, pictures and PDF in a process of their own. Raises Refused, naming each file."""
    if len(uploads) > MOST_FILES:
        sentence = _("At most %(most)d files at once.") % {"most": MOST_FILES}
        raise Refused(Reason(sentence, code="too_many", field="files"))
    checked, reasons = [], []
    began = time.monotonic()
    for upload in uploads:
        if time.monotonic() - began > MOST_SECONDS:
            raise Refused(TOO_SLOW)
        try:
            checked.append(_check(upload))
        except Refused as refused:
            reasons += [
                Reason(f"{upload.name}: {reason}", code=reason.code, field="files")
                for reason in refused.reasons
            ]
    if reasons:
        raise Refused(reasons)
    return checked


def _check(upload: Any) -> Checked:
    with on_disk(upload, MAX_SIZE) as path:
        content_type = kind_of(path, upload.name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    picture = None
    if content_type in PICTURED:
        picture = scans.inspect_upload(upload, upload.name, picture=THUMBNAIL).picture
    upload.seek(0)
    return Checked(upload, content_type, digest, picture)


@transaction.atomic
def add_files(
    *,
    community: Community | None,
    authority: Authority | None = None,
    checked: Iterable[Checked],
    element: Element | str,
    happened_on: dt.date,
    title: str = "",
    source: str = "",
    by: Any,
    permission: Permission = Permission.WORK_RECORD,
) -> list[Evidence]:
    """Keep what ``check_files`` has seen. A file that its owner already keeps is not kept again.

    The archive of a community, or of an authority; with neither, the association's.

    Without a title the file's own name stands for it. ``permission``: what whoever adds them needs.
    """
    must_record(by, community, authority, permission)
    _lock(community, authority)
    belongs = {"community": community, "authority": authority}
    described = {"element": element, "happened_on": happened_on, "title": title, "source": source}
    return [_add(belongs, one, described, by) for one in checked]


def _lock(community: Community | None, authority: Authority | None) -> None:
    """One at a time in each archive; the association's own has no row to hold."""
    if community is not None:
        Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    elif authority is not None:
        Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)


def _add(belongs: dict[str, Any], one: Checked, described: dict[str, Any], by: Any) -> Evidence:
    known: Evidence | None = Evidence.objects.filter(**belongs, file__sha256=one.sha256).first()
    if known is not None:
        return known
    name = one.upload.name
    picture = None
    if one.picture is not None:
        picture = store_file(
            kind=FileKind.PAGE_THUMBNAIL,
            content=one.picture,
            original_name="",
            content_type="image/jpeg",
            by=by,
        )
    evidence = Evidence(
        **belongs,
        file=store_file(
            kind=FileKind.EVIDENCE,
            content=one.upload,
            original_name=name,
            content_type=one.content_type,
            by=by,
        ),
        thumbnail=picture,
        created_by=by,
        **(described | {"title": (described["title"].strip() or name)[:120]}),
    )
    evidence.full_clean(exclude={"file", "thumbnail"})
    evidence.save()
    audit.record("evidence.add", by=by, target=evidence, changes={"sha256": one.sha256})
    return evidence


DESCRIBED = ("element", "title", "source", "happened_on")


@transaction.atomic
def describe_anew(*, evidence: Evidence, by: Any, **fields: Any) -> Evidence:
    locked = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    must_record(by, locked.community, locked.authority)
    old = {name: getattr(locked, name) for name in DESCRIBED}
    for name in DESCRIBED:
        setattr(locked, name, fields.get(name, old[name]))
    locked.full_clean()
    changes = {
        name: [str(old[name]), str(getattr(locked, name))]
        for name in DESCRIBED
        if old[name] != getattr(locked, name)
    }
    if changes:
        locked.save(update_fields=list(changes))
        # Who gave a file may be a person.
        personal = {
            name: (old[name], getattr(locked, name)) for name in ("source",) if changes.pop(name, None)
        }
        audit.record("evidence.change", by=by, target=locked, changes=changes, personal=personal)
    return locked


@transaction.atomic
def remove(*, evidence: Evidence, by: Any) -> None:
    """Take a file out of the archive; the stored file stays for the trail. Refused while something uses it."""
    _lock(evidence.community, evidence.authority)
    locked = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    must_record(by, locked.community, locked.authority)
    if is_used(locked):
        raise Refused(
            Reason(_("This file is used. Take it out of what uses it first."), code="evidence_used")
        )
    audit.record("evidence.remove", by=by, target=locked, changes={"sha256": locked.file.sha256})
    locked.delete()
