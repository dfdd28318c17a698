"""What everybody may read of a community's safety work: its programmes, once it publishes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Permission
from communities.authz import can
from communities.models import Community
from core.navigation import PageLink
from projects.enums import COUNTED_PROJECTS, Age, Environment, TargetGroup
from projects.models import Project, SafetyWork

# Nothing of money, bodies or persons is read for the public.
SHOWN = ("pk", "title", "area", "stage", "ages", "environments", "groups", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class Programmes:
    """The projects under one heading of the international programme pages."""

    label: str
    projects: list[Project]


@dataclass(frozen=True, slots=True)
class PublicProgrammes:
    number: int
    by_age: list[Programmes]
    by_environment: list[Programmes]
    by_group: list[Programmes]


def is_public(community: Community) -> bool:
    return community.published and SafetyWork.objects.filter(community=community, is_published=True).exists()


def public_programmes(community: Community) -> PublicProgrammes:
    """One query; a project stands under every heading that it names."""
    rows = list(
        Project.objects.filter(community=community, stage__in=COUNTED_PROJECTS).only(*SHOWN).order_by("-pk")
    )
    return PublicProgrammes(
        number=len(rows),
        by_age=_by(rows, "ages", Age),
        by_environment=_by(rows, "environments", Environment),
        by_group=_by(rows, "groups", TargetGroup),
    )


def _by(rows: list[Project], field: str, choices: type[models.TextChoices]) -> list[Programmes]:
    found = (
        Programmes(str(label), [row for row in rows if code in getattr(row, field)])
        for code, label in choices.choices
    )
    return [one for one in found if one.projects]


def public_link(user: Any, community: Community) -> PageLink | None:
    if not is_public(community):
        return None
    return PageLink(_("Safety promotion projects"), reverse("projects:programmes", args=[community.pk]))


def work_link(user: Any, community: Community) -> PageLink | None:
    """For those who may read the whole work."""
    if not user.is_authenticated or not can(user, Permission.WORK_VIEW, community):
        return None
    return PageLink(_("Safety work"), reverse("projects:work", args=[community.pk]))
