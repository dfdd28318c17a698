"""A periodic report on paper: A4, Chinese, with room for signature and seal. Nobody ever draws a seal."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.clock import now
from core.dates import format_date, format_moment
from documents import pdfs
from projects.enums import OWED_REPORTS, ReportKind, ReportStage
from projects.models import PeriodReport
from projects.selectors import figures
from projects.selectors.reports import period_of

LAYOUT = "projects/print/report.typ"
# Lists on paper are short; the whole is on the page of the report.
MOST_LINES = 60


def period_report(report: PeriodReport) -> bytes:
    """What is owed is printed as a draft, with its figures counted now; what was sent, as it was sent."""
    with translation.override("zh-hans"):
        content = report_content(report)
    return pdfs.set_pages(LAYOUT, content)


def title_of(report: PeriodReport) -> str:
    return f"{report.get_kind_display()}　{period_of(report.kind, report.period_from)}"


def report_content(report: PeriodReport) -> dict[str, Any]:
    """The report as ``report.typ`` takes it: every cell as the text that stands in it."""
    counted = figures.figures_of(report) if report.stage in OWED_REPORTS else report.figures
    return {
        "title": title_of(report),
        "community": report.community.name_zh,
        "state": _state(report),
        "page": _("Page {page} of {pages}"),
        "figures": {
            "heading": _("Figures"),
            "columns": [_("Figure"), _("How many"), _("Note")],
            "rows": [_figure(row) for row in figures.figure_rows(counted, report.kind)],
        },
        "words": [{"heading": str(heading), "text": text} for heading, text in _words(report) if text],
        "lists": [one for one in (_activities(report), _files(report)) if one["lines"]],
        "signatures": [
            pgettext("on paper", "Written by"),
            pgettext("on paper", "Person in charge"),
            pgettext("on paper", "Unit (seal)"),
            pgettext("on paper", "Date"),
        ],
    }


def _state(report: PeriodReport) -> str:
    if report.stage == ReportStage.RETURNED:
        return _("Sent back, being written anew; figures as of %(moment)s") % {"moment": format_moment(now())}
    if report.stage in OWED_REPORTS or report.first_submitted_at is None:
        return _("Draft, not sent; figures as of %(moment)s") % {"moment": format_moment(now())}
    state = {
        "day": format_moment(report.first_submitted_at),
        "due": format_date(report.due_on),
        "late": _(", late") if report.is_late else "",
    }
    if report.stage == ReportStage.ACCEPTED:
        return _("Sent %(day)s%(late)s, due %(due)s; read and accepted") % state
    return _("Sent %(day)s%(late)s, due %(due)s") % state


def _figure(row: dict[str, Any]) -> list[str]:
    value = _("unknown") if row["value"] is None else str(row["value"])
    return [str(row["label"]), value, str(row["note"])]


def _words(report: PeriodReport) -> list[tuple[Any, str]]:
    is_yearly = report.kind == ReportKind.ASSOCIATION
    unknown = _("unknown")
    yearly: list[tuple[Any, str]] = [
        (_("changes of the leader and the contact person"), report.people_changes or unknown),
        (_("Staff for the safety work"), unknown if report.staff is None else str(report.staff)),
        (_("Spent in the year, in yuan"), unknown if report.cash is None else str(report.cash)),
        (_("contributions in kind"), report.in_kind or unknown),
        (_("good examples"), report.good_examples),
    ]
    goals = is_yearly or report.kind == ReportKind.YEAR_END
    return [
        (_("what was done"), report.summary),
        *(yearly if is_yearly else []),
        (_("problems"), report.problems),
        (_("Goals and plan for the next year") if goals else _("what comes next"), report.next_steps),
        (_("help needed"), report.help_needed),
    ]


def _activities(report: PeriodReport) -> dict[str, Any]:
    lines = [
        f"{format_date(entry.on)}　{entry.title}（{entry.get_kind_display()}）"
        for entry in figures.latest_entries(report)
    ]
    return {"heading": _("Latest entries of the period"), "lines": lines}


def _files(report: PeriodReport) -> dict[str, Any]:
    rows = report.evidence.order_by("-happened_on", "-pk")[:MOST_LINES]
    lines = [f"{format_date(one.happened_on)}　{one.title}" for one in rows]
    return {"heading": _("Evidence"), "lines": lines}
