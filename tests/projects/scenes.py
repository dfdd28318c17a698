"""One of everything in a community's safety work, and one more of it."""

import datetime as dt
from itertools import count

from communities.models import Community
from projects.models import Activity, Body, Evidence, Finding, Project, ReportRule, YearlyMinimum
from tests.projects.factories import (
    ActivityFactory,
    BodyFactory,
    DecisionFactory,
    EmergencyPlanFactory,
    EvidenceFactory,
    FindingFactory,
    FundEntryFactory,
    NewsItemFactory,
    OrganisationFactory,
    PeriodReportFactory,
    PlanFactory,
    ProjectFactory,
    ResidentSurveyFactory,
    ResponsibilityLetterFactory,
    SafetyWorkFactory,
    SeatFactory,
    ShortcomingFactory,
    VenueFactory,
)

number = count(1)


def things_of_the_work(community: Community) -> dict[str, object]:
    """What the addresses of the safety work name, all of this community."""
    SafetyWorkFactory(community=community)
    finding = FindingFactory(diagnosis__community=community)
    project = ProjectFactory(community=community, finding=finding)
    seat = SeatFactory(body__community=community)
    decision = DecisionFactory(activity__community=community)
    plan = PlanFactory(community=community)
    goal = plan.goals.create(
        community=community, horizon="yearly", year_from=2026, year_to=2026, title="少跌倒", target=20
    )
    return {
        "finding_id": finding.pk,
        "diagnosis_id": finding.diagnosis_id,
        "project_id": project.pk,
        "move": "review",
        "part": "measures",
        "part_id": project.measures.create(means="service", text="上门服务").pk,
        "kind": "project",
        "thing_id": project.pk,
        "evidence_id": EvidenceFactory(community=community).pk,
        "survey_id": ResidentSurveyFactory(community=community).pk,
        "activity_id": decision.activity_id,
        "decision_id": decision.pk,
        "body_id": seat.body_id,
        "seat_id": seat.pk,
        "organisation_id": seat.organisation_id,
        "letter_id": ResponsibilityLetterFactory(community=community).pk,
        "template": "jinjiang-2014",
        "register": "plans",
        "row_id": EmergencyPlanFactory(community=community).pk,
        "news_id": NewsItemFactory(community=community).pk,
        "report_id": PeriodReportFactory(community=community).pk,
        "plan_id": plan.pk,
        "stage_id": plan.stages.create(title="启动", planned_to="2026-03-31").pk,
        "goal_id": goal.pk,
        "shortcoming_id": ShortcomingFactory(community=community).pk,
        "step": "close",
        "fund_id": FundEntryFactory(community=community).pk,
        "venue_id": VenueFactory(community=community).pk,
        "authority_id": community.supervisor_id,
        "rule_id": ReportRule.objects.earliest("pk").pk,
        "minimum_id": YearlyMinimum.objects.earliest("pk").pk,
    }


def one_more_of_the_work(community: Community) -> None:
    """A row of every kind, some of them hanging on what is there already."""
    evidence = EvidenceFactory(community=community)
    organisation = OrganisationFactory(community=community)
    body = Body.objects.filter(community=community).first() or BodyFactory(community=community)
    body.seats.create(role="support", organisation=organisation)
    SeatFactory(body__community=community)
    finding = FindingFactory(diagnosis__community=community)
    for project in (
        Project.objects.filter(community=community).order_by("pk").first(),
        ProjectFactory(
            community=community, finding=finding, stage="running", ages=["65+"], lead=organisation
        ),
    ):
        if project is not None:
            _hang_on(project, evidence)
    activity = Activity.objects.filter(community=community).order_by("pk").first()
    if activity is not None:
        activity.evidence.add(evidence)
        activity.decisions.create(text=f"议定事项{next(number)}", organisation=organisation)
    FindingFactory(diagnosis=Finding.objects.filter(community=community).earliest("pk").diagnosis)
    _one_more_elsewhere(community)


def _hang_on(project: Project, evidence: Evidence) -> None:
    project.measures.create(means="service", text=f"措施{next(number)}")
    project.indicators.create(kind="process", name=f"指标{next(number)}")
    project.reviews.create(year=1900 + next(number), half=1, progress="进展")
    project.evidence.add(evidence)
    ActivityFactory(community=project.community, project=project)


def _one_more_elsewhere(community: Community) -> None:
    turn = next(number)
    ResidentSurveyFactory(community=community)
    ResponsibilityLetterFactory(community=community)
    venue = VenueFactory(community=community)
    for owner in ({"community": community}, {"community": None, "authority": community.supervisor}):
        entry = FundEntryFactory(**owner)
        entry.evidence.add(EvidenceFactory(**owner))
    _one_more_shortcoming(community, venue=venue, post="物业经理", due_on=dt.date(2026, 3, 10))
    _one_more_shortcoming(community, source="indicator", element="risks")
    EmergencyPlanFactory(community=community)
    NewsItemFactory(community=community).evidence.add(EvidenceFactory(community=community))
    PeriodReportFactory(community=community, period_from=dt.date(1990, 1, 1) + dt.timedelta(days=turn))
    plan = PlanFactory(community=community)
    plan.stages.create(title="阶段", planned_to="2026-06-30")
    community.safety_goals.create(
        horizon="yearly", year_from=2026, year_to=2026, title=f"目标{turn}", target=turn, plan=plan
    )


def _one_more_shortcoming(community: Community, **fields: object) -> None:
    """With files on both sides, and one more of each beside the first that there was."""
    organisation = OrganisationFactory(community=community)
    made = ShortcomingFactory(community=community, organisation=organisation, **fields)
    first = community.venues.order_by("pk").first()
    ShortcomingFactory(community=community, venue=first, post="店长")
    for shortcoming in (made, community.shortcomings.order_by("pk").first()):
        shortcoming.before.add(EvidenceFactory(community=community))
        shortcoming.after.add(EvidenceFactory(community=community))
        shortcoming.stage_changes.create(move="assign", from_stage="found", to_stage="assigned")
