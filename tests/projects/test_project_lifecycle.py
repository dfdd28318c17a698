"""A project moves exactly by its table, for those who may, and a refusal says everything that is missing."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.enums import IndicatorKind, Means, ProjectStage
from projects.lifecycle.projects import PROJECT_LIFECYCLE, advance_project
from projects.models import Indicator, Measure, Project, ProjectStageChange
from projects.services import projects as services
from tests.factories import MembershipFactory, UserFactory
from tests.projects.factories import BodyFactory, FindingFactory, OrganisationFactory, ProjectFactory

MOVES = [move.name for move in PROJECT_LIFECYCLE]
ALLOWED = {
    ("proposed", "review"): "reviewed",
    ("reviewed", "start"): "running",
    ("running", "complete"): "completed",
    ("proposed", "stop"): "stopped",
    ("reviewed", "stop"): "stopped",
    ("running", "stop"): "stopped",
    ("stopped", "resume"): "running",
    ("completed", "evaluate"): "evaluated",
    ("stopped", "evaluate"): "evaluated",
}
NOTE = "2026年3月1日领导小组办公室会议评审通过"


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


def at(stage: str, community: Community, **fields: object) -> Project:
    """A project of that stage with everything that any move asks for."""
    project = ProjectFactory(
        community=community,
        stage=stage,
        finding=FindingFactory(diagnosis__community=community),
        groups=["older_people"],
        lead=OrganisationFactory(community=community),
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 6, 15),
        effect="老年人跌倒减少三成",
        **fields,
    )
    Measure.objects.create(project=project, means=Means.ENGINEERING, text="加装扶手")
    Indicator.objects.create(project=project, kind=IndicatorKind.OUTCOME, name="老年人跌倒人数", actual=14)
    ProjectStageChange.objects.create(
        project=project, move="review", from_stage="proposed", to_stage="reviewed", note=NOTE
    )
    ProjectStageChange.objects.create(
        project=project, move="start", from_stage="reviewed", to_stage="running"
    )
    return project


@pytest.mark.parametrize(("stage", "move"), list(itertools.product(ProjectStage.values, MOVES)))
def test_exactly_the_moves_of_the_table_are_possible(
    stage: str, move: str, administrator: User, community: Community
) -> None:
    project = at(stage, community)
    expected = ALLOWED.get((stage, move))
    if expected is None:
        with pytest.raises(Refused) as refused:
            advance_project(project, move, by=administrator, note=NOTE)
        assert refused.value.codes == ["stage"]
        assert Project.objects.get(pk=project.pk).stage == stage
        assert project.stage_changes.count() == 2
    else:
        assert advance_project(project, move, by=administrator, note=NOTE).stage == expected
        assert Project.objects.get(pk=project.pk).stage == expected
        change = project.stage_changes.last()
        assert (change.move, change.from_stage, change.to_stage, change.by) == (
            move,
            stage,
            expected,
            administrator,
        )
        entry = AuditEntry.objects.get(action=f"project.{move}")
        assert entry.changes == {"stage": [stage, expected]}


RECORDERS = {"li", "administrator", "clerk"}
REVIEWERS = {"li", "administrator"}
PEOPLE = (
    "li",
    "clerk",
    "wang",
    "zhao",
    "expert",
    "stranger",
    "office",
    "leadership",
    "administrator",
)


@pytest.fixture
def clerk(community: Community) -> User:
    user = UserFactory(name="钱")
    MembershipFactory(user=user, community=community, role__code=RoleCode.COMMUNITY_CLERK)
    return user


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("stage", "move"), list(ALLOWED))
def test_a_move_is_for_those_who_hold_its_permission(
    stage: str, move: str, who: str, request: pytest.FixtureRequest, community: Community
) -> None:
    user: User = request.getfixturevalue(who)
    may = REVIEWERS if move in {"review", "evaluate"} else RECORDERS
    project = at(stage, community)
    if who in may:
        assert advance_project(project, move, by=user, note=NOTE).stage == ALLOWED[stage, move]
    else:
        with pytest.raises(PermissionDenied):
            advance_project(project, move, by=user, note=NOTE)


MISSING = {
    ("proposed", "review"): ["no_title", "no_finding", "no_group", "note_missing"],
    ("reviewed", "start"): ["no_measure", "no_lead", "no_start"],
    ("running", "complete"): ["no_end"],
    ("running", "stop"): ["note_missing"],
    ("stopped", "resume"): ["never_reviewed", "no_measure", "no_lead", "no_start"],
    ("completed", "evaluate"): ["no_effect", "no_outcome"],
}


@pytest.mark.parametrize(("stage", "move"), list(MISSING))
def test_a_refusal_carries_all_its_reasons(stage: str, move: str, li: User, community: Community) -> None:
    project = ProjectFactory(community=community, stage=stage, title=" ")
    with pytest.raises(Refused) as refused:
        advance_project(project, move, by=li, note="  ")
    assert refused.value.codes == MISSING[stage, move]
    assert AuditEntry.objects.filter(action=f"project.{move}").count() == 0


def test_a_background_stands_for_a_finding_that_is_not_there_yet(li: User, community: Community) -> None:
    project = ProjectFactory(community=community, background="2025年跌倒42人", groups=["older_people"])
    assert advance_project(project, "review", by=li, note=NOTE).stage == "reviewed"


def test_a_project_group_leads_as_well_as_an_organisation(li: User, community: Community) -> None:
    project = at("reviewed", community)
    Project.objects.filter(pk=project.pk).update(lead=None)
    with pytest.raises(Refused) as refused:
        advance_project(project, "start", by=li)
    assert refused.value.codes == ["no_lead"]
    Project.objects.filter(pk=project.pk).update(body=BodyFactory(community=community))
    assert advance_project(project, "start", by=li).stage == "running"


def test_a_project_is_not_completed_before_its_last_day(li: User, community: Community) -> None:
    project = at("running", community)
    with clock.frozen("2026-06-14"), pytest.raises(Refused) as refused:
        advance_project(project, "complete", by=li)
    assert refused.value.codes == ["end_to_come"]
    assert advance_project(project, "complete", by=li).stage == "completed"


@pytest.mark.parametrize("kind", [IndicatorKind.PROCESS, IndicatorKind.REACH])
def test_a_figure_of_process_or_reach_is_no_outcome(
    kind: IndicatorKind, li: User, community: Community
) -> None:
    project = at("completed", community)
    project.indicators.update(kind=kind)
    with pytest.raises(Refused) as refused:
        advance_project(project, "evaluate", by=li)
    assert refused.value.codes == ["no_outcome"]


def test_zero_is_an_outcome_and_an_empty_figure_is_none(li: User, community: Community) -> None:
    project = at("completed", community)
    project.indicators.update(actual=None)
    with pytest.raises(Refused):
        advance_project(project, "evaluate", by=li)
    project.indicators.update(actual=0)
    assert advance_project(project, "evaluate", by=li).stage == "evaluated"


def test_an_outcome_that_could_not_be_measured_is_explained(li: User, community: Community) -> None:
    project = at("stopped", community)
    project.indicators.all().delete()
    Project.objects.filter(pk=project.pk).update(no_outcome_because="项目中止过早，未形成可比数据")
    assert advance_project(project, "evaluate", by=li).stage == "evaluated"


def test_of_two_who_press_at_once_the_second_is_refused(li: User, community: Community) -> None:
    first = at("proposed", community)
    second = Project.objects.get(pk=first.pk)
    advance_project(first, "review", by=li, note=NOTE)
    with pytest.raises(Refused) as refused:
        advance_project(second, "review", by=li, note=NOTE)
    assert refused.value.codes == ["stage"]


def test_whoever_edits_while_somebody_moves_the_project_is_told(li: User, community: Community) -> None:
    project = at("proposed", community)
    advance_project(Project.objects.get(pk=project.pk), "review", by=li, note=NOTE)
    with pytest.raises(Refused) as refused:
        services.change(project=project, fields={"title": "别的"}, seen="1", by=li)
    assert refused.value.codes == ["stale"]


def test_an_unknown_move_is_a_programming_error(li: User, community: Community) -> None:
    with pytest.raises(LookupError):
        advance_project(at("proposed", community), "fly", by=li)


def test_what_is_missing_stands_on_the_page_before_anybody_presses(
    client: Client, li: User, community: Community
) -> None:
    client.force_login(li)
    project = ProjectFactory(community=community)
    address = reverse("projects:project_move", args=[community.pk, project.pk, "review"])
    page = client.get(address)
    assert [reason.code for reason in page.context["in_the_way"]] == ["no_finding", "no_group"]
    answer = client.post(address, {"note": ""})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["__all__"]) == 2
    assert len(answer.context["form"].errors["note"]) == 1


def test_a_note_typed_for_a_refused_move_stays_in_the_form(
    client: Client, li: User, community: Community
) -> None:
    client.force_login(li)
    project = ProjectFactory(community=community)
    address = reverse("projects:project_move", args=[community.pk, project.pk, "review"])
    assert NOTE in client.post(address, {"note": NOTE}).content.decode()
    Project.objects.filter(pk=project.pk).update(background="有记录", groups=["children"])
    assert client.post(address, {"note": NOTE}).status_code == 302
    page = client.get(reverse("projects:project", args=[community.pk, project.pk]))
    assert [move["name"] for move in page.context["moves"]] == ["start", "stop"]
    assert NOTE in page.content.decode()


def test_a_clerk_is_offered_no_review_and_refused_one(
    client: Client, clerk: User, community: Community
) -> None:
    client.force_login(clerk)
    project = at("proposed", community)
    page = client.get(reverse("projects:project", args=[community.pk, project.pk]))
    assert [move["name"] for move in page.context["moves"]] == ["stop"]
    address = reverse("projects:project_move", args=[community.pk, project.pk, "review"])
    assert client.post(address, {"note": NOTE}).status_code == 403


def test_there_is_no_page_for_a_move_nobody_knows(client: Client, li: User, community: Community) -> None:
    client.force_login(li)
    project = ProjectFactory(community=community)
    assert (
        client.get(reverse("projects:project_move", args=[community.pk, project.pk, "fly"])).status_code
        == 404
    )
