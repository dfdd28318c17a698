"""Two versions of a response side by side: which answers and pages changed, and how the page tells it."""

import pytest
from django.urls import reverse

from surveys.enums import Stage
from surveys.models import Response
from surveys.selectors import versions
from surveys.selectors.versions import Piece, compare, marked
from tests.surveys.prints import ANSWERS
from tests.surveys.scenes import awaiting_review, to_check
from tests.surveys.verdicts import RETURN, give


def handed_in_again(response, **changed):
    """Another version after a return."""
    old = response.submissions.get()
    response.refresh_from_db()
    Response.objects.filter(pk=response.pk).update(stage=Stage.SUBMITTED)
    return type(old).objects.create(
        response=response,
        version=response.version,
        answers={**old.answers, **changed},
        content_hash="a" * 64,
    )


def test_changed_answers_stand_beside_what_was_asked(community, office) -> None:
    response = awaiting_review(community, answers={"plan": "明年申请。"})
    give(RETURN, response, office)
    handed_in_again(response, plan="2025年申请。")
    response.refresh_from_db()
    comparison = compare(response, *versions.versions(response), office)
    [row] = comparison.changed
    assert (row.question.id, row.remark.text) == ("plan", "请写明牵头部门。")
    assert row.old == (Piece("明", is_changed=True), Piece("年申请。", is_changed=False))
    assert row.new == (Piece("2025", is_changed=True), Piece("年申请。", is_changed=False))
    assert len(comparison.same) == len(ANSWERS) - 1


def test_a_remark_that_was_not_heeded_is_seen(community, office) -> None:
    response = awaiting_review(community)
    give(RETURN, response, office)
    handed_in_again(response)
    comparison = compare(response, *versions.versions(response), office)
    assert comparison.changed == ()
    assert [row.question.id for row in comparison.same if row.remark] == ["plan"]


def test_a_changed_number_is_told_to_those_who_may_not_read_it(community, office, leadership) -> None:
    response = awaiting_review(community)
    give(RETURN, response, office)
    handed_in_again(response, contact_mobile="13800000991")
    [row] = compare(response, *versions.versions(response), leadership).changed
    assert row.question.id == "contact_mobile"
    assert "13800000" not in "".join(piece.text for piece in (*row.old, *row.new))


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (["a", "b"], ["a", "c"], (2,)),
        (["a", "b"], ["a", "b", "c"], (1, 2, 3)),
        (["a"], ["a"], ()),
        ([], ["a"], None),
        (["a"], [], None),
    ],
)
def test_which_printed_pages_changed(community, office, old, new, changed) -> None:
    response = to_check(community)
    first = response.submissions.get()
    first.page_hashes = old
    second = type(first)(page_hashes=new)
    assert versions.changed_pages(first, second) == changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "新"),
        ("旧", ""),
        ("第一句。第二句。", "第一句。第三句，改了。"),
        ("甲\n乙", "甲\n丙\n乙"),
        ("同样", "同样"),
    ],
)
def test_the_pieces_make_up_both_texts_again(old, new) -> None:
    before, after = marked(old, new)
    assert ("".join(piece.text for piece in before), "".join(piece.text for piece in after)) == (old, new)
    kept = ["".join(piece.text for piece in side if not piece.is_changed) for side in (before, after)]
    assert kept[0] == kept[1]


def test_a_long_text_is_compared_clause_by_clause() -> None:
    old = "".join(f"第{number}项工作由安全办负责。" for number in range(600))
    new = old.replace("第300项工作由安全办负责。", "第300项工作由应急办负责。")
    before, after = marked(old, new)
    assert [piece.text for piece in before if piece.is_changed] == ["安全"]
    assert [piece.text for piece in after if piece.is_changed] == ["应急"]


# --- the page -------------------------------------------------------------------------------------------


@pytest.fixture
def reviewer(client, office):
    client.force_login(office)
    return client


@pytest.fixture
def response(community):
    return awaiting_review(community)


def desk(response, name="review"):
    return reverse(f"surveys:{name}", args=[response.reference])


def test_versions_are_compared_from_the_desk(reviewer, response, office) -> None:
    assert desk(response, "review_versions") not in reviewer.get(desk(response)).content.decode()
    assert reviewer.get(desk(response, "review_versions")).status_code == 404
    give(RETURN, response, office)
    old = response.submissions.get()
    type(old).objects.create(
        response=response,
        version=2,
        answers={**old.answers, "plan": "改在2027年申请。"},
        content_hash="a" * 64,
    )
    Response.objects.update(stage=Stage.SUBMITTED)
    assert desk(response, "review_versions") in reviewer.get(desk(response)).content.decode()
    page = reviewer.get(desk(response, "review_versions")).content.decode()
    for words in ("第1版", "第2版", "<ins>", "<del>", "请写明牵头部门。"):
        assert words in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", (2, 3)),
        ("?old=1&new=3", (1, 3)),
        ("?old=3&new=1", (1, 3)),
        ("?old=2&new=2", (1, 2)),
        ("?old=9&new=x", (2, 3)),
    ],
)
def test_any_two_versions_are_compared_the_older_first(reviewer, response, asked, shown) -> None:
    old = response.submissions.get()
    for version in (2, 3):
        type(old).objects.create(
            response=response, version=version, answers=old.answers, content_hash="a" * 64
        )
    comparison = reviewer.get(f"{desk(response, 'review_versions')}{asked}").context["comparison"]
    assert (comparison.old.version, comparison.new.version) == shown
