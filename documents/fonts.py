"""The fonts of everything printed: small cuts of Noto CJK, made once, so that a page takes milliseconds.

WeasyPrint reads every used font whole for each file it writes, and pays for every glyph it holds, used or
not. The system's Noto Serif CJK holds 65,000. So the common half of GB 2312 is one cut, its rare half a
second, headings two tiny ones; signs outside them (筼, 𬭎) come from the whole font through the font stack.
"""

import ctypes
import io
import os
import struct
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

# Raise when the recipe below changes, so that older cuts are made anew.
RECIPE = 3
# A sign that is missing here still prints, from the whole font, at five times the cost of the page.
HEADING_SIGNS = (
    "国际安全社区认证和复评调查表工作附件补充信息名单汇总统计报告年度申请评审现场示范创建命名授牌"
    "中大陆地职业健康协会委员通知关于开展省市县镇乡街道居村民政府企园一二三四五六七八九十〇第页共"
    "版本编号内容摘要提交时间是否打算合希望哪些活份演练不作正式材料项目伤害监测基情况登记备案推荐意见书负责人联系单位"
    "邀函盖章签字日期月件证持续改进方案计划总结需求培训考察交流座谈专论坛（）〔〕《》、。，：；·—…“”"
)
# Written every day, but kept elsewhere or not at all by GB 2312.
USUAL_SIGNS = "—–·•～￥€㎡㎞"
# Outside GB 2312: place names of the register and its sub-districts, and signs usual in people's names.
NAME_SIGNS = (
    "滘碁筓筜筼喆堃昇玥镕珺璟赟祎烜翀犇垚骉甦弢昉旸曈瑄暐晞玙琇瑀璠彧峣崟芃荺旻禛禔竑翙莯谞锜鹍亶伋佺倞傢"
    "劼勍咗啟坮埇埗堽堌塅奡妘媞嫄孖寀峘廙弆彊忞惇慜扆搢敔暕曌橦泂洺浛浥淏淯湉湜溁溍溦滪漈濛炘炤焜燊燚犨"
    "玏玓玗玠玦玶珅珒珣珪珽琎琯瑢瑧瑨瑮璆畇皞盌矞硚祃祐禟禥秾簃"
)
# Only for writing upright lines; WeasyPrint drops these tables itself, but only after reading them.
DROPPED = (b"BASE", b"GPOS", b"GSUB", b"GDEF", b"VORG", b"vhea", b"vmtx")

_SET_DROPPED_TABLES = 3  # enum hb_subset_sets_t
_FLAG_NO_HINTING = 1  # enum hb_subset_flags_t


class FontsMissing(RuntimeError):  # noqa: N818 - says what is the matter
    """The machine lacks the fonts or the library without which nothing can be printed."""


@dataclass(frozen=True, slots=True)
class Face:
    """One cut: the family name stylesheets use, and the system font it is made from."""

    family: str
    weight: str
    source: str
    file_name: str
    characters: Callable[[], Collection[int]]

    @property
    def path(self) -> Path:
        return folder() / self.file_name


def folder() -> Path:
    return Path(settings.VAR_DIR) / "fonts" / f"cut-{RECIPE}"


def common() -> list[int]:
    """The 3,755 Han signs of GB 2312 level 1, Chinese punctuation and ASCII, as code points."""
    return sorted({*range(0x20, 0x7F), *_gb2312(0xA1, 0xA3), *_gb2312(0xB0, 0xD7), *map(ord, USUAL_SIGNS)})


def rare() -> list[int]:
    """The 3,008 Han signs of level 2, those of names, Greek, Cyrillic, kana, and Latin-1."""
    signs = {*range(0xA0, 0x100), *_gb2312(0xA4, 0xA9), *_gb2312(0xD8, 0xF7), *map(ord, NAME_SIGNS)}
    return sorted(signs - set(common()))


def heading() -> list[int]:
    """ASCII and the signs that headings of official forms are made of."""
    return sorted({*range(0x20, 0x7F), *map(ord, HEADING_SIGNS)})


def _gb2312(first: int, last: int) -> set[int]:
    """Code points of whole rows, by the first byte of their double-byte code."""
    codes = (bytes((high, low)) for high in range(first, last + 1) for low in range(0xA1, 0xFF))
    return {ord(sign) for code in codes for sign in code.decode("gb2312", "ignore")}


FACES = (
    Face("Print Serif", "normal", "Noto Serif CJK SC", "serif.otf", common),
    Face("Print Serif Rare", "normal", "Noto Serif CJK SC", "serif-rare.otf", rare),
    # A family of its own: WeasyPrint mixes up the signs of two files of one family within a line.
    Face("Print Serif Heading", "bold", "Noto Serif CJK SC", "serif-bold.otf", heading),
    Face("Print Sans", "normal", "Noto Sans CJK SC", "sans.otf", heading),
)


def ensure() -> tuple[Face, ...]:
    """All cuts, made now if one is not there (a second in all). Raises FontsMissing."""
    if any(not face.path.exists() for face in FACES):
        build()
    return FACES


def build() -> tuple[Face, ...]:
    """Make every cut anew. Each appears under its name only when whole: two builders do no harm."""
    folder().mkdir(parents=True, exist_ok=True)
    for face in FACES:
        path, index = locate(face.source, bold=face.weight == "bold")
        with tempfile.NamedTemporaryFile(dir=folder(), suffix=".part", delete=False) as part:
            part.write(cut(path, index, face.characters()))
        Path(part.name).chmod(0o644)
        Path(part.name).replace(face.path)
    return FACES


def locate(family: str, *, bold: bool = False) -> tuple[Path, int]:
    """File and face number of a system font by fontconfig. Raises FontsMissing when it is another's."""
    pattern = f"{family}:{'bold' if bold else 'regular'}"
    try:
        answer = subprocess.run(  # noqa: S603 - the families are our own constants
            ["fc-match", "--format", "%{file}\n%{index}\n%{family}", pattern],  # noqa: S607 - fontconfig's own
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise FontsMissing("fontconfig does not answer (fc-match)") from error
    file, index, families = answer.split("\n", 2)
    if family not in families.split(","):
        raise FontsMissing(f"the font {family} is not installed")
    return Path(file), int(index) & 0xFFFF


@lru_cache
def subsetter() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    """HarfBuzz and its subset library: fontTools takes 75 s for what these do in one. Raises FontsMissing."""
    try:
        harfbuzz = ctypes.CDLL("libharfbuzz.so.0")
        subset = ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError as error:
        raise FontsMissing("the library libharfbuzz-subset is not installed") from error
    pointer, number = ctypes.c_void_p, ctypes.c_uint
    for library, name, result, arguments in (
        (harfbuzz, "hb_blob_create_from_file", pointer, [ctypes.c_char_p]),
        (harfbuzz, "hb_blob_get_data", pointer, [pointer, ctypes.POINTER(number)]),
        (harfbuzz, "hb_blob_destroy", None, [pointer]),
        (harfbuzz, "hb_face_create", pointer, [pointer, number]),
        (harfbuzz, "hb_face_reference_blob", pointer, [pointer]),
        (harfbuzz, "hb_face_destroy", None, [pointer]),
        (harfbuzz, "hb_set_add", None, [pointer, number]),
        (subset, "hb_subset_input_create_or_fail", pointer, []),
        (subset, "hb_subset_input_destroy", None, [pointer]),
        (subset, "hb_subset_input_unicode_set", pointer, [pointer]),
        (subset, "hb_subset_input_set", pointer, [pointer, number]),
        (subset, "hb_subset_input_set_flags", None, [pointer, number]),
        (subset, "hb_subset_or_fail", pointer, [pointer, pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return harfbuzz, subset


def cut(path: Path, index: int, wanted: Iterable[int]) -> bytes:
    """The font at ``path`` with nothing but the wanted code points. Raises FontsMissing."""
    harfbuzz, subset = subsetter()
    blob = harfbuzz.hb_blob_create_from_file(os.fsencode(path))
    face = harfbuzz.hb_face_create(blob, index)
    order = subset.hb_subset_input_create_or_fail()
    try:
        unicodes = subset.hb_subset_input_unicode_set(order)
        for code_point in wanted:
            harfbuzz.hb_set_add(unicodes, code_point)
        dropped = subset.hb_subset_input_set(order, _SET_DROPPED_TABLES)
        for tag in DROPPED:
            harfbuzz.hb_set_add(dropped, int.from_bytes(tag, "big"))
        subset.hb_subset_input_set_flags(order, _FLAG_NO_HINTING)
        small = subset.hb_subset_or_fail(face, order)
        if not small:
            raise FontsMissing(f"{path} cannot be cut")
        return number_glyphs(_content(harfbuzz, small))
    finally:
        subset.hb_subset_input_destroy(order)
        harfbuzz.hb_face_destroy(face)
        harfbuzz.hb_blob_destroy(blob)


def number_glyphs(font: bytes) -> bytes:
    """Give every glyph of a CID-keyed font its own position as its CID.

    A cut keeps the CIDs of the whole font, two incompressible bytes for each of thousands of glyphs in
    every file written. PDF files made here address glyphs by position anyway, so both now say the same.
    """
    with TTFont(io.BytesIO(font), lazy=True) as opened:
        count = opened["maxp"].numGlyphs
        table = opened.reader.tables["CFF "].offset
        charset = table + opened["CFF "].cff[0].rawDict["charset"]
    # Format 2, one range: from CID 1, as many as there are glyphs besides .notdef. Shorter than what stands
    # there, so nothing moves. Source: Adobe Technical Note 5176, table 20.
    ranges = struct.pack(">BHH", 2, 1, count - 2)
    return font[:charset] + ranges + font[charset + len(ranges) :]


def _content(harfbuzz: ctypes.CDLL, face: int) -> bytes:
    blob = harfbuzz.hb_face_reference_blob(face)
    size = ctypes.c_uint()
    data = harfbuzz.hb_blob_get_data(blob, ctypes.byref(size))
    content = ctypes.string_at(data, size.value)
    harfbuzz.hb_blob_destroy(blob)
    harfbuzz.hb_face_destroy(face)
    return content
