"""The review queue: what waits for a decision, list by list, and the way from one response to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from communities.models import RegisterEntry
from communities.querysets import reach
from core.paging import KeyedPaginator
from surveys import figures
from surveys.enums import AWAITING_DECISION, ChangeState, Stage
from surveys.models import RegisterChange, Response

ROWS = 50


class QueueFilter(models.TextChoices):
    """The lists of the queue, in the order of their links: first everything, then by what there is to do."""

    AWAITING = "awaiting", _("Everything that waits")
    TO_CHECK = "to_check", _("Answers to check")
    NEW = "new", _("Sealed copies to review")
    IN_REVIEW = "in_review", _("Being reviewed")
    SECOND_LOOK = "second_look", _("Second look")
    MINE = "mine", _("Taken up by me")
    LATE = "late", _("Late")
    CHANGES = "changes", _("Differences to the register")


@dataclass(frozen=True, slots=True)
class Way:
    """The list that a reviewer works through; every address of the desk carries it on."""

    chosen: str = QueueFilter.AWAITING
    round_code: str = ""

    @property
    def query(self) -> str:
        """``?list=late&round=2024``, or nothing for the usual way."""
        given = {"list": self.chosen, "round": self.round_code}
        wanted = {key: value for key, value in given.items() if value and value != QueueFilter.AWAITING}
        return f"?{urlencode(wanted)}" if wanted else ""


def _conditions(user: Any) -> dict[str, Q]:
    awaiting = Q(stage__in=AWAITING_DECISION)
    open_change = RegisterChange.objects.filter(response=OuterRef("pk"), state=ChangeState.OPEN)
    return {
        QueueFilter.AWAITING: awaiting,
        QueueFilter.TO_CHECK: Q(stage=Stage.TO_CHECK),
        QueueFilter.NEW: Q(stage=Stage.UPLOADED),
        QueueFilter.IN_REVIEW: Q(stage=Stage.IN_REVIEW),
        QueueFilter.SECOND_LOOK: Q(stage=Stage.SECOND_LOOK),
        QueueFilter.MINE: Q(stage=Stage.IN_REVIEW, reviewer=user),
        QueueFilter.LATE: awaiting & Q(is_late=True),
        QueueFilter.CHANGES: Q(Exists(open_change)),
    }


def _waiting(user: Any, way: Way) -> QuerySet[Response]:
    """One list, the longest waiting first."""
    rows = Response.objects.visible_to(user).filter(_conditions(user)[way.chosen])
    if way.round_code:
        rows = rows.filter(round__code=way.round_code)
    return rows.order_by("waiting_since", "pk")


def queue(user: Any, way: Way, number: int | str | None, total: int | None = None) -> Page[Response]:
    """One page of one list, with what its rows show; ``total`` where its count is known."""
    numbers = RegisterEntry.objects.filter(
        community=OuterRef("community"), programme=OuterRef("round__programme")
    )
    changes = RegisterChange.objects.filter(response=OuterRef("pk"), state=ChangeState.OPEN)
    rows = Response.objects.select_related("community", "round", "reviewer").annotate(
        number=Subquery(numbers.values("number")[:1]),
        open_changes=Coalesce(
            Subquery(changes.order_by().values("response").annotate(count=Count("pk")).values("count")), 0
        ),
    )
    return KeyedPaginator(_waiting(user, way), ROWS, rows=rows, total=total).get_page(number)


def queue_counts(user: Any, round_code: str = "") -> dict[str, int]:
    """How many stand in each list: what waits in one query, the differences, which stay open later, in another."""
    rows = Response.objects.visible_to(user)
    if round_code:
        rows = rows.filter(round__code=round_code)
    conditions = _conditions(user)
    changes = rows.filter(conditions.pop(QueueFilter.CHANGES))
    waiting = rows.awaiting_decision()
    counts = waiting.aggregate(
        **{key: Count("pk", filter=condition) for key, condition in conditions.items()}
    )
    return {**counts, QueueFilter.CHANGES: changes.count()}


def waiting_count(user: Any) -> int:
    """The figure beside the word 审核 in the navigation."""
    if reach(user):
        return Response.objects.visible_to(user).awaiting_decision().count()
    return figures.waiting(AWAITING_DECISION)


def references_in_queue(user: Any, way: Way) -> list[str]:
    """What this reviewer can work through, in order: not what waits for somebody else's second look."""
    own_proposal = Q(stage=Stage.SECOND_LOOK, round__needs_second_look=True, reviewer=user)
    return list(_waiting(user, way).exclude(own_proposal).values_list("reference", flat=True))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a response stands in the queue; ``position`` is None once it has left it."""

    position: int | None
    total: int
    previous: str | None
    next: str | None


def place_in_queue(user: Any, reference: str, way: Way) -> Place:
    waiting = references_in_queue(user, way)
    if reference not in waiting:
        return Place(None, len(waiting), None, waiting[0] if waiting else None)
    index = waiting.index(reference)
    return Place(
        index + 1,
        len(waiting),
        waiting[index - 1] if index else None,
        waiting[index + 1] if index + 1 < len(waiting) else None,
    )


def next_after(before: list[str], reference: str, user: Any, way: Way) -> str | None:
    """The next one of the queue as it stood ``before``, skipping what colleagues decided meanwhile."""
    waiting = references_in_queue(user, way)
    later = before[before.index(reference) + 1 :] if reference in before else []
    return next((other for other in [*later, *waiting] if other in set(waiting) and other != reference), None)
