"""What reviewers say in tests, and how they say it: looking at what the desk shows now."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Refused
from surveys.enums import Decision
from surveys.models import Response, Review
from surveys.selectors import reviews
from surveys.services.reviews import Ticks, Verdict, decide

ALL = Ticks(signed=True, sealed=True, dated=True, same_version=True, legible=True)
CLEAR = Verdict(Decision.CLEARED)
PROPOSE = Verdict(Decision.PROPOSED, ALL)
ACCEPT = Verdict(Decision.ACCEPTED, ALL)
RETURN = Verdict(Decision.ANSWERS_RETURNED, remarks={"plan": "请写明牵头部门。"})
NEW_COPY = Verdict(Decision.COPY_RETURNED, note="第2页没有盖章。")
VERDICTS = (CLEAR, PROPOSE, ACCEPT, RETURN, NEW_COPY)


def seen(response: Response) -> dict[str, int | None]:
    """What a reviewer has before his eyes who opens the desk now."""
    submission = reviews.submission_under_review(response)
    copy = reviews.copy_of(submission)
    return {"seen_version": submission.version, "seen_copy": copy.pk if copy else None}


def give(verdict: Verdict, response: Response, by: Any) -> Review:
    return decide(response=response, **seen(response), verdict=verdict, by=by)


def refusal(verdict: Verdict, response: Response, by: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        give(verdict, response, by)
    return refused.value.codes
