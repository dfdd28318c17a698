"""Nobody is found by sums: everything from 0 to 4 stays possible for each hidden figure, proven by linear programs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuries.statistics.suppression import CountTable, ShownTable, suppress, suppress_together, weak_spots

CAUSES = ("fall", "traffic", "burn", "drowning", "poisoning", "animal")


def table(*rows: tuple[int, ...], by: str = "sex") -> CountTable:
    """Causes in rows, ``by`` in columns."""
    columns = tuple(f"{by} {place}" for place in range(len(rows[0])))
    counts = {
        (cause, column): count
        for cause, row in zip(CAUSES, rows, strict=False)
        for column, count in zip(columns, row, strict=True)
    }
    return CountTable(("cause", by), (CAUSES[: len(rows)], columns), counts)


def hidden_in(*shown: ShownTable) -> set:
    return {name for one in shown for name, value in one.shown.items() if value is None}


def small_in(*tables: CountTable) -> set:
    return {name for one in tables for name, count in one.figures().items() if count < 5}


# --- What is hidden -------------------------------------------------------------------------------------


def test_a_table_without_small_figures_is_shown_whole() -> None:
    assert list(suppress(table((20, 30), (40, 50))).rows()) == [
        ("fall", [20, 30], 50),
        ("traffic", [40, 50], 90),
        (None, [60, 80], 140),
    ]


def test_a_small_figure_takes_a_partner_along_in_its_row_and_its_column() -> None:
    shown = suppress(table((3, 200), (50, 60), (9, 11), (70, 80)), every_hidden=False)
    assert list(shown.rows()) == [
        ("fall", [None, None], 203),
        ("traffic", [50, 60], 110),
        ("burn", [None, None], 20),
        ("drowning", [70, 80], 150),
        (None, [132, 351], 483),
    ]


def test_a_zero_is_hidden_like_a_small_figure() -> None:
    shown = suppress(table((0, 30, 30), (40, 50, 60), (20, 20, 20)))
    assert shown.value("fall", "sex 0") is None


def test_small_totals_are_hidden_too() -> None:
    shown = suppress(table((1, 2), (40, 50), (60, 70)))
    assert shown.value("fall", None) is None


def test_a_total_goes_where_its_cells_would_give_each_other_away() -> None:
    # 4 + 1 = 5: with the total shown neither could be 0.
    assert suppress(table((4, 1), (40, 50), (60, 70))).value("fall", None) is None


def test_of_fewer_than_five_cases_in_all_nothing_is_shown() -> None:
    assert set(suppress(table((1, 0), (2, 1))).shown.values()) == {None}


def test_a_list_with_its_total_hides_a_second_figure() -> None:
    counts = {("fall",): 90, ("traffic",): 3, ("burn",): 12, ("drowning",): 40}
    shown = suppress(CountTable(("cause",), (CAUSES[:4],), counts), every_hidden=False)
    assert [shown.value(cause) for cause in CAUSES[:4]] == [90, None, None, 40]
    assert shown.value(None) == 145


def test_the_threshold_is_a_parameter() -> None:
    rows = (3, 200), (50, 60), (9, 11)
    assert suppress(table(*rows), threshold=3).hidden == 0
    assert suppress(table(*rows), threshold=10).hidden > suppress(table(*rows)).hidden


def test_what_is_shown_is_true() -> None:
    counts = table((3, 200), (50, 60), (0, 11))
    figures = counts.figures()
    assert all(value in {None, figures[name]} for name, value in suppress(counts).shown.items())


def test_the_order_of_rows_and_columns_changes_nothing() -> None:
    counts = table((3, 7, 9), (50, 6, 2), (8, 11, 30))
    causes, columns = counts.categories
    turned = CountTable(
        ("sex", "cause"),
        (columns[::-1], causes[::-1]),
        {(column, cause): count for (cause, column), count in counts.counts.items()},
    )
    assert suppress(turned).shown == suppress(counts).shown


# --- Tables that share their totals ---------------------------------------------------------------------


def test_a_shared_total_is_shown_or_hidden_in_all_tables() -> None:
    tables = table((1, 2), (40, 50), (60, 70)), table((2, 1), (45, 45), (65, 65), by="age")
    assert [shown.value("fall", None) for shown in suppress_together(tables)] == [None, None]


def test_each_table_suppressed_alone_gives_the_other_away() -> None:
    # 2 + 2 + 1 may keep their total of 5; shown there, it tells that neither 4 nor 1 in the other table is 0.
    tables = table((4, 1), (40, 50), (60, 70)), table((2, 2, 1), (30, 30, 30), (50, 40, 40), by="age")
    alone = [suppress(one, every_hidden=False) for one in tables]
    assert [shown.value("fall", None) for shown in alone] == [None, 5]
    shown = {name for one in alone for name, value in one.shown.items() if value is not None}
    assert set(weak_spots(tables, hidden_in(*alone) - shown)) & small_in(*tables) == {
        (("cause", "fall"), ("sex", "sex 0")),
        (("cause", "fall"), ("sex", "sex 1")),
    }
    assert not weak_spots(tables, hidden_in(*suppress_together(tables)))


def test_tables_that_disagree_about_a_total_are_refused() -> None:
    with pytest.raises(ValueError, match="disagree"):
        suppress_together([table((10, 20)), table((10, 21), by="age")])


# --- Proof ----------------------------------------------------------------------------------------------

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 60), st.just(0))


@st.composite
def two_way(draw: st.DrawFn) -> CountTable:
    width = draw(st.integers(1, 4))
    row = st.tuples(*[COUNTS] * width)
    return table(*draw(st.lists(row, min_size=1, max_size=5)))


@st.composite
def same_people(draw: st.DrawFn) -> tuple[CountTable, ...]:
    """The same injuries by cause × sex, cause × age band, cause × place."""
    people = draw(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2), st.integers(0, 2)),
            max_size=60,
        )
    )
    weights = draw(st.lists(st.sampled_from((1, 1, 2, 9)), min_size=len(people), max_size=len(people)))
    tables = []
    for place, (by, width) in enumerate((("sex", 2), ("age", 3), ("place", 3)), start=1):
        rows = [[0] * width for _cause in range(3)]
        for person, weight in zip(people, weights, strict=True):
            rows[person[0]][person[place]] += weight
        tables.append(table(*map(tuple, rows), by=by))
    return tuple(tables)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(two_way(), st.booleans())
def test_for_every_hidden_figure_all_small_numbers_stay_possible(counts: CountTable, every: bool) -> None:
    hidden = hidden_in(suppress(counts, every_hidden=every))
    weak = weak_spots([counts], hidden)
    assert (set(weak) if every else set(weak) & small_in(counts)) == set()


@settings(max_examples=20, deadline=None, derandomize=True)
@given(same_people())
def test_so_they_do_in_tables_that_are_published_together(tables: tuple[CountTable, ...]) -> None:
    assert weak_spots(tables, hidden_in(*suppress_together(tables))) == {}


def test_without_secondary_suppression_the_audit_finds_the_small_figure() -> None:
    counts = table((3, 200), (50, 60), (9, 11))
    [(name, found)] = weak_spots([counts], small_in(counts)).items()
    assert name == (("cause", "fall"), ("sex", "sex 0"))
    assert (found.lower, found.upper) == pytest.approx((3, 3))


def test_the_audit_finds_a_small_figure_that_is_shown() -> None:
    counts = table((3, 200), (50, 60))
    assert set(weak_spots([counts], set())) == small_in(counts)


def test_hiding_only_small_and_their_row_leaves_the_column_to_tell() -> None:
    counts = table((3, 200), (50, 60), (9, 11))
    fall = {(("cause", "fall"), ("sex", f"sex {place}")) for place in (0, 1)}
    assert set(weak_spots([counts], fall)) == fall


# --- Shape ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: CountTable((), (), {}),
        lambda: CountTable(("cause",), ((),), {}),
        lambda: CountTable(("cause", "cause"), (("a",), ("b",)), {}),
        lambda: CountTable(("cause",), (("fall",),), {("burn",): 3}),
        lambda: CountTable(("cause",), (("fall",),), {("fall",): -1}),
        lambda: suppress(table((10, 20)), threshold=0),
    ],
)
def test_what_is_no_table_of_counts_is_refused(wrong) -> None:
    with pytest.raises(ValueError):
        wrong()
