"""The mails that tell a unit what became of its sealed copy. Written in the transaction of the decision."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.enums import Permission
from communities.enums import REACHING
from communities.models import Community
from notices import services as notices
from notices.enums import Kind
from surveys.enums import Decision, Stage
from surveys.models import Response, Review, SealedCopy

KINDS = {
    Decision.ACCEPTED: Kind.RESPONSE_ACCEPTED,
    Decision.ANSWERS_RETURNED: Kind.RESPONSE_RETURNED,
    Decision.COPY_RETURNED: Kind.COPY_RETURNED,
}
# While the response stands here the mail still says something true.
STILL_TRUE = {
    Kind.RESPONSE_RETURNED: Stage.RETURNED,
    Kind.COPY_RETURNED: Stage.COPY_RETURNED,
}


def tell_unit(review: Review) -> None:
    """One mail to each member who fills in surveys. The remarks are read after signing in, never in a mail."""
    response = review.response
    kind = KINDS[Decision(review.decision)]
    page = "surveys:response" if kind == Kind.RESPONSE_RETURNED else "surveys:receipt"
    context = {
        **_basics(response, review.submission.version),
        "note": review.note,
        "path": reverse(page, args=[response.reference]),
    }
    for user in _people_who_fill_in(response.community):
        notices.queue(
            kind=kind,
            subject=response,
            recipient=user,
            community_id=response.community_id,
            context=context,
            step=f"review {review.pk}",
        )


def confirm_receipt(copy: SealedCopy) -> None:
    response = copy.response
    context = {
        **_basics(response, copy.submission.version),
        "path": reverse("surveys:receipt", args=[response.reference]),
    }
    for user in _people_who_fill_in(response.community):
        notices.queue(
            kind=Kind.COPY_RECEIVED,
            subject=response,
            recipient=user,
            community_id=response.community_id,
            context=context,
            step=f"copy {copy.pk}",
        )


def is_still_true(notice: Any) -> bool:
    """Asked when the mail leaves: not after the unit has mended it already, nor to somebody who has left it."""
    found = Response.objects.filter(pk=notice.subject.rpartition(":")[2]).select_related("community")
    response = found.first()
    if response is None or notice.recipient not in _people_who_fill_in(response.community):
        return False
    return STILL_TRUE.get(Kind(notice.kind)) in {None, response.stage}


def _basics(response: Response, version: int) -> dict[str, Any]:
    return {
        "community": str(response.community),
        "reference": response.reference,
        "version": version,
        "round": str(response.round.title),
    }


def _people_who_fill_in(community: Community) -> list[Any]:
    current = community.memberships.filter(state__in=REACHING, user__is_active=True)
    return [
        membership.user
        for membership in current.select_related("user", "role").order_by("pk")
        if Permission.RESPONSE_FILL in membership.role.permissions
    ]
