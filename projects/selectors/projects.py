"""The promotion projects of a community: the list, the counter, one project with all that hangs on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Prefetch, QuerySet, TextField
from django.db.models.functions import Cast

from communities.models import Community
from core.clock import today
from core.paging import BothEndsPaginator
from projects.enums import (
    COUNTED_PROJECTS,
    Age,
    Area,
    Environment,
    Minimum,
    ProjectStage,
    TargetGroup,
)
from projects.models import Activity, Evidence, Finding, Project, YearlyMinimum

PER_PAGE = 20
# The newest of a long row of activities; the rest is on the page of activities.
ACTIVITIES_SHOWN = 30


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. Whatever is not a word of its list counts as nothing."""

    stage: str = ""
    area: str = ""
    age: str = ""
    environment: str = ""
    group: str = ""
    counted: bool = False

    @classmethod
    def read(cls, query: Any) -> Wanted:
        lists = {
            "stage": ProjectStage,
            "area": Area,
            "age": Age,
            "environment": Environment,
            "group": TargetGroup,
        }
        known = {
            name: value for name, words in lists.items() if (value := query.get(name, "")) in words.values
        }
        return cls(counted=query.get("counted") == "1", **known)

    @property
    def cell(self) -> list[str]:
        """Whom and where, in words, when a cell of the matrix led here."""
        chosen = ((Age, self.age), (Environment, self.environment), (TargetGroup, self.group))
        return [str(words(value).label) for words, value in chosen if value]


def counted(rows: QuerySet[Project], year: int) -> QuerySet[Project]:
    """What counts towards the number asked for, on every page: one that only begins after the year does not."""
    return rows.filter(stage__in=COUNTED_PROJECTS).exclude(starts_on__gt=dt.date(year, 12, 31))


def projects_of(community: Community, wanted: Wanted | None = None) -> QuerySet[Project]:
    wanted = wanted or Wanted()
    rows: QuerySet[Project] = Project.objects.filter(community=community).select_related(
        "finding", "lead", "body"
    )
    if wanted.stage:
        rows = rows.filter(stage=wanted.stage)
    if wanted.counted:
        rows = counted(rows, today().year)
    if wanted.area:
        rows = rows.filter(area=wanted.area)
    for field, code in (
        ("ages", wanted.age),
        ("environments", wanted.environment),
        ("groups", wanted.group),
    ):
        if code:
            rows = _holding(rows, field, code)
    return rows.order_by("-pk")


def _holding(rows: QuerySet[Project], field: str, code: str) -> QuerySet[Project]:
    """Lists of codes are JSON; SQLite cannot look into them, both can look for a word in quotation marks."""
    return rows.alias(**{f"{field}_text": Cast(field, TextField())}).filter(
        **{f"{field}_text__contains": f'"{code}"'}
    )


def projects_page(rows: QuerySet[Project], number: str | None) -> Page[Project]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


@dataclass(frozen=True)
class Counter:
    """How many there are beside how many are asked for. A shortfall warns and forbids nothing."""

    done: int
    minimum: YearlyMinimum | None

    @property
    def lacking(self) -> int:
        return max(self.minimum.least - self.done, 0) if self.minimum else 0


def projects_by_stage(community: Community) -> dict[str, int]:
    rows = Project.objects.filter(community=community).order_by()
    return dict(rows.values_list("stage").annotate(number=Count("pk")))


def project_counter(community: Community) -> Counter:
    """Of this year, as the home of the community counts it."""
    minimum = YearlyMinimum.objects.filter(code=Minimum.PROJECTS, is_on=True).first()
    return Counter(counted(Project.objects.filter(community=community), today().year).count(), minimum)


def project_with_parts(community: Community) -> QuerySet[Project]:
    """For the page of one project: everything on it in as many questions, however much there is."""
    return (
        Project.objects.filter(community=community)
        .select_related("finding__diagnosis", "lead", "body")
        .prefetch_related(
            "partners",
            "measures",
            "indicators",
            "reviews",
            "stage_changes__by",
            Prefetch("evidence", Evidence.objects.select_related("file").order_by("-happened_on", "-pk")),
            Prefetch(
                "activities", Activity.objects.order_by("-on", "-pk")[:ACTIVITIES_SHOWN], to_attr="newest"
            ),
        )
    )


def finding_of(community: Community, number: int) -> Finding | None:
    return Finding.objects.filter(community=community, pk=number).first()
