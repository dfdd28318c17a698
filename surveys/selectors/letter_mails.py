"""Which letters can go by mail, to whom, and which units only paper reaches."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from communities.selectors.addressees import Reached, reached
from notices.enums import Kind, NoticeState
from notices.kinds import MOST_BYTES, Attachment
from notices.models import TEST, Notice
from surveys.enums import BlankFormat
from surveys.models import BlankForm, Invitation, Round
from surveys.selectors.letters import for_print, letter_name, wanted, why_no_letter
from surveys.selectors.reminders import reads

LETTER, PDF = "letter", "application/pdf"
UNMAILED, UNOPENED, ALL = "unmailed", "unopened", "all"


@dataclass(frozen=True, slots=True)
class Row:
    invitation: Invitation
    people: Reached
    mailed_at: dt.datetime | None


@dataclass(slots=True)
class LetterMails:
    """``written``: who gets mail; ``unreached``: no mailbox, or only refused ones."""

    written: list[Row] = field(default_factory=list)
    unreached: list[Row] = field(default_factory=list)

    @property
    def mails(self) -> int:
        return sum(len(row.people.addressees) for row in self.written)

    @property
    def seen(self) -> str:
        """Tells whether it is still what a page has shown."""
        said = [
            [row.invitation.pk, row.invitation.generation, *(one.address for one in row.people.addressees)]
            for row in self.written
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def letter_mails(survey_round: Round, *, choice: str, units: Collection[int] = ()) -> LetterMails:
    """A handful of queries, whatever the number of units. ``units`` (community ids) narrows it to these."""
    rows = wanted(survey_round, unopened_only=choice == UNOPENED)
    if units:
        rows = rows.filter(community__in=units)
    invitations = for_print(list(rows.values_list("pk", flat=True)))
    people = reached([row.community_id for row in invitations])
    mailed = _mailed(invitations)
    found = LetterMails()
    for invitation in invitations:
        row = Row(invitation, people[invitation.community_id], mailed.get(about(invitation)))
        if choice == UNMAILED and row.mailed_at is not None:
            continue
        (found.written if row.people.addressees else found.unreached).append(row)
    return found


def _mailed(invitations: list[Invitation]) -> dict[tuple[str, str], dt.datetime]:
    """When the present code of each was written to a mailbox last."""
    subjects = [about(row)[0] for row in invitations]
    rows = Notice.objects.filter(kind=Kind.INVITATION_LETTER, subject__in=subjects)
    rows = rows.exclude(step=TEST).exclude(state__in=[NoticeState.DROPPED, NoticeState.REFUSED])
    found = rows.order_by().values_list("subject", "step").annotate(at=Max("created_at"))
    return {(subject, step): at for subject, step, at in found}


def about(invitation: Invitation) -> tuple[str, str]:
    """Subject and step of a mail with this letter: another code is another letter."""
    return f"surveys.invitation:{invitation.pk}", f"issue {invitation.generation}"


# --- what goes along ----------------------------------------------------------------------------------------


def letter_of(invitation: Invitation) -> str:
    """The letter as an attachment is named; the code itself lies nowhere."""
    return f"{LETTER}:{invitation.pk}.{invitation.generation}"


def invitation_of(key: str) -> Invitation | None:
    """``12.1`` → the invitation as letters take it; None once that code opens nothing any more."""
    pk, _dot, generation = key.partition(".")
    invitation = next(iter(for_print([int(pk)])), None)
    if invitation is None or str(invitation.generation) != generation or why_no_letter(invitation):
        return None
    return invitation


def letter_described(key: str) -> Attachment | None:
    invitation = invitation_of(key)
    return Attachment(letter_name(invitation), PDF) if invitation else None


def blank_form_of(survey_round: Round) -> BlankForm | None:
    """The blank form of the round as PDF, once it has been made, unless it is too large to go along."""
    forms = BlankForm.objects.filter(edition=survey_round.edition_id, format=BlankFormat.PDF)
    return forms.filter(stored__size__lte=MOST_BYTES // 2).select_related("stored").first()


def blank_form_named(survey_round: Round) -> list[str]:
    form = blank_form_of(survey_round)
    return [f"file:{form.stored_id}"] if form else []


def is_still_wanted(notice: Any) -> bool:
    """Asked when the mail leaves: its code still opens the account, and the mailbox is still the unit's."""
    pk = notice.subject.rpartition(":")[2]
    invitation = invitation_of(f"{pk}.{notice.step.rpartition(' ')[2]}")
    return invitation is not None and reads(invitation, notice)
