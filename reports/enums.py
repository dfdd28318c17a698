from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.enums import Stage


class Column(models.TextChoices):
    """The columns of the board, in the order in which the work goes."""

    NOT_STARTED = "not_started", _("Not started")
    DRAFT = "draft", _("Draft")
    AWAITING_COPY = "awaiting_copy", _("Sealed copy awaited")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


# Every standing stage belongs to exactly one column; void responses are counted nowhere.
STAGES: dict[Column, frozenset[Stage]] = {
    Column.NOT_STARTED: frozenset({Stage.NOT_STARTED}),
    Column.DRAFT: frozenset({Stage.DRAFT}),
    Column.AWAITING_COPY: frozenset({Stage.SUBMITTED}),
    Column.IN_REVIEW: frozenset({Stage.UPLOADED, Stage.IN_REVIEW}),
    Column.RETURNED: frozenset({Stage.RETURNED, Stage.COPY_RETURNED}),
    Column.ACCEPTED: frozenset({Stage.ACCEPTED, Stage.ARCHIVED}),
}
COLUMN_OF: dict[str, Column] = {stage: column for column, stages in STAGES.items() for stage in stages}
# The ring of the state pill that stands for the column.
RINGS = {
    Column.NOT_STARTED: "empty",
    Column.DRAFT: "draft",
    Column.AWAITING_COPY: "seal",
    Column.IN_REVIEW: "review",
    Column.RETURNED: "returned",
    Column.ACCEPTED: "passed",
}
