"""Standardised rates beside a published table; standard populations as their source prints them."""

from math import fsum

import pytest

from injuries.statistics import AGE_BANDS, NoRate, poisson_interval, standard_population, standardised_rate

# Children with Down's syndrome by mother's age (under 20, 20–24, … 40 and over) and birth order, Michigan 1950–1964:
# Stark and Mantel, J Natl Cancer Inst 1966;37:687; as printed in Fleiss, Statistical Methods for Rates and
# Proportions, 2nd ed. 1981, table 14.4, and standardised in Fay and Feuer, Stat Med 1997;16:791.
MOTHERS = ("-19", "20-24", "25-29", "30-34", "35-39", "40+")
BIRTHS = {
    1: (230061, 329449, 114920, 39487, 14208, 3052),
    2: (72202, 326701, 208667, 83228, 28466, 5375),
    3: (15050, 175702, 207081, 117300, 45026, 8660),
    4: (2293, 68800, 132424, 98301, 46075, 9834),
    5: (327, 30666, 123419, 149919, 104088, 34392),
}
CASES = {
    1: (107, 141, 60, 40, 39, 25),
    2: (25, 150, 110, 84, 82, 39),
    3: (3, 71, 114, 103, 108, 75),
    4: (1, 26, 64, 89, 137, 96),
    5: (0, 8, 63, 112, 262, 295),
}
ALL_BIRTHS = [sum(column) for column in zip(*BIRTHS.values(), strict=True)]


def by_age(figures) -> dict[str, float]:
    return dict(zip(MOTHERS, figures, strict=True))


def standardised(order: int):
    return standardised_rate(by_age(CASES[order]), by_age(BIRTHS[order]), by_age(ALL_BIRTHS))


def test_the_columns_of_the_table_add_up_to_its_printed_totals() -> None:
    assert ALL_BIRTHS == [319933, 931318, 786511, 488235, 237863, 61313]
    assert [sum(column) for column in zip(*CASES.values(), strict=True)] == [136, 396, 411, 428, 628, 530]


def test_the_fifth_birth_order_has_the_printed_rate_and_gamma_interval() -> None:
    # CRAN package dsrTest, vignette "dsrTest example", method gamma: 75.52901 (67.70212 to 188.30017).
    found = standardised(5)
    assert [f"{figure:.5f}" for figure in (found.value, found.lower, found.upper)] == [
        "75.52901",
        "67.70212",
        "188.30017",
    ]


def test_the_other_birth_orders_follow_by_the_same_arithmetic() -> None:
    assert [f"{standardised(order).value:.1f}" for order in CASES] == ["92.3", "91.2", "85.1", "92.7", "75.5"]


def test_a_standard_like_the_place_itself_gives_the_crude_rate_and_its_exact_interval() -> None:
    persons = {"0-14": 2_000, "15-24": 1_000, "25-64": 6_000, "65+": 3_000}
    found = standardised_rate({"0-14": 5, "65+": 13}, persons, persons)
    exact = poisson_interval(18)
    figures = found.value, found.lower, found.upper
    assert figures == pytest.approx([cases / 12_000 * 100_000 for cases in (18, exact.lower, exact.upper)])


def test_no_case_at_all_has_an_interval_from_zero() -> None:
    persons = {"0-14": 2_000, "65+": 3_000}
    found = standardised_rate({}, persons, persons)
    assert (found.value, found.lower) == (0, 0)
    assert found.upper == pytest.approx(poisson_interval(0).upper / 5_000 * 100_000)


def test_an_age_group_without_inhabitants_on_record_gives_no_standardised_rate() -> None:
    found = standardised_rate({"65+": 4}, {"65+": 3_000, "0-14": None}, {"0-14": 0.3, "65+": 0.7})
    assert isinstance(found, NoRate)
    assert found.cases == 4


def test_cases_of_unknown_age_are_left_out_and_told() -> None:
    persons = {"0-14": 2_000, "65+": 3_000}
    found = standardised_rate({"65+": 30}, persons, persons, unknown_age=2)
    assert (found.cases, found.left_out) == (30, 2)
    assert isinstance(standardised_rate({}, persons, persons, unknown_age=2), NoRate)


def test_a_band_that_the_standard_does_not_know_is_an_error() -> None:
    with pytest.raises(ValueError, match="60"):
        standardised_rate({"60+": 3}, {"65+": 3_000}, {"65+": 1.0})


def test_the_world_standard_is_as_printed() -> None:
    world = standard_population()
    assert "Ahmad" in world.source
    assert len(world.groups) == 21
    # The printed shares add up to a little more than a hundred; weights() divides by what they add up to.
    assert fsum(group.share for group in world.groups) == pytest.approx(100.035)
    assert [group.first for group in world.groups] == list(range(0, 101, 5))


def test_the_world_standard_in_the_bands_of_the_project() -> None:
    weights = standard_population().weights()
    assert tuple(weights) == AGE_BANDS
    assert [f"{100.035 * share:.3f}" for share in weights.values()] == ["26.150", "16.690", "48.960", "8.235"]
    assert fsum(weights.values()) == pytest.approx(1)


@pytest.mark.parametrize("bands", [("0-14", "15-24", "25-59"), ("0-16", "17+"), ("0-14", "15+", "101+")])
def test_bands_must_hold_whole_groups_and_every_age(bands: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        standard_population().weights(bands)
