"""The matrix counts what a community really works on, and says where nothing is done."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Community
from projects.enums import VULNERABLE, Age, Area, Environment, ProjectStage
from projects.models import Project
from projects.selectors.coverage import Coverage, coverage, unanswered
from tests.projects.factories import FindingFactory, ProjectFactory, SafetyWorkFactory


def crossed(matrix: Coverage) -> dict[tuple[str, str], int]:
    """Only what is above zero."""
    return {
        (age.value, place.value): cell.count
        for age, row in zip(Age, matrix.ages, strict=True)
        for place, cell in zip(Environment, row.cells, strict=True)
        if cell.count
    }


def test_a_project_counts_in_every_cell_it_reaches(community: Community) -> None:
    ProjectFactory(
        community=community, stage="running", ages=["65+", "25-64"], environments=["home", "traffic"]
    )
    ProjectFactory(community=community, stage="evaluated", ages=["65+"], environments=["home"])
    assert crossed(coverage(community)) == {
        ("25-64", "home"): 1,
        ("25-64", "traffic"): 1,
        ("65+", "home"): 2,
        ("65+", "traffic"): 1,
    }


def test_running_completed_and_evaluated_projects_count_and_no_others(
    community: Community, elsewhere: Community
) -> None:
    for stage in ProjectStage.values:
        ProjectFactory(community=community, stage=stage, ages=["0-14"], environments=["school"])
    ProjectFactory(community=elsewhere, stage="running", ages=["0-14"], environments=["school"])
    matrix = coverage(community)
    assert (matrix.projects, crossed(matrix)) == (3, {("0-14", "school"): 3})


def test_an_age_without_an_environment_fills_no_cell(community: Community) -> None:
    ProjectFactory(community=community, stage="running", ages=["65+"])
    assert crossed(coverage(community)) == {}


def test_groups_and_areas_are_counted_each_for_itself(community: Community) -> None:
    ProjectFactory(community=community, stage="running", area="water", groups=["women", "everybody"])
    ProjectFactory(community=community, stage="completed", area="water", groups=["women"])
    matrix = coverage(community)
    assert [cell.count for cell in matrix.groups] == [2 if one == "women" else 0 for one in VULNERABLE]
    assert [cell.count for cell in matrix.areas] == [2 if one == "water" else 0 for one in Area]


def test_all_is_a_gap_where_nothing_is_done(community: Community) -> None:
    matrix = coverage(community)
    assert matrix.gaps == len(Age) * len(Environment) + len(VULNERABLE) + len(Area)


def test_words_that_are_no_longer_in_a_list_do_no_harm(community: Community) -> None:
    ProjectFactory(community=community, stage="running", ages=["200+"], environments=["moon"], groups=["x"])
    assert crossed(coverage(community)) == {}


def test_the_matrix_is_one_question_whatever_the_number_of_projects(
    community: Community, django_assert_num_queries
) -> None:
    for size in (1, 39):
        ProjectFactory.create_batch(
            size, community=community, stage="running", ages=["65+"], environments=["home"]
        )
        with django_assert_num_queries(1):
            coverage(community)
    assert crossed(coverage(community)) == {("65+", "home"): 40}


def test_every_cell_leads_to_the_projects_behind_it(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    wanted = [
        ProjectFactory(community=community, stage=stage, ages=["65+"], environments=["home"], area="home")
        for stage in ("running", "completed")
    ]
    ProjectFactory(community=community, stage="proposed", ages=["65+"], environments=["home"], area="home")
    ProjectFactory(community=community, stage="running", ages=["65+"], environments=["work"], area="fire")
    page = client.get(reverse("projects:coverage", args=[community.pk]))
    matrix = page.context["matrix"]
    cells = [cell for cell in (*matrix.cells, *matrix.areas) if cell.count == 2]
    assert len(cells) == 2
    for cell in cells:
        behind = client.get(reverse("projects:projects", args=[community.pk]) + f"?{cell.query}")
        assert set(behind.context["page"]) == set(wanted)


def test_every_cell_counts_what_its_page_shows(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    ProjectFactory(
        community=community, stage="running", ages=["0-14"], environments=["home"], groups=["women"]
    )
    ProjectFactory(community=community, stage="evaluated", ages=["15-24"], environments=["home", "sports"])
    matrix = coverage(community)
    address = reverse("projects:projects", args=[community.pk])
    shown = {
        cell.query: client.get(f"{address}?{cell.query}").context["page"].paginator.count
        for cell in (*matrix.cells, *matrix.groups, *matrix.areas)
    }
    assert shown == {cell.query: cell.count for cell in (*matrix.cells, *matrix.groups, *matrix.areas)}


def test_a_gap_is_said_in_words_and_leads_to_a_proposal(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    text = client.get(reverse("projects:coverage", args=[community.pk])).content.decode()
    matrix = coverage(community)
    assert text.count('class="matrix__gap"') == matrix.gaps
    behind = client.get(
        reverse("projects:projects", args=[community.pk]) + f"?{matrix.ages[3].cells[0].query}"
    ).content.decode()
    assert reverse("projects:project_add", args=[community.pk]) + "?age=65%2B" in behind


def test_a_finding_is_a_gap_until_a_project_answers_it(community: Community, elsewhere: Community) -> None:
    open_one = FindingFactory(diagnosis__community=community)
    settled = FindingFactory(diagnosis__community=community, settled_on="2026-03-01")
    answered = FindingFactory(diagnosis__community=community)
    FindingFactory(diagnosis__community=elsewhere)
    project = ProjectFactory(community=community, finding=answered)
    assert list(unanswered(community)) == [open_one]
    Project.objects.filter(pk=project.pk).update(stage="stopped")
    assert list(unanswered(community)) == [open_one, answered]
    assert settled.projects.count() == 0


@pytest.mark.parametrize("begun", [True, False])
def test_the_home_page_shows_the_matrix_and_what_waits_once_work_has_begun(
    begun: bool, client: Client, community: Community, li: User
) -> None:
    if begun:
        SafetyWorkFactory(community=community)
    ProjectFactory(community=community, stage="running")
    ProjectFactory(community=community, stage="proposed")
    FindingFactory(diagnosis__community=community)
    client.force_login(li)
    page = client.get(reverse("projects:work", args=[community.pk]))
    shown = page.context.get("projects")
    assert (shown is not None) is begun
    if begun:
        assert (shown["matrix"].projects, shown["unanswered"], shown["to_review"], shown["to_evaluate"]) == (
            1,
            1,
            1,
            0,
        )
