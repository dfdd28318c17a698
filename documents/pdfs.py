"""WeasyPrint behind one door: our fonts, our stylesheets, and no address that a text could name is ever fetched."""

import io
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import pydyf
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from documents import fonts

Finisher = Callable[[Document, pydyf.PDF], None]

# Pango and the shared font configuration are not made for two threads at once.
_press = threading.Lock()


class DataOnly(URLFetcher):
    """Answers ``data:`` addresses alone: no file, no network, no redirect, whatever a text contains."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)


class OurFonts(URLFetcher):
    """Serves the stylesheets' @font-face: a file of our font folder or nothing."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        known = {face.path.as_uri(): face.path for face in fonts.FACES}
        if url not in known:
            raise ValueError(f"not one of our fonts: {url}")
        return URLFetcherResponse(url, known[url].read_bytes(), {"Content-Type": "font/otf"})


@lru_cache
def font_configuration() -> FontConfiguration:
    """One for the process: making it anew costs more than a whole form."""
    return FontConfiguration()


@lru_cache
def _font_faces() -> CSS:
    rules = "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; src: url("{face.path.as_uri()}") }}'
        for face in fonts.ensure()
    )
    return CSS(string=rules, url_fetcher=OurFonts(), font_config=font_configuration())


@lru_cache
def stylesheet(template_name: str) -> CSS:
    """A stylesheet out of the templates folder, parsed once."""
    return CSS(
        string=render_to_string(template_name), url_fetcher=DataOnly(), font_config=font_configuration()
    )


def lay_out(html: str, *, stylesheets: Sequence[str]) -> Document:
    """Set the pages of a document whose texts are escaped already (Django's templates do that)."""
    with _press:
        sheets = [_font_faces(), *(stylesheet(name) for name in stylesheets)]
        page = HTML(string=html, url_fetcher=DataOnly())
        return page.render(stylesheets=sheets, font_config=font_configuration())


def write(document: Document, finisher: Finisher | None = None) -> bytes:
    """The finished file. It carries no date and no random name: equal pages, equal bytes."""
    target = io.BytesIO()
    with _press:
        document.write_pdf(target, finisher=finisher)
    return target.getvalue()


def draw(pdf: pydyf.PDF, page: Any, operators: Sequence[bytes]) -> None:
    """Add drawing orders (PDF content operators, points from the lower left corner) on top of a page.

    WeasyPrint leaves its own coordinates turned upside down at the end; they are shut in first.
    """
    before = pydyf.Stream([b"q"])
    after = pydyf.Stream([b"Q", *operators], compress=True)
    pdf.add_object(before)
    pdf.add_object(after)
    page["Contents"] = pydyf.Array([before.reference, page["Contents"], after.reference])
