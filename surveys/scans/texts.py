"""The words of a PDF that we made ourselves; what others send is opened in a process of its own (``scans.process``)."""

from __future__ import annotations

import pypdfium2


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page without blanks: where lines break is not what a text says."""
    with pypdfium2.PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
