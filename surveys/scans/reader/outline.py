"""The outline of a sheet of paper in a picture: brighter and less coloured than what it lies on.

The only part of the reader that loads OpenCV, which takes longer to load than an easy page takes to read.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import cv2
import numpy as np
from PIL import Image

from . import geometry
from .geometry import Quad

cv2.setNumThreads(1)

SIDE = 640  # pixels are enough for an outline
SMALLEST = 0.04  # of the picture
WHOLE = 0.97  # a sheet that fills the picture has no outline in it


class Outline(NamedTuple):
    """``corners`` as fractions, clockwise from the upper left; None when unsure, or when the sheet ``runs_out``."""

    corners: Quad | None
    runs_out: bool = False


def sheet(image: Image.Image) -> Outline:
    """The one sheet in a picture."""
    small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    best, most = Outline(None), SMALLEST
    for mask in _masks(np.asarray(small)):
        quad = _quad_of_largest(mask)
        share = geometry.area(quad) if quad else 0.0
        if quad is None or not most < share < WHOLE:
            continue
        if runs_out(quad):
            best, most = Outline(None, runs_out=True), share
        elif looks_like_paper(geometry.scaled(quad, *small.size)):
            best, most = Outline(quad), share
    return best


def runs_out(quad: Quad) -> bool:
    """A whole side lies on the edge of the picture: there the sheet ends only because the picture does."""
    return any(
        max(abs(one[axis] - edge), abs(other[axis] - edge)) < 0.012
        for one, other in geometry.sides(quad)
        for axis in (0, 1)
        for edge in (0, 1)
    )


def _masks(pixels: Any) -> Iterator[Any]:
    """Where paper may be: by brightness, by the lack of colour, by what the edges enclose."""
    smooth = cv2.GaussianBlur(pixels, (0, 0), 2)
    grey = cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY)
    # Print on the paper is closed over, so that only the paper's own edge remains.
    kernel = np.ones((15, 15), np.uint8)
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, kernel)
    yield cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    colourful = smooth.max(axis=2) - smooth.min(axis=2)
    plain = cv2.morphologyEx(255 - colourful, cv2.MORPH_CLOSE, kernel)
    yield cv2.threshold(plain, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    edges = cv2.dilate(cv2.Canny(closed, 15, 45), np.ones((3, 3), np.uint8))
    filled = np.zeros_like(edges)
    contours, _tree = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(filled, contours, -1, 255, cv2.FILLED)
    yield filled


def _quad_of_largest(mask: Any) -> Quad | None:
    contours, _tree = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    largest = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(largest)
    whole = cv2.contourArea(hull)
    if whole <= 0 or cv2.contourArea(largest) < 0.9 * whole:  # ragged: not one sheet
        return None
    for share in (0.01, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, closed=True), closed=True)
        if len(corners) == 4 and cv2.contourArea(corners) > 0.93 * whole:
            height, width = mask.shape
            return in_order([(float(x) / width, float(y) / height) for ((x, y),) in corners.tolist()])
    return None


def in_order(points: list[geometry.Point]) -> Quad:
    """Clockwise, first the one nearest to the picture's upper left corner."""
    x, y = geometry.middle(points)
    around = sorted(points, key=lambda point: float(np.arctan2(point[1] - y, point[0] - x)))
    first = min(range(4), key=lambda index: around[index][0] + around[index][1])
    corners = (*around[first:], *around[:first])
    return corners[0], corners[1], corners[2], corners[3]


def looks_like_paper(quad: Quad) -> bool:
    """In pixels: sides as of A4 seen from a little aside, no corner too sharp."""
    widths = [geometry.distance(quad[0], quad[1]), geometry.distance(quad[3], quad[2])]
    heights = [geometry.distance(quad[1], quad[2]), geometry.distance(quad[0], quad[3])]
    if min(*widths, *heights) < 20 or max(widths) > 1.6 * min(widths) or max(heights) > 1.6 * min(heights):
        return False
    ratio = sum(heights) / sum(widths)
    return 1.15 < max(ratio, 1 / ratio) < 1.75 and all(_is_squarish(quad, index) for index in range(4))


def _is_squarish(quad: Quad, index: int) -> bool:
    """Between 60 and 120 degrees."""
    at, before, after = quad[index], quad[index - 1], quad[(index + 1) % 4]
    one = before[0] - at[0], before[1] - at[1]
    two = after[0] - at[0], after[1] - at[1]
    length = geometry.distance(at, before) * geometry.distance(at, after)
    return abs(one[0] * two[0] + one[1] * two[1]) < 0.5 * length
