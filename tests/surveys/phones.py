"""Forms handed in by somebody, and the links that open their upload page on a phone."""

from __future__ import annotations

from typing import Any

from communities.models import Community
from surveys.models import Submission
from surveys.services import phone
from tests.surveys.scenes import submitted


def handed_in(community: Community, by: Any, **fields: Any) -> Submission:
    submission = submitted(community, **fields)
    submission.submitted_by = by
    submission.save()
    return submission


def screen_path(submission: Submission, user: Any) -> str:
    """The path behind the code that somebody shows."""
    return path_of(phone.screen_link(submission=submission, user=user)[0])


def paper_path(submission: Submission) -> str:
    return path_of(phone.print_link(submission))


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")
