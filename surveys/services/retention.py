"""How long the survey knows people who no longer have to do with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.models import ImportBatch
from core import retention
from documents import services as documents
from documents.enums import FileKind
from documents.models import StoredFile
from surveys.models import ProspectApplication, SectionHandout

TEN_YEARS = 3650


def register_rules() -> None:
    retention.register(
        retention.Rule(
            code="unconfirmed_prospects",
            what=_("Applications at the open link whose address was never confirmed"),
            happens=_("deleted"),
            days=30,
            least=7,
            origin=_("the association's own period; the confirming link has long run out"),
            due=lambda before: ProspectApplication.objects.filter(
                confirmed_at__isnull=True, created_at__lt=before
            ),
            expire=retention.deleted,
        )
    )
    retention.register(
        retention.Rule(
            code="prospect_persons",
            what=_("Who applied for a unit at the open link: name, e-mail, mobile number"),
            happens=_("erased; the unit and its answers stay"),
            days=2 * 365,
            origin=_("the association's own period; the account and the form know whom to ask"),
            due=_known_prospects,
            expire=forget_prospects,
        )
    )
    retention.register(
        retention.Rule(
            code="handed_out_sections",
            what=_("Who filled in a section for a community through a link: office and name as given"),
            happens=_("erased; the answers taken over stay in the form"),
            days=TEN_YEARS,
            least=365,
            origin=_("as long as the form it belongs to"),
            due=_known_handouts,
            expire=lambda rows: rows.update(sent_to="", filled_by="", answers={}),
        )
    )
    retention.register(
        retention.Rule(
            code="uploaded_workbooks",
            what=_("Questionnaires filled in with Excel, as they were uploaded"),
            happens=_("the file is deleted; the answers taken over stay in the form"),
            days=30,
            origin=_("the association's own period; the file can be uploaded again"),
            due=_uploaded_workbooks,
            expire=_forget_files,
        )
    )


def _uploaded_workbooks(before: dt.datetime) -> QuerySet[StoredFile]:
    """Nothing points at them: the address of their page names them. Tables of the office have a rule of their own."""
    imported = ImportBatch.objects.filter(file__isnull=False).values("file")
    return StoredFile.objects.filter(kind=FileKind.WORKBOOK, created_at__lt=before).exclude(pk__in=imported)


def _forget_files(rows: QuerySet[StoredFile]) -> int:
    files = list(rows)
    for file in files:
        documents.forget_file(file)
    return len(files)


def _known_prospects(before: dt.datetime) -> QuerySet[ProspectApplication]:
    return ProspectApplication.objects.filter(confirmed_at__lt=before).exclude(person="", email="", mobile="")


def _known_handouts(before: dt.datetime) -> QuerySet[SectionHandout]:
    return SectionHandout.objects.filter(created_at__lt=before).exclude(sent_to="", filled_by="")


def forget_prospects(rows: QuerySet[ProspectApplication]) -> int:
    return rows.update(person="", email="", mobile="")


def own_applications(user: Any) -> QuerySet[ProspectApplication]:
    return ProspectApplication.objects.filter(user=user).order_by("pk")


def forget_person(user: Any, by: Any | None) -> None:
    """What was handed in stays: it is the unit's word, signed and sealed, and kept for its time."""
    forget_prospects(own_applications(user))
