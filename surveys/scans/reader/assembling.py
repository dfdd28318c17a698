"""Pages from many files as one PDF of A4 sheets. It takes as much memory as the finished file is large."""

import io
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from . import flat, pictures
from .limits import DAMAGED, Unusable

POINTS = (595.276, 841.89)  # A4
LONG_SIDE = 2339  # pixels of A4 at 200 dpi


def assemble(parts: Sequence[dict[str, Any]], title: str, target: Path) -> None:
    with ExitStack() as stack:
        whole = stack.enter_context(pikepdf.Pdf.new())
        sources: dict[str, pikepdf.Pdf | None] = {}
        for part in parts:
            path = Path(part["path"])
            if part["path"] not in sources:
                sources[part["path"]] = stack.enter_context(opened(path)) if pictures.is_pdf(path) else None
            page = as_it_is(sources[part["path"]], part)
            if page is not None:
                copy(whole, page, part["turn"])
            else:
                draw(whole, part)
        save(whole, title, target)


def join(paths: Sequence[Path], title: str, target: Path) -> None:
    """All pages of all files. Nothing else of them is taken over: no scripts, no attachments, no old titles."""
    with ExitStack() as stack:
        whole = stack.enter_context(pikepdf.Pdf.new())
        for path in paths:
            whole.pages.extend(stack.enter_context(opened(path)).pages)
        save(whole, title, target)


def save(document: pikepdf.Pdf, title: str, target: Path) -> None:
    document.docinfo["/Title"] = title
    # Into the very file that whoever asked holds open; given a path, qpdf would put another one in its place.
    with target.open("wb") as file:
        document.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def opened(path: Path) -> pikepdf.Pdf:
    try:
        return pikepdf.Pdf.open(path, access_mode=pikepdf.AccessMode.stream)
    except (pikepdf.PdfError, OSError) as error:
        raise Unusable(DAMAGED) from error


def as_it_is(source: pikepdf.Pdf | None, part: dict[str, Any]) -> pikepdf.Page | None:
    """A page of a PDF that keeps its own quality: it lies straight, and all of it is in its contents.

    What was put on it later (a seal drawn by a reader program is an annotation) shows only when it is rendered.
    """
    if source is None or part["corners"]:
        return None
    if not 0 <= part["index"] < len(source.pages):
        raise Unusable(DAMAGED)
    page = source.pages[part["index"]]
    return None if page.get("/Annots") else page


def copy(whole: pikepdf.Pdf, page: pikepdf.Page, turn: int) -> None:
    if turn:
        page.rotate(turn, relative=True)
    left, bottom, right, top = (float(value) for value in page.cropbox)
    is_turned = int(page.obj.get("/Rotate", 0)) % 180 == 90
    is_wide = (right - left > top - bottom) != is_turned
    sheet = blank(whole, is_wide=is_wide)
    sheet.add_overlay(page, pikepdf.Rectangle(*map(float, sheet.mediabox)))
    if turn:
        page.rotate(-turn, relative=True)


def blank(whole: pikepdf.Pdf, *, is_wide: bool) -> pikepdf.Page:
    size = POINTS[::-1] if is_wide else POINTS
    return whole.add_blank_page(page_size=size)


def draw(whole: pikepdf.Pdf, part: dict[str, Any]) -> None:
    """The page as a picture of at most 200 dpi, as large as the sheet allows."""
    image = pictures.one(Path(part["path"]), part["index"], LONG_SIDE + LONG_SIDE // 2)
    image = flat.straightened(image, part["turn"], part["corners"])
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    sheet = blank(whole, is_wide=image.width > image.height)
    _left, _bottom, width, height = (float(value) for value in sheet.mediabox)
    scale = min(width / image.width, height / image.height)
    w, h = image.width * scale, image.height * scale
    sheet.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=as_object(whole, image)))
    place = f"q {w:.3f} 0 0 {h:.3f} {(width - w) / 2:.3f} {(height - h) / 2:.3f} cm /Page Do Q"
    sheet.obj.Contents = whole.make_stream(place.encode())


def as_object(whole: pikepdf.Pdf, image: Image.Image) -> pikepdf.Object:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=pictures.QUALITY)
    return pikepdf.Stream(
        whole,
        target.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceGray if image.mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
