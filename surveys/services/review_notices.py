"""The mails that tell a unit what became of its answers and its sealed copy. Written in the decision's transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from accounts.enums import Permission
from communities.enums import REACHING
from communities.models import Community
from core.clock import today
from notices import services as notices
from notices.enums import Kind
from surveys.enums import Decision, Stage
from surveys.models import Response, Review, SealedCopy

KINDS = {
    Decision.CLEARED: Kind.ANSWERS_CLEARED,
    Decision.ACCEPTED: Kind.RESPONSE_ACCEPTED,
    Decision.ANSWERS_RETURNED: Kind.RESPONSE_RETURNED,
    Decision.COPY_RETURNED: Kind.COPY_RETURNED,
}
# While the response stands here the mail still says something true.
STILL_TRUE = {
    Kind.ANSWERS_CLEARED: Stage.SUBMITTED,
    Kind.RESPONSE_RETURNED: Stage.RETURNED,
    Kind.COPY_RETURNED: Stage.COPY_RETURNED,
}
RETURNED = frozenset({Kind.RESPONSE_RETURNED, Kind.COPY_RETURNED})


def tell_unit(review: Review, *, step: str = "") -> None:
    """A mail and a message on the site to each member who fills in surveys.

    The remarks are read after signing in, never in a mail. What one reviewer proposes to another is no news for the
    unit. ``step`` tells a second mail about the same decision apart: another due day.
    """
    kind = KINDS.get(Decision(review.decision))
    if kind is None:
        return
    response = review.response
    page = "surveys:response" if kind == Kind.RESPONSE_RETURNED else "surveys:receipt"
    context = {
        **_basics(response, review.submission.version),
        "note": review.note,
        "pages": "、".join(map(str, review.bad_pages)),
        "without_seal": not response.needs_sealed_copy,
        "is_print_void": bool(review.submission.print_pages),
        "keeps_pages": response.round.allows_page_reseal,
        "path": reverse(page, args=[response.reference]),
    }
    if due_on := _due_on(kind, response):
        context["deadline"] = due_on.isoformat()
    for user in people_who_fill_in(response.community):
        notices.tell(
            kind=kind,
            subject=response,
            recipient=user,
            community_id=response.community_id,
            context=context,
            step=step or f"review {review.pk}",
        )


def _due_on(kind: Kind, response: Response) -> dt.date | None:
    """A return has its own day; cleared answers go on paper by the last day that was named, if it is still to come."""
    if kind in RETURNED:
        return response.return_due_on
    if kind != Kind.ANSWERS_CLEARED:
        return None
    named = max(response.return_due_on or dt.date.min, response.invitation.deadline_on)
    return named if named >= today() else None


def confirm_receipt(copy: SealedCopy) -> None:
    response = copy.response
    context = {
        **_basics(response, copy.submission.version),
        "path": reverse("surveys:receipt", args=[response.reference]),
    }
    for user in people_who_fill_in(response.community):
        notices.queue(
            kind=Kind.COPY_RECEIVED,
            subject=response,
            recipient=user,
            community_id=response.community_id,
            context=context,
            step=f"copy {copy.pk}",
        )


def is_still_true(notice: Any) -> bool:
    """Asked when the mail leaves: not once the unit has mended it or has another day, nor to who has left the unit."""
    found = Response.objects.filter(pk=notice.subject.rpartition(":")[2]).select_related("community")
    response = found.first()
    if response is None or notice.recipient not in people_who_fill_in(response.community):
        return False
    kind = Kind(notice.kind)
    if kind in RETURNED and _names_another_day(notice, response):
        return False
    return STILL_TRUE.get(kind) in {None, response.stage}


def _names_another_day(notice: Any, response: Response) -> bool:
    named = notice.context.get("deadline")
    return bool(named and response.return_due_on and named != response.return_due_on.isoformat())


def _basics(response: Response, version: int) -> dict[str, Any]:
    return {
        "community": str(response.community),
        "reference": response.reference,
        "version": version,
        "round": str(response.round.title),
    }


def people_who_fill_in(community: Community) -> list[Any]:
    current = community.memberships.filter(state__in=REACHING, user__is_active=True)
    return [
        membership.user
        for membership in current.select_related("user", "role").order_by("pk")
        if Permission.RESPONSE_FILL in membership.role.permissions
    ]
