"""Only like is compared with like: whole years of the same sources, and a silent source is no fall."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from communities.enums import PopulationBasis
from communities.models import Community, Population
from core import clock
from injuries import rollups
from injuries.enums import Dimension, SourceKind
from injuries.models import DataSet, Scope, Tally
from injuries.selectors import figures, scopes
from injuries.selectors.comparisons import Span, compared
from injuries.selectors.coverage import coverage_of, opening, told_of, whole_years_of, years_counted
from injuries.selectors.dashboards import Dashboard, dashboard
from injuries.selectors.denominators import people_of
from injuries.services import totals as writing
from injuries.statistics import NoRate, NoRatio
from tests.factories import CommunityFactory
from tests.injuries.factories import DataSetFactory
from tests.injuries.test_figures import record

HOME, TRAFFIC = 4, 2
FALL, CRASH = 3, 1
NOW = "2026-03-10"


@pytest.fixture(autouse=True)
def early_in_2026():
    with clock.frozen(NOW):
        yield


def year_of(community: Community, year: int, cases: int = 0, months: int = 12, **values: object) -> DataSet:
    """A counted data set from January on, its cases all in January."""
    data_set = DataSetFactory(
        community=community, first_month=year * 12, last_month=year * 12 + months - 1, **values
    )
    record(data_set, cases, month=year * 12)
    return data_set


def inhabitants(community: Community, *years: int, count: int = 10_000, basis: str = "resident") -> None:
    for year in years:
        Population.objects.create(community=community, year=year, basis=basis, count=count)


def board_of(community: Community, user: User, year: int) -> Dashboard:
    return dashboard(scopes.of_community(community, user), year)


def lines(board: Dashboard, code: str) -> list[tuple[str, list]]:
    table = next(one for one in board.tables if one.code == code)
    return [(str(line.label), line.values) for line in table.lines]


def test_the_running_year_is_so_far_and_is_compared_with_nothing(community: Community, li: User) -> None:
    for year, cases in ((2024, 40), (2025, 40), (2026, 2)):
        year_of(community, year, cases)
    inhabitants(community, 2024, 2025, 2026)
    board = board_of(community, li, 2026)
    assert (board.now.cases, board.sentence, board.trend) == (2, "", "")
    assert (board.now.rate.is_known, board.standardised.is_known) == (False, False)
    label, values = lines(board, "years")[0]
    assert (label.startswith("2026"), label == "2026", values) == (True, False, [2, 0, 10_000, None, None])
    assert [values for _label, values in lines(board, "months")][:4] == [
        [2, "40.0"],
        [0, "0.0"],
        [None, "0.0"],
        [None, "0.0"],
    ]
    assert opening([2026, 2025, 2024]) == 2025
    assert opening([2026]) == 2026


def test_the_page_opens_with_the_last_whole_year(client: Client, community: Community, li: User) -> None:
    for year in (2025, 2026):
        year_of(community, year, 1)
    client.force_login(li)
    address = reverse("injuries:dashboard", args=[community.pk])
    assert client.get(address).context["board"].year == 2025
    assert client.get(address, {"year": "2026"}).context["board"].year == 2026


def test_the_running_year_is_refused_in_a_comparison(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    sent = {"before_first": 2024, "before_last": 2024, "after_first": 2025, "after_last": 2026}
    page = client.get(reverse("injuries:compare", args=[community.pk]), sent)
    assert list(page.context["form"].errors) == ["after_last"]
    found = compared(community, Span(2025, 2025), Span(2026, 2026))
    assert (isinstance(found.ratio, NoRatio), found.after.cases) == (True, None)


def test_a_year_without_a_counted_data_set_is_no_year_and_one_without_a_case_is(
    community: Community, li: User
) -> None:
    for year, cases in ((2021, 9), (2023, 0), (2025, 7)):
        year_of(community, year, cases)
    year_of(community, 2022, is_counted=False)
    view = scopes.of_community(community, li)
    assert years_counted(view) == [2025, 2023, 2021]
    board = dashboard(view, 2025)
    assert [one.year for one in board.years] == [2021, 2023, 2025]
    assert lines(board, "months")[0][1] == [7, "4.5"]


@pytest.mark.parametrize("from_above", [False, True])
def test_a_year_between_of_which_nothing_is_told_is_unknown_and_not_zero(
    client: Client, community: Community, li: User, wang: User, from_above: bool
) -> None:
    for year, cases in ((2022, 9), (2024, 0)):
        year_of(community, year, cases)
    DataSetFactory(community=community, totals=True, first_month=2023 * 12, last_month=2023 * 12 + 11)
    client.force_login(wang if from_above else li)
    address = reverse("injuries:above") if from_above else reverse("injuries:dashboard", args=[community.pk])
    page = client.get(address, {"year": "2023"})
    board = page.context["board"]
    assert (page.context["years"], page.context["untold"]) == ([2024, 2023, 2022], {2023})
    assert (board.year, board.now.cases, [table.code for table in board.tables]) == (2023, None, ["years"])
    assert [line.values[:2] for line in board.tables[0].lines] == [[None, None], [9, 0]]
    assert "2023 <small>无数据</small>" in page.content.decode()
    assert "2023年没有任何数据：伤害例数不明，并不等于没有伤害。" in page.content.decode()
    told = client.get(address)
    assert (told.context["board"].year, told.context["board"].now.cases) == (2024, 0)
    assert "没有任何数据" not in told.content.decode()


def test_from_above_totals_tell_of_a_year_once_a_figure_is_there(community: Community, wang: User) -> None:
    totals = DataSetFactory(community=community, totals=True)
    view = scopes.of_those_below(wang, "")
    assert (years_counted(view), dashboard(view, 2025).now.cases) == ([], None)
    writing.write(totals, 2025 * 12, {(Dimension.ALL, 0): 0}, by=None)
    assert (years_counted(view), dashboard(view, 2025).now.cases) == ([2025], 0)


def test_a_source_of_totals_tells_of_the_months_of_which_it_has_said_something(community: Community) -> None:
    data_set = DataSetFactory(community=community, totals=True)
    for month in range(11):
        writing.write(data_set, 2025 * 12 + month, {(Dimension.ALL, 0): 0}, by=None)
    assert whole_years_of(community) == []
    writing.write(data_set, 2025 * 12 + 11, {(Dimension.ALL, 0): 3}, by=None)
    assert whole_years_of(community) == [2025]


@pytest.mark.parametrize(
    "change",
    [
        {"family__number": TRAFFIC},
        {"source_kind": SourceKind.POLICE},
        {"months": 6},
    ],
)
def test_other_families_sources_or_months_are_not_compared(
    community: Community, li: User, change: dict
) -> None:
    inhabitants(community, 2024, 2025)
    year_of(community, 2024, 60, **change)
    year_of(community, 2025, 5)
    board = board_of(community, li, 2025)
    assert (board.sentence, board.others) == ("", "2024")
    assert isinstance(compared(community, Span(2024, 2024), Span(2025, 2025)).ratio, NoRatio)


def test_a_part_of_a_year_has_no_rate(community: Community, li: User) -> None:
    inhabitants(community, 2025)
    year_of(community, 2025, 30, months=6)
    board = board_of(community, li, 2025)
    assert isinstance(board.now.rate, NoRate)
    assert isinstance(figures.by_year(community, [2025])[2025].rate, NoRate)
    assert [values[2] for _label, values in lines(board, "causes")] == [None]
    assert lines(board, "months")[6][1] == [None]


def test_a_family_that_fell_silent_is_left_out_and_named(community: Community) -> None:
    inhabitants(community, 2024, 2025)
    for year, cases in ((2024, 20), (2025, 21)):
        year_of(community, year, cases)
    traffic = DataSetFactory(
        community=community, first_month=2024 * 12, last_month=2024 * 12 + 11, family__number=TRAFFIC
    )
    record(traffic, 30, month=2024 * 12, cause=CRASH)
    found = compared(community, Span(2024, 2024), Span(2025, 2025))
    assert (found.before.cases, found.after.cases) == (20, 21)
    assert (found.families, found.left_out) == (told_of(community).names[HOME], traffic.family.label)


def test_a_cause_is_not_compared_over_other_families(community: Community) -> None:
    inhabitants(community, 2024, 2025)
    for year in (2024, 2025):
        year_of(community, year, 3)
    traffic = year_of(community, 2024, 3, family__number=TRAFFIC)
    found = compared(community, Span(2024, 2024), Span(2025, 2025), causes=[FALL])
    assert (found.before.cases, found.after.cases, found.ratio.is_known) == (None, None, False)
    assert str(traffic.family.label) in found.sentence


def test_nothing_before_has_a_sentence_and_no_infinite_ratio(
    client: Client, community: Community, li: User
) -> None:
    inhabitants(community, 2024, 2025)
    for year, cases in ((2024, 0), (2025, 9)):
        year_of(community, year, cases)
    client.force_login(li)
    page = client.get(reverse("injuries:compare", args=[community.pk])).content.decode()
    assert gettext("No case before: there is no ratio to nothing.") in page
    assert "inf)" not in page


def test_cases_without_an_age_are_told_and_too_many_of_them_refuse_the_standardised_rate(
    community: Community, li: User
) -> None:
    for first, last in ((0, 14), (15, 24), (25, 64), (65, None)):
        Population.objects.create(
            community=community, year=2025, basis="resident", age_from=first, age_to=last, count=1000
        )
    data_set = year_of(community, 2025, 8)
    record(data_set, 2, month=2025 * 12, age=None, age_band=None)
    board = board_of(community, li, 2025)
    assert (board.standardised.is_known, board.standardised.left_out) == (True, 2)
    record(data_set, 1, month=2025 * 12, age=None, age_band=None)
    assert board_of(community, li, 2025).standardised.is_known is False


def test_the_people_of_all_years_stand_on_one_basis(community: Community) -> None:
    inhabitants(community, 2024, basis=PopulationBasis.MIGRANT, count=900)
    inhabitants(community, 2025)
    found = people_of(community.pk, [2024, 2025])
    assert [found[year].total for year in (2024, 2025)] == [None, 10_000]
    inhabitants(community, 2024, 2025, basis=PopulationBasis.REGISTERED, count=7000)
    found = people_of(community.pk, [2024, 2025])
    assert [found[year].total for year in (2024, 2025)] == [7000, 7000]


def test_men_alone_hide_no_complete_population(community: Community) -> None:
    Population.objects.create(community=community, year=2025, basis="resident", sex="male", count=5000)
    inhabitants(community, 2025, basis=PopulationBasis.REGISTERED)
    assert people_of(community.pk, [2025])[2025].total == 10_000


def test_from_above_only_who_tells_is_counted_and_compared(community: Community, wang: User) -> None:
    other = CommunityFactory(supervisor=community.supervisor)
    silent = CommunityFactory(supervisor=community.supervisor)
    for one in (community, other, silent):
        inhabitants(one, 2024, 2025)
    for year in (2024, 2025):
        year_of(community, year, 10)
    year_of(other, 2024, 30)
    view = scopes.of_those_below(wang, "")
    board = dashboard(view, 2025)
    assert (board.now.communities, board.coverage.of_all) == (1, 3)
    assert (board.now.people.total, board.sentence, board.others) == (10_000, "", "2024")
    assert [values[-1] for _label, values in lines(board, "years")] == [1, 2]
    year_of(other, 2025, 25)
    board = dashboard(view, 2025)
    assert board.now.people.total == 20_000
    assert board.sentence.startswith("35")
    assert years_counted(view) == [2025, 2024]


def test_from_above_a_part_of_a_year_is_not_compared(community: Community, wang: User) -> None:
    inhabitants(community, 2024, 2025)
    year_of(community, 2024, 10)
    totals = DataSetFactory(
        community=community, totals=True, first_month=2025 * 12, last_month=2025 * 12 + 11
    )
    view = scopes.of_those_below(wang, "")
    assert coverage_of(view, 2025, 2016).whole == {2024}
    for month in range(12):
        writing.write(totals, 2025 * 12 + month, {(Dimension.ALL, 0): 1}, by=None)
    found = coverage_of(view, 2025, 2016)
    assert (found.whole, found.alike) == ({2024, 2025}, set())


def test_what_is_seen_from_above_asks_as_often_for_many_as_for_one(community: Community, wang: User) -> None:
    asked = []
    dashboard(scopes.of_those_below(wang, ""), 2025)
    for _round in range(2):
        for _community in range(4):
            year_of(CommunityFactory(supervisor=community.supervisor), 2025, 1)
        with CaptureQueriesContext(connection) as queries:
            dashboard(scopes.of_those_below(wang, ""), 2025)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_what_is_not_known_is_empty_in_a_file_and_what_is_hidden_says_so(
    client: Client, community: Community, wang: User
) -> None:
    year_of(community, 2025, 3)
    client.force_login(wang)
    address = reverse("injuries:table", args=[community.pk, "years"])
    file = b"".join(client.get(address).streaming_content).decode()
    assert file.splitlines()[1] == "2025,3,0,,,"


def test_a_sum_below_nothing_fails_no_page(community: Community, li: User, wang: User) -> None:
    year_of(community, 2025, 3)
    scope = Scope.objects.get(community=community)
    for question in rollups.QUESTIONS:
        Tally.objects.create(scope=scope, question=question, month=2025 * 12, first=7, second=1, cases=-2)
    for user in (li, wang):
        assert board_of(community, user, 2025).now.cases == 1  # until the nightly count mends it


def test_from_above_a_year_with_a_silent_month_of_totals_is_not_whole(
    community: Community, wang: User
) -> None:
    year_of(community, 2025, 1)
    other = DataSetFactory(community=CommunityFactory(supervisor=community.supervisor), totals=True)
    for month in range(2025 * 12, 2025 * 12 + 11):
        writing.write(other, month, {(Dimension.ALL, 0): 1}, by=None)
    view = scopes.of_those_below(wang, "")
    assert coverage_of(view, 2025, 2016).whole == frozenset()
    writing.write(other, 2025 * 12 + 11, {(Dimension.ALL, 0): 0}, by=None)
    assert coverage_of(view, 2025, 2016).whole == {2025}


def test_from_above_totals_without_a_figure_make_no_community_that_tells(
    community: Community, wang: User
) -> None:
    year_of(community, 2025, 3)
    DataSetFactory(community=CommunityFactory(supervisor=community.supervisor), totals=True)
    assert coverage_of(scopes.of_those_below(wang, ""), 2025, 2016).counted == {2025: 1}
