"""Which page is it, where does the sheet lie, and what is said about the picture."""

import io

import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image

from surveys import scans
from surveys.codes import PageCode
from surveys.enums import Advice
from surveys.pdfs import render_form
from surveys.scans.reader import codes, flat, geometry, looking, pictures
from tests.surveys.photographs import (
    A4,
    DESK,
    LOWER_CODE,
    SEAL_PLACE,
    UPPER_CODE,
    Shot,
    by_chance,
    encoded,
    heic,
    lay_down,
    page_picture,
    scanned_pdf,
    sheet,
    take,
    taken,
)
from tests.surveys.prints import form_print

GOOD = Shot(long_side=1280, tilt=4, slant=(0.05, -0.04), seals=(SEAL_PLACE,), signed=True)


@pytest.fixture(scope="module")
def form():
    return render_form(form_print())


@pytest.fixture
def look(tmp_path):
    """What the reader sees on one picture, without starting a process for it."""

    def seen(picture: bytes) -> looking.Seen:
        path = tmp_path / "page"
        path.write_bytes(picture)
        (view,) = pictures.views(path)
        return looking.look(view)

    return seen


def codes_of(seen: looking.Seen) -> list[PageCode | None]:
    return [PageCode.parse(text) for text in seen.texts]


def with_link(picture: Image.Image, side: int) -> Image.Image:
    """The same with a large QR code in a corner that leads to a web page."""
    target = io.BytesIO()
    segno.make_qr("https://example.org/s/AQ24-0420-7KHM").save(target, kind="png", scale=8)
    picture.paste(Image.open(target).convert("RGB").resize((side, side)), (0, 0))
    return picture


# --- which page is it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_a_photograph_with_a_seal_over_one_code_is_recognised(look, form, seed):
    seen = look(taken(form.pdf, 0, by_chance(seed, 2000, covered=True)))
    assert (codes_of(seen), seen.advice) == ([form.codes[0]], [])


@pytest.mark.parametrize(("long_side", "tilt"), [(1280, -12), (2200, 12)])
def test_a_small_and_a_large_photograph_are_recognised(look, form, long_side, tilt):
    assert codes_of(look(taken(form.pdf, 1, long_side=long_side, tilt=tilt, quality=60))) == [form.codes[1]]


def test_a_sheet_that_is_small_in_the_picture_is_looked_at_enlarged(look, form):
    small = taken(form.pdf, 0, Shot(fills=0.3, quality=90))
    assert codes.read(codes.Attempt(Image.open(io.BytesIO(small)).convert("L"))) == []
    assert codes_of(look(small)) == [form.codes[0]]


def test_a_code_that_is_not_ours_never_ends_the_search(look, form):
    small = take(form.pdf, 0, Shot(fills=0.3, quality=90))
    picture = encoded(with_link(small, 260), quality=90)
    texts = [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))]
    assert texts == ["https://example.org/s/AQ24-0420-7KHM"]
    assert codes_of(look(picture)) == [form.codes[0]]


def test_a_page_with_a_link_beside_its_codes_says_only_which_page_it_is(look, form):
    assert codes_of(look(encoded(with_link(take(form.pdf, 0, GOOD), 200)))) == [form.codes[0]]


def test_a_heic_photograph_is_recognised(form):
    (page,) = scans.read_pages(heic(taken(form.pdf, 0, GOOD)))
    assert (page.code, Image.open(io.BytesIO(page.thumbnail)).format) == (form.codes[0], "JPEG")


def test_a_desk_without_a_form_has_no_code_and_is_no_blank_page(look):
    assert look(encoded(Image.new("RGB", (600, 800), DESK))) == looking.Seen([], 0, None, [], is_blank=False)


def test_every_page_of_a_scanned_pdf_is_recognised_in_order(form):
    scan = scanned_pdf(
        *(taken(form.pdf, page, long_side=1280, tilt=tilt) for page, tilt in ((1, 1), (0, -2)))
    )
    pages = scans.read_pages(scan)
    assert [page.code for page in pages] == [form.codes[1], form.codes[0]]
    assert [page.index for page in pages] == [0, 1]
    assert Image.open(io.BytesIO(pages[0].thumbnail)).width == 240


def test_a_see_through_png_is_read_on_white_paper(look, form):
    paper = page_picture(form.pdf, 0, 1600).convert("L")
    ink = Image.new("LA", paper.size, 0)
    ink.putalpha(paper.point([255 - value for value in range(256)]))
    assert codes_of(look(encoded(ink, "PNG"))) == [form.codes[0]]


def test_another_units_code_is_read_as_what_it_is(look):
    other = render_form(form_print(reference="AQ24-0421-7KHM"))
    (seen,) = codes_of(look(taken(other.pdf, 0, GOOD)))
    assert seen.reference == "AQ24-0421-7KHM"


def test_two_pages_in_one_picture_are_both_named_and_neither_is_cut_out(form):
    shot = Shot(long_side=2000, tilt=2)
    both = lay_down([sheet(form.pdf, page, shot) for page in (0, 1)], shot)
    (page,) = scans.read_pages(encoded(both, quality=80))
    assert set(page.codes) == set(form.codes)
    assert (page.code in form.codes, page.corners, page.advice) == (True, None, ())


# --- where the sheet lies -----------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_tilted_photograph_is_straightened_and_turned_upright(look, form, turn):
    shot = Shot(long_side=1280, tilt=7, slant=(0.08, -0.06), turn=turn, desk=(50, 40, 30))
    picture = take(form.pdf, 1, shot)
    seen = look(encoded(picture))
    assert seen.turn == -turn % 360
    places = places_on(flat.straightened(picture, seen.turn, seen.corners))
    for place, expected in zip(places, (UPPER_CODE, LOWER_CODE), strict=True):
        assert place == (pytest.approx(expected[0], abs=1.2), pytest.approx(expected[1], abs=1.2))


def places_on(upright: Image.Image) -> list[tuple[float, float]]:
    """The middles of the codes in millimetres, if this is an A4 sheet and nothing else."""
    unit = upright.height / A4[1]
    assert upright.width / unit == pytest.approx(A4[0], abs=0.5)
    places = [code.position for code in zxingcpp.read_barcodes(upright.convert("L"))]
    middles = [
        ((at.top_left.x + at.bottom_right.x) / 2 / unit, (at.top_left.y + at.bottom_right.y) / 2 / unit)
        for at in places
    ]
    return sorted(middles, key=lambda middle: middle[1])


def test_the_preview_is_straightened_as_the_reader_advises(form):
    picture = taken(form.pdf, 1, GOOD, turn=90)
    (page,) = scans.read_pages(picture)
    upright = Image.open(io.BytesIO(scans.preview(picture, 0, 560, page.turn, page.corners)))
    assert (upright.size, page.turn) == ((560, 792), 270)
    small = Image.open(io.BytesIO(page.thumbnail))
    assert (small.format, small.width, small.height) == ("JPEG", 240, pytest.approx(339, abs=1))


def test_a_sheet_with_one_readable_code_is_straightened_by_its_outline(look, form):
    paper = sheet(form.pdf, 0, GOOD)
    paper.paste("white", (0, int(paper.height * 0.85), paper.width // 3, paper.height))
    seen = look(encoded(lay_down([paper], GOOD)))
    whole = look(taken(form.pdf, 0, GOOD))
    assert seen.texts == whole.texts
    for (x, y), (u, v) in zip(seen.corners, whole.corners, strict=True):
        assert (x, y) == (pytest.approx(u, abs=0.02), pytest.approx(v, abs=0.02))


def test_a_scan_that_fills_the_picture_stays_as_it_is(look, form):
    seen = look(encoded(page_picture(form.pdf, 0, 1600), quality=85))
    assert (seen.corners, seen.turn) == (None, 0)
    upside_down = look(encoded(page_picture(form.pdf, 0, 1600).rotate(180), quality=85))
    assert (upside_down.corners, upside_down.turn) == (None, 180)


def test_an_attachment_without_a_code_is_straightened_too(look):
    seen = look(encoded(lay_down([letter()], Shot(long_side=1000, tilt=6))))
    assert (seen.texts, len(seen.corners), seen.is_blank) == ([], 4, False)


def letter() -> Image.Image:
    """A sheet of somebody's own with lines of writing."""
    paper = Image.new("RGB", (840, 1188), "white")
    for y in range(120, 1000, 40):
        for x in range(100, 700, 24):
            paper.paste((30, 30, 30), (x, y, x + 14, y + 16))
    return paper


def test_the_reader_looks_where_the_form_is_printed(form):
    picture = page_picture(form.pdf, 1).convert("L")
    scale = geometry.HEIGHT / picture.height
    found = sorted(
        (code.position for code in zxingcpp.read_barcodes(picture)), key=lambda place: place.top_left.y
    )
    for place, quad in zip(found, (geometry.UPPER_CODE, geometry.LOWER_CODE), strict=True):
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        assert [(corner.x * scale, corner.y * scale) for corner in corners] == [
            (pytest.approx(x, abs=0.5), pytest.approx(y, abs=0.5)) for x, y in quad
        ]
    assert (geometry.CODE, (geometry.WIDTH, geometry.HEIGHT)) == (28, A4)


@pytest.mark.parametrize("answers", [{}, {"work_now": "很长，" * 900, "address": "很长的地址" * 14}])
def test_no_printed_word_is_taken_for_a_signature(answers):
    with pypdfium2.PdfDocument(render_form(form_print(**answers)).pdf) as document:
        page = document[0].get_textpage()
        boxes = [page.get_charbox(index) for index in range(page.count_chars())]
    unit = 72 / 25.4
    places = [
        (left / unit, 297 - top / unit, right / unit, 297 - low / unit) for left, low, right, top in boxes
    ]
    left, top, right, bottom = geometry.SIGNATURE
    inside = [(x, y, u, v) for x, y, u, v in places if x < u and v > top and y < bottom and left < u < right]
    assert len(inside) == 13  # 负责人签字： (盖章) 年 月 日
    for x, y, u, v in inside:
        assert any(a <= x and b <= y and u <= c and v <= d for a, b, c, d in geometry.PRINTED)


# --- what is said about it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({}, []),
        ({"seals": ()}, [Advice.NO_RED]),
        ({"signed": False}, [Advice.NO_SIGNATURE]),
        ({"ink": 0.3}, []),
        ({"long_side": 1000}, []),
        ({"brightness": 0.22}, [Advice.DARK]),
        ({"blur": 2.1, "grain": 3}, [Advice.BLURRED]),
        ({"fills": 0.95, "shift": (0.1, 0.0), "tilt": -9}, [Advice.CUT_OFF]),
    ],
)
def test_advice_says_what_the_picture_lacks_and_nothing_else(look, form, changes, advice):
    seen = look(taken(form.pdf, 0, GOOD, **changes))
    assert (codes_of(seen), seen.advice) == ([form.codes[0]], advice)


def test_a_page_without_the_box_for_a_seal_needs_none(look, form):
    assert look(taken(form.pdf, 1, GOOD, seals=(), signed=False)).advice == []


def test_a_grey_scan_is_not_blamed_for_showing_no_red(look, form):
    grey = take(form.pdf, 0, GOOD).convert("L")
    assert look(encoded(grey)).advice == []
    assert look(encoded(grey.convert("RGB"))).advice == []


def test_half_a_page_is_called_cut_off(look, form):
    half = take(form.pdf, 0, GOOD)
    seen = look(encoded(half.crop((0, 0, half.width, half.height * 6 // 10))))
    assert (codes_of(seen), seen.advice) == ([form.codes[0]], [Advice.CUT_OFF])


def test_the_back_of_a_page_is_called_blank(look):
    back = Image.new("RGB", (840, 1188), (250, 250, 248))
    assert look(encoded(lay_down([back], Shot(long_side=1200)))).is_blank is True
    assert look(encoded(back)).is_blank is True
    back.paste((60, 60, 60), (300, 300, 520, 330))
    assert look(encoded(back)).is_blank is False
