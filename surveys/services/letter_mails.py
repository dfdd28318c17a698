"""Sending letters by mail: one batch, written once; the letter itself is drawn when the mail leaves.

Each letter is recorded under the unit's invitation, as a printed one is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from core.errors import Reason, Refused
from core.links import absolute
from notices.enums import Channel, Kind, NoticeState
from notices.models import Notice
from notices.plans import Addressee
from surveys.models import Invitation, Round
from surveys.selectors.letter_mails import (
    LetterMails,
    Row,
    about,
    blank_form_named,
    invitation_of,
    letter_mails,
    letter_of,
)
from surveys.services.editions import may_manage
from surveys.services.invitations import code_of
from surveys.services.letters import MOST_AT_ONCE, TOO_MANY

AT_ONCE = 500


@transaction.atomic
def mail_letters(
    *,
    survey_round: Round,
    choice: str,
    units: Collection[int],
    with_blank_form: bool,
    batch: str,
    seen: str,
    by: Any,
    hold: bool = False,
) -> LetterMails:
    """Write one mail to each mailbox. The batch makes a second press harmless; ``seen`` is what a page has shown.

    With ``hold`` they lie as drafts until staff release them. Refused with code ``sent`` for a batch that was written
    before, ``changed`` when it touches others now, ``nobody``, ``too_many``.
    """
    may_manage(by)
    if not by.has_perm(Permission.NOTICE_MANAGE):
        raise PermissionDenied(Permission.NOTICE_MANAGE)
    locked = Round.objects.select_for_update().get(pk=survey_round.pk)
    if Notice.objects.filter(kind=Kind.INVITATION_LETTER, batch=batch).exists():
        raise Refused(Reason(_("These letters have been written already."), code="sent"))
    found = letter_mails(locked, choice=choice, units=units)
    if not found.written:
        raise Refused(Reason(_("Nobody of these can be written to."), code="nobody"))
    if len(found.written) > MOST_AT_ONCE:
        raise Refused(TOO_MANY)
    if found.seen != seen:
        sentence = _("It would reach others than the page had shown. Please look at it once more.")
        raise Refused(Reason(sentence, code="changed"))
    blank = blank_form_named(locked) if with_blank_form else []
    state = NoticeState.HELD if hold else NoticeState.WAITING
    rows = [
        _mail(row, person, attachments=[letter_of(row.invitation), *blank], batch=batch, state=state)
        for row in found.written
        for person in row.people.addressees
    ]
    Notice.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    facts = {"units": len(found.written), "mails": len(rows), "batch": batch, "held": hold}
    audit.record("round.mail_letters", by=by, target=survey_round, changes=facts)
    record_mailed(invitations=[row.invitation for row in found.written], batch=batch, by=by)
    return found


def record_mailed(*, invitations: Iterable[Invitation], batch: str, by: Any) -> None:
    """A code that goes by mail stands in the trail of its invitation."""
    for invitation in invitations:
        changes = {"issue": invitation.generation, "batch": batch}
        audit.record("invitation.mail_letter", by=by, target=invitation, changes=changes)


def _mail(row: Row, person: Addressee, **values: Any) -> Notice:
    invitation = row.invitation
    subject, step = about(invitation)
    return Notice(
        kind=Kind.INVITATION_LETTER,
        channel=Channel.MAIL,
        recipient=person.user,
        address=person.address,
        language=person.language or "zh-hans",
        subject=subject,
        step=step,
        community_id=invitation.community_id,
        context={
            "community": invitation.community.name_zh,
            "round": invitation.round.title_zh,
            "deadline": invitation.deadline_on.isoformat(),
            "name": person.name,
        },
        **values,
    )


def link_of(notice: Any) -> dict[str, str]:
    """The way in with the code in it, made when the mail leaves and kept nowhere."""
    key = f"{notice.subject.rpartition(':')[2]}.{notice.step.rpartition(' ')[2]}"
    invitation = invitation_of(key)
    code = code_of(invitation) if invitation else ""
    return {"link": absolute(reverse("surveys:join_code", args=[code]) if code else reverse("surveys:join"))}
