"""Hints for people about a picture, never a bar. In doubt nothing is said: a false alarm hurts more than a miss."""

from typing import NamedTuple

from PIL import Image, ImageChops, ImageFilter, ImageStat

from . import flat, geometry
from .codes import Code
from .geometry import PRINTED, SEAL, SIGNATURE, Map, Quad

BLURRED, DARK, CUT_OFF, NO_RED, NO_SIGNATURE = "blurred", "dark", "cut_off", "no_red", "no_signature"

SOFTEST, SOFTEST_PIXELS = (
    0.46,
    2.0,
)  # millimetres, pixels: how far an edge may spread; strokes are 0.4 mm apart
SOFTEST_PAGE = 0.6  # millimetres, where no code says how large one is
DARKEST = 75  # of 255, the paper itself
RED_AREA, INK_AREA = 12.0, 4.0  # square millimetres; a seal has 300, a short name 15
FAINTEST_RED, FAINTEST_INK = 26, 70  # of 255, against the paper close by
WELL_OUTSIDE = 0.08  # of the picture
COLOURED = 0.01  # of the pixels: a scan in grey cannot show red
PAGE = (4.0, 4.0, 206.0, 293.0)


def on_recognised(image: Image.Image, code: Code, sheet: Map | None, *, runs_out: bool) -> list[str]:
    hints = []
    if is_blurred(image, code.corners):
        hints.append(BLURRED)
    if sheet is None:
        clear_of = 0.0 if runs_out else WELL_OUTSIDE
        return [*hints, CUT_OFF] if other_code_is_outside(code.corners, clear_of) else hints
    if is_dark(flat.cut_out(image, sheet, PAGE, 0.3)):
        hints.append(DARK)
    if is_cut_off(sheet):
        hints.append(CUT_OFF)
    elif code.text.split(":")[3:4] == ["1"]:  # the seal belongs on page 1
        if has_colour(image) and not has_seal(image, sheet):
            hints.append(NO_RED)
        if not has_signature(image, sheet):
            hints.append(NO_SIGNATURE)
    return hints


def on_unrecognised(image: Image.Image, sheet: Image.Image) -> list[str]:
    hints = []
    grey = image.convert("L")
    if edge_spread(grey) / (max(image.size) * 0.85 / geometry.HEIGHT) > SOFTEST_PAGE:
        hints.append(BLURRED)
    if is_dark(sheet):
        hints.append(DARK)
    return hints


# --- how sharp, how bright, how much of it ------------------------------------------------------------


def is_blurred(image: Image.Image, code: Quad) -> bool:
    """Told from the edges of a code. A small picture may be coarse without being blurred."""
    corners = geometry.scaled(code, *image.size)
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    part = image.crop((int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1)).convert("L")
    spread = edge_spread(part)
    pixels_per_mm = abs(geometry.area(corners)) ** 0.5 / geometry.CODE
    return spread > SOFTEST_PIXELS and spread > SOFTEST * pixels_per_mm


def edge_spread(grey: Image.Image) -> float:
    """Sigma in pixels of the blur over the sharpest edges: their height divided by their steepness."""
    contrast = percentile(grey, 0.95) - percentile(grey, 0.05)
    calm = grey.filter(ImageFilter.BoxBlur(0.7))  # grain is steep, but no edge
    rises = [ImageChops.difference(calm, ImageChops.offset(calm, *by)) for by in ((2, 0), (0, 2))]
    steepest = percentile(ImageChops.lighter(*rises), 0.98) / 2
    return contrast / max(steepest, 1) / 2.5


def is_dark(sheet: Image.Image) -> bool:
    return percentile(sheet.convert("L"), 0.75) < DARKEST


def is_cut_off(sheet: Map) -> bool:
    """Something printed lies outside of the picture."""
    edge = geometry.WRITTEN
    written = geometry.box(edge, edge - 3, geometry.WIDTH - edge, geometry.HEIGHT - edge + 3)
    return any(not (0 <= x <= 1 and 0 <= y <= 1) for x, y in sheet.quad(written))


def other_code_is_outside(code: Quad, clear_of: float) -> bool:
    """Judged by one code alone, which tells little of the slant: only when the other lies clear of the edges."""
    first, second, _third, fourth = code
    places = []
    for here, there in (
        (geometry.UPPER_CODE, geometry.LOWER_CODE),
        (geometry.LOWER_CODE, geometry.UPPER_CODE),
    ):
        (x, y), (u, v) = geometry.middle(here), geometry.middle(there)
        across, down = (u - x) / geometry.CODE, (v - y) / geometry.CODE
        at = geometry.middle(code)
        places.append(
            tuple(at[i] + across * (second[i] - first[i]) + down * (fourth[i] - first[i]) for i in (0, 1))
        )
    # Which of the two it is shows by where the other would be.
    return all(max(-x, x - 1, -y, y - 1) > clear_of for x, y in places)


# --- ink ----------------------------------------------------------------------------------------------


class Ink(NamedTuple):
    """Masks of one part of the sheet, white where there is ink, and how many pixels a square millimetre has."""

    red: Image.Image
    dark: Image.Image
    density: float


def ink_in(image: Image.Image, sheet: Map, place: tuple[float, float, float, float]) -> Ink:
    """Told from the paper around it, so that neither lamp nor shadow counts as ink."""
    per_mm = 4.0
    part = flat.cut_out(image.convert("RGB"), sheet, place, per_mm).filter(ImageFilter.BoxBlur(0.5))
    bands = [as_on_white(band) for band in part.split()]
    red = ImageChops.subtract(bands[0], ImageChops.lighter(bands[1], bands[2]))
    dark = ImageChops.invert(bands[0])  # of the red channel: a seal's red is hardly seen in it
    return Ink(
        red.point([255 * (value > FAINTEST_RED) for value in range(256)]),
        dark.point([255 * (value > FAINTEST_INK) for value in range(256)]),
        per_mm**2,
    )


def as_on_white(band: Image.Image) -> Image.Image:
    """The same under even light: divided by the paper's brightness close by."""
    coarse = max(1, band.width // 25), max(1, band.height // 25)
    paper = band.resize(coarse, Image.Resampling.BOX).filter(ImageFilter.MaxFilter(5))
    paper = paper.filter(ImageFilter.GaussianBlur(1)).resize(band.size, Image.Resampling.BILINEAR)
    white = max(ImageStat.Stat(paper).median[0], 1)
    lightness = [max(0, round(255 - shortage * 255 / white)) for shortage in range(256)]
    return ImageChops.subtract(paper, band).point(lightness)


def area(mask: Image.Image, density: float) -> float:
    """Square millimetres of ink."""
    return mask.histogram()[255] / density


def has_colour(image: Image.Image) -> bool:
    if image.mode != "RGB":
        return False
    small = image.resize((200, 200), Image.Resampling.BOX, reducing_gap=2.0)
    red, green, blue = small.split()
    spread = ImageChops.subtract(
        ImageChops.lighter(ImageChops.lighter(red, green), blue),
        ImageChops.darker(ImageChops.darker(red, green), blue),
    )
    return sum(spread.histogram()[7:]) > COLOURED * 200 * 200


def has_seal(image: Image.Image, sheet: Map) -> bool:
    ink = ink_in(image, sheet, SEAL)
    return area(ink.red, ink.density) >= RED_AREA


def has_signature(image: Image.Image, sheet: Map) -> bool:
    """Any stroke that is not printed there: dark anywhere but in the line of the date, or a red name stamp."""
    ink = ink_in(image, sheet, SIGNATURE)
    left, top = SIGNATURE[:2]
    per_mm = ink.density**0.5
    for words in PRINTED:
        x, y, u, v = (
            round((value - edge) * per_mm) for value, edge in zip(words, (left, top) * 2, strict=True)
        )
        for mask in (ink.red, ink.dark):
            mask.paste(0, (max(x, 0), max(y, 0), max(u, 0), max(v, 0)))
    beside_the_seal = ink.red.crop((0, 0, round((115 - left) * per_mm), ink.red.height))
    return area(ink.dark, ink.density) + area(beside_the_seal, ink.density) >= INK_AREA


def is_blank(sheet: Image.Image) -> bool:
    """White paper and nothing on it, as the back of a page."""
    small = sheet.convert("RGB").resize((420, 594), Image.Resampling.BOX, reducing_gap=2.0)
    inside = small.crop((21, 30, 399, 564))
    grey = inside.convert("L")
    median = ImageStat.Stat(inside).median
    if min(median) < 90 or max(median) - min(median) > 60:
        return False
    marks = ImageChops.invert(as_on_white(grey)).histogram()
    return sum(marks[40:]) < 0.0005 * grey.width * grey.height


def percentile(band: Image.Image, share: float) -> int:
    """The value that so much of the picture does not exceed."""
    left = share * band.width * band.height
    for value, count in enumerate(band.histogram()):
        left -= count
        if left <= 0:
            return value
    return 255
