import re
import unicodedata

import pytest
import segno

from surveys.codes import (
    ALPHABET,
    PageCode,
    content_hash,
    digest_of,
    match_pages,
    new_reference,
    parse_reference,
    short_hash,
)
from surveys.enums import PageMatch

CODE = PageCode("AQ24-0420-7KHM", 1, 1, 2, "9F3C61AD")
EXPECTED = {"reference": "AQ24-0420-7KHM", "version": 1, "pages": 2, "digest": "9f3c61ad7e02b84d" + "0" * 48}


def code(**changes):
    fields = {"reference": "AQ24-0420-7KHM", "version": 1, "page": 1, "pages": 2, "digest": "9F3C61AD"}
    return PageCode(**fields | changes)


def test_a_reference_names_programme_year_and_number_and_ends_at_random():
    references = {new_reference("AQ24", 420) for _ in range(50)}
    assert len(references) > 45
    assert all(re.fullmatch(rf"AQ24-0420-[{ALPHABET}]{{4}}", reference) for reference in references)


def test_the_random_letters_hold_no_look_alikes_and_no_vowels():
    assert set(ALPHABET).isdisjoint("01258ABDEILOQSUVZ")


def test_a_reference_that_could_not_be_read_back_is_never_made():
    with pytest.raises(ValueError, match="not a reference"):
        new_reference("aq-24", 420)


@pytest.mark.parametrize(
    "typed",
    [
        "AQ24-0420-7KHM",
        "aq24 0420 7khm",
        "ＡＱ２４－０４２０－７ＫＨＭ",
        "AQ24—0420—7KHM",
        "AQ2404207KHM",
        "AQ24-O42O-7KHM",
    ],
)
def test_a_number_copied_from_paper_is_understood(typed):
    assert parse_reference(typed) == "AQ24-0420-7KHM"


@pytest.mark.parametrize("typed", ["", "0420", "AQ24-0420", "AQ24-0420-7KHO", "天竺镇", "AQ24-0420-7KHM-999"])
def test_what_cannot_be_a_number_is_not_guessed_at(typed):
    assert parse_reference(typed) is None


def test_a_page_code_comes_back_from_its_payload():
    assert CODE.payload == "SC1:AQ24-0420-7KHM:1:1:2:9F3C61AD"
    assert PageCode.parse(CODE.payload) == CODE


def test_the_payload_needs_only_the_small_alphanumeric_mode():
    assert segno.make_qr(CODE.payload, error="q").mode == "alphanumeric"


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "https://example.org/",
        "wxp://f2f0abc",
        "SC2:AQ24-0420-7KHM:1:1:2:9F3C61AD",
        "SC1:AQ24-0420-7KHM:1:3:2:9F3C61AD",
        "SC1:AQ24-0420-7KHM:0:1:2:9F3C61AD",
        "SC1:AQ24-0420-7KHM:01:1:2:9F3C61AD",
        "SC1:AQ24-0420-7KHM:1:1:2:9f3c61ad",
        "SC1:AQ24-0420-7KHM:1:1:2:9F3C61AD\n",
        "SC1:AQ24-0420-7KHM:１:1:2:9F3C61AD",
        "SC1:AQ240420-7KHM:1:1:2:9F3C61AD",
    ],
)
def test_a_foreign_code_is_nobodys_page(payload):
    assert PageCode.parse(payload) is None


def test_the_hash_does_not_depend_on_the_order_of_answers():
    assert content_hash({"a": "1", "b": ["x", 2]}) == content_hash({"b": ["x", 2], "a": "1"})


def test_the_hash_changes_with_every_answer():
    assert content_hash({"a": "1"}) != content_hash({"a": 1})


def test_two_ways_of_typing_one_sign_hash_alike_and_the_text_stays_as_typed():
    answers = {"community_name": "\uf92c官", "address": "é"}
    before = dict(answers)
    normal = {key: unicodedata.normalize("NFC", value) for key, value in answers.items()}
    assert content_hash(answers) == content_hash(normal)
    assert answers == before
    assert normal["community_name"] == "郎官"


def test_the_hash_survives_what_no_encoding_can_write():
    assert len(content_hash({"a": "\ud800\x00𬭎😀"})) == 64


def test_the_printed_hash_is_sixteen_digits_in_fours():
    assert short_hash(EXPECTED["digest"]) == "9F3C 61AD 7E02 B84D"
    assert digest_of(EXPECTED["digest"]) == "9F3C61AD"


def test_all_pages_of_the_right_print_match():
    matched = match_pages([code(page=2), code(page=1)], **EXPECTED)
    assert matched.results == (PageMatch.MATCHED, PageMatch.MATCHED)
    assert matched.missing == ()
    assert matched.is_complete


@pytest.mark.parametrize(
    ("uploaded", "result"),
    [
        (code(version=2), PageMatch.OTHER_VERSION),
        (code(digest="00000000"), PageMatch.OTHER_VERSION),
        (code(pages=3), PageMatch.OTHER_VERSION),
        (code(reference="AQ24-0421-7KHM"), PageMatch.OTHER_COMMUNITY),
        (None, PageMatch.UNREADABLE),
    ],
)
def test_a_page_of_something_else_is_told_apart(uploaded, result):
    matched = match_pages([code(page=1), uploaded], **EXPECTED)
    assert matched.results == (PageMatch.MATCHED, result)
    assert matched.missing == (2,)
    assert not matched.is_complete


def test_a_second_picture_of_a_page_does_no_harm():
    matched = match_pages([code(page=1), code(page=1), code(page=2)], **EXPECTED)
    assert matched.results == (PageMatch.MATCHED, PageMatch.DUPLICATE, PageMatch.MATCHED)
    assert matched.is_complete
