"""What is recorded for each of the twelve elements stands beside the gaps that are still to be rectified."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Community
from core import clock
from projects.models import Shortcoming
from projects.selectors.gaps import gap_board
from tests.projects.factories import (
    ActivityFactory,
    BodyFactory,
    EvidenceFactory,
    FindingFactory,
    PlanFactory,
    ProjectFactory,
    ShortcomingFactory,
    VenueFactory,
)


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


def facts(community: Community, year: int = 2026) -> dict[str, list[int]]:
    return {row.element: [fact.number for fact in row.facts] for row in gap_board(community, year).rows}


def test_the_twelve_elements_stand_there_before_anything_is_recorded(community: Community) -> None:
    board = gap_board(community, 2026)
    assert [row.label.split(" ")[0] for row in board.rows] == [str(number) for number in range(1, 13)]
    assert (board.empty, board.open_gaps) == (12, 0)


def test_what_is_recorded_is_counted_under_its_element(community: Community, elsewhere: Community) -> None:
    for of in (community, elsewhere):
        BodyFactory(community=of)
        BodyFactory(community=of, ended_on="2026-01-01")
        FindingFactory(diagnosis__community=of)
        PlanFactory(community=of)
        ProjectFactory(community=of, stage="running")
        ProjectFactory(community=of)
        VenueFactory(community=of)
        EvidenceFactory(community=of, element="records")
        for kind in ("training", "lecture", "drill", "inspection", "meeting", "contest"):
            ActivityFactory(community=of, kind=kind)
        ActivityFactory(community=of, kind="drill", on="2025-03-01")
        ShortcomingFactory(community=of, stage="closed", closed_on="2026-04-01")
    assert facts(community) == {
        "organisation": [1, 0, 1, 0],
        "participation": [0, 1, 0, 0],
        "risks": [1, 1, 0],
        "goals": [1, 0, 0],
        "projects": [1, 0],
        "training": [2, 0],
        "emergency": [0, 0, 0, 1, 0],
        "monitoring": [1, 1, 0],
        "records": [1],
        "archive": [1, 0],
        "correction": [1, 1, 0],
        "review": [0, 0, 0],
    }
    assert facts(community, 2025)["emergency"] == [0, 0, 0, 1, 0]


def test_open_gaps_of_earlier_years_stay_and_closed_ones_stay_in_their_year(community: Community) -> None:
    def gap(text: str, found_on: str, **fields: object) -> None:
        ShortcomingFactory(
            community=community,
            source="indicator",
            element="risks",
            description=text,
            found_on=found_on,
            **fields,
        )

    gap("去年未补", "2025-05-01")
    gap("去年已补", "2025-05-01", stage="closed", closed_on="2025-08-01")
    gap("今年已补", "2026-05-01", stage="closed", closed_on="2026-06-01")

    def of(year: int) -> list[str]:
        risks = next(row for row in gap_board(community, year).rows if row.element == "risks")
        return [line.row.description for line in risks.gaps]

    assert of(2026) == ["去年未补", "今年已补"]
    assert of(2025) == ["去年未补", "去年已补"]
    assert gap_board(community, 2026).open_gaps == 1


def test_the_office_enters_a_gap_and_it_is_rectified_like_everything_else(
    client: Client, li: User, community: Community
) -> None:
    client.force_login(li)
    page = client.get(reverse("projects:gaps", args=[community.pk]))
    add = reverse("projects:shortcoming_add", args=[community.pk], query={"element": "training"})
    assert add in page.content.decode()
    sent = {
        "element": "training",
        "description": "缺少培训效果评估记录",
        "found_on": "2026-06-15",
        "form_key": "g1",
        "post": "办公室主任",
        "due_on": "2026-07-15",
    }
    client.post(add, sent)
    gap = Shortcoming.objects.get()
    assert (gap.source, gap.element, gap.kind, gap.stage) == ("indicator", "training", "other", "assigned")
    client.post(
        reverse("projects:shortcoming_edit", args=[community.pk, gap.pk]),
        sent | {"seen": str(gap.revision), "element": "review"},
    )
    gap.refresh_from_db()
    assert (gap.source, gap.element) == ("indicator", "review")


def test_who_may_only_look_is_offered_no_gap_to_enter(
    client: Client, wang: User, community: Community
) -> None:
    client.force_login(wang)
    page = client.get(reverse("projects:gaps", args=[community.pk], query={"year": "1066"}))
    assert (page.context["year"], "?element=" in page.content.decode()) == (2026, False)
