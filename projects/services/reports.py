"""Writing a report and making its moves; the people of the community are told what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from core.clock import today
from core.errors import Reason, Refused
from projects.authz import must
from projects.enums import Element
from projects.lifecycle.reports import WRITABLE, advance
from projects.models import Evidence, PeriodReport
from projects.selectors.home import work_of
from projects.services import report_notices
from projects.services.evidence import Checked, add_files

WORDS = ("summary", "problems", "next_steps", "help_needed")
YEARLY_WORDS = ("people_changes", "staff", "cash", "in_kind", "good_examples")
STALE = Reason(
    _(
        "Somebody else has saved this report in the meantime. What you typed is still here; what is saved now"
        " stands below. Save once more to put yours in its place."
    ),
    code="stale",
)


@transaction.atomic
def write_report(
    *,
    report: PeriodReport,
    revision: int,
    by: Any,
    evidence: Iterable[Evidence] | None = None,
    uploads: Sequence[Checked] = (),
    **words: Any,
) -> PeriodReport:
    """Keep the words and the files. Raises Refused for a report that is sent or was saved by somebody else."""
    locked = _locked(report, revision=revision)
    must(by, Permission.WORK_RECORD, locked.community)
    if locked.stage not in WRITABLE:
        raise Refused(Reason(_("This report has been sent. Take it back to change it."), code="sent"))
    changed = [name for name, value in words.items() if getattr(locked, name) != value]
    if stray := set(changed) - {*WORDS, *YEARLY_WORDS}:
        raise ValueError(f"not to be written here: {sorted(stray)}")
    for name in changed:
        setattr(locked, name, words[name])
    locked.full_clean()
    locked.revision += 1
    locked.save(update_fields=[*changed, "revision"])
    if _attach(locked, evidence, uploads, by=by):
        changed.append("evidence")
    if changed and by is not None:
        locked.writers.add(by)
    audit.record("report.write", by=by, target=locked, changes={"written": changed})
    return locked


def _locked(report: PeriodReport, *, revision: int) -> PeriodReport:
    rows = PeriodReport.objects.select_for_update(of=("self",)).select_related("community__supervisor")
    locked = rows.get(pk=report.pk)
    if locked.revision != revision:
        raise Refused(STALE)
    return locked


def _attach(
    report: PeriodReport, evidence: Iterable[Evidence] | None, uploads: Sequence[Checked], *, by: Any
) -> bool:
    """True when the files of the report have changed. A file of another community is not taken."""
    before = set(report.evidence.values_list("pk", flat=True))
    wanted = before if evidence is None else {row.pk for row in evidence}
    own = set(
        Evidence.objects.filter(community=report.community_id, pk__in=wanted).values_list("pk", flat=True)
    )
    if uploads:
        kept = add_files(
            community=report.community,
            checked=uploads,
            element=Element.ARCHIVE,
            happened_on=min(report.period_to, today()),
            by=by,
        )
        own |= {row.pk for row in kept}
    report.evidence.set(own)
    return own != before


@transaction.atomic
def submit_report(*, report: PeriodReport, revision: int, by: Any, **written: Any) -> PeriodReport:
    """Keep what was typed and send it, or hand it over where another person looks first: both or neither."""
    kept = write_report(report=report, revision=revision, by=by, **written)
    work = work_of(kept.community)
    return advance(kept, "ask_check" if work and work.checks_reports else "submit", by=by)


@transaction.atomic
def check_report(
    *, report: PeriodReport, decision: str, revision: int, by: Any, note: str = ""
) -> PeriodReport:
    """``decision``: confirm or give_back, by another person of the unit, of what was read."""
    return advance(_read(report, revision), decision, by=by, note=note)


def take_back(*, report: PeriodReport, by: Any) -> PeriodReport:
    return advance(report, "take_back", by=by)


@transaction.atomic
def judge_report(
    *,
    report: PeriodReport,
    decision: str,
    revision: int,
    by: Any,
    note: str = "",
    again_by: dt.date | None = None,
) -> PeriodReport:
    """``decision``: accept, send_back or reopen. Of what was read: refused when the report has changed since.

    ``again_by``: the last day that a return names, of which the community is reminded.
    """
    moved = advance(_read(report, revision), decision, by=by, note=note, again_by=again_by)
    report_notices.tell_community(moved, note=note)
    return moved


def _read(report: PeriodReport, revision: int) -> PeriodReport:
    try:
        return _locked(report, revision=revision)
    except Refused as refused:
        sentence = _("The report has changed since you opened it. Please read it once more.")
        raise Refused(Reason(sentence, code="stale")) from refused
