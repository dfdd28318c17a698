"""The papers on the desk: pages as pictures drawn once, originals closed up, pages that staff assign."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from surveys import scans
from surveys.models import SealedCopy
from surveys.services.previews import preview_of
from tests.surveys.scenes import awaiting_review, left_to_staff


@pytest.fixture
def response(community):
    return awaiting_review(community)


@pytest.fixture
def reviewer(client, office):
    client.force_login(office)
    return client


def desk(response, name="review", *more):
    return reverse(f"surveys:{name}", args=[response.reference, *more])


def copy_of(response):
    return SealedCopy.objects.get(response=response)


def jpeg(width, height):
    target = io.BytesIO()
    Image.new("L", (width, height), 200).save(target, "JPEG")
    return target.getvalue()


def test_a_page_is_shown_as_wide_and_turned_as_asked(reviewer, response) -> None:
    page = copy_of(response).files.first().pages.get()
    page.file.stored.file.save("scan.jpg", io.BytesIO(jpeg(400, 600)))
    answer = reviewer.get(desk(response, "review_page", page.pk), {"turn": "90", "zoom": "9"})
    assert Image.open(io.BytesIO(answer.content)).size == (600, 400)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_original_is_handed_out_closed_up(reviewer, response) -> None:
    file = copy_of(response).files.first()
    file.stored.file.save("scan.jpg", io.BytesIO(b"original"))
    answer = reviewer.get(desk(response, "review_file", file.pk))
    assert b"".join(answer.streaming_content) == b"original"
    assert answer["Content-Security-Policy"].startswith("sandbox")


@pytest.fixture
def photographed(response):
    """The first page of the copy with a picture behind it, wider than high."""
    page = copy_of(response).files.first().pages.get()
    page.file.stored.file.save("scan.jpg", io.BytesIO(jpeg(600, 400)))
    return page


@pytest.fixture
def drawn(monkeypatch):
    """Counts how often a picture is drawn."""
    calls = []
    draw = scans.preview
    monkeypatch.setattr(
        scans, "preview", lambda *given, **more: calls.append(given[2:]) or draw(*given, **more)
    )
    return calls


def test_a_page_is_drawn_once_for_all_who_look(reviewer, response, photographed, drawn) -> None:
    pictures = {reviewer.get(desk(response, "review_page", photographed.pk)).content for _look in range(3)}
    assert (len(pictures), len(drawn)) == (1, 1)


def test_another_size_or_turn_is_another_picture(photographed, drawn) -> None:
    sizes = [
        Image.open(io.BytesIO(preview_of(photographed, width=width, turn=turn))).size
        for width, turn in ((300, 0), (150, 0), (300, 90), (300, 0))
    ]
    assert sizes == [(300, 200), (150, 100), (300, 450), (300, 200)]
    assert len(drawn) == 3


def test_a_page_that_lies_is_put_upright(photographed, drawn) -> None:
    photographed.rotation = 90
    assert Image.open(io.BytesIO(preview_of(photographed, width=300))).size == (300, 450)
    assert Image.open(io.BytesIO(preview_of(photographed, width=300, turn=270))).size == (300, 200)


def test_a_picture_that_is_gone_is_not_found(reviewer, response) -> None:
    page = copy_of(response).files.first().pages.get()
    assert reviewer.get(desk(response, "review_page", page.pk)).status_code == 404


def test_staff_assign_an_unreadable_page(reviewer, community) -> None:
    response = awaiting_review(community)
    copy = copy_of(response)
    copy.files.filter(pages__page=2).delete()
    page = left_to_staff(copy)
    assert "没有对应的图片" in reviewer.get(desk(response)).content.decode()
    reviewer.post(desk(response, "review_settle", page.pk), {"number": "2"})
    page.refresh_from_db()
    assert (page.match, page.page, page.settled_by) == ("matched", 2, "staff")
