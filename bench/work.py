"""The safety work of 2,000 communities × 20 projects × 40 activities: queries, growth, and each page beside its floor.

Asked inside this process as in ``scale``; the floor is bare Django with the same rows under the same middleware.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import product

from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from bench import data
from bench.scale import Asked, ask_in_turns, client_of, reviewer
from communities.models import Authority, AuthorityPost, Community, Membership
from core.clock import today
from projects.enums import (
    ActivityKind,
    Age,
    Area,
    Environment,
    ProjectStage,
    ReportKind,
    ReportStage,
    TargetGroup,
)
from projects.models import Activity, PeriodReport, Project, SafetyWork

SMALL, LARGE = 200, 2_000
PROJECTS, ACTIVITIES, MONTHS = 20, 40, 12
IN_A_DISTRICT = 100  # at every size, so that its board shows as many rows
BATCH = 5_000
GROWTH = 1.15  # goal


@dataclass(frozen=True)
class Page:
    name: str
    client: Client
    address: str
    floor: str


def bench_work() -> None:
    print(f"\n{SMALL} and {LARGE} communities × {PROJECTS} projects × {ACTIVITIES} activities, one process")
    print(f"{'page':<30}{'queries':>12}{'ms':>18}{'growth':>9}{'floor ms':>10}{'ratio':>8}")
    found = {size: _measured(size) for size in (SMALL, LARGE)}
    for name, (small, floor_before) in found[SMALL].items():
        large, floor = found[LARGE][name]
        # Against the floor of each size, which shows as many rows: the machine may have been busier during one.
        growth = large.milliseconds / floor.milliseconds * floor_before.milliseconds / small.milliseconds
        print(_line(name, small, large, floor, growth))


def _line(name: str, small: Asked, large: Asked, floor: Asked, growth: float) -> str:
    missed = [] if small.queries == large.queries else ["MORE QUERIES"]
    missed += [] if growth <= GROWTH else [f"goal <= {GROWTH}"]
    return (
        f"{name:<30}{f'{small.queries} -> {large.queries}':>12}"
        f"{f'{small.milliseconds:.1f} -> {large.milliseconds:.1f}':>18}{growth:>9.2f}"
        f"{floor.milliseconds:>10.1f}{large.milliseconds / floor.milliseconds:>8.1f}  {' '.join(missed)}"
    )


def _measured(size: int) -> dict[str, tuple[Asked, Asked]]:
    _fill(size)
    return {page.name: ask_in_turns(page.client, page.address, page.floor) for page in _pages()}


def _pages() -> list[Page]:
    unit = SafetyWork.objects.order_by("pk").first().community
    project = Project.objects.filter(community=unit).earliest("pk")
    member, staff, above = client_of(_member(unit)), client_of(reviewer()), client_of(_supervisor())
    anybody = client_of(AnonymousUser())
    activities, projects = f"/floor/activities/{unit.pk}/", f"/floor/projects/{unit.pk}/"
    communities, one = "/floor/communities/", f"/floor/project/{project.pk}/"
    here = [unit.pk]
    return [
        Page("home of the work", member, reverse("projects:work", args=here), activities),
        Page("projects", member, reverse("projects:projects", args=here), projects),
        Page("a project", member, reverse("projects:project", args=[unit.pk, project.pk]), one),
        Page("coverage matrix", member, reverse("projects:coverage", args=here), projects),
        Page("activities", member, reverse("projects:activities", args=here), activities),
        Page("reports", member, reverse("projects:reports", args=here), activities),
        Page("archive", member, reverse("projects:evidence", args=here), activities),
        Page("programmes, public", anybody, reverse("projects:programmes", args=here), projects),
        Page("board of a district", above, reverse("projects:board"), communities),
        Page("board of the association", staff, reverse("projects:overview"), communities),
    ]


def _fill(size: int) -> None:
    """What is there stays: the small filling is a part of the large one."""
    data.fill(size)
    districts = _districts()
    have = SafetyWork.objects.count()
    new = list(Community.objects.filter(safety_work__isnull=True).order_by("pk")[: size - have])
    for number, community in enumerate(new, have):
        community.supervisor = districts[number // IN_A_DISTRICT]
    Community.objects.bulk_update(new, ["supervisor"], batch_size=BATCH)
    SafetyWork.objects.bulk_create(
        SafetyWork(community=community, started_on=dt.date(today().year, 1, 1), is_published=True)
        for community in new
    )
    projects = Project.objects.bulk_create(
        (_project(community, number) for community, number in product(new, range(PROJECTS))), batch_size=BATCH
    )
    Activity.objects.bulk_create(
        (_activity(project, number) for project, number in product(projects, range(ACTIVITIES // PROJECTS))),
        batch_size=BATCH,
    )
    PeriodReport.objects.bulk_create(
        (_report(community, month) for community, month in product(new, range(1, MONTHS + 1))),
        batch_size=BATCH,
    )
    data.analyse()


def _districts() -> list[Authority]:
    found = list(Authority.objects.filter(name_zh__startswith="第").order_by("pk"))
    if found:
        return found
    province = _authority("省应急管理厅", None)
    return [_authority(f"第{number}区应急管理局", province) for number in range(LARGE // IN_A_DISTRICT)]


def _authority(name: str, parent: Authority | None) -> Authority:
    made = Authority.objects.create(name_zh=name, parent=parent)
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def _project(community: Community, number: int) -> Project:
    stages = (ProjectStage.RUNNING, ProjectStage.COMPLETED, ProjectStage.EVALUATED, ProjectStage.PROPOSED)
    return Project(
        community=community,
        title=f"第{number}项安全促进项目",
        area=Area.values[number % len(Area)],
        stage=stages[number % len(stages)],
        groups=[TargetGroup.values[number % len(TargetGroup)]],
        ages=[Age.values[number % len(Age)]],
        environments=[Environment.values[number % len(Environment)]],
        background="近三年居家跌倒占伤害的四成，多发生在卫生间和楼道。" * 3,
        starts_on=dt.date(today().year, 1 + number % 12, 1),
    )


def _activity(project: Project, number: int) -> Activity:
    kinds = list(ActivityKind)
    return Activity(
        community=project.community,
        project=project,
        kind=kinds[(project.pk + number) % len(kinds)],
        title=f"第{number}次活动",
        on=dt.date(today().year, 1 + (project.pk + number) % 12, 1 + number % 28),
        place="社区服务中心",
        people=30 + number,
    )


def _report(community: Community, month: int) -> PeriodReport:
    first = dt.date(today().year, month, 1)
    due_on = (first + dt.timedelta(days=32)).replace(day=5)
    return PeriodReport(
        community=community,
        kind=ReportKind.MONTHLY,
        period_from=first,
        period_to=due_on.replace(day=1) - dt.timedelta(days=1),
        due_on=due_on,
        stage=ReportStage.values[(community.pk + month) % len(ReportStage)],
        summary="按计划开展工作。",
    )


def _member(community: Community) -> User:
    return _user("work-unit@example.org", "李联络", community=community)


def _supervisor() -> User:
    return _user("work-above@example.org", "王科长", authority=_districts()[0])


def _user(
    email: str, name: str, *, community: Community | None = None, authority: Authority | None = None
) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name)
        if community is not None:
            role = Role.objects.get(code="community_liaison")
            Membership.objects.create(user=user, community=community, role=role, state="active")
        else:
            role = Role.objects.get(code="authority")
            AuthorityPost.objects.create(user=user, authority=authority, role=role)
    return user
