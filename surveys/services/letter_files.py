"""Making the letters: the work of the runs that ``surveys.services.letters`` asks for.

A module of its own, so that web workers, which only ask for letters, never load the PDF engine.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.selectors import normalised_mobile
from core.clock import local, today
from core.errors import Refused
from core.file_names import file_name, told_apart
from core.links import absolute
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from notices.kinds import Attachment
from surveys.letters import LetterPrint, render_each, render_letter, render_letters
from surveys.models import Invitation, OfficialNotice
from surveys.selectors.letter_mails import PDF, invitation_of
from surveys.selectors.letters import LETTER, entry_of, for_print, letter_name, why_no_letter
from surveys.services.invitations import code_of
from surveys.services.letters import LEFT_OUT, NOBODY, record_printed
from surveys.services.prefill import full_name

ZIP = "application/zip"


def make_letters(run: Run) -> StoredFile:
    """The handler of the run for one file."""
    invitations = _printable(run)
    letters = [letter_print(invitation, dated=_day(run)) for invitation in invitations]
    content = render_letters(letters)
    documents.report_progress(run, len(letters))
    name = file_name(
        [invitations[0].round.title_zh, f"{LETTER}{len(letters)}份", f"{_day(run):%Y%m%d}"], ".pdf"
    )
    return _store(run, invitations, content, name, PDF)


def make_letter_files(run: Run) -> StoredFile:
    """The handler of the run for one file each: 省_市_命名序号_社区_邀请函.pdf in one archive."""
    invitations = _printable(run)
    with tempfile.TemporaryFile() as archive:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as target:
            for name, content in _named_letters(run, invitations):
                part = zipfile.ZipInfo(name, (*_day(run).timetuple()[:3], 0, 0, 0))
                target.writestr(part, content)
        name = file_name([invitations[0].round.title_zh, LETTER, f"{_day(run):%Y%m%d}"], ".zip")
        return _store(run, invitations, File(archive), name, ZIP)


def _named_letters(run: Run, invitations: list[Invitation]) -> Iterator[tuple[str, bytes]]:
    taken: set[str] = set()
    rendered = render_each([letter_print(invitation, dated=_day(run)) for invitation in invitations])
    for done, (invitation, content) in enumerate(zip(invitations, rendered, strict=True), start=1):
        yield told_apart(letter_name(invitation), taken), content
        documents.report_progress(run, done)


def attached_letter(key: str) -> Attachment | None:
    """For ``notices.kinds``: the letter drawn when its mail leaves, dated on that day."""
    invitation = invitation_of(key)
    if invitation is None:
        return None
    content = render_letter(letter_print(invitation, dated=today()))
    return Attachment(letter_name(invitation), PDF, len(content), content)


def _printable(run: Run) -> list[Invitation]:
    """Those whose code still works now; whom it leaves out, the run remembers. Raises Refused when nobody is left."""
    found = for_print(run.parameters["invitations"])
    reasons = {row.pk: why_no_letter(row) for row in found}
    printable = [row for row in found if not reasons[row.pk]]
    without = [
        _("%(community)s: %(reason)s") % {"community": full_name(row.community), "reason": reasons[row.pk]}
        for row in found
        if reasons[row.pk]
    ]
    run.parameters = {**run.parameters, LEFT_OUT: without}
    Run.objects.filter(pk=run.pk).update(parameters=run.parameters, total=len(printable))
    if not printable:
        raise Refused(NOBODY)
    return printable


@transaction.atomic
def _store(
    run: Run, invitations: list[Invitation], content: bytes | File, name: str, content_type: str
) -> StoredFile:
    record_printed(run=run, invitations=invitations, by=run.requested_by)
    return documents.store_file(
        kind=FileKind.LETTER,
        content=content,
        original_name=name,
        content_type=content_type,
        by=run.requested_by,
    )


def _day(run: Run) -> dt.date:
    return local(run.created_at).date()


def letter_print(invitation: Invitation, *, dated: dt.date) -> LetterPrint:
    """What the letter says. ``invitation`` comes from ``selectors.letters``."""
    survey_round, code = invitation.round, code_of(invitation)
    notice, entry = survey_round.notice, entry_of(invitation)
    closed_on = None if survey_round.is_taking_answers else min(survey_round.closes_on, dated)
    overdue = invitation.deadline_on < dated
    return LetterPrint(
        community=full_name(invitation.community),
        number=entry.number if entry else None,
        survey=survey_round.title_zh,
        questionnaire=survey_round.edition.title_zh,
        notice_title=notice.title,
        notice_number=notice.number,
        issuer=notice.issuer,
        **_office(notice),
        deadline_on=survey_round.closes_on if overdue else invitation.deadline_on,
        valid_until=invitation.valid_until,
        dated=dated,
        code=code,
        link=absolute(reverse("surveys:join_code", args=[code])),
        address=absolute(reverse("surveys:join")),
        issue=invitation.generation,
        closed_on=closed_on,
        rehearsal=settings.DEMONSTRATION,
    )


def _office(notice: OfficialNotice) -> dict[str, Any]:
    """The office lines of the notice, never a mobile; where it names none, those of the association."""
    office: dict[str, Any] = settings.ASSOCIATION
    given = [str(one.get("phone", "")).strip() for one in notice.contacts if isinstance(one, dict)]
    phones = tuple(dict.fromkeys(phone for phone in given if phone and not normalised_mobile(phone)))
    place, postcode = notice.contact_address, notice.postcode
    if not place:
        place, postcode = str(office["address"]), office["postcode"]
    return {
        "department": notice.department or str(office["department"]),
        "phones": phones or tuple(office["phones"]),
        "email": notice.contact_email or office["email"],
        "postal_address": f"{place}（邮编{postcode}）" if postcode else place,
    }
