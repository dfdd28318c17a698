"""The stamped PDF and the joined one: order, uprightness, size, equal bytes, originals untouched."""

import hashlib
import io

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from core.errors import Refused
from surveys import scans
from surveys.codes import PageCode
from surveys.pdfs import render_form
from tests.surveys.photographs import Shot, encoded, heic, page_picture, scanned_pdf, taken
from tests.surveys.prints import form_print

A4 = (595, 842)


@pytest.fixture(scope="module")
def form():
    return render_form(form_print())


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [tuple(round(side) for side in page.get_size()) for page in document]


def seen_on(pdf: bytes, dpi: int = 150) -> list[tuple[PageCode | None, bool]]:
    """Which printed page each sheet shows, and whether it stands upright."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            picture = page.render(scale=dpi / 72).to_pil().convert("L")
            code = next(iter(zxingcpp.read_barcodes(picture)), None)
            upright = code is not None and abs(code.orientation) <= 3
            found.append((PageCode.parse(code.text) if code else None, upright))
    return found


def pictures_in(pdf: bytes) -> list[tuple[int, int, str, bytes]]:
    with pikepdf.Pdf.open(io.BytesIO(pdf)) as document:
        return [
            (thing.Width, thing.Height, str(thing.Filter), thing.read_raw_bytes())
            for thing in document.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        ]


def test_photographs_in_any_position_stand_upright_on_a4_in_the_order_given(form):
    first = taken(form.pdf, 0, Shot(long_side=1600, turn=180, tilt=5))
    second = taken(form.pdf, 1, Shot(long_side=1600, turn=90, tilt=-6, slant=(0.06, 0.05)))
    photographs = [second, first]
    (lower,), (upper,) = map(scans.read_pages, photographs)
    parts = [
        scans.Part(first, 0, upper.turn, upper.corners),
        scans.Part(second, 0, lower.turn, lower.corners),
    ]
    stamped = scans.assemble(parts, "天竺镇 AQ24-0420-7KHM v1")
    assert sizes(stamped) == [A4, A4]
    assert seen_on(stamped) == [(form.codes[0], True), (form.codes[1], True)]
    assert scans.assemble(parts, "天竺镇 AQ24-0420-7KHM v1") == stamped
    with pikepdf.Pdf.open(io.BytesIO(stamped)) as document:
        assert str(document.docinfo["/Title"]) == "天竺镇 AQ24-0420-7KHM v1"


def test_a_picture_goes_in_as_jpeg_of_200_dpi_at_most(form):
    large = encoded(page_picture(form.pdf, 0, 3500), quality=90)
    stamped = scans.assemble([scans.Part(large)], "")
    ((width, height, kind, jpeg),) = pictures_in(stamped)
    assert (width, height, kind, len(jpeg) < 500_000) == (1654, 2339, "/DCTDecode", True)


def test_a_heic_photograph_goes_in_as_jpeg(form):
    picture = heic(encoded(page_picture(form.pdf, 0, 700)))
    ((width, height, kind, _jpeg),) = pictures_in(scans.assemble([scans.Part(picture)], ""))
    assert (width, height, kind) == (495, 700, "/DCTDecode")


def test_pages_of_a_scanned_pdf_keep_the_very_picture_that_was_scanned(form):
    pages = [encoded(page_picture(form.pdf, page, 1600), quality=70) for page in (0, 1)]
    scan = scanned_pdf(pages[1], pages[0])
    digest = hashlib.sha256(scan).hexdigest()
    stamped = scans.assemble([scans.Part(scan, 1), scans.Part(scan, 0, turn=180)], "")
    assert (sizes(stamped), seen_on(stamped)) == ([A4, A4], [(form.codes[0], True), (form.codes[1], False)])
    assert sorted(pictures_in(stamped)) == sorted(pictures_in(scan))
    assert hashlib.sha256(scan).hexdigest() == digest


def test_a_page_lying_on_its_side_in_a_pdf_stays_a_wide_a4_sheet(form):
    with pikepdf.Pdf.open(io.BytesIO(form.pdf)) as document:
        document.pages[0].rotate(90, relative=False)
        target = io.BytesIO()
        document.save(target)
    assert sizes(scans.assemble([scans.Part(target.getvalue(), 0)], "")) == [A4[::-1]]
    turned_back = scans.assemble([scans.Part(target.getvalue(), 0, turn=270)], "")
    assert (sizes(turned_back), seen_on(turned_back)) == ([A4], [(form.codes[0], True)])


def test_a_seal_that_was_drawn_onto_a_pdf_afterwards_is_in_the_stamped_one(form):
    with pikepdf.Pdf.open(io.BytesIO(form.pdf)) as document:
        red = document.make_stream(
            b"1 0 0 rg 0 0 100 100 re f", BBox=[0, 0, 100, 100], Subtype=pikepdf.Name.Form
        )
        red.Type = pikepdf.Name.XObject
        seal = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=[300, 300, 400, 400],
            F=4,
            AP=pikepdf.Dictionary(N=red),
        )
        document.pages[0].Annots = document.make_indirect(pikepdf.Array([document.make_indirect(seal)]))
        target = io.BytesIO()
        document.save(target)
    with pypdfium2.PdfDocument(scans.assemble([scans.Part(target.getvalue())], "")) as stamped:
        picture = stamped[0].render().to_pil().convert("RGB")
    red, green, blue = picture.getpixel((350, 842 - 350))
    assert (red > 230, green < 60, blue < 60) == (True, True, True)


def test_a_page_that_is_not_there_makes_no_document(form):
    for source, index in ((form.pdf, 9), (encoded(Image.new("RGB", (30, 40))), 1), (b"%PDF-1.7 torn", 0)):
        with pytest.raises(Refused):
            scans.assemble([scans.Part(source, index)], "")


def test_many_pages_keep_their_order():
    small = [encoded(Image.new("L", (40, 56), shade)) for shade in range(0, 250, 10)]
    stamped = scans.assemble([scans.Part(picture) for picture in small], "")
    with pypdfium2.PdfDocument(stamped) as document:
        shades = [page.render(scale=0.1).to_pil().convert("L").getpixel((30, 40)) for page in document]
    assert [round(shade, -1) for shade in shades] == list(range(0, 250, 10))


def test_documents_are_joined_page_after_page_and_nothing_else_comes_along(form):
    other = render_form(form_print(reference="AQ24-0421-7KHM"))
    with pikepdf.Pdf.open(io.BytesIO(other.pdf)) as document:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        target = io.BytesIO()
        document.save(target)
    with scans.join([form.pdf, io.BytesIO(target.getvalue())], "浙江省") as whole:
        joined = whole.read()
    assert seen_on(joined) == [(code, True) for code in (*form.codes, *other.codes)]
    with pikepdf.Pdf.open(io.BytesIO(joined)) as document:
        assert ("/OpenAction" in document.Root, str(document.docinfo["/Title"])) == (False, "浙江省")
    with scans.join([form.pdf, target.getvalue()], "浙江省") as again:
        assert again.read() == joined


def test_a_document_larger_than_an_upload_may_be_is_joined_whole(form, monkeypatch):
    monkeypatch.setattr("surveys.scans.kinds.MAX_SIZE", 1000)
    with scans.join([io.BytesIO(form.pdf)], "") as whole:
        assert len(sizes(whole.read())) == form.pages


def test_a_torn_document_joins_nothing(form):
    with pytest.raises(Refused):
        scans.join([form.pdf, b"%PDF-1.7 torn"], "")
