"""Recording a promotion project and what hangs on it: measures, indicators, half-yearly reviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.errors import Reason, Refused
from projects.models import Indicator, Measure, Project, ProjectReview
from projects.services import records

Part = Measure | Indicator | ProjectReview
# How the trail calls what hangs on a project.
PARTS: Mapping[type[Part], str] = {
    Measure: "measure",
    Indicator: "indicator",
    ProjectReview: "project_review",
}
# What may not occur twice in one project, and what is said when it does.
ONCE: Mapping[type[Part], tuple[tuple[str, ...], Reason]] = {
    Indicator: (
        ("name",),
        Reason(_("The project already has an indicator of this name."), "twice", "name"),
    ),
    ProjectReview: (
        ("year", "half"),
        Reason(_("This half-year has been reviewed already; change that review."), "twice", "half"),
    ),
}
TOO_LONG = Reason(_("A project is not longer than twenty years."), code="too_long", field="ends_on")
LONGEST_YEARS = 20


@transaction.atomic
def propose(*, community: Community, fields: Mapping[str, Any], form_key: str = "", by: Any) -> Project:
    """A form sent twice is one project."""
    records.may_record(by, community)
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    known = Project.objects.filter(community=community, form_key=form_key).first() if form_key else None
    if known is not None:
        return known
    plain, many = _apart(community, fields)
    project = Project(community=community, form_key=form_key, **plain)
    return records.add(project, owner=community, action="project.add", many=many, by=by)


@transaction.atomic
def change(*, project: Project, fields: Mapping[str, Any], seen: str | None, by: Any) -> Project:
    plain, many = _apart(project.community, fields)
    return records.change(
        project,
        owner=project.community,
        fields=plain,
        many=many,
        seen=seen,
        action="project.change",
        by=by,
    )


def _apart(community: Community, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What another community owns is refused here too, not only by the lists of the form."""
    plain = dict(fields)
    many = {"partners": list(plain.pop("partners"))} if "partners" in plain else {}
    pointed_at = [plain.get(name) for name in ("finding", "body", "lead")] + many.get("partners", [])
    refuse_foreign(community, pointed_at)
    starts, ends = plain.get("starts_on"), plain.get("ends_on")
    if starts and ends and ends.year - starts.year > LONGEST_YEARS:
        raise Refused(TOO_LONG)
    return plain, many


def refuse_foreign(community: Community, things: list[Any]) -> None:
    if any(thing is not None and thing.community_id != community.pk for thing in things):
        raise Refused(Reason(_("This belongs to another community."), code="foreign"))


@transaction.atomic
def add_part(*, project: Project, model: type[Part], fields: Mapping[str, Any], by: Any) -> Part:
    """The same words sent twice are one row."""
    records.may_record(by, project.community)
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    known = model.objects.filter(project=project, **fields).first()
    if known is not None:
        return known
    _refuse_twice(model(project=project, **fields))
    return records.add(
        model(project=project, **fields), owner=project.community, action=f"{PARTS[model]}.add", by=by
    )


@transaction.atomic
def change_part(*, part: Part, fields: Mapping[str, Any], seen: str | None, by: Any) -> Part:
    project = Project.objects.select_for_update(of=("self",)).get(pk=part.project_id)
    _refuse_twice(type(part)(pk=part.pk, project=project, **fields))
    return records.change(
        part,
        owner=project.community,
        fields=fields,
        seen=seen,
        action=f"{PARTS[type(part)]}.change",
        by=by,
    )


def remove_part(*, part: Part, by: Any) -> None:
    records.remove(part, owner=part.project.community, action=f"{PARTS[type(part)]}.remove", by=by)


def _refuse_twice(part: Part) -> None:
    fields, reason = ONCE.get(type(part), ((), None))
    if reason is None:
        return
    same = {field: getattr(part, field) for field in fields}
    others = type(part).objects.filter(project=part.project_id, **same).exclude(pk=part.pk)
    if others.exists():
        raise Refused(reason)
