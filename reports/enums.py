from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.enums import Stage


class Column(models.TextChoices):
    """The columns of the board, in the order in which the work goes."""

    NOT_STARTED = "not_started", _("Not started")
    OPENED = "opened", _("Opened")
    DRAFT = "draft", _("Draft")
    AWAITING_COPY = "awaiting_copy", _("Sealed copy awaited")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


# Every standing stage belongs to one column; void responses are counted nowhere. Where nothing has been written, the
# first display of the form by a member tells "opened" from "not started" (``selectors.board.in_column``).
STAGES: dict[Column, frozenset[Stage]] = {
    Column.NOT_STARTED: frozenset({Stage.NOT_STARTED}),
    Column.OPENED: frozenset({Stage.NOT_STARTED}),
    Column.DRAFT: frozenset({Stage.DRAFT}),
    Column.AWAITING_COPY: frozenset({Stage.SUBMITTED}),
    Column.IN_REVIEW: frozenset({Stage.TO_CHECK, Stage.UPLOADED, Stage.IN_REVIEW, Stage.SECOND_LOOK}),
    Column.RETURNED: frozenset({Stage.RETURNED, Stage.COPY_RETURNED}),
    Column.ACCEPTED: frozenset({Stage.ACCEPTED, Stage.ARCHIVED}),
}
COLUMN_OF: dict[str, Column] = {
    stage: column for column, stages in STAGES.items() if column != Column.OPENED for stage in stages
}


def column_of(stage: str, *, is_opened: bool) -> Column:
    return Column.OPENED if stage == Stage.NOT_STARTED and is_opened else COLUMN_OF[stage]


# The ring of the state pill that stands for the column.
RINGS = {
    Column.NOT_STARTED: "empty",
    Column.OPENED: "empty",
    Column.DRAFT: "draft",
    Column.AWAITING_COPY: "seal",
    Column.IN_REVIEW: "review",
    Column.RETURNED: "returned",
    Column.ACCEPTED: "passed",
}
