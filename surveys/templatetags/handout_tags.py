"""How a section handed out shows where it stands."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from core.dates import format_moment
from surveys.enums import HandoutState
from surveys.models import Response
from surveys.selectors.handouts import Listed, handouts_of

register = template.Library()

RINGS = {
    HandoutState.NOT_OPENED: "empty",
    HandoutState.OPENED: "draft",
    HandoutState.HANDED_BACK: "seal",
    HandoutState.ACCEPTED: "passed",
    HandoutState.EXPIRED: "late",
    HandoutState.REVOKED: "unknown",
}


@register.inclusion_tag("components/tag.html")
def handout_tag(one: Listed) -> dict[str, str]:
    return {"kind": RINGS[one.state], "word": str(one.state.label)}


@register.simple_tag
def handout_when(one: Listed) -> str:
    """The time that matters in this state."""
    handout = one.handout
    sentence, moment = {
        HandoutState.ACCEPTED: (_("taken over %(moment)s"), handout.accepted_at),
        HandoutState.REVOKED: (_("called back %(moment)s"), handout.revoked_at),
        HandoutState.HANDED_BACK: (_("handed back %(moment)s"), handout.filled_at),
        HandoutState.EXPIRED: (_("ran out %(moment)s"), handout.expires_at),
    }.get(one.state, (_("works until %(moment)s"), handout.expires_at))
    return sentence % {"moment": format_moment(moment)}


@register.simple_tag
def handed_out(response: Response) -> list[Listed]:
    """For the form's page: one query, and nothing to read where no section was ever handed out."""
    return handouts_of(response)
