"""Urging those whose turn it is: one batch, written once, and the list of those whom only the telephone reaches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from core.errors import Reason, Refused
from notices import services as notices
from notices.enums import Channel, Kind, NoticeState
from notices.models import Notice
from notices.plans import Addressee, on_site
from reports.selectors.urging import Chosen, Row, Touched, touched
from surveys.enums import RoundStage
from surveys.models import Invitation, Round
from surveys.selectors.letter_mails import blank_form_named, letter_of
from surveys.selectors.letters import why_no_letter
from surveys.selectors.reminders import mail_context
from surveys.services.letter_mails import record_mailed

AT_ONCE = 500


@transaction.atomic
def urge(
    *,
    survey_round: Round,
    chosen: Chosen,
    subject: str,
    text: str,
    batch: str,
    seen: str,
    by: Any,
    hold: bool = False,
    with_letter: bool = False,
    with_blank_form: bool = False,
) -> Touched:
    """Write one mail to each mailbox. The batch makes a second press harmless; ``seen`` is what a page has shown.

    With ``hold`` they lie as drafts until staff release them.
    Refused with code ``sent`` for a batch that was written before, ``changed`` when it touches others now, ``nobody``.
    """
    if not by.has_perm(Permission.NOTICE_MANAGE):
        raise PermissionDenied(Permission.NOTICE_MANAGE)
    locked = Round.objects.select_for_update().get(pk=survey_round.pk)
    if locked.stage != RoundStage.OPEN:
        raise Refused(Reason(_("This round is not open. Open it again first."), code="not_open"))
    if Notice.objects.filter(kind=Kind.ROUND_URGED, batch=batch).exists():
        raise Refused(Reason(_("This urging has been written already."), code="sent"))
    found = touched(survey_round, chosen)
    if not found.written:
        raise Refused(Reason(_("Nobody of these can be written to."), code="nobody"))
    if found.seen != seen:
        sentence = _("It would reach others than the page had shown. Please look at it once more.")
        raise Refused(Reason(sentence, code="changed"))
    letters = _letters(found) if with_letter else {}
    blank = blank_form_named(survey_round) if with_blank_form else []
    state = NoticeState.HELD if hold else NoticeState.WAITING
    own = {"own_subject": subject, "own_text": text, "batch": batch, "state": state}
    rows = [*_mails(found, letters, blank, own), *_on_site(found, own)]
    Notice.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    counts = {"units": len(found.written), "mails": found.mails, "letters": len(letters)}
    facts = {**counts, "states": list(chosen.columns), "batch": batch, "held": hold}
    audit.record("round.urge", by=by, target=survey_round, changes=facts)
    record_mailed(invitations=chain.from_iterable(letters.values()), batch=batch, by=by)
    return found


def _mails(
    found: Touched, letters: dict[int, list[Invitation]], blank: list[str], own: dict[str, Any]
) -> Iterator[Notice]:
    for row in found.written:
        along = [*map(letter_of, letters.get(row.unit.pk, ())), *blank]
        for person in row.people.addressees:
            yield _mail(row, person, attachments=along, **own)


def _on_site(found: Touched, own: dict[str, Any]) -> Iterator[Notice]:
    for row in found.written:
        for user in row.people.users:
            yield _mail(row, on_site(user), channel=Channel.SITE, **own)


def _letters(found: Touched) -> dict[int, list[Invitation]]:
    """By response: the invitation whose code still works."""
    rows = [row.unit for row in found.written]
    return {unit.pk: [unit.invitation] for unit in rows if not why_no_letter(unit.invitation)}


def _mail(row: Row, person: Addressee, **values: Any) -> Notice:
    return Notice(
        kind=Kind.ROUND_URGED,
        recipient=person.user,
        address=person.address,
        language=person.language or "zh-hans",
        subject=f"surveys.response:{row.unit.pk}",
        community_id=row.unit.community_id,
        context=urged_context(row, person),
        **values,
    )


def urged_context(row: Row, person: Addressee) -> dict[str, Any]:
    deadline = {"deadline": row.due_on.isoformat()} if row.due_on else {}
    return {**mail_context(row.unit), **deadline, "name": person.name}


def send_test(*, survey_round: Round, chosen: Chosen, subject: str, text: str, by: Any) -> Notice:
    """The mail as the first of those units would get it, to oneself."""
    found = touched(survey_round, chosen)
    if not found.written:
        raise Refused(Reason(_("Nobody of these can be written to."), code="nobody"))
    row = found.written[0]
    context = urged_context(row, row.people.addressees[0])
    return notices.send_test(kind=Kind.ROUND_URGED, context=context, subject=subject, text=text, to=by)


@transaction.atomic
def phone_list(
    *, survey_round: Round, chosen: Chosen, only_unreached: bool, unmasked: bool, by: Any
) -> bytes:
    """Whom to telephone, as a workbook. Whole numbers need the right to see contacts, and reading them is recorded."""
    if not by.has_perm(Permission.ROUND_VIEW):
        raise PermissionDenied(Permission.ROUND_VIEW)
    if unmasked and not by.has_perm(Permission.CONTACT_VIEW):
        raise PermissionDenied(Permission.CONTACT_VIEW)
    found = touched(survey_round, chosen)
    rows = found.unreached if only_unreached else found.rows
    if unmasked:
        audit.record("contact.export", by=by, target=survey_round, changes={"units": len(rows)})
    # Loaded by the first who asks: what writes workbooks is a fifth of a web worker's memory and start.
    written: bytes = import_string("reports.workbooks.phone_list")(survey_round, rows, unmasked=unmasked)
    return written
