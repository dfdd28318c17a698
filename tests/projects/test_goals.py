"""A goal has the figure it starts from, the one wanted and the one reached; an unknown figure stays unknown."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.models import Goal
from projects.services import plans as services
from tests.projects.factories import PlanFactory

GOAL = {
    "horizon": "yearly",
    "year_from": "2026",
    "year_to": "2026",
    "title": "老年人跌倒人数",
    "area": "older_people",
    "unit": "人",
    "baseline": "42",
    "target": "30",
    "less_is_better": "on",
}


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


@pytest.fixture
def as_li(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


def page_of(name: str, community: Community, *more: object) -> str:
    return reverse(f"projects:{name}", args=[community.pk, *more])


def goal_cells(text: str) -> list[str]:
    return [
        " ".join(cell.split("</td>")[0].split(">")[-1].split()) for cell in text.split("data-label=")[1:4]
    ]


def test_a_figure_that_nobody_knows_is_a_dash_and_never_a_zero(as_li: Client, community: Community) -> None:
    for _press in range(2):
        assert as_li.post(page_of("goal_add", community), GOAL | {"baseline": ""}).status_code == 302
    goal = Goal.objects.get()
    assert (goal.baseline, goal.actual, goal.is_reached) == (None, None, None)
    text = as_li.get(page_of("plans", community)).content.decode()
    assert goal_cells(text) == ["–", "≤ 30", "–"]
    assert "tag--unknown" in text


@pytest.mark.parametrize(
    ("target", "actual", "less", "reached"),
    [
        ("30", "30", True, True),
        ("30", "31", True, False),
        ("0", "0", True, True),
        ("90", "89.5", False, False),
        ("90", "90", False, True),
    ],
)
def test_a_goal_is_reached_from_the_side_that_is_better(
    target: str, actual: str, less: bool, reached: bool, as_li: Client, community: Community
) -> None:
    typed = GOAL | {"target": target, "actual": actual}
    if not less:
        del typed["less_is_better"]
    as_li.post(page_of("goal_add", community), typed)
    assert Goal.objects.get().is_reached is reached
    text = as_li.get(page_of("plans", community)).content.decode()
    assert ("tag--passed" in text, "tag--returned" in text) == (reached, not reached)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"target": ""}, "target"),
        ({"target": "viel"}, "target"),
        ({"horizon": "soon"}, "horizon"),
        ({"year_to": "2027"}, "year_to"),
    ],
)
def test_a_goal_names_its_figure_and_its_year(
    wrong: dict[str, str], field: str, as_li: Client, community: Community
) -> None:
    answer = as_li.post(page_of("goal_add", community), GOAL | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_long_term_goal_covers_several_years(as_li: Client, community: Community) -> None:
    as_li.post(page_of("goal_add", community), GOAL | {"horizon": "long_term", "year_to": "2030"})
    assert (Goal.objects.get().horizon, Goal.objects.get().year_to) == ("long_term", 2030)


def test_a_goal_belongs_to_a_plan_of_its_own_community(
    as_li: Client, community: Community, elsewhere: Community, li: User
) -> None:
    foreign = PlanFactory(community=elsewhere)
    answer = as_li.post(page_of("goal_add", community), GOAL | {"plan": foreign.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["plan"])
    with pytest.raises(Refused) as refused:
        services.record_goal(community=community, fields={"plan": foreign}, by=li)
    assert refused.value.codes == ["foreign"]


def test_the_figure_reached_is_entered_later_and_stays_in_the_trail(
    as_li: Client, community: Community
) -> None:
    as_li.post(page_of("goal_add", community), GOAL)
    address = page_of("goal", community, Goal.objects.get().pk)
    seen = as_li.get(address).context["form"]["seen"].value()
    as_li.post(address, GOAL | {"actual": "28", "seen": seen})
    assert AuditEntry.objects.get(action="goal.change").changes == {"actual": [None, "28"]}
    stale = as_li.post(address, GOAL | {"actual": "1", "seen": seen})
    assert (stale.status_code, Goal.objects.get().actual) == (422, 28)
    as_li.post(page_of("goal_remove", community, Goal.objects.get().pk))
    assert Goal.objects.count() == 0
