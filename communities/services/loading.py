"""Loads the association's list into the register, again and again, without undoing what staff corrected.

Source: 中安健协发〔2024〕12号, Annex 1, with the corrections that people made to the printed cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction

import audit.services as audit
from communities.enums import DatePrecision, NameKind, RegionLevel, Standing
from communities.models import Community, CommunityName, Designation, Programme, Region, RegisterEntry
from communities.services.names import pinyin, search_text
from communities.services.regions import load_authorities, load_programmes, load_regions, read_rows
from communities.services.terms import refresh_ends

SOURCE = "中安健协发〔2024〕12号 附件1"
PROGRAMME = "international"
PRINTED_CELLS = ("province", "city", "name", "number", "year", "overflow")

Row = Mapping[str, str]
Changes = dict[str, list[Any]]


@dataclass
class LoadResult:
    """``kept`` names each value that a new fixture wanted to change but staff had corrected before."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    foundations: int = 0
    kept: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        text = f"{self.created} created, {self.changed} changed, {self.unchanged} unchanged"
        return text + (f", {len(self.kept)} kept as corrected by staff" if self.kept else "")


@dataclass
class Shelf:
    """Everything that the rows are compared with, read in a handful of queries."""

    programme: Programme
    regions: dict[str, Region]
    entries: dict[int, RegisterEntry]
    corrections: dict[str, list[dict[str, str]]]
    communities: dict[str, Community] = field(default_factory=dict)


@transaction.atomic
def load_register(*, folder: Path, by: Any | None = None) -> LoadResult:
    """Load ``folder``/regions and ``folder``/register. ``by=None`` is the system itself.

    A value is written only where the register still holds what was loaded last, so what staff corrected
    stays. Raises KeyError when a row names a region that the table of regions does not have.
    """
    result = LoadResult()
    tables = [read_rows(folder / "regions" / name) for name in ("regions.csv", "subdistricts.csv")]
    result.foundations += load_regions([row for table in tables for row in table])
    result.foundations += load_programmes(read_rows(folder / "register" / "programmes.csv"))
    result.foundations += load_authorities(read_rows(folder / "register" / "authorities.csv"))
    shelf = _read_shelf(read_rows(folder / "register" / "annex1_corrections.csv"))
    rows = read_rows(folder / "register" / "annex1.csv")
    for row in sorted(rows, key=lambda row: bool(row["parent_seq"])):  # whole districts before their parts
        _load_row(row, shelf, result, by)
    return result


def _read_shelf(corrections: Sequence[Row]) -> Shelf:
    programme = Programme.objects.get(code=PROGRAMME)
    entries = RegisterEntry.objects.filter(programme=programme).select_related("community", "programme")
    by_row: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in corrections:
        by_row[row["seq"]].append({name: value for name, value in row.items() if name != "seq"})
    return Shelf(
        programme=programme,
        regions={
            region.code: region for region in Region.objects.select_related("parent__parent").order_by("pk")
        },
        entries={entry.number: entry for entry in entries if entry.number is not None},
        corrections=by_row,
    )


def _load_row(row: Row, shelf: Shelf, result: LoadResult, by: Any | None) -> None:
    entry = shelf.entries.get(int(row["number"])) or RegisterEntry(
        programme=shelf.programme, number=int(row["number"])
    )
    is_new = entry.pk is None
    community = Community(standing=Standing.NAMED, published=True) if is_new else entry.community
    shelf.communities[row["seq"]] = community
    before = (dict(community.loaded), dict(entry.loaded))
    names = _wanted_names(row)
    changes, kept = _apply(community, {**_community_values(row, shelf), "names": names})
    more_changes, more_kept = _apply(entry, _entry_values(row, shelf))
    changes |= more_changes
    result.kept += [f"{row['number']} {name}" for name in kept + more_kept]
    if (community.loaded, entry.loaded) != before:
        community.revision += 0 if is_new else 1
        _save_row(community, entry, before[0].get("names", []), changes)
    if is_new:
        result.created += 1
        audit.record(
            "register.load", by=by, target=community, changes={"number": entry.number, "source": SOURCE}
        )
    elif changes:
        result.changed += 1
        audit.record("register.load", by=by, target=community, changes=changes)
    else:
        result.unchanged += 1


def _community_values(row: Row, shelf: Shelf) -> dict[str, Any]:
    parent = shelf.communities.get(row["parent_seq"])
    region = shelf.regions[row["code12_mca"] or row["county_today_code"] or row["city_code"]]
    # Where the district at naming is not known, the place is said no more finely than the list does.
    at_naming = row["county_at_naming_code"] or row["city_code"]
    return {
        "name_zh": row["name_shown"],
        "name_status": row["name_status"],
        "kind": row["kind"],
        "type": row["community_type"],
        "province_name": row["province"],
        "city_name": row["city"],
        "place_at_naming": _full_name(shelf.regions[at_naming]),
        "place_today": _full_name(shelf.regions[row["county_today_code"] or row["city_code"]]),
        "region_id": region.pk,
        "parent_id": parent.pk if parent else None,
    }


def _full_name(region: Region) -> str:
    """江苏省苏州市昆山市: the chain down to the county."""
    chain = [region.name_zh]
    while region.parent is not None and region.level != RegionLevel.PROVINCE:
        region = region.parent
        chain.insert(0, region.name_zh)
    return "".join(chain)


def _entry_values(row: Row, shelf: Shelf) -> dict[str, Any]:
    return {
        "sequence": int(row["seq"]),
        "printed": {cell: row[f"printed_{cell}"] for cell in PRINTED_CELLS},
        "corrections": shelf.corrections[row["seq"]],
        "first_year": int(row["year"]),
        "year_inferred": bool(row["year_inferred"]),
        "source": SOURCE,
    }


def _wanted_names(row: Row) -> list[list[str]]:
    """The names beside the one shown, as ``[kind, name]``."""
    names = [
        [NameKind.PRINTED.value, row["name_printed"]],
        [NameKind.SUGGESTED.value, row["name_suggestion"]],
        [NameKind.TODAY.value, row["name_today"]],
        *([NameKind.ALIAS.value, alias] for alias in row["aliases"].split(";")),
    ]
    return [pair for pair in names if pair[1] and pair[1] != row["name_shown"]]


def _apply(record: Community | RegisterEntry, wanted: dict[str, Any]) -> tuple[Changes, list[str]]:
    """Set what differs from the last load, unless the record no longer holds what was loaded then."""
    changes: Changes = {}
    kept: list[str] = []
    for name, value in wanted.items():
        last = record.loaded.get(name)
        if name in record.loaded and last == value:
            continue
        if name == "names":
            changes[name] = [last, value]
        elif (current := getattr(record, name)) != value:
            if record.pk is None or current == last:
                setattr(record, name, value)
                changes[name] = [current, value]
            else:
                kept.append(name)
    record.loaded = wanted
    return changes, kept


def _save_row(
    community: Community, entry: RegisterEntry, names_before: list[list[str]], changes: Changes
) -> None:
    _save(community)
    _save_names(community, names_before)
    entry.community = community
    _save(entry)
    if "first_year" in changes:
        _save_naming(entry, changes["first_year"][0])


def _save(record: models.Model) -> None:
    """Links point at rows just read, and the database checks unique values and constraints: no query for either."""
    links = [column.name for column in record._meta.fields if column.is_relation]  # noqa: SLF001 - Django's public _meta
    record.full_clean(exclude=links, validate_unique=False, validate_constraints=False)
    record.save()


def _save_names(community: Community, before: list[list[str]]) -> None:
    wanted = community.loaded["names"]
    for kind, name in (pair for pair in before if pair not in wanted):
        community.names.filter(kind=kind, name=name, source=SOURCE).delete()
    new = [
        CommunityName(community=community, kind=kind, name=name, pinyin=pinyin(name), source=SOURCE)
        for kind, name in wanted
        if [kind, name] not in before
    ]
    CommunityName.objects.bulk_create(new, ignore_conflicts=True)
    names = list(community.names.values_list("name", flat=True).order_by("pk"))
    community.search_text = search_text(community, names)
    community.save(update_fields=["search_text"])


def _save_naming(entry: RegisterEntry, year_before: int | None) -> None:
    """The naming itself, known to the year. A date that staff made more exact, or corrected, stays."""
    designation = entry.designations.filter(cycle=0).first()
    if designation is None:
        designation = Designation(entry=entry, community=entry.community, cycle=0)
    elif (designation.precision, designation.designated_on.year) != (DatePrecision.YEAR, year_before):
        return
    designation.designated_on = date(entry.first_year or 0, 1, 1)
    designation.precision = DatePrecision.YEAR
    designation.inferred = entry.year_inferred
    designation.source = SOURCE
    _save(designation)
    refresh_ends(entry)
    entry.save(update_fields=["ends_earliest", "ends_latest"])
