"""Pictures of sheets laid flat and turned upright."""

from collections.abc import Sequence

from PIL import Image

from . import geometry
from .geometry import HEIGHT, WIDTH, Map, Quad


def straightened(image: Image.Image, turn: int, corners: Sequence[Sequence[float]] | None) -> Image.Image:
    """What lies between the corners (fractions, as they follow in the picture) as A4, then turned clockwise."""
    if corners:
        first, second, third, fourth = ((float(x), float(y)) for x, y in corners)
        quad: Quad = (first, second, third, fourth)
        image = laid_flat(image, quad, natural_size(quad, image.size))
    return image.rotate(-turn, expand=True) if turn else image


def natural_size(quad: Quad, size: tuple[int, int]) -> tuple[int, int]:
    """Width and height in pixels of an A4 sheet that shows all the picture has of it."""
    first, second, third, fourth = geometry.scaled(quad, *size)
    across = max(geometry.distance(first, second), geometry.distance(fourth, third))
    along = max(geometry.distance(second, third), geometry.distance(first, fourth))
    longer, shorter = max(across, along), round(max(across, along) * WIDTH / HEIGHT)
    longer, shorter = max(1, round(longer)), max(1, shorter)
    return (shorter, longer) if across < along else (longer, shorter)


def laid_flat(image: Image.Image, corners: Quad, size: tuple[int, int]) -> Image.Image:
    """What lies between four corners (fractions of the picture), as a rectangle of so many pixels."""
    target: Quad = ((0.0, 0.0), (size[0], 0.0), (size[0], size[1]), (0.0, size[1]))
    return warped(image, geometry.fitted(target, geometry.scaled(corners, *image.size)), size)


def cut_out(
    image: Image.Image, sheet: Map, place: tuple[float, float, float, float], per_mm: float
) -> Image.Image:
    """A part of the sheet (left, top, right, bottom in millimetres) as if it had been scanned."""
    left, top, right, bottom = place
    size = round((right - left) * per_mm), round((bottom - top) * per_mm)
    seen = sheet.quad(geometry.box(left, top, right, bottom))
    return laid_flat(image, seen, size)


def warped(image: Image.Image, back: Map | None, size: tuple[int, int]) -> Image.Image:
    """``back`` leads from the new picture's pixels to the old one's; what lies outside of the old one is white."""
    if back is None:
        return image.resize(size)
    white = 255 if image.mode == "L" else (255, 255, 255)
    return image.transform(
        size, Image.Transform.PERSPECTIVE, back.numbers, Image.Resampling.BICUBIC, fillcolor=white
    )
