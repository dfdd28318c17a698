"""The round's summary on paper, for the leadership: figures by place, plans and needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.clock import now
from core.dates import format_date, format_moment
from core.templatetags.platform import percent
from documents import pdfs
from reports import selectors
from reports.enums import Column
from reports.selectors import Tally
from surveys.models import Round

LAYOUT = "reports/print/summary.typ"


def round_summary(survey_round: Round) -> bytes:
    with translation.override("zh-hans"):
        content = summary_content(survey_round)
    return pdfs.set_pages(LAYOUT, content)


def summary_content(survey_round: Round) -> dict[str, Any]:
    """The summary as ``summary.typ`` takes it: every cell as the text that stands in it."""
    board = selectors.board(survey_round)
    return {
        "title": survey_round.title_zh + pgettext("on paper", "Summary"),
        "lead": _("%(number)s. Deadline %(deadline)s. As of %(as_of)s.")
        % {
            "number": survey_round.notice.number,
            "deadline": format_date(survey_round.deadline_on),
            "as_of": format_moment(now()),
        },
        "sentence": _sentence(board.total),
        "page": _("Page {page} of {pages}"),
        "tables": [
            _places("", _("Province"), board.provinces, board.total),
            _places(_("Kind"), _("Kind"), board.kinds, board.total),
            _places(
                _("Supervising authority"),
                _("Supervising authority"),
                board.authorities,
                board.total,
            ),
            *_counted(survey_round),
            *_reasons(survey_round),
        ],
    }


def _sentence(total: Tally) -> str:
    return _(
        "%(invited)s communities were asked; %(handed_in)s have handed in (%(rate)s, on time %(on_time)s);"
        " %(late)s are late."
    ) % {
        "invited": total.invited,
        "handed_in": total.handed_in,
        "rate": percent(total.handed_in, total.invited),
        "on_time": percent(total.on_time, total.invited),
        "late": total.late,
    }


def _table(
    heading: str,
    columns: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    names: int = 1,
    total: Sequence[Any] = (),
) -> dict[str, Any]:
    """``names``: how many columns hold words rather than figures."""
    return {
        "heading": heading,
        "columns": [str(cell) for cell in columns],
        "rows": [[str(cell) for cell in row] for row in rows],
        "total": [str(cell) for cell in total],
        "names": names,
    }


def _places(heading: str, head: str, tallies: Iterable[Tally], total: Tally) -> dict[str, Any]:
    columns = [
        head,
        _("Asked"),
        *(column.label for column in Column),
        _("Late"),
        _("Response rate"),
        _("On time"),
    ]
    rows = [_figures(tally.name, tally) for tally in tallies]
    return _table(heading, columns, rows, total=_figures(_("Total"), total))


def _figures(name: str, tally: Tally) -> list[Any]:
    return [
        name,
        tally.invited,
        *tally.in_columns,
        tally.late,
        percent(tally.handed_in, tally.invited),
        percent(tally.on_time, tally.invited),
    ]


def _counted(survey_round: Round) -> list[dict[str, Any]]:
    return [
        _table(
            entry["question"],
            [_("Answer"), _("Communities")],
            [(answer["label"], answer["units"]) for answer in entry["answers"]],
        )
        for entry in selectors.counted_answers(survey_round)
        if entry["answers"]
    ]


def _reasons(survey_round: Round) -> list[dict[str, Any]]:
    reasons = selectors.return_reasons(survey_round)
    columns = [_("What came back"), _("Reason"), _("Times"), _("Communities")]
    rows = [(line.about, line.reason, line.times, line.units) for line in reasons]
    return [_table(_("Reasons for returning"), columns, rows, names=2)] if rows else []
