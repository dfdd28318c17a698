"""PDF files and their pages as pictures."""

from pathlib import Path

import pypdfium2
from PIL import Image
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_GetSignatureCount

from .limits import DAMAGED, ENCRYPTED, PAGES, TOO_MANY_PAGES, Unusable

DPI = 400  # more is never needed, however small the paper


def opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unusable(ENCRYPTED if error.err_code == FPDF_ERR_PASSWORD else DAMAGED) from error
    if len(document) > PAGES:
        raise Unusable(TOO_MANY_PAGES)
    if not len(document):
        raise Unusable(DAMAGED)
    return document


def rendered(document: pypdfium2.PdfDocument, index: int, long_side: int) -> Image.Image:
    """A page never larger than asked for, whatever paper size it claims."""
    try:
        if not 0 <= index < len(document):
            raise Unusable(DAMAGED)
        page = document[index]
        scale = min(DPI / 72, long_side / max(page.get_size()))
        return page.render(scale=scale).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ZeroDivisionError) as error:
        raise Unusable(DAMAGED) from error


def is_signed(document: pypdfium2.PdfDocument) -> bool:
    return FPDF_GetSignatureCount(document.raw) > 0
