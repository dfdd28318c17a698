"""Photographs of our own printed pages, as a phone takes them: tilted, unevenly lit, grainy, JPEG."""

import io
import math
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import pillow_heif
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

A4 = (210.0, 297.0)
DESK = (122, 104, 86)
RED, BLUE_BLACK = (205, 38, 42), (38, 40, 66)
# Millimetres from the upper left corner of the sheet: the middles of the codes, and of a seal where it belongs.
UPPER_CODE, LOWER_CODE, SEAL_PLACE = (180.0, 26.0), (34.0, 271.0), (155.0, 215.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One way of taking a picture of a page.

    ``tilt`` in degrees on top of ``turn`` (0, 90, 180, 270, clockwise); ``slant``: how much shorter, as a
    share, the far edges are, across and along; ``shade``: the darkest place against the brightest;
    ``blur`` and ``grain`` in pixels and grey values; ``seals``: middles of red seals in millimetres;
    ``shift``: how far the sheet is off the middle, in shares of the picture.
    """

    long_side: int = 2000
    tilt: float = 5.0
    turn: int = 0
    slant: tuple[float, float] = (0.0, 0.0)
    shade: float = 0.6
    brightness: float = 1.0
    blur: float = 0.7
    grain: float = 5.0
    quality: int = 75
    seals: tuple[tuple[float, float], ...] = ()
    ink: float = 0.8
    signed: bool = False
    fills: float = 0.9
    shift: tuple[float, float] = (0.0, 0.0)
    light: tuple[float, float, float] = (1.0, 0.98, 0.94)
    desk: tuple[int, int, int] = DESK
    seed: int = 7


def by_chance(seed: int, long_side: int = 2000, *, sealed: bool = True, covered: bool = False) -> Shot:
    """A shot nobody arranged. ``sealed``: seal and signature where they belong; ``covered``: a seal over one code."""
    chance = np.random.default_rng([seed, long_side])
    places = [SEAL_PLACE] * sealed + [(UPPER_CODE, LOWER_CODE)[chance.integers(0, 2)]] * covered
    seals = [(x + chance.uniform(-8, 8), y + chance.uniform(-5, 5)) for x, y in places]
    return Shot(
        long_side=long_side,
        tilt=float(chance.uniform(-12, 12)),
        turn=int(chance.choice([0, 0, 0, 90, 180, 270])),
        slant=(float(chance.uniform(-0.12, 0.12)), float(chance.uniform(-0.12, 0.12))),
        shade=float(chance.uniform(0.45, 0.9)),
        brightness=float(chance.uniform(0.8, 1.05)),
        blur=float(chance.uniform(0.5, 1.1)) * max(1.0, long_side / 2000),
        grain=float(chance.uniform(2, 8)),
        quality=int(chance.integers(60, 86)),
        seals=tuple(seals),
        ink=float(chance.uniform(0.55, 0.95)),
        signed=sealed,
        fills=float(chance.uniform(0.82, 0.97)),
        light=tuple(float(value) for value in chance.uniform((0.94, 0.92, 0.8), (1.0, 1.0, 1.0))),
        desk=tuple(int(value) for value in chance.integers((60, 50, 40), (190, 170, 150))),
        seed=seed,
    )


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

    ``stamped`` prints a red seal across the upper code, which is worse than anybody is asked to do;
    ``orientation`` is the EXIF value a phone writes when it is held sideways (6: turned by a quarter).
    """
    seals = (UPPER_CODE,) if stamped else ()
    picture = take(pdf, page, Shot(tilt=tilt, long_side=long_side, quality=quality, seals=seals))
    exif = Image.Exif()
    if orientation == 6:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = orientation
    return encoded(picture, quality=quality, exif=exif)


def taken(pdf: bytes, page: int = 0, shot: Shot | None = None, **changes: object) -> bytes:
    """The photograph as JPEG bytes."""
    shot = replace(shot or Shot(), **changes)
    return encoded(take(pdf, page, shot), quality=shot.quality)


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


@lru_cache(maxsize=4)
def heic(picture: bytes) -> bytes:
    """The same picture as an iPhone keeps it."""
    target = io.BytesIO()
    opened = pillow_heif.from_pillow(Image.open(io.BytesIO(picture)))
    opened.save(target, quality=60, enc_params={"preset": "ultrafast"})
    return target.getvalue()


def take(pdf: bytes, page: int, shot: Shot) -> Image.Image:
    """The picture before it is compressed."""
    return lay_down([sheet(pdf, page, shot)], shot)


def sheet(pdf: bytes, page: int, shot: Shot) -> Image.Image:
    """The page with what people put on it: seals and a signature."""
    paper = _page(pdf, page, int(shot.long_side * shot.fills))
    chance = np.random.default_rng([shot.seed, 1])
    for middle in shot.seals:
        paper = _inked(paper, _seal(paper, middle), RED, shot.ink, chance)
    if shot.signed:
        paper = _inked(paper, _strokes(paper, chance), BLUE_BLACK, 0.95, chance)
    return paper


@lru_cache(maxsize=8)
def _page(pdf: bytes, page: int, long_side: int) -> Image.Image:
    return page_picture(pdf, page, long_side)


def lay_down(sheets: list[Image.Image], shot: Shot) -> Image.Image:
    """One sheet in the middle of the desk, or two side by side."""
    along, across = shot.long_side, int(shot.long_side * 0.75)
    upright = shot.turn in {0, 180} and len(sheets) == 1
    width, height = (across, along) if upright else (along, across)
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = shot.desk
    for place, paper in enumerate(sheets):
        middle = (place + 0.5) / len(sheets) + shot.shift[0], 0.5 + shot.shift[1]
        _lay(picture, paper, shot, (middle[0] * width, middle[1] * height), width / len(sheets), height)
    chance = np.random.default_rng([shot.seed, 2])
    picture *= _light(width, height, shot, chance)[..., None] * np.array(shot.light, np.float32)
    picture = cv2.GaussianBlur(picture, (0, 0), shot.blur)
    noise = chance.standard_normal((height, width), np.float32)[..., None] * shot.grain
    return Image.fromarray(np.clip(picture + noise, 0, 255).astype(np.uint8))


def _lay(
    picture: np.ndarray,
    paper: Image.Image,
    shot: Shot,
    middle: tuple[float, float],
    width: float,
    height: float,
) -> None:
    """Paint one sheet into the picture as a camera sees it that is not held straight above."""
    corners = seen_corners(paper.size, shot)
    span = corners.max(axis=0) - corners.min(axis=0)
    scale = min(shot.fills * width / span[0], shot.fills * height / span[1])
    corners = (corners * scale + middle).astype(np.float32)
    w, h = paper.size
    frame = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    matrix = cv2.getPerspectiveTransform(frame, corners)
    size = picture.shape[1], picture.shape[0]
    smaller = cv2.GaussianBlur(np.asarray(paper), (0, 0), 0.4 / scale) if scale < 0.9 else np.asarray(paper)
    seen = cv2.warpPerspective(smaller, matrix, size, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.ones((h, w), np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    np.copyto(picture, seen.astype(np.float32), where=mask[..., None].astype(bool))


def seen_corners(size: tuple[int, int], shot: Shot) -> np.ndarray:
    """The sheet's corners around (0, 0), clockwise from its own upper left one."""
    across, along = shot.slant
    corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        depth = 1 + across * x + along * y
        corners.append((x * size[0] / 2 / depth, y * size[1] / 2 / depth))
    angle = math.radians(shot.tilt + shot.turn)
    turned = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    placed = np.array(corners) @ turned
    return placed - (placed.max(axis=0) + placed.min(axis=0)) / 2


def _light(width: int, height: int, shot: Shot, chance: np.random.Generator) -> np.ndarray:
    """Bright on one side, dark on the other, and the soft shadow of the hand that holds the phone."""
    angle = chance.uniform(0, 2 * math.pi)
    y, x = np.mgrid[0:64, 0:64].astype(np.float32) / 63 - 0.5
    ramp = (x * math.cos(angle) + y * math.sin(angle)) / 1.42 + 0.5
    light = shot.shade + (1 - shot.shade) * ramp
    at = chance.uniform(-0.5, 0.5, 2)
    light *= 1 - 0.2 * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / 0.04)
    return cv2.resize(
        light.astype(np.float32) * shot.brightness, (width, height), interpolation=cv2.INTER_LINEAR
    )


def _inked(
    paper: Image.Image,
    mask: Image.Image,
    colour: tuple[int, int, int],
    strength: float,
    chance: np.random.Generator,
) -> Image.Image:
    """Ink lets what is printed under it through, and does not take everywhere."""
    patches = cv2.resize(chance.uniform(0.5, 1, (90, 60)).astype(np.float32), paper.size)
    cover = (np.asarray(mask, np.float32) / 255 * patches * strength)[..., None]
    through = 1 - cover * (1 - np.array(colour, np.float32) / 255)
    return Image.fromarray((np.asarray(paper, np.float32) * through).astype(np.uint8))


def _seal(paper: Image.Image, middle: tuple[float, float]) -> Image.Image:
    """A round seal of 42 mm: ring, star, signs along the ring and below the star."""
    unit = paper.width / A4[0]
    mask = Image.new("L", paper.size)
    draw = ImageDraw.Draw(mask)
    x, y = middle[0] * unit, middle[1] * unit
    draw.ellipse(
        [x - 21 * unit, y - 21 * unit, x + 21 * unit, y + 21 * unit], outline=255, width=round(1.2 * unit)
    )
    star = [
        (
            x + math.sin(k * math.pi / 5) * unit * (7 if k % 2 == 0 else 2.7),
            y - math.cos(k * math.pi / 5) * unit * (7 if k % 2 == 0 else 2.7),
        )
        for k in range(10)
    ]
    draw.polygon(star, fill=255)
    font = ImageFont.load_default(4.2 * unit)
    for k in range(13):
        angle = math.radians(-120 + 20 * k)
        place = x + math.sin(angle) * 16 * unit, y - math.cos(angle) * 16 * unit
        draw.text(
            place, "BEHKMNRSWXYZ8"[k], fill=255, font=font, anchor="mm", stroke_width=max(1, round(unit / 9))
        )
    draw.text((x, y + 12 * unit), "ZHUAN", fill=255, font=ImageFont.load_default(3.6 * unit), anchor="mm")
    return mask


def _strokes(paper: Image.Image, chance: np.random.Generator) -> Image.Image:
    """A name beside the words for it, and three numbers of a date."""
    unit = paper.width / A4[0]
    mask = Image.new("L", paper.size)
    draw = ImageDraw.Draw(mask)
    places = [(56, 194, 26, 9), (144, 229, 5, 4), (158, 229, 4, 4), (170, 229, 4, 4)]
    for left, top, width, height in places:
        points = chance.uniform((left, top), (left + width, top + height), (max(4, width // 2), 2)) * unit
        draw.line(
            [tuple(point) for point in points], fill=255, width=max(2, round(0.6 * unit)), joint="curve"
        )
    return mask


def scanned_pdf(*pages: bytes) -> bytes:
    """What an office scanner makes of pictures: one PDF with a picture on every page."""
    first, *others = [Image.open(io.BytesIO(page)) for page in pages]
    target = io.BytesIO()
    first.save(target, "PDF", save_all=True, append_images=others, resolution=200)
    return target.getvalue()
