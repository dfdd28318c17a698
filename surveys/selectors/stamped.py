"""The sealed copy as one document: which pages it is made of, and whether it is there."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass

from django.db.models import QuerySet

from documents.enums import RunState
from documents.models import Run
from surveys.enums import PageMatch
from surveys.models import CopyPage, Response, SealedCopy
from surveys.selectors.carried import Carried, origin_of, pages_of
from surveys.selectors.copies import attachment_order

HANDLER = "surveys.stamp_copy"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the document: ``number`` of the form, None for an own attachment."""

    picture: CopyPage
    number: int | None
    carried: Carried | None


class Making(enum.StrEnum):
    """How far the document is; there is NOTHING to make of a copy that is an electronically sealed file alone."""

    NOTHING = "nothing"
    WAITING = "waiting"
    LOST = "lost"
    READY = "ready"


def leaves(copy: SealedCopy) -> list[Leaf]:
    """The pages in the order of the form, own attachments last. What nobody recognised yet is not in it."""
    pages = pages_of(copy)
    form = sorted(
        (page for page in pages if page.match == PageMatch.MATCHED), key=lambda page: page.page or 0
    )
    carried = [page for page in pages if page.match == PageMatch.ATTACHMENT and _is_carried(page, copy)]
    own = [page for page in pages if page.match == PageMatch.ATTACHMENT and not _is_carried(page, copy)]
    attachments = [*carried, *sorted(own, key=attachment_order)]
    return [
        Leaf(
            page,
            page.page if page.match == PageMatch.MATCHED else None,
            origin_of(page) if _is_carried(page, copy) else None,
        )
        for page in [*form, *attachments]
    ]


def _is_carried(page: CopyPage, copy: SealedCopy) -> bool:
    return page.file.sealed_copy_id != copy.pk


def key_of(pages: list[Leaf]) -> str:
    """SHA-256 of everything the document depends on; empty when there is no page."""
    if not pages:
        return ""
    told = [
        [
            leaf.picture.file.stored.sha256,
            leaf.picture.index,
            leaf.picture.rotation,
            leaf.picture.corners,
            leaf.number,
            leaf.carried.version if leaf.carried else 0,
        ]
        for leaf in pages
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def run_key(copy: SealedCopy, key: str) -> str:
    return f"stamp:{copy.pk}:{key}"


@dataclass(frozen=True, slots=True)
class Stamped:
    """The document of one copy, as pages show it."""

    copy: SealedCopy
    pages: int
    making: Making

    @property
    def is_ready(self) -> bool:
        return self.making == Making.READY

    @property
    def is_waiting(self) -> bool:
        return self.making == Making.WAITING

    @property
    def is_lost(self) -> bool:
        return self.making == Making.LOST


def stamped_of(copy: SealedCopy | None) -> Stamped | None:
    """How far the document of a copy is; None before it was sent."""
    if copy is None or copy.sent_at is None:
        return None
    pages = leaves(copy)
    return Stamped(copy, len(pages), _making(copy, key_of(pages)))


def _making(copy: SealedCopy, key: str) -> Making:
    if not key:
        return Making.NOTHING
    if copy.stamped_id and copy.stamped_key == key:
        return Making.READY
    last = Run.objects.filter(key=run_key(copy, key)).order_by("-pk").first()
    return Making.LOST if last is None or last.state in {RunState.FAILED, RunState.DONE} else Making.WAITING


def sent_copies(response: Response) -> QuerySet[SealedCopy]:
    return response.sealed_copies.filter(sent_at__isnull=False).select_related("submission", "stamped")
