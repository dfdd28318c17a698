"""Where a response is, who has it, since when, and what comes next: the line that the liaison reads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import format_date, format_moment
from surveys.enums import AWAITING_COPY, WRITABLE, Stage
from surveys.models import Response, StageChange

TITLES = {
    "start": gettext_lazy("Filling in begun"),
    "submit": gettext_lazy("Submitted"),
    "submit_for_check": gettext_lazy("Submitted to be checked"),
    "withdraw": gettext_lazy("Taken back"),
    "clear": gettext_lazy("Checked, may be sealed"),
    "send_copy": gettext_lazy("Sealed copy sent"),
    "begin_review": gettext_lazy("Review begun"),
    "propose": gettext_lazy("First look passed"),
    "accept": gettext_lazy("Accepted"),
    "return_answers": gettext_lazy("Returned for changes"),
    "return_copy": gettext_lazy("New sealed copy wanted"),
    "archive": gettext_lazy("Archived"),
    "void": gettext_lazy("Void"),
    "enter_paper": gettext_lazy("Received on paper"),
    "reopen": gettext_lazy("Opened again"),
}
OURS = frozenset(
    {
        "clear",
        "begin_review",
        "propose",
        "accept",
        "return_answers",
        "return_copy",
        "archive",
        "void",
        "reopen",
        "enter_paper",
    }
)
NOW = {
    Stage.SUBMITTED: gettext_lazy("Waiting for the sealed copy"),
    Stage.COPY_RETURNED: gettext_lazy("Waiting for a new sealed copy"),
    Stage.RETURNED: gettext_lazy("Waiting for your changes"),
    Stage.TO_CHECK: gettext_lazy("Answers being checked"),
    Stage.UPLOADED: gettext_lazy("Waiting for review"),
    Stage.IN_REVIEW: gettext_lazy("In review"),
    Stage.SECOND_LOOK: gettext_lazy("Waiting for a second look"),
}
SETTLED = frozenset({Stage.ACCEPTED, Stage.ARCHIVED, Stage.VOID})
WITH_UNIT = frozenset({Stage.SUBMITTED, Stage.COPY_RETURNED, Stage.RETURNED})
CHECK, SEAL = gettext_lazy("Check of the answers by the association"), gettext_lazy("Print, sign and seal")
SEAL_AGAIN, REVIEW = gettext_lazy("Print, sign and seal again"), gettext_lazy("Review by the association")
ACCEPTED = gettext_lazy("Accepted")


def holder(response: Response) -> str:
    """Who has it now: the unit, a reviewer by name, or the association; nobody once it is settled."""
    if response.stage in SETTLED:
        return ""
    if response.stage in WITH_UNIT or response.stage in WRITABLE:
        return _("the unit")
    return str(response.reviewer or _("the association"))


def timeline(response: Response, steps: list[StageChange]) -> list[dict[str, str]]:
    """Entries for ``components/timeline.html``: done, now, ahead."""
    entries = [_done(step) for step in steps]
    if response.stage in NOW:
        entries.append(_now(response))
    entries += [{"title": str(title)} for title in _ahead(response)]
    return entries


def _ahead(response: Response) -> list[Any]:
    """What is still to come, in the way of this round."""
    stage, sealed = response.stage, response.needs_sealed_copy
    if stage not in NOW:
        return []
    ahead = [ACCEPTED]
    if stage in AWAITING_COPY or stage == Stage.RETURNED or (stage == Stage.TO_CHECK and sealed):
        ahead.insert(0, REVIEW)
    if sealed and stage == Stage.TO_CHECK:
        ahead.insert(0, SEAL)
    if sealed and stage == Stage.RETURNED:
        ahead[:0] = [CHECK, SEAL] if response.round.has_precheck else [SEAL_AGAIN]
    return ahead


def _done(step: StageChange) -> dict[str, str]:
    who = _("the association") if step.move in OURS else str(step.by or "")
    title = str(TITLES.get(step.move, step.move))
    if step.move == "submit":
        title = _("Submitted, version %(version)d") % {"version": step.version}
    if step.move == "submit_for_check":
        title = _("Submitted to be checked, version %(version)d") % {"version": step.version}
    note = step.note if step.move in OURS else ""
    return {"title": title, "state": "done", "when": f"{format_moment(step.at)}　{who}".strip(), "note": note}


def _now(response: Response) -> dict[str, str]:
    values = {"since": format_date(response.stage_since)}
    if response.stage in WITH_UNIT:
        when = _("Since %(since)s　with you") % values
    else:
        when = _("Since %(since)s　with the association") % values
    return {"title": str(NOW[Stage(response.stage)]), "state": "now", "when": when, "note": _due(response)}


def _due(response: Response) -> str:
    if response.stage not in {Stage.RETURNED, Stage.COPY_RETURNED} or response.return_due_on is None:
        return ""
    return _("Please answer by %(day)s") % {"day": format_date(response.return_due_on)}
