"""The table of moves of a safety promotion project, and the one function that changes its stage.

待评审 → 已评审 → 实施中 → 已完成 / 已中止 → 已评估. Source: 渝办发〔2010〕93号 (projects are reviewed),
成都市锦江区 2014 (projects are evaluated).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from core.clock import today
from core.errors import Reason, Refused
from core.workflow import Move, Workflow
from projects.enums import IndicatorKind, ProjectStage
from projects.models import Project, ProjectStageChange


def title_is_there(project: Project) -> Reason | None:
    return None if project.title.strip() else Reason(_("The project has no title yet."), code="no_title")


def area_is_there(project: Project) -> Reason | None:
    return None if project.area else Reason(_("The project has no area yet."), code="no_area")


def reason_is_there(project: Project) -> Reason | None:
    """Each project points to a finding (成都市锦江区 2014); one begun before any diagnosis says its background."""
    if project.finding_id or project.background.strip():
        return None
    sentence = _("Name the finding that the project answers, or write down the problem and its baseline.")
    return Reason(sentence, code="no_finding")


def target_group_is_there(project: Project) -> Reason | None:
    return (
        None if project.groups else Reason(_("Say for whom the project is: a target group."), code="no_group")
    )


def measure_is_there(project: Project) -> Reason | None:
    if project.measures.exists():
        return None
    return Reason(_("The project has no measure yet."), code="no_measure")


def somebody_leads(project: Project) -> Reason | None:
    if project.lead_id or project.body_id:
        return None
    return Reason(_("Name who leads the project: an organisation or a project group."), code="no_lead")


def start_day_is_there(project: Project) -> Reason | None:
    return (
        None
        if project.starts_on
        else Reason(_("The day on which the project starts is missing."), "no_start")
    )


def end_day_has_come(project: Project) -> Reason | None:
    if project.ends_on is None:
        return Reason(_("The day on which the project ended is missing."), code="no_end")
    if project.ends_on > today():
        return Reason(_("The day on which the project ends is still to come."), code="end_to_come")
    return None


def was_reviewed(project: Project) -> Reason | None:
    """Stopping and resuming is no way round the review."""
    if project.stage_changes.filter(move="review").exists():
        return None
    sentence = _("This project was stopped before its review. Record it as a new one.")
    return Reason(sentence, code="never_reviewed")


def has_run(project: Project) -> Reason | None:
    """What was stopped before it began has done nothing that could be evaluated, and is not counted as a project."""
    if project.stage != ProjectStage.STOPPED or project.stage_changes.filter(move="start").exists():
        return None
    return Reason(
        _("This project was stopped before it began: there is nothing to evaluate."), code="never_ran"
    )


def effect_is_there(project: Project) -> Reason | None:
    return None if project.effect.strip() else Reason(_("The effect is not written yet."), code="no_effect")


def outcome_is_known(project: Project) -> Reason | None:
    """A figure that was reached, or a sentence of its own why there is none: silence is no evaluation."""
    reached = project.indicators.filter(kind=IndicatorKind.OUTCOME, actual__isnull=False)
    if project.no_outcome_because.strip() or reached.exists():
        return None
    sentence = _(
        "No indicator of outcome has a figure reached. Enter one, or say why none could be measured."
    )
    return Reason(sentence, code="no_outcome")


UNDER_WAY = (measure_is_there, somebody_leads, start_day_is_there)

PROJECT_LIFECYCLE = Workflow(
    (
        Move(
            "review",
            frozenset({ProjectStage.PROPOSED}),
            ProjectStage.REVIEWED,
            Permission.WORK_REVIEW,
            (title_is_there, area_is_there, reason_is_there, target_group_is_there),
        ),
        Move(
            "start",
            frozenset({ProjectStage.REVIEWED}),
            ProjectStage.RUNNING,
            Permission.WORK_RECORD,
            UNDER_WAY,
        ),
        Move(
            "complete",
            frozenset({ProjectStage.RUNNING}),
            ProjectStage.COMPLETED,
            Permission.WORK_RECORD,
            (end_day_has_come,),
        ),
        Move(
            "stop",
            frozenset({ProjectStage.PROPOSED, ProjectStage.REVIEWED, ProjectStage.RUNNING}),
            ProjectStage.STOPPED,
            Permission.WORK_RECORD,
        ),
        Move(
            "resume",
            frozenset({ProjectStage.STOPPED}),
            ProjectStage.RUNNING,
            Permission.WORK_RECORD,
            (was_reviewed, *UNDER_WAY),
        ),
        Move(
            "evaluate",
            frozenset({ProjectStage.COMPLETED, ProjectStage.STOPPED}),
            ProjectStage.EVALUATED,
            Permission.WORK_REVIEW,
            (has_run, effect_is_there, outcome_is_known),
        ),
    )
)

# Moves that say something, and what is missing when they say nothing.
NOTES = {
    "review": Reason(
        _("Name the body that reviewed the project and the day."), code="note_missing", field="note"
    ),
    "stop": Reason(_("Say why the project is stopped."), code="note_missing", field="note"),
}


def refusals_of(project: Project, move_name: str, note: str = "") -> list[Reason]:
    """Everything that forbids the move now, the missing note among it."""
    reasons = PROJECT_LIFECYCLE.find(move_name).refusals(project)
    if [reason.code for reason in reasons] == ["stage"]:
        return reasons
    if move_name in NOTES and not note.strip():
        reasons.append(NOTES[move_name])
    return reasons


@transaction.atomic
def advance_project(project: Project, move_name: str, *, by: Any | None, note: str = "") -> Project:
    """Make one move; the only place where a project's stage changes. ``by=None`` is the system.

    The row is locked, so of two people who press at once the second is refused. Raises Refused with every reason,
    PermissionDenied without the right, LookupError for an unknown move.
    """
    locked = (
        Project.objects.select_for_update(of=("self",))
        .select_related("community__supervisor")
        .get(pk=project.pk)
    )
    move = PROJECT_LIFECYCLE.find(move_name)
    if by is not None and not can(by, move.permission, locked.community):
        raise PermissionDenied(move.permission)
    if reasons := refusals_of(locked, move_name, note):
        raise Refused(reasons)
    before, locked.stage = locked.stage, move.to_stage
    locked.revision += 1
    locked.save(update_fields=["stage", "revision"])
    ProjectStageChange.objects.create(
        project=locked, move=move_name, from_stage=before, to_stage=locked.stage, by=by, note=note.strip()
    )
    audit.record(f"project.{move_name}", by=by, target=locked, changes={"stage": [before, locked.stage]})
    project.stage, project.revision = locked.stage, locked.revision
    return project
