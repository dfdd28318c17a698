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

logger = logging.getLogger(__name__)

STYLESHEET = "surveys/print/form.css"
MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
CODE = 28 * MM
# Lower left corners: top right, 16 mm from the edge, and bottom left, 20 mm from it; 12 mm above and below.
CORNERS = ((PAGE_WIDTH - 16 * MM - CODE, PAGE_HEIGHT - 12 * MM - CODE), (20 * MM, 12 * MM))
# How much of the room is used, until the pages come out as planned; the last one has never been needed.
SQUEEZES = (1.0, 0.92, 0.84, 0.7, 0.5)


@dataclass(frozen=True, slots=True)
class RenderedForm:
    pdf: bytes
    pages: int
    codes: tuple[PageCode, ...]


def render_form(form: FormPrint) -> RenderedForm:
    """Print the answers of one version. Equal input gives equal bytes; no text of it is ever interpreted."""
    document = _set_pages(form, form.definition)
    count = len(document.pages)
    codes = tuple(
        PageCode(form.reference, form.version, page, count, digest_of(form.content_hash))
        for page in range(1, count + 1)
    )

    def stamp(_document: Document, pdf: pydyf.PDF) -> None:
        for page, code in zip(_pages(pdf), codes, strict=True):
            pdfs.draw(pdf, page, _code_drawing(code.payload))

    return RenderedForm(pdfs.write(document, stamp), count, codes)


def render_blank(definition: Mapping[str, Any]) -> bytes:
    """The form without answers, number and codes, to prepare by hand what is then typed in."""
    return pdfs.write(_set_pages(None, definition))


def _set_pages(form: FormPrint | None, definition: Mapping[str, Any]) -> Document:
    """Lay out until the pages are the planned ones, so that the seal box stays on page 1."""
    for squeeze in SQUEEZES:
        # An official form is Chinese, whatever language its reader has chosen.
        with translation.override("zh-hans"):
            sheet = printing.lay_out(form, definition, squeeze)
            html = render_to_string("surveys/print/form.html", _context(form, sheet))
        document = pdfs.lay_out(html, stylesheets=[STYLESHEET])
        if len(document.pages) == sheet.pages:
            return document
    logger.warning("form %s does not keep to its planned pages", form.reference if form else "blank")
    return document


def _context(form: FormPrint | None, sheet: printing.Sheet) -> dict[str, Any]:
    context: dict[str, Any] = {"sheet": sheet, "form": form, "date_units": sheet.words["date"].split()}
    if form:
        context["digest"] = short_hash(form.content_hash)
        context["submitted"] = format_moment(form.submitted_at)
    return context


def _pages(pdf: pydyf.PDF) -> list[Any]:
    return [pdf.objects[number] for number in pdf.pages["Kids"][::3]]


@lru_cache(maxsize=64)
def _code_drawing(payload: str) -> Sequence[bytes]:
    """Both codes of a page as filled rectangles in points: sharp at any size, and text stays text."""
    matrix = segno.make_qr(payload, error="q", boost_error=True).matrix
    side = len(matrix)
    path = b" ".join(
        b"%d %d %d 1 re" % (start, side - 1 - y, length)
        for y, line in enumerate(matrix)
        for start, length in _runs(line)
    )
    scale = CODE / side
    return tuple(b"q %.4f 0 0 %.4f %.2f %.2f cm 0 g %b f Q" % (scale, scale, x, y, path) for x, y in CORNERS)


def _runs(line: Sequence[int]) -> list[tuple[int, int]]:
    """Dark stretches of one line as (start, length)."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(line):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found
