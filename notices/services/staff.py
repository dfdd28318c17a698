"""What staff may do with a mail that has not left, and with an address that was refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import record
from core.clock import now
from core.errors import Reason, Refused
from notices.enums import Kind, NoticeState
from notices.models import TEST, MailText, Notice, RefusedAddress


def release(*, notice: Notice, by: Any) -> Notice:
    """Let a held notice go."""
    return _move(notice, {NoticeState.HELD}, "notice.release", by, state=NoticeState.WAITING)


def drop(*, notice: Notice, by: Any, reason: str = "") -> Notice:
    """It shall not leave after all."""
    unsent = {NoticeState.HELD, NoticeState.WAITING, NoticeState.GIVEN_UP, NoticeState.REFUSED}
    return _move(notice, unsent, "notice.drop", by, reason, state=NoticeState.DROPPED)


def retry(*, notice: Notice, by: Any) -> Notice:
    """Try a notice again that was given up, whose address was refused, or that waits for its next attempt."""
    stuck = {NoticeState.GIVEN_UP, NoticeState.REFUSED, NoticeState.WAITING}
    return _move(notice, stuck, "notice.retry", by, state=NoticeState.WAITING, attempts=0, not_before=now())


def send_test(
    *, kind: str, context: dict[str, Any], subject: str, text: str, to: Any, language: str = "zh-hans"
) -> Notice:
    """A mail with these words to oneself; one-time links are left out. It counts for nothing."""
    return Notice.objects.create(
        kind=Kind(kind),
        recipient=to,
        address=to.email,
        language=language,
        subject=f"accounts.user:{to.pk}",
        step=TEST,
        batch=uuid4().hex,
        due_on=str(context.get("deadline", "")),
        context=context,
        own_subject=subject,
        own_text=text,
    )


def edit(*, notice: Notice, subject: str, text: str, by: Any) -> Notice:
    """Other words for one held mail; it stays held."""
    return _move(notice, {NoticeState.HELD}, "notice.edit", by, own_subject=subject, own_text=text)


def hold(*, notice: Notice, by: Any) -> Notice:
    """A mail that waits is kept back for a look."""
    return _move(notice, {NoticeState.WAITING}, "notice.hold", by, state=NoticeState.HELD)


@transaction.atomic
def keep_words(*, kind: str, language: str, subject: str, text: str, by: Any) -> MailText:
    """The office's own words of a kind of mail, from the next mail on."""
    words = MailText.objects.select_for_update().filter(kind=Kind(kind), language=language).first()
    words = words or MailText(kind=Kind(kind), language=language)
    before = [words.subject, words.text]
    words.subject, words.text, words.changed_at = subject, text, now()
    words.full_clean()
    words.save()
    changes = {"subject": [before[0], subject], "text": [before[1], text]}
    record("mail_text.change", by=by, target=words, changes=changes)
    return words


@transaction.atomic
def forget_words(*, kind: str, language: str, by: Any) -> None:
    """Back to the words that ship with the platform."""
    words = MailText.objects.filter(kind=kind, language=language).first()
    if words is not None:
        changes = {"subject": [words.subject, None], "text": [words.text, None]}
        record("mail_text.remove", by=by, target=words, changes=changes)
        words.delete()


@transaction.atomic
def address_works(*, refused: RefusedAddress, by: Any) -> None:
    """Somebody knows that the address takes mail again; reminders go to it from now on."""
    record("notice.address_works", by=by, target=refused, personal={"address": (refused.address, None)})
    refused.delete()


@transaction.atomic
def _move(
    notice: Notice, allowed: set[NoticeState], action: str, by: Any, reason: str = "", **values: Any
) -> Notice:
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.state not in allowed:
        raise Refused(Reason(_("This notice is not in a state in which that is possible."), code="state"))
    if locked.lease_until and locked.lease_until > now():
        raise Refused(Reason(_("This notice is being sent at this moment."), code="leased"))
    old = locked.state
    for name, value in values.items():
        setattr(locked, name, value)
    locked.lease_until = None
    locked.save()
    record(action, by=by, target=locked, changes={"state": [old, locked.state]}, reason=reason)
    return locked
