"""What came back in the workbook of the population: the grids somebody wants, or each faulty cell with a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities.enums import PopulationBasis, Sex
from core.clock import today
from core.errors import Reason, Refused
from core.xlsx import storable
from documents.sheets import Cell as SheetCell
from documents.sheets import Workbook, text_of
from injuries.selectors.population import FIRST_YEAR, MOST_PEOPLE, SPANS, Span, cell_name, span_label

FORMAT = "1"
PEOPLE_SHEET, HOW_SHEET, CHOICES_SHEET, SEAL_SHEET = "人口", "填写说明", "选项", "校验"
YEAR, BASIS, SPAN, ALL, MALE, FEMALE, SOURCE, MARK = range(8)  # columns
SEXES = {Sex.ALL: ALL, Sex.MALE: MALE, Sex.FEMALE: FEMALE}
LONGEST_SOURCE = 200

NOT_OURS = Reason(
    _("This workbook was not downloaded from here. Download the table, fill it in and upload that file."),
    code="not_ours",
)
OTHER_COMMUNITY = Reason(
    _("This workbook belongs to another community. Nothing was taken from it."), code="other_community"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """``row`` as the spreadsheet counts it; ``column`` as its head is called, "" where it is the row as a whole."""

    row: int
    column: str
    sentence: str


@dataclass(slots=True)
class Filled:
    """What the rows of one year and basis say. An empty cell is None; a row that is missing says nothing."""

    year: int
    basis: str
    cells: dict[tuple[str, int, int | None], int | None] = field(default_factory=dict)
    source: str = ""
    seen: str = ""
    rows: dict[Span, int] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        return min(self.rows.values())

    def place_of(self, name: str) -> tuple[int, str]:
        """Row and title of the cell that is called so in the form; the first row where it is missing."""
        places = {
            cell_name(sex, *span): (row, titles()[column])
            for span, row in self.rows.items()
            for sex, column in SEXES.items()
        }
        return places.get(name, (self.first_row, ""))


def titles() -> list[str]:
    """The head, in the office's own language whatever the reader has chosen."""
    heads = (_("year"), _("basis"), _("age"), *(Sex(sex).label for sex in SEXES), _("source"))
    with translation.override("zh-hans"):
        return [str(head) for head in heads]


def mark_of(year: int, basis: str, version: str) -> str:
    """Which figures a row showed; a row that was copied for another year shows none of it."""
    return f"{year} {basis} {version}"


def read_back(book: Workbook, community_id: int) -> tuple[list[Filled], list[Fault]]:
    """Raises Refused for a file that is not ours or another community's."""
    seal = {_text(row, 0): _text(row, 1) for row in book.sheets.get(SEAL_SHEET, ())}
    if PEOPLE_SHEET not in book.sheets or seal.get("format") != FORMAT:
        raise Refused(NOT_OURS)
    if seal.get("community") != str(community_id):
        raise Refused(OTHER_COMMUNITY)
    rows = book.sheets[PEOPLE_SHEET]
    if [_text(row, column) for row in rows[:1] for column in range(MARK)] != titles():
        raise Refused(NOT_OURS)
    return _Reading().read(rows[1:])


class _Reading:
    """One pass over the rows, with the faults found on the way."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.titles = titles()
        self.bases = _words({value: PopulationBasis(value).label for value in PopulationBasis.values})
        self.spans = _spans()
        self.filled: dict[tuple[int, str], Filled] = {}

    def read(self, rows: Sequence[list[SheetCell]]) -> tuple[list[Filled], list[Fault]]:
        for number, row in enumerate(rows, start=2):
            if any(_text(row, column) for column in range(MARK)):
                self._row(number, row)
        return list(self.filled.values()), self.faults

    def _row(self, number: int, row: list[SheetCell]) -> None:
        year, basis, span = self._year(number, row), self._basis(number, row), self._span(number, row)
        counts = {sex: self._count(number, row, column) for sex, column in SEXES.items()}
        source = self._source(number, row)
        if year is None or basis is None or span is None:
            return
        own = self.filled.setdefault((year, basis), Filled(year, basis))
        if span in own.rows:
            sentence = _("Row {row} speaks of the same people already.")
            self._fault(number, SPAN, format_lazy(sentence, row=own.rows[span]))
            return
        own.rows[span] = number
        own.cells |= {(sex, *span): count for sex, count in counts.items()}
        self._mark(number, own, _text(row, MARK), mark_of(year, basis, ""))
        if own.source and source and own.source != source:
            self._fault(number, SOURCE, _("Give one source for all rows of a year and basis."))
        own.source = own.source or source

    def _mark(self, number: int, own: Filled, text: str, beginning: str) -> None:
        """Rows that somebody added have none; two different ones come of two downloads."""
        if not text.startswith(beginning):
            return
        seen = text.removeprefix(beginning)
        if own.seen not in ("", seen):
            self._fault(
                number, YEAR, _("There are other figures for this year by now. Download the table again.")
            )
        own.seen = seen

    def _year(self, number: int, row: list[SheetCell]) -> int | None:
        text = _plain(_text(row, YEAR)).removesuffix("年")
        if re.fullmatch("[0-9]{4}", text) and FIRST_YEAR <= int(text) <= today().year:
            return int(text)
        self._fault(
            number,
            YEAR,
            format_lazy(_("Give a year from {first} to {last}."), first=FIRST_YEAR, last=today().year),
        )
        return None

    def _basis(self, number: int, row: list[SheetCell]) -> str | None:
        found = self.bases.get(_plain(_text(row, BASIS)))
        if found is None:
            self._fault(number, BASIS, _("Choose from the list."))
        return found

    def _span(self, number: int, row: list[SheetCell]) -> Span | None:
        found = self.spans.get(_plain(_text(row, SPAN)))
        if found is None:
            self._fault(number, SPAN, _("Choose from the list."))
        return found

    def _count(self, number: int, row: list[SheetCell], column: int) -> int | None:
        text = _plain(_text(row, column))
        if re.fullmatch("[0-9]{1,3}(,[0-9]{3})+", text):
            text = text.replace(",", "")
        if not text:
            return None
        if re.fullmatch("[0-9]{1,10}", text) and int(text) <= MOST_PEOPLE:
            return int(text)
        self._fault(
            number,
            column,
            _("Write a whole number of people, or leave the cell empty: empty means not known."),
        )
        return None

    def _source(self, number: int, row: list[SheetCell]) -> str:
        text = storable(_text(row, SOURCE)).strip()
        if len(text) > LONGEST_SOURCE:
            self._fault(number, SOURCE, format_lazy(_("At most {most} characters."), most=LONGEST_SOURCE))
            return ""
        return text

    def _fault(self, number: int, column: int, sentence: object) -> None:
        self.faults.append(Fault(number, self.titles[column], str(sentence)))


def _plain(text: str) -> str:
    """Full-width signs, spaces, kinds of dashes and case make no difference."""
    return re.sub("[–—−~至]", "-", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))).casefold()


def _words(labels: dict[str, object]) -> dict[str, str]:
    """Every label in every language, and the code itself."""
    return {
        _plain(word): code for code, label in labels.items() for word in (code, *_in_every_language(label))
    }


def _in_every_language(label: object) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield str(label)


def _spans() -> dict[str, Span]:
    found: dict[str, Span] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {_plain(span_label(*span)): span for span in SPANS}
    return found


def _text(row: list[SheetCell], column: int) -> str:
    return text_of(row[column]) if column < len(row) else ""
