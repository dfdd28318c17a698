"""Where things printed on a sheet are in a picture of it.

On the sheet: millimetres from its upper left corner. In a picture: fractions of its width and height.
"""

from collections.abc import Sequence
from typing import NamedTuple

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Four corners, clockwise from the upper left one."""

WIDTH, HEIGHT = 210.0, 297.0
FRAME: Quad = ((0.0, 0.0), (WIDTH, 0.0), (WIDTH, HEIGHT), (0.0, HEIGHT))
UNIT: Quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def box(left: float, top: float, right: float, bottom: float) -> Quad:
    return (left, top), (right, top), (right, bottom), (left, bottom)


# The two codes as surveys.pdfs prints them, and what stands in the box for signature and seal (print/form.typ).
CODE = 28.0
UPPER_CODE, LOWER_CODE = box(166, 12, 194, 40), box(20, 257, 48, 285)
SEAL = (
    60.0,
    178.0,
    200.0,
    256.0,
)  # left, top, right, bottom: seals are seldom pressed exactly into their box
SIGNATURE = (27.5, 194.0, 186.5, 236.5)  # the box without its lines
PRINTED = ((26.0, 192.0, 53.5, 204.5), (143.0, 208.0, 165.0, 220.0), (138.0, 225.0, 190.0, 240.0))
WRITTEN = 13.0  # nothing is printed nearer to the edge; what is cut off less than this is not missed


class Map(NamedTuple):
    """A projective map of the plane: eight numbers, the ninth is 1."""

    numbers: tuple[float, ...]

    def at(self, point: Point) -> Point:
        a, b, c, d, e, f, g, h = self.numbers
        x, y = point
        depth = g * x + h * y + 1
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    def quad(self, corners: Quad) -> Quad:
        first, second, third, fourth = map(self.at, corners)
        return first, second, third, fourth


def fitted(here: Sequence[Point], there: Sequence[Point]) -> Map | None:
    """The map that carries four or more points nearest to where they should be; None when they lie in a line."""
    rows = []
    for (x, y), (u, v) in zip(here, there, strict=True):
        rows.append((x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u))
        rows.append((0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v))
    # Least squares: eight unknowns, so the ordinary way to solve them is exact enough.
    system = [
        [sum(row[i] * row[j] for row in rows) for j in range(8)] + [sum(row[i] * row[8] for row in rows)]
        for i in range(8)
    ]
    solution = solved(system)
    return Map(tuple(solution)) if solution else None


def solved(system: list[list[float]]) -> list[float] | None:
    """Gauss's elimination with pivots; None when there is no single answer."""
    count = len(system)
    for column in range(count):
        pivot = max(range(column, count), key=lambda row: abs(system[row][column]))
        if abs(system[pivot][column]) < 1e-12:
            return None
        system[column], system[pivot] = system[pivot], system[column]
        for row in range(count):
            if row != column:
                share = system[row][column] / system[column][column]
                system[row] = [a - share * b for a, b in zip(system[row], system[column], strict=True)]
    return [system[row][count] / system[row][row] for row in range(count)]


def middle(quad: Sequence[Point]) -> Point:
    return sum(x for x, _y in quad) / len(quad), sum(y for _x, y in quad) / len(quad)


def area(quad: Sequence[Point]) -> float:
    """Positive when the corners run clockwise as one looks at the picture."""
    following = [*quad[1:], quad[0]]
    return sum(x * v - u * y for (x, y), (u, v) in zip(quad, following, strict=True)) / 2


def scaled(quad: Quad, width: float, height: float) -> Quad:
    first, second, third, fourth = ((x * width, y * height) for x, y in quad)
    return first, second, third, fourth


def distance(one: Point, other: Point) -> float:
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


def sides(quad: Quad) -> tuple[tuple[Point, Point], ...]:
    return tuple(zip(quad, (*quad[1:], quad[0]), strict=True))


def quarter_turns(up_from: Point, up_to: Point) -> int:
    """By how many degrees (0, 90, 180, 270, clockwise) a picture is to be turned until this direction is up."""
    x, y = up_to[0] - up_from[0], up_to[1] - up_from[1]
    if abs(y) >= abs(x):
        return 0 if y < 0 else 180
    return 270 if x > 0 else 90


def as_seen(page: Quad, turn: int) -> Quad:
    """A page's corners, first its own upper left one, as they follow each other in the picture that needs ``turn``."""
    first = {0: 0, 90: 1, 180: 2, 270: 3}[turn]
    corners = (*page[first:], *page[:first])
    return corners[0], corners[1], corners[2], corners[3]
