"""Where a response is, who has it, since when, and what comes next: the line that the liaison reads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import format_date, format_moment
from surveys.enums import Stage
from surveys.models import Response, StageChange

TITLES = {
    "start": gettext_lazy("Filling in begun"),
    "submit": gettext_lazy("Submitted"),
    "send_copy": gettext_lazy("Sealed copy sent"),
    "begin_review": gettext_lazy("Review begun"),
    "accept": gettext_lazy("Accepted"),
    "return_answers": gettext_lazy("Returned for changes"),
    "return_copy": gettext_lazy("New sealed copy wanted"),
    "archive": gettext_lazy("Archived"),
    "void": gettext_lazy("Void"),
}
OURS = frozenset({"begin_review", "accept", "return_answers", "return_copy", "archive", "void"})
NOW = {
    Stage.SUBMITTED: gettext_lazy("Waiting for the sealed copy"),
    Stage.COPY_RETURNED: gettext_lazy("Waiting for a new sealed copy"),
    Stage.RETURNED: gettext_lazy("Waiting for your changes"),
    Stage.UPLOADED: gettext_lazy("Waiting for review"),
    Stage.IN_REVIEW: gettext_lazy("In review"),
}
WITH_UNIT = frozenset({Stage.SUBMITTED, Stage.COPY_RETURNED, Stage.RETURNED})
AHEAD: dict[str, tuple[Any, ...]] = {
    Stage.SUBMITTED: (gettext_lazy("Review by the association"), gettext_lazy("Accepted")),
    Stage.COPY_RETURNED: (gettext_lazy("Review by the association"), gettext_lazy("Accepted")),
    Stage.RETURNED: (
        gettext_lazy("Print, sign and seal again"),
        gettext_lazy("Review by the association"),
        gettext_lazy("Accepted"),
    ),
    Stage.UPLOADED: (gettext_lazy("Accepted"),),
    Stage.IN_REVIEW: (gettext_lazy("Accepted"),),
}


def timeline(response: Response, steps: list[StageChange]) -> list[dict[str, str]]:
    """Entries for ``components/timeline.html``: done, now, ahead."""
    entries = [_done(step) for step in steps]
    if response.stage in NOW:
        entries.append(_now(response))
    entries += [{"title": str(title)} for title in AHEAD.get(response.stage, ())]
    return entries


def _done(step: StageChange) -> dict[str, str]:
    who = _("the association") if step.move in OURS else str(step.by or "")
    title = str(TITLES.get(step.move, step.move))
    if step.move == "submit":
        title = _("Submitted, version %(version)d") % {"version": step.version}
    note = step.note if step.move in OURS else ""
    return {"title": title, "state": "done", "when": f"{format_moment(step.at)}　{who}".strip(), "note": note}


def _now(response: Response) -> dict[str, str]:
    values = {"since": format_date(response.stage_since)}
    if response.stage in WITH_UNIT:
        when = _("Since %(since)s　with you") % values
    else:
        when = _("Since %(since)s　with the association") % values
    return {"title": str(NOW[Stage(response.stage)]), "state": "now", "when": when}
