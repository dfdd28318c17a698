"""Rates, their exact intervals and comparisons, beside figures printed elsewhere."""

import subprocess
import sys
from math import inf

import pytest
from django.utils import translation

from injuries.statistics import (
    NoRate,
    NoRatio,
    comparison_sentence,
    poisson_interval,
    pooled_rate,
    rate,
    rate_ratio,
)


def printed(*figures: float) -> str:
    return " ".join(f"{figure:.2f}" for figure in figures)


def compared(before: int, after: int, years: float | None = 12_000, later: float | None = None):
    return rate_ratio(
        before=before, after=after, person_years_before=years, person_years_after=later or years
    )


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


# --- Rates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cases", "interval"),
    [
        # Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936;28:437; also Ulm 1990.
        (0, "0.00 3.69"),
        (1, "0.03 5.57"),
        (10, "4.80 18.39"),
        (18, "10.67 28.45"),
        (100, "81.36 121.63"),
    ],
)
def test_the_interval_of_a_count_is_the_exact_one(cases: int, interval: str) -> None:
    found = poisson_interval(cases)
    assert printed(found.lower, found.upper) == interval


def test_a_rate_is_per_hundred_thousand_with_its_interval() -> None:
    found = rate(18, 12_000)
    assert printed(found.value, found.lower, found.upper) == "150.00 88.90 237.06"


def test_fewer_than_twenty_cases_are_unstable() -> None:
    assert [rate(cases, 12_000).is_unstable for cases in (19, 20)] == [True, False]
    assert rate(19, 12_000, unstable_under=10).is_unstable is False


@pytest.mark.parametrize("person_years", [None, 0, -5])
def test_there_is_no_rate_without_a_denominator(person_years: float | None) -> None:
    found = rate(18, person_years)
    assert isinstance(found, NoRate)
    assert (found.value, found.cases) == (None, 18)
    assert str(found.reason) == "No rate: the number of inhabitants of this period and group is not recorded."


def test_years_are_pooled_into_one_rate() -> None:
    assert pooled_rate([(7, 4_000), (6, 4_000), (5, 4_000)]) == rate(18, 12_000)


def test_a_year_without_a_denominator_is_not_pooled_in_silence() -> None:
    assert isinstance(pooled_rate([(7, 4_000), (6, None)]), NoRate)
    assert isinstance(pooled_rate([]), NoRate)


# --- Two periods ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "years", "found"),
    [
        # R 4: poisson.test(c(18, 25), c(12000, 12000)) and poisson.test(c(90, 125), c(60000, 60000))
        (25, 18, 12_000, "0.72 0.37 1.37"),
        (125, 90, 60_000, "0.72 0.54 0.95"),
    ],
)
def test_the_ratio_of_two_rates_is_that_of_poisson_test(before, after, years, found) -> None:
    ratio = compared(before, after, years)
    assert printed(ratio.ratio, ratio.lower, ratio.upper) == found


def test_the_ratio_agrees_with_the_example_that_r_prints_for_poisson_test() -> None:
    # ?poisson.test: "poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))" prints p-value = 0.07967,
    # 95 percent confidence interval 0.8584264 4.2772659, rate ratio 1.971488.
    ratio = rate_ratio(
        before=6 + 8 + 7, after=11, person_years_before=1083 + 1050 + 878, person_years_after=800
    )
    assert [f"{figure:.6f}" for figure in (ratio.ratio, ratio.lower, ratio.upper)] == [
        "1.971488",
        "0.858426",
        "4.277266",
    ]
    assert f"{ratio.p_value:.5f}" == "0.07967"


def test_nothing_before_leaves_the_ratio_open_upwards() -> None:
    ratio = compared(0, 9)
    assert (ratio.ratio, ratio.upper) == (inf, inf)
    assert ratio.is_beyond_chance


def test_nothing_afterwards_is_a_ratio_of_zero() -> None:
    ratio = compared(9, 0)
    assert (ratio.ratio, ratio.lower) == (0, 0)
    assert ratio.is_beyond_chance


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (compared(25, 18), "18 against 25: not distinguishable from chance."),
        (compared(125, 90, 60_000), "90 against 125: fewer than before, beyond chance."),
        (compared(90, 125, 60_000), "125 against 90: more than before, beyond chance."),
        (compared(0, 0), "No case in either period: nothing can be said about a change."),
        (
            compared(25, 18, None),
            "No comparison: the number of inhabitants of one of the two periods is not recorded.",
        ),
        (
            compared(25, 18, 12_000, 6_000),
            "18 cases (300.0 per 100,000) against 25 (208.3 per 100,000): not distinguishable from chance.",
        ),
    ],
)
def test_a_plain_sentence_says_what_the_figures_allow(found, sentence: str) -> None:
    with translation.override("en"):
        assert comparison_sentence(found) == sentence


def test_without_a_denominator_there_is_no_ratio() -> None:
    assert isinstance(compared(25, 18, 0), NoRatio)


# --- Loading --------------------------------------------------------------------------------------------


def test_importing_the_statistics_does_not_load_scipy() -> None:
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, injuries.statistics.suppression; print(sorted({'scipy', 'numpy'} & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout == "[]\n"
