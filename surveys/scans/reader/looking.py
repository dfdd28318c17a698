"""All that is seen on one page: its codes, where the sheet lies, which way is up, and what to advise."""

from typing import NamedTuple

from PIL import Image

from . import advice, codes, flat, geometry
from .geometry import FRAME, LOWER_CODE, UNIT, UPPER_CODE, Map, Quad
from .later import later
from .pictures import View, coarse

outline = later(".outline")  # OpenCV, for the few pictures whose codes do not say where the sheet lies

NEAR = 0.25  # of a code's side: so far a code may be from its place on a sheet whose outline was found

ROUGH = 840  # pixels show whether there is anything on a page


class Seen(NamedTuple):
    """``corners`` as they follow in the picture, None when it need not or cannot be straightened; then ``turn``."""

    texts: list[str]
    turn: int
    corners: list[list[float]] | None
    advice: list[str]
    is_blank: bool


def look(view: View) -> Seen:
    found = codes.find_easily(view.image)
    return recognised(view.image, found) if found else look_harder(view)


def recognised(image: Image.Image, found: list[codes.Code]) -> Seen:
    places = codes.by_text(found)
    turn = upright_turn(found[0].corners, image.size)
    if len(places) > 1:  # several sheets in one picture: straightening one would cut off the other
        return Seen(list(places), turn, None, [], is_blank=False)
    sheet, runs_out = placed(image, found[0], places[found[0].text], turn)
    hints = advice.on_recognised(image, found[0], sheet, runs_out=runs_out)
    return Seen(list(places), turn, worth_straightening(sheet, turn), hints, is_blank=False)


def look_harder(view: View) -> Seen:
    """A page without a code that is easily read: a bad picture, an attachment, or the back of a page."""
    corners = outline.sheet(view.image).corners
    sheet = flat.straightened(coarse(view.image, ROUGH), 0, corners)
    where = rounded(corners) if corners else None
    if advice.is_blank(sheet):
        return Seen([], 0, where, [], is_blank=True)
    if found := codes.find_hard(view, corners):
        return recognised(view.image, found)
    return Seen([], 0, where, advice.on_unrecognised(view.image, sheet), is_blank=False)


def upright_turn(code: Quad, size: tuple[int, int]) -> int:
    first, second, third, fourth = geometry.scaled(code, *size)
    return geometry.quarter_turns(geometry.middle((third, fourth)), geometry.middle((first, second)))


def placed(image: Image.Image, code: codes.Code, seen: list[Quad], turn: int) -> tuple[Map | None, bool]:
    """The map from millimetres on the sheet into the picture, None when it cannot be told well enough.

    And whether the sheet was seen to run out of the picture.
    """
    if len(seen) == 2:
        return by_both_codes(seen[0], seen[1], image.size), False
    if len(seen) > 2:  # the same page twice in one picture
        return None, False
    if sheet := by_outline(UNIT, code.corners, turn):
        return sheet, False
    found = outline.sheet(image)
    return found.corners and by_outline(found.corners, code.corners, turn), found.runs_out


def by_both_codes(one: Quad, other: Quad, size: tuple[int, int]) -> Map | None:
    """Both codes read: their eight corners say more exactly where the sheet is than its own edges do."""
    first, second, _third, fourth = geometry.scaled(one, *size)
    (x, y), (u, v) = (geometry.middle(geometry.scaled(quad, *size)) for quad in (one, other))
    across = (second[0] - first[0]) * (u - x) + (second[1] - first[1]) * (v - y)
    down = (fourth[0] - first[0]) * (u - x) + (fourth[1] - first[1]) * (v - y)
    if (across < 0) != (down > 0):  # not at opposite corners of one sheet: two sheets with the same code
        return None
    upper, lower = (one, other) if down > 0 else (other, one)
    sheet = geometry.fitted((*UPPER_CODE, *LOWER_CODE), (*upper, *lower))
    return sheet if sheet and fits(sheet, UPPER_CODE, upper) and fits(sheet, LOWER_CODE, lower) else None


def by_outline(found: Quad, code: Quad, turn: int) -> Map | None:
    """One code read and the sheet's outline seen: good when the code is where it is printed on such a sheet."""
    back = -turn % 360 // 90
    page = (*found[back:], *found[:back])
    sheet = geometry.fitted(FRAME, page)
    for printed in (UPPER_CODE, LOWER_CODE):
        if sheet and fits(sheet, printed, code):
            return geometry.fitted((*FRAME, *printed), (*page, *code))
    return None


def fits(sheet: Map, printed: Quad, seen: Quad) -> bool:
    side = geometry.distance(seen[0], seen[2]) / 2**0.5
    return all(
        geometry.distance(sheet.at(place), corner) < NEAR * side
        for place, corner in zip(printed, seen, strict=True)
    )


def worth_straightening(sheet: Map | None, turn: int) -> list[list[float]] | None:
    if sheet is None:
        return None
    corners = geometry.as_seen(sheet.quad(FRAME), turn)
    off = [geometry.distance(corner, edge) for corner, edge in zip(corners, UNIT, strict=True)]
    return rounded(corners) if 0.02 < max(off) < 0.7 else None


def rounded(corners: Quad) -> list[list[float]]:
    return [[round(x, 4), round(y, 4)] for x, y in corners]
