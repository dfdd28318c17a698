"""Invitation letters on paper: one A4 page for each unit, as one file or one each. Nobody ever draws a seal.

Pure layout: no database. The look follows GB/T 9704: margins, issuer and thick-thin rule on top, issuer and date
at the bottom right with room for the association's own seal over them.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import translation

from documents import pdfs
from surveys.pdfs import MM, PAGE_HEIGHT, code_drawing, pages_of

if TYPE_CHECKING:
    from weasyprint import Document

logger = logging.getLogger(__name__)

STYLESHEET = "surveys/letters/letter.css"
CODE = 34 * MM
# Letters laid out in one go: enough to spare the start of each, few enough to stay small in memory.
AT_ONCE = 16
# Classes of the stylesheet; the smaller ones have only been needed for names of a hundred signs.
SIZES = ("", "small", "tiny")
# How the names in the layout begin; a number follows.
ISSUER, PLACE = "issuer-", "code-"
# CSS counts lengths in pixels of 1/96 inch.
POINTS_PER_PIXEL = 0.75


@dataclass(frozen=True, slots=True)
class LetterPrint:
    """All that one letter shows. ``link`` opens the unit's own page, ``address`` asks for the code.

    ``issue`` counts the codes the unit has had: from the second on the letter says that older ones are void.
    ``closed_on``: the round has ended, the letter only lets somebody finish what is still owed.
    """

    community: str
    number: int | None
    survey: str
    questionnaire: str
    notice_title: str
    notice_number: str
    issuer: str
    department: str
    phones: tuple[str, ...]
    email: str
    postal_address: str
    deadline_on: dt.date
    valid_until: dt.date
    dated: dt.date
    code: str
    link: str
    address: str
    issue: int = 1
    closed_on: dt.date | None = None
    rehearsal: bool = False


def render_letter(letter: LetterPrint) -> bytes:
    """One letter as PDF. Equal input gives equal bytes; no text of it is ever interpreted."""
    return next(render_each([letter]))


def render_letters(
    letters: Sequence[LetterPrint], *, progress: Callable[[int], None] = lambda _done: None
) -> bytes:
    """All letters as one file in their order, the fonts in it once. Raises ValueError when there is none.

    ``progress`` is told how many are laid out.
    """
    if not letters:
        raise ValueError("no letters")
    sheets: list[Sheet] = []
    for part in _parts(letters):
        sheets += _set_pages(part)
        progress(len(sheets))
    pages = [page for sheet in sheets for page in sheet.pages]
    return _write(sheets[0].document.copy(pages), sheets)


def render_each(letters: Iterable[LetterPrint]) -> Iterator[bytes]:
    """One file for each letter, in order; while one is taken the next ones are not made yet."""
    for part in _parts(list(letters)):
        for sheet in _set_pages(part):
            yield _write(sheet.document.copy(sheet.pages), [sheet])


def _parts(letters: Sequence[LetterPrint]) -> Iterator[Sequence[LetterPrint]]:
    return (letters[start : start + AT_ONCE] for start in range(0, len(letters), AT_ONCE))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter laid out: its pages (one, but for names nobody has thought of) and what its code opens."""

    document: Document
    pages: list[Any]
    link: str


def _set_pages(letters: Sequence[LetterPrint]) -> list[Sheet]:
    """Lay out; where a letter runs over its page, that one again in smaller type."""
    sizes = [0] * len(letters)
    while True:
        # An official letter is Chinese, whatever language its reader has chosen.
        with translation.override("zh-hans"):
            context = {"letters": list(zip(letters, (SIZES[size] for size in sizes), strict=True))}
            html = render_to_string("surveys/letters/letter.html", context)
        sheets = list(_sheets(pdfs.lay_out(html, stylesheets=[STYLESHEET]), letters))
        too_long = [place for place, sheet in enumerate(sheets) if len(sheet.pages) > 1]
        smaller = [place for place in too_long if sizes[place] + 1 < len(SIZES)]
        if not smaller:
            break
        for place in smaller:
            sizes[place] += 1
    for place in too_long:
        logger.warning("the letter to %s runs over its page", letters[place].community)
    return sheets


def _sheets(document: Document, letters: Sequence[LetterPrint]) -> Iterator[Sheet]:
    """A page on which an issuer stands begins a letter."""
    pages: list[list[Any]] = []
    for page in document.pages:
        if _named(page, ISSUER):
            pages.append([])
        pages[-1].append(page)
    for letter, own in zip(letters, pages, strict=True):
        yield Sheet(document, own, letter.link)


def _named(page: Any, beginning: str) -> list[tuple[float, float]]:
    """Where on the page such boxes stand: upper left corners, in points from above."""
    return [
        (place[0] * POINTS_PER_PIXEL, place[1] * POINTS_PER_PIXEL)
        for name, place in page.anchors.items()
        if name.startswith(beginning)
    ]


def _write(document: Document, sheets: Sequence[Sheet]) -> bytes:
    """The layout tells where a code has its place: an empty box with a name."""

    def stamp(_document: Document, pdf: Any) -> None:
        written = iter(pages_of(pdf))
        for sheet in sheets:
            for page in sheet.pages:
                target = next(written)
                for x, y in _named(page, PLACE):
                    corner = (x, PAGE_HEIGHT - y - CODE)
                    pdfs.draw(pdf, target, code_drawing(sheet.link, corner, side=CODE))

    return pdfs.write(document, stamp)
