"""The population of a year as a grid: for everybody, men and women the whole number, or exclusive age bands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.enums import PopulationBasis, Sex
from communities.models import Community, Population
from core.errors import Reason, Refused
from injuries import authz
from injuries.selectors.population import BANDS, WHOLE, Cell, cell_name, grid

OTHER_RANGES = Reason(
    _("This year has figures of other age ranges. Ask the association to change them."), code="ranges"
)


@transaction.atomic
def write(
    community: Community,
    *,
    year: int,
    basis: PopulationBasis | str,
    cells: Mapping[Cell, int],
    source: str,
    by: Any,
    seen: str | None = None,
) -> None:
    """What is not in ``cells`` is not known; where bands are known, the whole is their sum and not kept beside them.

    ``seen``: the version of the year as the writer had it before the eyes. Raises Refused where bands are
    incomplete, or sum to something else than the whole they are given with.
    """
    authz.must_be_of(by, community)
    wanted = put_together(cells)
    Community.objects.select_for_update(no_key=True).filter(pk=community.pk).first()
    rows = Population.objects.filter(community=community, year=year, basis=basis)
    there = grid(year, basis, rows)
    before = there.cells
    if before == wanted and all(row.source == source for row in rows):
        return
    if seen is not None and seen != there.version:
        raise Refused(
            Reason(_("There are other figures for this year by now. Open the year first."), code="stale")
        )
    if not there.fits:
        raise Refused(OTHER_RANGES)
    rows.delete()
    Population.objects.bulk_create(
        Population(
            community=community,
            year=year,
            basis=basis,
            sex=sex,
            age_from=first,
            age_to=last,
            count=count,
            source=source,
        )
        for (sex, first, last), count in sorted(wanted.items(), key=lambda item: (item[0][0], item[0][1]))
    )
    changes = {"year": year, "people": [_total(before), _total(wanted)]}
    audit.record("population.write", by=by, target=community, changes=changes)


def put_together(cells: Mapping[Cell, int]) -> dict[Cell, int]:
    found = []
    wanted: dict[Cell, int] = {}
    for sex in Sex.values:
        bands = {span: cells[sex, *span] for span in BANDS if (sex, *span) in cells}
        whole = cells.get((sex, *WHOLE))
        missing = [span for span in BANDS if bands and span not in bands]
        if missing:
            found.append(
                Reason(_("Give all age bands, or none."), code="bands", field=cell_name(sex, *missing[0]))
            )
        elif bands and whole is not None and sum(bands.values()) != whole:
            sentence = _("The age bands together give another number.")
            found.append(Reason(sentence, code="sum", field=cell_name(sex, *WHOLE)))
        elif bands:
            wanted |= {(sex, *span): count for span, count in bands.items()}
        elif whole is not None:
            wanted[sex, *WHOLE] = whole
    sums = {sex: _of(wanted, sex) for sex in Sex.values}
    if None not in sums.values() and sums[Sex.ALL] != (sums[Sex.MALE] or 0) + (sums[Sex.FEMALE] or 0):
        sentence = _("Men and women together give another number.")
        found.append(Reason(sentence, code="sum", field=cell_name(Sex.ALL, *WHOLE)))
    if found:
        raise Refused(found)
    return wanted


def _of(cells: Mapping[Cell, int], sex: str) -> int | None:
    own = [count for (one, _first, _last), count in cells.items() if one == sex]
    return sum(own) if own else None


def _total(cells: Mapping[Cell, int]) -> int | None:
    whole = _of(cells, Sex.ALL)
    if whole is not None:
        return whole
    parts = [_of(cells, sex) for sex in (Sex.MALE, Sex.FEMALE)]
    return None if None in parts else sum(part or 0 for part in parts)
