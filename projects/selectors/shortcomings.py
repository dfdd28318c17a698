"""The register of shortcomings: what is open, overdue, waits to be verified; of one community and of many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Permission
from communities.enums import REACHING, Standing
from communities.models import Authority, Community
from core.clock import today
from core.dates import format_moment
from core.duties import DutyCard
from core.paging import BothEndsPaginator
from projects.enums import INSPECTED, ShortcomingKind, ShortcomingSource, ShortcomingStage
from projects.models import Activity, Evidence, SafetyWork, Shortcoming, ShortcomingStageChange

PER_PAGE = 30
# On the page of one inspection.
MOST_ENTERED = 100
# What an authority found stands as it wrote it; who rectifies it, and how, is the community's to say.
OF_THE_AUTHORITY = (
    "source",
    "kind",
    "description",
    "place",
    "found_on",
    "due_on",
    "element",
    "activity",
    "accountability",
)
TO_RECTIFY = (ShortcomingStage.FOUND, ShortcomingStage.ASSIGNED)
OPEN = ~Q(stage=ShortcomingStage.CLOSED)
STATES = {
    "open": gettext_lazy("Open (shortcomings)"),
    "overdue": gettext_lazy("Overdue (shortcomings)"),
    "rectified": gettext_lazy("To be verified"),
    "closed": gettext_lazy("Closed (shortcomings)"),
}
_TAGS = {
    ShortcomingStage.FOUND: "draft",
    ShortcomingStage.ASSIGNED: "review",
    ShortcomingStage.RECTIFIED: "sent",
    ShortcomingStage.CLOSED: "passed",
}


def overdue() -> Q:
    """What nobody has said to be rectified and whose day is over."""
    return Q(stage__in=TO_RECTIFY, due_on__lt=today())


def _of_state(state: str) -> Q:
    return {
        "open": OPEN,
        "overdue": overdue(),
        "rectified": Q(stage=ShortcomingStage.RECTIFIED),
        "closed": Q(stage=ShortcomingStage.CLOSED),
    }.get(state, Q())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. Whatever is not a word of its list counts as nothing."""

    state: str = ""
    kind: str = ""
    source: str = ""

    @classmethod
    def read(cls, query: Any) -> Wanted:
        lists = {"state": STATES, "kind": ShortcomingKind.values, "source": ShortcomingSource.values}
        return cls(
            **{name: value for name, words in lists.items() if (value := query.get(name, "")) in words}
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A shortcoming in a list, with the kind and the word of its tag."""

    row: Shortcoming
    tag: str
    word: str

    @property
    def who(self) -> str:
        return " · ".join(str(one) for one in (self.row.organisation, self.row.body, self.row.post) if one)


def line_of(row: Shortcoming) -> Line:
    if row.stage in TO_RECTIFY and row.due_on is not None and row.due_on < today():
        return Line(row, "late", _("overdue (shortcoming)"))
    return Line(row, _TAGS[ShortcomingStage(row.stage)], str(row.get_stage_display()))


def shortcomings_of(community: Community, wanted: Wanted | None = None) -> QuerySet[Shortcoming]:
    """What waits longest first: open by its day, then what is closed, the latest first."""
    wanted = wanted or Wanted()
    rows: QuerySet[Shortcoming] = Shortcoming.objects.filter(_of_state(wanted.state), community=community)
    for field in ("kind", "source"):
        if value := getattr(wanted, field):
            rows = rows.filter(**{field: value})
    closed = Case(When(OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.select_related("organisation", "body", "venue", "authority").alias(is_closed=closed)
    return rows.order_by("is_closed", F("due_on").asc(nulls_last=True), "-found_on", "-pk")


def page_of(rows: QuerySet[Shortcoming], number: str | None) -> Page[Any]:
    page = BothEndsPaginator(rows, PER_PAGE).get_page(number)
    page.object_list = [line_of(row) for row in page.object_list]
    return page


def with_parts(community: Community) -> QuerySet[Shortcoming]:
    """For the page of one: everything on it in as many questions, however much there is."""
    files = Evidence.objects.select_related("file", "thumbnail").order_by("pk")
    rows = Shortcoming.objects.filter(community=community).select_related(
        "organisation", "body", "venue", "authority", "activity", "created_by"
    )
    return rows.prefetch_related(Prefetch("before", files), Prefetch("after", files))


_STEPS = {
    "assign": gettext_lazy("Given to who rectifies it"),
    "rectify": gettext_lazy("Said to be rectified"),
    "close": gettext_lazy("Verified and closed"),
    "give_back": gettext_lazy("Given back"),
    "reopen": gettext_lazy("Opened again"),
    "postpone": gettext_lazy("Day moved later"),
}


def timeline(shortcoming: Shortcoming) -> list[dict[str, str]]:
    """Entries for ``components/timeline.html``."""
    steps = shortcoming.stage_changes.select_related("by").order_by("at", "pk")
    return [
        {
            "title": str(_STEPS[step.move.removesuffix("_above")]),
            "state": "done",
            "when": f"{format_moment(step.at)}　{step.by or ''}".strip(),
            "note": step.note,
        }
        for step in steps
    ]


def entered_from(activity: Activity) -> list[Line] | None:
    """What an inspection or a drill found, in whichever communities; None for what finds nothing."""
    if activity.kind not in INSPECTED:
        return None
    rows = activity.entered_shortcomings.select_related(
        "community", "organisation", "body", "venue", "authority"
    )
    return [line_of(row) for row in rows.order_by("pk")[:MOST_ENTERED]]


def recording_below(authority: Authority) -> QuerySet[Community]:
    """The communities below this authority that record their work here."""
    works = SafetyWork.objects.values("community")
    below = Community.objects.filter(supervisor__path__startswith=authority.path, pk__in=works)
    return below.exclude(standing=Standing.MERGED).order_by("city_name", "name_zh", "pk")


@dataclass(frozen=True, slots=True)
class Tally:
    """``open``: not closed, gaps against indicators among them; ``overdue`` and ``to_verify`` are parts of it."""

    open: int = 0
    overdue: int = 0
    to_verify: int = 0
    gaps: int = 0


def tallies_of(community_ids: Collection[int]) -> dict[int, Tally]:
    """One question, however many communities; who has none has zeros."""
    rows = Shortcoming.objects.filter(OPEN, community__in=community_ids).order_by()
    found = rows.values("community").annotate(
        open=Count("pk"),
        overdue=Count("pk", filter=overdue()),
        to_verify=Count("pk", filter=_of_state("rectified")),
        gaps=Count("pk", filter=Q(source=ShortcomingSource.INDICATOR)),
    )
    counted: dict[Any, Tally] = {}
    for row in found:
        numbers: dict[str, Any] = dict(row)
        key = numbers.pop("community")
        counted[key] = Tally(**numbers)
    return {key: counted.get(key, Tally()) for key in community_ids}


def tally_of(community: Community) -> Tally:
    return tallies_of([community.pk])[community.pk]


def duty_cards(user: Any) -> list[DutyCard]:
    """For each own community a card of what is overdue, by the day that passed first, and one of what waits."""
    return [*_overdue_cards(user), *_waiting_cards(user)]


def _overdue_cards(user: Any) -> list[DutyCard]:
    member = {"community__memberships__user": user, "community__memberships__state__in": REACHING}
    codes = F("community__memberships__role__permissions")
    rows = Shortcoming.objects.filter(overdue(), **member).order_by().annotate(codes=codes)
    found = rows.values("community_id", "community__name_zh", "community__name_en", "codes").annotate(
        number=Count("pk"), since=Min("due_on")
    )
    return [_card(dict(row)) for row in found if Permission.WORK_RECORD in row["codes"]]


def _waiting_cards(user: Any) -> list[DutyCard]:
    """What this person may verify; what an authority entered, and what was rectified by oneself, others do."""
    member = {"community__memberships__user": user, "community__memberships__state__in": REACHING}
    steps = ShortcomingStageChange.objects.filter(shortcoming=OuterRef("pk"), move="rectify")
    rows = Shortcoming.objects.filter(stage=ShortcomingStage.RECTIFIED, authority__isnull=True, **member)
    rows = rows.alias(said_by=Subquery(steps.order_by("-at", "-pk").values("by")[:1]))
    rows = rows.exclude(said_by=user.pk).order_by()
    found = rows.annotate(codes=F("community__memberships__role__permissions"))
    counted = found.values("community_id", "community__name_zh", "community__name_en", "codes").annotate(
        number=Count("pk")
    )
    return [_waiting_card(dict(row)) for row in counted if Permission.WORK_REVIEW in row["codes"]]


def _waiting_card(row: dict[str, Any]) -> DutyCard:
    number = row["number"]
    title = ngettext(
        "%(n)d rectified shortcoming to be verified", "%(n)d rectified shortcomings to be verified", number
    )
    return DutyCard(
        over=_community_of(row).name,
        title=title % {"n": number},
        url=f"{reverse('projects:shortcomings', args=[row['community_id']])}?state=rectified",
        action=_("Look at them"),
        due_on=None,
        tag="sent",
        word=_("To be verified"),
    )


def _community_of(row: dict[str, Any]) -> Community:
    return Community(name_zh=row["community__name_zh"], name_en=row["community__name_en"])


def _card(row: dict[str, Any]) -> DutyCard:
    number = row["number"]
    title = ngettext("%(n)d shortcoming to be rectified", "%(n)d shortcomings to be rectified", number)
    return DutyCard(
        over=_community_of(row).name,
        title=title % {"n": number},
        url=f"{reverse('projects:shortcomings', args=[row['community_id']])}?state=overdue",
        action=_("Look at them"),
        due_on=row["since"],
        tag="late",
        word=_("overdue (shortcoming)"),
    )
