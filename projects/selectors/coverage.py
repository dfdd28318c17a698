"""Whom and what the promotion projects of a community reach, and where the gaps are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet

from communities.models import Community
from core.clock import today
from projects.enums import VULNERABLE, Age, Area, Environment, ProjectStage, TargetGroup
from projects.models import Finding, Project
from projects.selectors.projects import counted, projects_by_stage


@dataclass(frozen=True)
class Cell:
    """``query``: what narrows the list of projects to those behind the cell."""

    label: str
    count: int
    query: str


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Coverage:
    projects: int
    environments: list[str]
    ages: list[Row]
    groups: list[Cell]
    areas: list[Cell]

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.ages for cell in row.cells]

    @property
    def gaps(self) -> int:
        return sum(not cell.count for cell in (*self.cells, *self.groups, *self.areas))


def coverage(community: Community) -> Coverage:
    """Running, completed and evaluated projects; one question, however many there are."""
    rows = counted(Project.objects.filter(community=community), today().year).order_by("pk")
    return _counted(list(rows.values_list("area", "ages", "environments", "groups")))


def _counted(rows: list[tuple[str, list[str], list[str], list[str]]]) -> Coverage:
    crossed: Counter[tuple[str, str]] = Counter()
    groups: Counter[str] = Counter()
    areas: Counter[str] = Counter()
    for area, ages, environments, for_whom in rows:
        areas[area] += 1
        groups.update(set(for_whom))
        crossed.update(product(set(ages), set(environments)))
    return Coverage(
        projects=len(rows),
        environments=[str(label) for label in Environment.labels],
        ages=[
            Row(
                str(age.label),
                [
                    _cell(place.label, crossed[age.value, place.value], age=age, environment=place)
                    for place in Environment
                ],
            )
            for age in Age
        ],
        groups=[_cell(group.label, groups[group.value], group=group) for group in VULNERABLE],
        areas=[_cell(area.label, areas[area.value], area=area) for area in Area],
    )


def _cell(label: Any, count: int, **where: Age | Environment | TargetGroup | Area) -> Cell:
    query = urlencode({name: code.value for name, code in where.items()} | {"counted": "1"})
    return Cell(str(label), count, query)


def unanswered(community: Community) -> QuerySet[Finding]:
    """Findings that still hold and that no project answers; a project that was stopped answers nothing."""
    answers = Project.objects.filter(finding=OuterRef("pk")).exclude(stage=ProjectStage.STOPPED)
    held = Finding.objects.filter(community=community, settled_on__isnull=True)
    return held.exclude(Exists(answers)).order_by("kind", "pk")


def home_projects(community: Community) -> dict[str, Any]:
    """For the home page: the matrix, and what waits for somebody."""
    stages = projects_by_stage(community)
    ended = (ProjectStage.COMPLETED, ProjectStage.STOPPED)
    return {
        "to_review": stages.get(ProjectStage.PROPOSED, 0),
        "to_evaluate": sum(stages.get(stage, 0) for stage in ended),
        "matrix": coverage(community),
        "unanswered": unanswered(community).count(),
    }
