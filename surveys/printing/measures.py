"""How much room running text takes, and where it may be cut. Lengths in millimetres, widths in em."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

POINT = 25.4 / 72
TALL = 1.06  # how much higher a line is in which a pictograph or rare sign of another font stands


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``run_on``: the beginning stands on an earlier page; ``own_indent``: the writer indented it."""

    text: str
    run_on: bool = False
    own_indent: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """How running text is set: em in a line, millimetres for a line and between paragraphs.

    A page filled to ``full`` ends with the paragraph rather than begin one more.
    """

    width: float
    line: float
    full: float
    gap: float = 1.0

    def height(self, paragraphs: Iterable[Paragraph]) -> float:
        return sum(
            len(self.lines(paragraph)) * self.line_of(paragraph) + self.gap for paragraph in paragraphs
        )

    def line_of(self, paragraph: Paragraph) -> float:
        return self.line * (TALL if any(ord(sign) > 0xFFFF for sign in paragraph.text) else 1)

    def lines(self, paragraph: Paragraph) -> list[int]:
        """Where each line ends, as offsets into the paragraph."""
        indent = 0.0 if paragraph.run_on or paragraph.own_indent else 2.0
        return list(break_lines(paragraph.text, self.width, indent)) or [0]


# 122 mm at 11 pt, less one em that a line may lose to a bracket or comma that must not begin the next.
FIRST_PAGE = Measure(width=122 / (11 * POINT) - 1, line=11 * POINT * 1.5, full=0.6)
LATER_PAGES = Measure(width=122 / (11 * POINT) - 1, line=11 * POINT * 1.7, full=0.9)


def width_of(sign: str) -> float:
    """A careful guess in em: wide signs 1, Latin ones by rough class, signs set over others 0."""
    if unicodedata.east_asian_width(sign) in "WFA":
        return 1.0
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0.0
    if sign == "\t":
        return 4.0
    if sign in "MWmw@%&" or ord(sign) > 0x2FF:
        return 1.0
    return 0.75 if sign.isupper() else 0.6


def break_lines(text: str, width: float, indent: float = 0.0) -> Iterator[int]:
    """Offsets at which lines end: words stay whole unless longer than a line, Han text breaks anywhere."""
    room, end = width - indent, 0
    for word in re.finditer(r"[!-~\u00a1-\u024f]+|.", text, re.DOTALL):
        advances = [width_of(sign) for sign in word.group()]
        if sum(advances) > room and end and sum(advances) <= width:
            yield end
            room = width
        for advance in advances:
            if advance > room and end:
                yield end
                room = width
            room -= advance
            end += 1
    if end:
        yield end


def cut(
    paragraphs: Sequence[Paragraph], room: float, measure: Measure
) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """What fits into ``room`` and what is left: at a paragraph's end, else a sentence's, else anywhere."""
    used = 0.0
    for index, paragraph in enumerate(paragraphs):
        lines = measure.lines(paragraph)
        line = measure.line_of(paragraph)
        height = len(lines) * line + measure.gap
        if used + height <= room:
            used += height
            continue
        count = int((room - used - measure.gap) / line)
        if count < 1 or used > measure.full * room:
            return tuple(paragraphs[:index]), tuple(paragraphs[index:])
        offset = good_break(paragraph.text, lines[count - 1])
        head = replace(paragraph, text=paragraph.text[:offset])
        rest = Paragraph(paragraph.text[offset:], run_on=True)
        return (*paragraphs[:index], head), (rest, *paragraphs[index + 1 :])
    return tuple(paragraphs), ()


def good_break(text: str, latest: int) -> int:
    """A sentence's end in the last two lines before ``latest``, else a place that tears no sign apart."""
    sentence = max(text.rfind(sign, 0, latest) for sign in "。；！？;") + 1
    if sentence > max(latest - 60, 0.6 * latest):
        return sentence
    offset = latest
    while offset > 1 and _joined(text, offset):
        offset -= 1
    return offset if offset > 1 else latest


def _joined(text: str, offset: int) -> bool:
    if offset >= len(text):
        return False
    attached = unicodedata.category(text[offset]) in {"Mn", "Me", "Mc", "Cf", "Sk"}
    return attached or text[offset - 1] == "\u200d" or text[offset].isspace()


def shares(needs: Sequence[float], room: float, least: float) -> list[float]:
    """Divide the room among answers of which none needs less than ``least``.

    If all find room, what is over is spread. If not, the short ones (``least``) get what they need and the others
    the same each, whatever they need: a change in one answer then moves no text of another to the next page.
    """
    over = room - sum(needs)
    if over >= 0:
        return [need + over / len(needs) for need in needs]
    if room <= least * len(needs):
        return [room / len(needs)] * len(needs)
    short = [need for need in needs if need <= least]
    even = (room - sum(short)) / (len(needs) - len(short))
    return [need if need <= least else even for need in needs]
