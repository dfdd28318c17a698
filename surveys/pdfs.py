"""The printed form as PDF: Annex 2 to the letter, with a code on every page. Nobody ever draws a seal."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pydyf
import segno
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import Document

from core.dates import format_moment
from documents import pdfs
from surveys import printing
from surveys.codes import PageCode, digest_of, short_hash
from surveys.printing import FormPrint
from surveys.printing.hashes import page_hashes

logger = logging.getLogger(__name__)

STYLESHEET = "surveys/print/form.css"
MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
CODE = 28 * MM
# Lower left corners: top right, 16 mm from the edge, and bottom left, 20 mm from it; 12 mm above and below.
CORNERS = ((PAGE_WIDTH - 16 * MM - CODE, PAGE_HEIGHT - 12 * MM - CODE), (20 * MM, 12 * MM))
# Page 1, bottom right, for a phone held close: opens the upload page. Below the seal's reach, under its words.
UPLOAD_CODE, UPLOAD_CORNER = 18 * MM, (PAGE_WIDTH - 20 * MM - 18 * MM, 13 * MM)
# How much of the room is used, until the pages come out as planned; the last one has never been needed.
SQUEEZES = (1.0, 0.92, 0.84, 0.7, 0.5)


@dataclass(frozen=True, slots=True)
class RenderedForm:
    """``page_hashes``: what each page says (``printing.hashes``); empty when the pages came out otherwise."""

    pdf: bytes
    pages: int
    codes: tuple[PageCode, ...]
    page_hashes: tuple[str, ...]


def render_form(form: FormPrint) -> RenderedForm:
    """Print the answers of one version. Equal input gives equal bytes; no text of it is ever interpreted."""
    document, sheet = _set_pages(form, form.definition)
    count = len(document.pages)
    codes = _codes(form, count)

    def stamp(_document: Document, pdf: pydyf.PDF) -> None:
        _stamp(pdf, pages_of(pdf), codes, form.upload_link)

    hashes = page_hashes(sheet) if count == sheet.pages else ()
    return RenderedForm(pdfs.write(document, stamp), count, codes, hashes)


def render_forms(forms: Sequence[FormPrint]) -> bytes:
    """All forms as one file in their order, the fonts in it once: a fifth of the size. Raises ValueError for none."""
    if not forms:
        raise ValueError("no forms")
    documents = [_set_pages(form, form.definition)[0] for form in forms]

    def stamp(_document: Document, pdf: pydyf.PDF) -> None:
        pages = iter(pages_of(pdf))
        for form, document in zip(forms, documents, strict=True):
            own = [next(pages) for _page in document.pages]
            _stamp(pdf, own, _codes(form, len(own)), form.upload_link)

    all_pages = [page for document in documents for page in document.pages]
    return pdfs.write(documents[0].copy(all_pages), stamp)


def _codes(form: FormPrint, count: int) -> tuple[PageCode, ...]:
    return tuple(
        PageCode(form.reference, form.version, page, count, digest_of(form.content_hash))
        for page in range(1, count + 1)
    )


def _stamp(pdf: pydyf.PDF, pages: Sequence[Any], codes: Sequence[PageCode], upload_link: str) -> None:
    """Both codes on every page of one form, and on its first the one that opens the upload page."""
    extra = _upload_drawing(upload_link)
    for page, code in zip(pages, codes, strict=True):
        pdfs.draw(pdf, page, [*code_drawing(code.payload, *CORNERS), *extra])
        extra = []


def render_blank(definition: Mapping[str, Any]) -> bytes:
    """The form without answers, number and codes, to prepare by hand what is then typed in."""
    document, _sheet = _set_pages(None, definition)
    return pdfs.write(document)


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A line of the sheet that tells from which paper a page comes; ``number`` of the form or ``place`` behind it."""

    number: int | None
    place: int | None
    version: int
    day: str
    is_carried: bool


def render_page_list(title: str, rows: Sequence[ListedPage]) -> bytes:
    """The sheet behind a document whose pages were sealed at different times."""
    with translation.override("zh-hans"):
        html = render_to_string("surveys/print/page_list.html", {"title": title, "rows": rows})
    return pdfs.write(pdfs.lay_out(html, stylesheets=["surveys/print/page_list.css"]))


def _set_pages(form: FormPrint | None, definition: Mapping[str, Any]) -> tuple[Document, printing.Sheet]:
    """Lay out until the pages are the planned ones, so that the seal box stays on page 1."""
    for squeeze in SQUEEZES:
        # An official form is Chinese, whatever language its reader has chosen.
        with translation.override("zh-hans"):
            sheet = printing.lay_out(form, definition, squeeze)
            html = render_to_string("surveys/print/form.html", _context(form, sheet))
        document = pdfs.lay_out(html, stylesheets=[STYLESHEET])
        if len(document.pages) == sheet.pages:
            return document, sheet
    logger.warning("form %s does not keep to its planned pages", form.reference if form else "blank")
    return document, sheet


def _context(form: FormPrint | None, sheet: printing.Sheet) -> dict[str, Any]:
    context: dict[str, Any] = {"sheet": sheet, "form": form, "date_units": sheet.words["date"].split()}
    if form:
        context["digest"] = short_hash(form.content_hash)
        context["submitted"] = format_moment(form.submitted_at)
    else:
        context["blank_note"] = printing.blank_note()
    return context


def pages_of(pdf: pydyf.PDF) -> list[Any]:
    return [pdf.objects[number] for number in pdf.pages["Kids"][::3]]


def _upload_drawing(link: str) -> Sequence[bytes]:
    """Nobody seals or folds this corner, so the code needs little repair and its squares may be larger."""
    return code_drawing(link, UPLOAD_CORNER, side=UPLOAD_CODE, error="m") if link else []


@lru_cache(maxsize=64)
def code_drawing(
    payload: str, *corners: tuple[float, float], side: float = CODE, error: str = "q"
) -> Sequence[bytes]:
    """One QR code as filled rectangles at each lower left corner: sharp at any size, and text stays text.

    Corners and side in points, without the quiet zone of four squares that has to stay white around it.
    """
    matrix = segno.make_qr(payload, error=error, boost_error=True).matrix
    squares = len(matrix)
    path = b" ".join(
        b"%d %d %d 1 re" % (start, squares - 1 - y, length)
        for y, line in enumerate(matrix)
        for start, length in _runs(line)
    )
    scale = side / squares
    return tuple(b"q %.4f 0 0 %.4f %.2f %.2f cm 0 g %b f Q" % (scale, scale, x, y, path) for x, y in corners)


def _runs(line: Sequence[int]) -> list[tuple[int, int]]:
    """Dark stretches of one line as (start, length)."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(line):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found
