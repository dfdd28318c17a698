"""Direction over years, a month beside its past, years of life, the pyramid, shares."""

import pytest
from django.utils import translation

from injuries.statistics import Verdict, check_month, injury_pyramid, shares, trend, years_lost


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def yearly(*cases: int, persons: float | None = 10_000):
    return [(2020 + place, count, persons) for place, count in enumerate(cases)]


# --- Trend ----------------------------------------------------------------------------------------------


def test_five_years_that_fall_every_year_are_a_trend() -> None:
    found = trend(yearly(50, 46, 41, 37, 30))
    assert found.tau == pytest.approx(-1)
    assert found.is_beyond_chance
    assert f"{found.p_value:.4f}" == "0.0167"  # 2/5!, Kendall, Rank Correlation Methods, appendix table 1
    assert str(found.reading) == "The rate falls over the years, beyond chance."


def test_the_change_per_year_is_the_median_of_all_slopes() -> None:
    assert trend(yearly(50, 45, 40, 35, 30)).per_year == pytest.approx(-50)


def test_one_year_out_of_line_leaves_five_years_undecided() -> None:
    found = trend(yearly(50, 46, 47, 37, 30))
    assert f"{found.p_value:.4f}" == "0.0833"  # 10/5!
    assert (
        found.is_beyond_chance,
        str(found.reading),
    ) == (False, "No direction that could be told from chance.")


def test_a_rise_is_told_as_a_rise() -> None:
    assert str(trend(yearly(30, 37, 41, 46, 50)).reading) == "The rate rises over the years, beyond chance."


def test_rates_count_not_cases() -> None:
    growing = [(2020 + n, 10 + n, 10_000 + 5_000 * n) for n in range(5)]
    assert trend(growing).tau == pytest.approx(-1)


@pytest.mark.parametrize("years", [yearly(50, 40, 30, 20), [*yearly(50, 40, 30, 20), (2030, 10, None)], []])
def test_fewer_than_five_known_years_are_too_few(years) -> None:
    found = trend(years)
    assert not found.is_known
    assert str(found.reading) == (
        "Too few years for a trend: at least five with a known number of inhabitants are needed."
    )


def test_equal_years_have_no_direction() -> None:
    assert str(trend(yearly(4, 4, 4, 4, 4)).reading) == "The rate is the same in every year."


def test_a_year_stands_once() -> None:
    with pytest.raises(ValueError):
        trend([*yearly(1, 2, 3, 4, 5), (2020, 9, 10_000)])


# --- A month --------------------------------------------------------------------------------------------


def test_a_month_is_judged_by_the_communitys_own_past() -> None:
    past = [7, 9, 8, 6, 10, 8, 7, 9, 8, 8, 7, 9]
    assert [check_month(cases, past).verdict for cases in (0, 8, 20)] == [
        Verdict.UNUSUALLY_FEW,
        Verdict.USUAL,
        Verdict.UNUSUALLY_MANY,
    ]
    assert check_month(8, past).expected == 8


def test_the_chance_of_a_month_is_exact() -> None:
    # Twelve months without a case, then two: both of two cases fall on one of thirteen equal months.
    assert check_month(2, [0] * 12, alpha=0.02).p_value == pytest.approx(2 / 13**2)


def test_a_short_past_judges_nothing() -> None:
    found = check_month(40, [1, 2, 1])
    assert (found.verdict, found.is_unusual) == (Verdict.TOO_LITTLE_HISTORY, False)
    assert check_month(40, [1, 2, 1], least_months=3).is_unusual


# --- Burden ---------------------------------------------------------------------------------------------


def test_years_lost_count_from_the_middle_of_the_year_of_age() -> None:
    lost = years_lost({20: 1, 74: 2, 75: 3, 90: 1, None: 1})
    assert (lost.years, lost.deaths, lost.later, lost.unknown_age) == (54.5 + 2 * 0.5, 3, 4, 1)


def test_the_limit_of_years_lost_is_a_parameter() -> None:
    assert years_lost({20: 1}, limit=65).years == 44.5


def test_the_pyramid_stands_on_its_deaths() -> None:
    assert [level.per_death for level in injury_pyramid({"deaths": 2, "inpatients": 61, "treated": 600})] == [
        1,
        30.5,
        300,
    ]


def test_without_a_death_the_pyramid_has_no_ratio() -> None:
    assert [level.per_death for level in injury_pyramid({"deaths": 0, "inpatients": 61})] == [None, None]
    assert injury_pyramid({}) == ()


def test_shares_have_ranks_and_equals_share_one() -> None:
    found = shares({"fall": 6, "traffic": 3, "burn": 3})
    assert [(share.share, share.rank) for share in found.values()] == [(0.5, 1), (0.25, 2), (0.25, 2)]
    assert shares({"fall": 0})["fall"].share is None
