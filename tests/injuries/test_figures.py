"""What the dashboards say: denominators, rates, what is hidden from whom, before and after."""

import pytest

from accounts.models import User
from communities.enums import PopulationBasis, Sex
from communities.models import Community, Population
from core.errors import Refused
from injuries import rollups
from injuries.enums import Question
from injuries.models import DataSet
from injuries.rollups import Cell
from injuries.selectors import charts, scopes
from injuries.selectors.comparisons import Span, compared, suggested
from injuries.selectors.dashboards import dashboard
from injuries.selectors.denominators import people_of, people_of_all
from injuries.selectors.population import BANDS as AGE_RANGES
from injuries.selectors.tables import Table
from injuries.services import people
from injuries.services import records as writing
from injuries.statistics import NoRate
from tests.factories import CommunityFactory
from tests.injuries.factories import JANUARY, DataSetFactory, RecordFactory

YEAR = 2025


def population(community: Community, **rows: int) -> None:
    """``male_0_14=700``, ``all_0_=5000``: sex, first and last year, and how many."""
    for name, count in rows.items():
        sex, first, last = name.split("_")
        Population.objects.create(
            community=community,
            year=YEAR,
            basis=PopulationBasis.RESIDENT,
            sex=sex,
            age_from=first,
            age_to=last or None,
            count=count,
        )


BANDS = {"0_14": 700, "15_24": 500, "25_59": 2600, "60_64": 400, "65_": 800}


@pytest.mark.parametrize(
    ("rows", "total", "bands"),
    [
        ({"all_0_": 5000}, 5000, {}),
        (
            {f"all_{span}": count for span, count in BANDS.items()},
            5000,
            {"0-14": 700, "15-24": 500, "25-64": 3000, "65+": 800},
        ),
        ({"male_0_": 2600, "female_0_": 2400}, 5000, {}),
        ({"male_0_": 2600}, None, {}),
        ({"all_0_14": 700, "all_65_": 800}, None, {"0-14": 700, "65+": 800}),
        ({"all_0_17": 900, "all_18_": 4100}, 5000, {}),
        (
            {f"{sex}_{span}": count for sex in ("male", "female") for span, count in BANDS.items()},
            10_000,
            {"0-14": 1400, "15-24": 1000, "25-64": 6000, "65+": 1600},
        ),
        ({f"male_{span}": count for span, count in BANDS.items()}, None, {}),
    ],
)
def test_a_denominator_is_known_where_the_ranges_fill_it(
    community: Community, rows: dict[str, int], total: int | None, bands: dict[str, int]
) -> None:
    population(community, **rows)
    found = people_of(community.pk, [YEAR])[YEAR]
    assert (found.total, found.by_band) == (total, bands)


def test_who_lives_there_is_preferred_to_who_is_registered(community: Community) -> None:
    for basis, count in ((PopulationBasis.REGISTERED, 3000), (PopulationBasis.RESIDENT, 5000)):
        Population.objects.create(community=community, year=YEAR, basis=basis, count=count)
    assert people_of(community.pk, [YEAR])[YEAR].total == 5000


def test_several_communities_have_a_denominator_when_each_that_tells_has_one(community: Community) -> None:
    other, silent = CommunityFactory(), CommunityFactory()
    for one in (community, other):
        DataSetFactory(community=one)
    both, bands = Community.objects.all(), {f"all_{span}": count for span, count in BANDS.items()}
    population(community, **bands)
    population(silent, all_0_=9000)
    assert people_of_all(both, {YEAR: 2})[YEAR].total is None
    population(other, all_0_=3000)
    found = people_of_all(both, {YEAR: 2})[YEAR]
    assert (found.total, found.by_band) == (8000, {})
    assert people_of_all(both, {YEAR: 0})[YEAR].total is None


def record(data_set: DataSet, times: int = 1, **values: object) -> None:
    for _case in range(times):
        made = RecordFactory(data_set=data_set, **values)
        rollups.add(data_set.community, rollups.of_record(made))


def tables(community: Community, user: User, year: int = YEAR) -> dict[str, Table]:
    board = dashboard(scopes.of_community(community, user), year)
    return {table.code: table for table in board.tables}


def test_a_rate_is_refused_without_people(records: DataSet, li: User) -> None:
    record(records)
    board = dashboard(scopes.of_community(records.community, li), YEAR)
    assert isinstance(board.now.rate, NoRate)
    assert board.tables[0].lines[0].values == [1, 0, None, None, None]


def test_eighteen_cases_have_the_printed_interval_and_a_mark(records: DataSet, li: User) -> None:
    population(records.community, all_0_=100_000)
    record(records, 18)
    assert tables(records.community, li)["years"].lines[0].values == [18, 0, 100_000, "18.0*", "10.7–28.4"]


def test_the_pyramid_and_the_causes_read_as_recorded(records: DataSet, li: User) -> None:
    record(records, 2)
    record(records, 1, cause=1, age=30, age_band=3, sex=1, outcome=5)
    found = tables(records.community, li)
    assert [(str(line.label), line.values[:2]) for line in found["causes"].lines] == [
        ("跌倒/坠落", [2, "67%"]),
        ("机动车车祸", [1, "33%"]),
    ]
    assert [line.values[3] for line in found["ages"].lines] == [0, 0, 1, 2]
    assert [(str(line.label), line.values) for line in found["outcomes"].lines] == [
        ("死亡", [1, "1.0"]),
        ("住院", [2, "2.0"]),
    ]


def test_a_cross_is_exact_for_the_community_and_no_part_of_it_is_for_others(
    records: DataSet, li: User, wang: User, office: User
) -> None:
    record(records, 9)
    record(records, 1, intent=2)
    record(records, 8, cause=4)
    exact = tables(records.community, li)["cause-intent"]
    assert [line.values for line in exact.lines] == [[9, 1, 10], [8, 0, 8]]
    for outside in (wang, office):
        seen = tables(records.community, outside)
        assert "cause-intent" not in seen
        assert [len(line.values) for line in seen["ages"].lines] == [2] * 4


def test_who_looks_after_all_sees_a_cross_without_what_is_small(records: DataSet) -> None:
    cells = {
        (3, 1): 40,
        (3, 2): 2,
        (3, 3): 30,
        (4, 1): 35,
        (4, 2): 60,
        (4, 3): 20,
        (7, 1): 50,
        (7, 2): 45,
        (7, 3): 25,
    }
    counted = {Cell(Question.CAUSE_INTENT, JANUARY, *pair): number for pair, number in cells.items()}
    rollups.add(records.community, rollups.Counts(counted))
    labels = {"cause": {}, "intent": {}}
    view = scopes.of_nation("")
    table = charts.cross(view, rollups.Counts(counted), labels, "cause-intent")
    values = {value for line in table.lines for value in line.values[:-1]}
    assert (table.is_hidden, None in values, 2 in values) == (True, True, False)
    assert [line.values[-1] for line in table.lines] == [72, 115, 120]
    part = scopes.of_province(records.community.province_name)
    assert charts.cross(part, rollups.Counts(counted), labels, "cause-intent").lines == []


def test_lines_of_few_cases_are_pooled_until_they_are_enough(records: DataSet) -> None:
    cells = {(3, 1): 40, (3, 2): 30, (4, 1): 1, (6, 2): 2, (7, 1): 20, (7, 2): 9}
    counted = rollups.Counts({Cell(Question.CAUSE_INTENT, JANUARY, *pair): n for pair, n in cells.items()})
    table = charts.cross(scopes.of_nation(""), counted, {"cause": {}, "intent": {}}, "cause-intent")
    assert [(str(line.label), line.values[-1]) for line in table.lines] == [
        ("3", 70),
        ("例数少的各项合计", 32),
    ]


def test_a_count_that_went_wrong_stops_nobody(records: DataSet) -> None:
    counted = rollups.Counts(
        {Cell(Question.CAUSE_INTENT, JANUARY, 3, 1): 9, Cell(Question.CAUSE_INTENT, JANUARY, 4, 2): -1}
    )
    assert (
        charts.cross(scopes.of_nation(""), counted, {"cause": {}, "intent": {}}, "cause-intent").lines == []
    )


def test_an_authority_sees_the_sum_of_those_below(records: DataSet, wang: User, zhao: User) -> None:
    below = CommunityFactory(supervisor=records.community.supervisor)
    record(records, 2)
    record(DataSetFactory(community=below), 3)
    record(DataSetFactory(), 4)
    view = scopes.of_those_below(wang, "")
    assert dashboard(view, YEAR).now.cases == 5
    assert scopes.may_look_above(zhao) is False


def test_the_country_and_a_province_are_counted_apart(records: DataSet) -> None:
    record(records, 2)
    record(DataSetFactory(community=CommunityFactory(province_name="广东省")), 3)
    assert dashboard(scopes.of_nation(""), YEAR).now.cases == 5
    assert dashboard(scopes.of_province("广东省"), YEAR).now.cases == 3
    assert "广东省" in scopes.provinces_counted()


def test_before_and_after_says_when_chance_may_have_done_it(community: Community) -> None:
    for year, cases in ((2024, 25), (2025, 18)):
        Population.objects.create(community=community, year=year, basis="resident", count=12_000)
        data_set = DataSetFactory(
            community=community, first_month=year * 12, last_month=year * 12 + 11, family__number=2
        )
        record(data_set, cases, month=year * 12)
    found = compared(community, Span(2024, 2024), Span(2025, 2025))
    assert (found.before.cases, found.after.cases) == (25, 18)
    assert (round(found.ratio.ratio, 2), round(found.ratio.lower, 2), round(found.ratio.upper, 2)) == (
        0.72,
        0.37,
        1.37,
    )
    assert found.sentence.startswith("18")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([2025, 2024, 2023, 2022, 2021, 2020], (Span(2020, 2022), Span(2023, 2025))),
        ([2025, 2024], (Span(2024, 2024), Span(2025, 2025))),
        ([], (Span(2024, 2024), Span(2025, 2025))),
    ],
)
def test_what_is_suggested_has_figures(community: Community, known: list[int], expected: tuple) -> None:
    assert suggested(community, 2025, known) == expected


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({(Sex.ALL, 0, 14): 700}, ["bands"]),
        ({(Sex.ALL, 0, None): 5000, (Sex.MALE, 0, None): 2000, (Sex.FEMALE, 0, None): 2000}, ["sum"]),
        ({(Sex.ALL, 0, None): 4, **{(Sex.ALL, *span): 1 for span in AGE_RANGES}}, ["sum"]),
    ],
)
def test_a_grid_that_contradicts_itself_is_refused(
    community: Community, li: User, cells: dict, codes: list
) -> None:
    with pytest.raises(Refused) as refused:
        people.write(community, year=YEAR, basis="resident", cells=cells, source="年鉴", by=li)
    assert refused.value.codes == codes
    assert Population.objects.count() == 0


def test_a_grid_is_written_and_written_over(community: Community, li: User) -> None:
    whole = {(Sex.ALL, 0, None): 5000}
    people.write(community, year=YEAR, basis="resident", cells=whole, source="年鉴", by=li)
    bands = {(Sex.ALL, *span): 1000 for span in AGE_RANGES}
    people.write(community, year=YEAR, basis="resident", cells={**whole, **bands}, source="年鉴", by=li)
    assert people_of(community.pk, [YEAR])[YEAR].total == 5000
    assert Population.objects.count() == 5


def test_a_record_of_the_own_community_shows_at_once(records: DataSet, li: User) -> None:
    writing.add(records, {"month": JANUARY, "cause": 3}, by=li)
    assert dashboard(scopes.of_community(records.community, li), YEAR).now.cases == 1
