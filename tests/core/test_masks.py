import pytest

from core import masks


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("13812349689", "138****9689"),
        ("138 1234 9689", "138****9689"),
        ("64464565", "***65"),
        ("123", "***"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_mobile_number_keeps_head_and_tail(value: object, masked: str) -> None:
    assert masks.masked_mobile(value) == masked


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("lianluo@example.org", "l***@example.org"),
        ("l@example.org", "l***@example.org"),
        ("no address", "***"),
        (None, ""),
    ],
)
def test_an_address_keeps_its_first_letter_and_domain(value: object, masked: str) -> None:
    assert masks.masked_email(value) == masked


def test_a_name_keeps_its_first_character() -> None:
    assert masks.masked_name("王小明") == "王**"
    assert masks.masked_name("") == ""
