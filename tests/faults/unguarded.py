"""The platform with a guard taken off, for control runs: a test that stays green without its guard proves nothing.

``GUARDS_OFF`` names them, with commas. Only the server of a control run is started with this module.
"""

import os
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

# First of ours: it sets Django up.
from config.wsgi import application
from core.workflow import Move, Workflow
from surveys.enums import Stage
from surveys.models import Response, Submission
from surveys.selectors import responses as selectors
from surveys.services import responses, submissions

__all__ = ["application"]


def without_lock() -> None:
    """Nobody waits for anybody."""

    def unlocked(rows: Any, **options: Any) -> Any:
        return rows.all()

    QuerySet.select_for_update = unlocked  # type: ignore[method-assign]


def without_once() -> None:
    """Whatever arrives is handed in, also when it was handed in before; each gets a version of its own."""

    def unchecked(workflow: Workflow, name: str, subject: Any) -> Move:
        return workflow.find(name)

    def nothing(response: Response) -> list[Any]:
        return []

    submissions.WRITABLE = frozenset(Stage)
    selectors.writing_refusals = nothing
    Workflow.check = unchecked  # type: ignore[method-assign]


def without_comparison() -> None:
    """A known key is answered with its receipt whatever else was sent."""

    def same_key(response: Response, key: str, seen_hash: str) -> Submission:
        return response.submissions.get(submission_key=key)

    submissions._handed_in_already = same_key


def without_revision() -> None:
    """An answer is stored whatever its page has seen."""
    store = responses._Page.store

    def blind(page: Any, question: Any, entry: Any) -> Any:
        return store(page, question, replace(entry, seen=selectors.token(page.rows.get(question.id))))

    responses._Page.store = blind  # type: ignore[method-assign]


GUARDS = {
    "lock": without_lock,
    "once": without_once,
    "comparison": without_comparison,
    "revision": without_revision,
}
for guard in os.environ["GUARDS_OFF"].split(","):
    GUARDS[guard]()
