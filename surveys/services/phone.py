"""Uploading a sealed copy with a phone that is not signed in, by the code on the screen or on the print.

A link speaks for the person who showed or handed in the form, opens one thing, the upload of one version, and is
asked again at every request whether that person may still do it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from core.clock import ZONE, end_of_day, now
from core.errors import Reason, Refused
from core.links import absolute
from surveys import tokens
from surveys.enums import AWAITING_COPY, HANDED_IN, WRITABLE, Stage
from surveys.models import Response, Submission
from surveys.services.copies import Received, receive_files
from surveys.tokens import Purpose

NO_SUCH_LINK = Reason(
    _("This link is not right. Please scan the code once more; do not type it."), code="no_such_link"
)
OLD_SCREEN = Reason(
    _("This code has run out. Look at the page on the computer: it shows a new one to scan."), code="expired"
)
OLD_PRINT = Reason(
    _("The time in which this printed code works is over. Log in to upload the sealed copy."), code="expired"
)
NOT_ALLOWED = Reason(
    _("Whoever gave out this code no longer uploads for this unit. Log in with your own account."),
    code="not_allowed",
)
SENT = Reason(
    _("The sealed copy of this form has been sent for review. Nothing more need be uploaded."), code="sent"
)
NOT_NOW = Reason(_("Nothing can be uploaded for this form at present."), code="stage")
BEING_CHANGED = Reason(
    _("The answers are being changed, so paper printed before is void. Submit and print the form anew."),
    code="other_version",
)
SENT_STAGES = HANDED_IN - AWAITING_COPY - {Stage.TO_CHECK, Stage.RETURNED}


@dataclass(frozen=True, slots=True)
class Door:
    """What a link opens now: the sealed copy of one version, in the name of ``user``, until ``ends_at``."""

    submission: Submission
    user: Any
    ends_at: dt.datetime
    is_printed: bool

    @property
    def response(self) -> Response:
        return self.submission.response


def screen_link(*, submission: Submission, user: Any) -> tuple[str, dt.datetime]:
    """The address for the code on the screen and the moment at which it ends."""
    ends_at = now() + dt.timedelta(minutes=settings.PHONE_LINK_MINUTES)
    token = tokens.make(Purpose.SCREEN, submission.pk, user.pk, int(ends_at.timestamp()))
    return address_of(token), ends_at


def print_link(submission: Submission) -> str:
    """The address for the code on page 1, the same for every print of this submission."""
    return address_of(tokens.make(Purpose.PRINT, submission.pk))


def address_of(token: str) -> str:
    return absolute(reverse("surveys:phone", args=[token]))


def open_door(token: str) -> Door:
    """Raises Refused with the one reason that matters: code ``no_such_link`` for what we never made."""
    door = _door(token)
    if reason := _reason_against(door):
        raise Refused(reason)
    return door


def _door(token: str) -> Door:
    if found := tokens.read(Purpose.SCREEN, token):
        pk, user_id, until = found
        submission = _submission(pk)
        user = get_user_model().objects.filter(pk=user_id).first()
        return Door(submission, user, dt.datetime.fromtimestamp(until, tz=ZONE), is_printed=False)
    if found := tokens.read(Purpose.PRINT, token):
        submission = _submission(found[0])
        return Door(submission, submission.submitted_by, _end_of_print(submission.response), is_printed=True)
    raise Refused(NO_SUCH_LINK)


def _submission(pk: int) -> Submission:
    """Deleted rows leave links behind that nobody can tell from wrong ones."""
    found = (
        Submission.objects.select_related(
            "response__round__edition",
            "response__invitation",
            "response__community__supervisor",
            "submitted_by",
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Refused(NO_SUCH_LINK)
    return found


def _end_of_print(response: Response) -> dt.datetime:
    """Some time after the round, and never before the day until which a returned form may come back."""
    grace = dt.timedelta(days=settings.PRINT_LINK_DAYS)
    return end_of_day(max(response.round.closes_on + grace, response.return_due_on or dt.date.min))


def _reason_against(door: Door) -> Reason | None:
    response = door.response
    if now() >= door.ends_at:
        return OLD_PRINT if door.is_printed else OLD_SCREEN
    if door.user is None or not can(door.user, Permission.RESPONSE_FILL, response.community):
        return NOT_ALLOWED
    if response.stage in WRITABLE:
        return BEING_CHANGED
    if response.stage != Stage.VOID and door.submission.version != response.version:
        return _other_version(door.submission.version, response.version)
    if response.stage in AWAITING_COPY:
        return None
    return SENT if response.stage in SENT_STAGES else NOT_NOW


def _other_version(old: int, new: int) -> Reason:
    sentence = _("This is version {old}. Version {new} counts: please print that, and scan its code.")
    return Reason(format_lazy(sentence, old=old, new=new), code="other_version")


def receive_by_link(*, token: str, uploads: list[File]) -> list[Received]:
    """Take what the phone sends, each file by itself. The door is asked anew. Raises Refused."""
    door = open_door(token)
    received = receive_files(response=door.response, uploads=uploads, by=door.user)
    taken = sum(one.file is not None and not one.was_there for one in received)
    if taken:
        # Each file has its own entry; this one tells by which way they came.
        audit.record(
            "copy.receive_by_link",
            by=door.user,
            target=door.response,
            changes={"files": taken, "link": Purpose.PRINT if door.is_printed else Purpose.SCREEN},
        )
    return received
