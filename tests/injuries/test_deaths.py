"""Where no outcome was given nobody knows whether somebody died; that is no year without deaths."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from communities.models import Community
from injuries.enums import OUTCOME_DEATH, Dimension
from injuries.models import DataSet
from injuries.selectors import figures, scopes
from injuries.selectors.dashboards import Dashboard, dashboard
from injuries.services import totals as writing
from tests.injuries.factories import JANUARY, DataSetFactory
from tests.injuries.test_figures import record

YEAR = 2025


def board_of(data_set: DataSet, user: User) -> Dashboard:
    return dashboard(scopes.of_community(data_set.community, user), YEAR)


def years_table(board: Dashboard) -> tuple[int, list]:
    table = next(one for one in board.tables if one.code == "years")
    return len(table.heads), table.lines[0].values


@pytest.mark.parametrize(
    ("outcomes", "number", "silent"),
    [
        ([], 0, 0),
        ([4, 1], 0, 0),
        ([OUTCOME_DEATH, 4], 1, 0),
        ([None, None], None, 2),
        ([None, 4], 0, 1),
        ([None, OUTCOME_DEATH, OUTCOME_DEATH], 2, 1),
    ],
)
def test_deaths_are_known_where_an_outcome_was_given(
    records: DataSet, li: User, outcomes: list, number: int | None, silent: int
) -> None:
    for outcome in outcomes:
        record(records, outcome=outcome)
    deaths = board_of(records, li).now.deaths
    assert (deaths.number, deaths.silent) == (number, silent)
    assert figures.by_year(records.community, [YEAR])[YEAR].deaths == number


def test_the_table_of_years_says_how_many_are_without_an_outcome(records: DataSet, li: User) -> None:
    record(records, 2)
    assert years_table(board_of(records, li)) == (5, [2, 0, None, None, None])
    record(records, 3, outcome=None)
    assert years_table(board_of(records, li)) == (6, [5, 0, None, None, None, 3])


def test_totals_that_name_no_outcome_leave_the_deaths_open(totals: DataSet, li: User) -> None:
    writing.write(totals, JANUARY, {(Dimension.ALL, 0): 5}, by=None)
    assert years_table(board_of(totals, li)) == (6, [5, None, None, None, None, 5])
    named = {(Dimension.ALL, 0): 5, (Dimension.OUTCOME, OUTCOME_DEATH): 1}
    writing.write(totals, JANUARY, named, by=None)
    assert years_table(board_of(totals, li)) == (6, [5, 1, None, None, None, 4])


def test_the_pyramid_of_cases_without_an_outcome_names_no_deaths(records: DataSet, li: User) -> None:
    record(records, 3, outcome=None)
    with translation.override("en"):
        table = next(one for one in board_of(records, li).tables if one.code == "outcomes")
        assert [(str(line.label), line.values) for line in table.lines] == [("not given", [3, None])]


def test_the_page_says_that_deaths_are_not_given_and_of_how_many(
    client: Client, records: DataSet, li: User
) -> None:
    client.force_login(li)
    address = reverse("injuries:dashboard", args=[records.community_id])
    record(records, 2, outcome=None)
    unknown = "死亡人数不明：这些病例均未填写结局。"
    assert unknown in client.get(address).content.decode()
    record(records, 1)
    page = client.get(address).content.decode()
    assert unknown not in page
    assert "有2例未填写结局，死亡人数可能更多。" in page


def test_a_community_that_tells_no_outcome_leaves_those_of_the_others(
    community: Community, wang: User
) -> None:
    silent = DataSetFactory(community__supervisor=community.supervisor)
    record(silent, 4, outcome=None)
    record(DataSetFactory(community=community), 2, outcome=OUTCOME_DEATH)
    deaths = dashboard(scopes.of_those_below(wang, ""), YEAR).now.deaths
    assert (deaths.number, deaths.silent) == (2, 4)
