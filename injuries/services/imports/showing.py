"""What was found in a table, in the language of the reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from injuries.importers.columns import Reading
from injuries.importers.sentences import SENTENCES, sentence
from injuries.models import Batch
from injuries.selectors import imports as selectors
from injuries.selectors.imports import Found

PROBLEMS = {
    "gone": gettext_lazy("The file is no longer here. Upload it again."),
    "empty": gettext_lazy("There is no row below the heads of the columns."),
    "no_month": gettext_lazy(
        "No column was found that tells the day or the month of the injury. Choose it below and look through again."
    ),
    "too_long": gettext_lazy("The table has more than 100,000 rows. Divide it, for example by year."),
}


@dataclass(frozen=True, slots=True)
class Line:
    found: Found
    sentence: str


def problem(batch: Batch) -> str:
    """Why the table as a whole is not taken. What the reader of files said was said in words already."""
    code = batch.report.get("problem", "")
    return str(PROBLEMS.get(code, code))


def lines(batch: Batch, kind: str) -> list[Line]:
    return [
        Line(found, sentence(found.code) if found.code in SENTENCES else _("This cannot be taken."))
        for found in selectors.findings(batch, kind)
    ]


def unread(reading: Reading) -> list[str]:
    return [
        title
        for place, (title, field) in enumerate(zip(reading.titles, reading.fields, strict=True))
        if title and not field and place not in reading.refused
    ]
