"""How a response shows its state, and what its one button says."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.enums import Stage
from surveys.models import Response
from surveys.selectors.responses import Duty

register = template.Library()

RINGS = {
    Stage.NOT_STARTED: "empty",
    Stage.DRAFT: "draft",
    Stage.TO_CHECK: "sent",
    Stage.SUBMITTED: "seal",
    Stage.UPLOADED: "sent",
    Stage.IN_REVIEW: "review",
    Stage.SECOND_LOOK: "review",
    Stage.RETURNED: "returned",
    Stage.COPY_RETURNED: "returned",
    Stage.ACCEPTED: "passed",
    Stage.ARCHIVED: "passed",
    Stage.VOID: "unknown",
}


@register.inclusion_tag("components/tag.html")
def stage_tag(response: Response, is_shut: bool = False) -> dict[str, str]:
    """``{% stage_tag response %}``: ring, word and ground of the present state."""
    if is_shut:
        return {"kind": "late", "word": _("closed")}
    return {"kind": RINGS[Stage(response.stage)], "word": response.get_stage_display()}


@register.simple_tag
def duty_button(duty: Duty) -> dict[str, str]:
    """The one thing to do with this response, and where."""
    response = duty.response
    if duty.is_shut:
        return _button("surveys:check", response, _("Read what was written"))
    words = {
        Stage.NOT_STARTED: _("Begin"),
        Stage.DRAFT: _("Go on"),
        Stage.RETURNED: _("See the remarks and change"),
        Stage.SUBMITTED: _("Print, seal and upload"),
        Stage.COPY_RETURNED: _("Upload again"),
    }
    stage = Stage(response.stage)
    name = (
        "surveys:response" if stage in {Stage.NOT_STARTED, Stage.DRAFT, Stage.RETURNED} else "surveys:receipt"
    )
    return _button(name, response, words.get(stage, _("Open")))


def _button(name: str, response: Response, word: str) -> dict[str, str]:
    return {"url": reverse(name, args=[response.reference]), "word": word}
