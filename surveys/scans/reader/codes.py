"""Finding our QR codes in a picture: as it is, without the red of a seal, larger, straightened."""

from collections.abc import Iterator
from typing import NamedTuple

import zxingcpp
from PIL import Image, ImageFilter

from . import flat, geometry
from .geometry import Quad
from .pictures import LONG_SIDE, View

OURS = "SC1:"  # every other code on a page is somebody else's, and never ends the search
LARGE = 2 * LONG_SIDE
MANY = 3200  # pixels of a small sheet once it is straightened


class Code(NamedTuple):
    """What a code says, and its corners in the picture, first the code's own upper left one."""

    text: str
    corners: Quad


class Attempt(NamedTuple):
    """A picture to look at, and how to find its points in the whole picture again."""

    image: Image.Image
    back: geometry.Map | None = None


def find_easily(image: Image.Image) -> list[Code]:
    """All of our codes as the picture is, and if one of a page's two is missing also without the red of a seal."""
    found = read(Attempt(image.convert("L")))
    if found and all(len(places) == 2 for places in by_text(found).values()):
        return found
    return merged(found, read(Attempt(without_red(image))))


def find_hard(view: View, sheet: Quad | None) -> list[Code]:
    """What the first helpful look shows of those that are more work; ``sheet``: the corners of its outline."""
    return next(filter(None, map(read, hard_attempts(view, sheet))), [])


def hard_attempts(view: View, sheet: Quad | None) -> Iterator[Attempt]:
    large = without_red(view.larger(LARGE))
    if sheet is not None:
        alone = straightened(large, sheet)
        yield alone
        yield Attempt(sharp(alone.image), alone.back)
    if max(large.size) < 0.8 * LARGE:
        large = resized(large, LARGE)
    yield Attempt(large)
    yield Attempt(sharp(large))


def without_red(image: Image.Image) -> Image.Image:
    """Red ink is as bright as paper in the red channel."""
    return image.getchannel("R") if image.mode == "RGB" else image


def sharp(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.UnsharpMask(radius=5, percent=250, threshold=0))


def resized(image: Image.Image, long_side: int) -> Image.Image:
    factor = long_side / max(image.size)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    return image.resize(size, Image.Resampling.BICUBIC)


def straightened(large: Image.Image, sheet: Quad) -> Attempt:
    """The sheet alone and as large as helps."""
    size = flat.natural_size(sheet, large.size)
    factor = min(3.0, max(1.0, MANY / max(size)))
    image = flat.laid_flat(large, sheet, (round(size[0] * factor), round(size[1] * factor)))
    return Attempt(image, geometry.fitted(geometry.UNIT, sheet))


def read(attempt: Attempt) -> list[Code]:
    width, height = attempt.image.size
    found = []
    for barcode in zxingcpp.read_barcodes(attempt.image, formats=zxingcpp.BarcodeFormat.QRCode):
        if not barcode.text.startswith(OURS):
            continue
        place = barcode.position
        points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        first, second, third, fourth = ((point.x / width, point.y / height) for point in points)
        corners: Quad = (first, second, third, fourth)
        found.append(Code(barcode.text, attempt.back.quad(corners) if attempt.back else corners))
    return found


def merged(known: list[Code], seen: list[Code]) -> list[Code]:
    """Both, each code once: the same text at the same place is the same code."""
    result = list(known)
    for code in seen:
        place = geometry.middle(code.corners)
        if not any(
            other.text == code.text and geometry.distance(geometry.middle(other.corners), place) < 0.03
            for other in result
        ):
            result.append(code)
    return result


def by_text(found: list[Code]) -> dict[str, list[Quad]]:
    places: dict[str, list[Quad]] = {}
    for code in found:
        places.setdefault(code.text, []).append(code.corners)
    return places
