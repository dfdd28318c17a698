"""Photographs of our own printed pages, as a phone takes them: tilted, unevenly lit, grainy, JPEG."""

import io
import random

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

DESK = (122, 104, 86)


def page_picture(pdf: bytes, page: int = 0, long_side: int = 2000) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        leaf = document[page]
        return leaf.render(scale=long_side / max(leaf.get_size())).to_pil().convert("RGB")


def photograph(
    pdf: bytes,
    page: int = 0,
    *,
    tilt: float = 5.0,
    quality: int = 75,
    long_side: int = 2000,
    stamped: bool = False,
    orientation: int = 1,
) -> bytes:
    """JPEG bytes, ``long_side`` pixels long. ``page`` from 0, ``tilt`` in degrees.

    ``stamped`` prints a red ring across the upper code, which is worse than anybody is asked to do;
    ``orientation`` is the EXIF value a phone writes when it is held sideways (6: turned by a quarter).
    """
    paper = page_picture(pdf, page, int(long_side * 0.9))
    if stamped:
        _ring(paper)
    picture = Image.new("RGB", (int(paper.width * 1.12), int(paper.height * 1.1)), DESK)
    picture.paste(paper, ((picture.width - paper.width) // 2, (picture.height - paper.height) // 2))
    picture = picture.rotate(tilt, Image.Resampling.BILINEAR, expand=True, fillcolor=DESK)
    picture.thumbnail((long_side, long_side))
    picture = _grain(_light(picture).filter(ImageFilter.BoxBlur(1)))
    return _jpeg(picture, quality, orientation)


def _ring(paper: Image.Image) -> None:
    draw = ImageDraw.Draw(paper, "RGBA")
    side = paper.width * 42 // 210
    left, top = int(paper.width * 0.72), int(paper.height * 0.02)
    draw.ellipse((left, top, left + side, top + side), outline=(200, 30, 30, 200), width=max(3, side // 24))


def _light(picture: Image.Image) -> Image.Image:
    """Bright in one corner, a shadow in the other."""
    shade = Image.linear_gradient("L").rotate(35, expand=True)
    shade = shade.resize(picture.size, Image.Resampling.BILINEAR).point(
        [150 + value * 105 // 255 for value in range(256)]
    )
    return ImageChops.multiply(picture, Image.merge("RGB", (shade, shade, shade)))


def _grain(picture: Image.Image) -> Image.Image:
    side = 256
    noise = Image.frombytes("L", (side, side), random.Random(7).randbytes(side * side))
    noise = noise.point([value // 14 for value in range(256)])
    grain = Image.new("L", picture.size)
    for x in range(0, picture.width, side):
        for y in range(0, picture.height, side):
            grain.paste(noise, (x, y))
    return ImageChops.subtract(picture, Image.merge("RGB", (grain, grain, grain)))


def _jpeg(picture: Image.Image, quality: int, orientation: int) -> bytes:
    exif = Image.Exif()
    if orientation == 6:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = orientation
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality, exif=exif)
    return target.getvalue()


def scanned_pdf(*pages: bytes) -> bytes:
    """What an office scanner makes of pictures: one PDF with a picture on every page."""
    first, *others = [Image.open(io.BytesIO(page)) for page in pages]
    target = io.BytesIO()
    first.save(target, "PDF", save_all=True, append_images=others, resolution=200)
    return target.getvalue()
