"""The population comes back in Excel: what it would change, and taking all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.enums import PopulationBasis, Sex
from communities.models import Community
from core.errors import Reason, Refused
from documents import sheets
from injuries.selectors.population import SPANS, Cell, Grid, grids_of, span_label, version_of
from injuries.services import people
from injuries.workbooks.population_reading import Fault, Filled, read_back, titles

# Sixty years on three bases, with room to spare.
LIMITS = sheets.Limits(size=2 * 2**20, unpacked=10 * 2**20, cells=20_000)
KEPT_FOR = 24 * 3600  # seconds between what was shown and the yes to it
STALE = gettext_lazy("There are other figures for this year by now. Download the table again.")
NO_SOURCE = gettext_lazy("Say where the figures come from.")


@dataclass(frozen=True, slots=True)
class Change:
    """A year on one basis as the workbook wants it, and ``seen``: what it replaces."""

    year: int
    basis: str
    cells: list[tuple[str, int, int | None, int]]
    source: str
    seen: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that says something else than the platform; None where nothing is known."""

    year: int
    basis: str
    what: str
    old: int | str | None
    new: int | str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """With faults there are no changes: all or nothing."""

    changes: list[Change]
    differences: list[Difference]
    faults: list[Fault]


def compare(community: Community, upload: Any) -> Comparison:
    """Nothing is written. Raises Refused for a file that cannot be read, is not ours or of another community."""
    filled, faults = read_back(sheets.read(upload, limits=LIMITS), community.pk)
    known = {(grid.year, grid.basis): grid for grid in grids_of(community)}
    changes: list[Change] = []
    differences: list[Difference] = []
    for one in filled if not faults else ():
        nothing = Grid(one.year, one.basis, {}, "", "")
        change, found = _compare(one, known.get((one.year, one.basis), nothing))
        faults += found
        if change is not None:
            changes.append(change)
            differences += _differences(change, known.get((one.year, one.basis), nothing))
    return Comparison(
        *(([], []) if faults else (changes, differences)), sorted(faults, key=lambda one: one.row)
    )


def _compare(filled: Filled, known: Grid) -> tuple[Change | None, list[Fault]]:
    given = {cell: count for cell, count in {**known.cells, **filled.cells}.items() if count is not None}
    source = filled.source or ("" if given else known.source)
    if _is_untouched(filled, known, given, source):
        return None, []
    try:
        wanted = _wanted(filled, known, given, source)
    except Refused as refused:
        return None, [Fault(*_place(filled, reason), str(reason)) for reason in refused.reasons]
    if wanted == known.cells and source == known.source:
        return None, []
    rows = [(*cell, count) for cell, count in wanted.items()]
    return Change(filled.year, filled.basis, rows, source, known.version), []


def _is_untouched(filled: Filled, known: Grid, given: dict[Cell, int], source: str) -> bool:
    """A year that was offered and left empty; and what nobody touched since the download, whatever stands there now."""
    if given == known.cells and (source == known.source or not given):
        return True
    return bool(filled.seen) and version_of(given, source, filled.year, filled.basis) == filled.seen


def _wanted(filled: Filled, known: Grid, given: dict[Cell, int], source: str) -> dict[Cell, int]:
    if not known.fits:
        raise Refused(people.OTHER_RANGES)
    if filled.seen != known.version:
        raise Refused(Reason(STALE, code="stale"))
    if given and not source:
        raise Refused(Reason(NO_SOURCE, code="required", field="source"))
    return people.put_together(given)


def _place(filled: Filled, reason: Reason) -> tuple[int, str]:
    if reason.field == "source":
        return filled.first_row, titles()[-1]
    return filled.place_of(reason.field or "")


def _differences(change: Change, known: Grid) -> Iterable[Difference]:
    wanted: dict[Cell, int] = {(sex, first, last): count for sex, first, last, count in change.cells}
    basis = str(PopulationBasis(change.basis).label)
    for sex in Sex.values:
        for span in SPANS:
            old, new = known.cells.get((sex, *span)), wanted.get((sex, *span))
            if old != new:
                yield Difference(change.year, basis, f"{Sex(sex).label} {span_label(*span)}", old, new)
    if wanted and change.source != known.source:
        yield Difference(change.year, basis, _("source"), known.source or None, change.source)


# --- Between what was shown and the yes to it -----------------------------------------------------------------


def sealed(community: Community, changes: list[Change]) -> str:
    """The changes as the page carries them: signed, and good for this community alone."""
    return signing.dumps([asdict(change) for change in changes], salt=_salt(community), compress=True)


@transaction.atomic
def take(community: Community, text: str, *, by: Any) -> int:
    """How many years were written: all that were shown, or none. Raises Refused, each reason with its year."""
    try:
        rows = signing.loads(text, salt=_salt(community), max_age=KEPT_FOR)
    except signing.BadSignature as error:
        sentence = _("This page is too old. Please upload the workbook again.")
        raise Refused(Reason(sentence, code="gone")) from error
    reasons: list[Reason] = []
    for change in [Change(**row) for row in rows]:
        cells: dict[Cell, int] = {(sex, first, last): count for sex, first, last, count in change.cells}
        try:
            people.write(
                community,
                year=change.year,
                basis=change.basis,
                cells=cells,
                source=change.source,
                seen=change.seen,
                by=by,
            )
        except Refused as refused:
            reasons += [
                Reason(format_lazy("{}: {}", change.year, one.message), one.code) for one in refused.reasons
            ]
    if reasons:
        raise Refused(reasons)
    return len(rows)


def _salt(community: Community) -> str:
    return f"injuries.population:{community.pk}"
