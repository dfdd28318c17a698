"""Asking for the blank form of an edition as files. They are made once in the background and then only handed out.

When an edition is published its files are asked for at once; what was published before, and what a new recipe makes
out of date, is found by the clock.
"""

from __future__ import annotations

from datetime import timedelta

from core.clock import now
from documents import services as documents
from documents.enums import RunState
from documents.models import Run
from surveys.models import QuestionnaireEdition
from surveys.selectors.blank_forms import RECIPE, without_files

HANDLER = "surveys.blank_form"
# Work that has been given up is not asked for again before this, or a broken form would fill the table of runs.
AGAIN_AFTER = timedelta(days=1)


def key_of(edition: QuestionnaireEdition) -> str:
    return f"{HANDLER}:{edition.pk}:{RECIPE}"


def request_blank_forms(*, edition: QuestionnaireEdition) -> Run:
    return documents.request_run(
        handler=HANDLER, parameters={"edition": edition.pk}, by=None, key=key_of(edition), total=2
    )


def request_missing() -> int:
    """Ask for what is missing or out of date; return for how many editions."""
    asked = 0
    for edition in without_files():
        given_up = Run.objects.filter(
            key=key_of(edition), state=RunState.FAILED, finished_at__gt=now() - AGAIN_AFTER
        )
        if not given_up.exists():
            request_blank_forms(edition=edition)
            asked += 1
    return asked
