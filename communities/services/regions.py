"""Loads the table of regions, the programmes and the root of the authorities: what the register stands on."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import transaction

import audit.services as audit
from communities.enums import CodeSystem, RegionLevel
from communities.models import Authority, Programme, Region

Row = Mapping[str, str]

SOURCES = {
    CodeSystem.MCA: "国家地名信息库（民政部）",
    CodeSystem.NBS: "国家统计局统计用区划代码",
}


def read_rows(path: Path) -> list[dict[str, str]]:
    """A table of ``fixtures/``: UTF-8, comma, first line the names of the columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_regions(rows: Iterable[Row]) -> int:
    """Create what is missing and take over a newer edition; a region of the same edition stays as it is.

    Written level by level, parents first. Returns how many were created or changed.
    """
    known = {(region.code_system, region.code): region for region in Region.objects.all()}
    touched = 0
    wanted = list(rows)
    for level in RegionLevel.values:
        new: list[Region] = []
        for row in wanted:
            region = known.get((row["code_system"], row["code"]))
            if row["level"] != level or (region is not None and region.edition >= row["edition"]):
                continue
            filled = _fill_region(region or Region(), row, known)
            filled.full_clean(
                validate_unique=False, validate_constraints=False, exclude=["parent", "successor"]
            )
            known[filled.code_system, filled.code] = filled
            if filled.pk is None:
                new.append(filled)
            else:
                filled.save()
            touched += 1
        Region.objects.bulk_create(new)
    if touched:
        _link_successors(wanted, known)
        audit.record("region.load", by=None, changes={"regions": touched})
    return touched


def _fill_region(region: Region, row: Row, known: Mapping[tuple[str, str], Region]) -> Region:
    region.code, region.code_system, region.edition = row["code"], row["code_system"], row["edition"]
    region.level, region.name_zh = row["level"], row["name"]
    region.parent = known.get((CodeSystem.MCA, row["parent_code"]))
    region.valid_from, region.valid_until = row.get("valid_from") or "", row.get("valid_until") or ""
    region.source = row.get("note") or SOURCES[CodeSystem(row["code_system"])]
    return region


def _link_successors(rows: Iterable[Row], known: Mapping[tuple[str, str], Region]) -> None:
    for row in rows:
        if row.get("successor_code"):
            region = known[row["code_system"], row["code"]]
            region.successor = known[row["code_system"], row["successor_code"]]
            region.save(update_fields=["successor"])


@transaction.atomic
def load_programmes(rows: Iterable[Row]) -> int:
    """Create the programmes that are missing; one that exists belongs to the staff and stays as it is."""
    known = set(Programme.objects.values_list("code", flat=True))
    created = 0
    for row in rows:
        if row["code"] in known:
            continue
        months = int(row["validity_months"]) if row["validity_months"] else None
        programme = Programme(**{**row, "level": int(row["level"]), "validity_months": months})
        programme.full_clean()
        programme.save()
        audit.record("programme.load", by=None, target=programme)
        created += 1
    return created


@transaction.atomic
def load_authorities(rows: Iterable[Row]) -> int:
    """Create the roots of the authorities' tree that are missing. No authority is invented below them."""
    known = set(Authority.objects.values_list("name_zh", flat=True))
    created = 0
    for row in rows:
        if row["name_zh"] in known:
            continue
        authority = Authority(name_zh=row["name_zh"], name_en=row["name_en"])
        authority.full_clean()
        authority.save()
        authority.path = f"/{authority.pk}/"
        authority.save(update_fields=["path"])
        audit.record("authority.load", by=None, target=authority)
        created += 1
    return created
