"""The columns of the register, and the register as CSV.

The first six columns, their order and the merged cells follow 中安健协发〔2024〕12号, Annex 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from communities.enums import NameKind, NameStatus, Status
from communities.models import RegisterEntry
from core.csv_lines import csv_lines

Value = str | int | None

OFFICIAL = "zh-hans"


class Column(NamedTuple):
    head: str
    width: float  # in characters, as Excel counts
    value: Callable[[RegisterEntry], Value]


def official_columns() -> list[Column]:
    """The heads are the printed form's own words, whatever language the reader has chosen."""
    return [
        Column("序号", 6, lambda entry: entry.sequence),
        Column("省（直辖市）", 14, lambda entry: entry.community.province_name),
        Column("市（区）", 14, lambda entry: entry.community.city_name),
        Column("社区名称", 24, lambda entry: entry.community.name_zh),
        Column("命名序号", 10, lambda entry: entry.number),
        Column("命名年份", 10, lambda entry: entry.first_year),
    ]


def columns() -> list[Column]:
    return [
        *official_columns(),
        Column(_("Status"), 12, lambda entry: str(Status(status_of(entry)).label)),
        Column(_("Name as printed"), 20, _printed),
        Column(_("State of the name"), 16, lambda entry: str(entry.community.get_name_status_display())),
        Column(_("Suggested name (to be confirmed)"), 24, _suggested),
        Column(_("Other names"), 24, _other_names),
        Column(_("Kind"), 10, lambda entry: str(entry.community.get_kind_display())),
        Column(_("Type"), 10, lambda entry: str(entry.community.get_type_display())),
        Column(_("Date of designation"), 16, _first_date),
        Column(_("Year inferred"), 10, lambda entry: _("yes") if entry.year_inferred else ""),
        Column(_("Re-designations"), 20, _renewals),
        Column(_("Region code today"), 16, _code),
        Column(_("Place at naming"), 24, lambda entry: entry.community.place_at_naming),
        Column(_("Place today"), 24, lambda entry: entry.community.place_today),
        Column(_("Source"), 30, lambda entry: entry.source),
    ]


def register_csv(entries: Sequence[RegisterEntry]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads the Chinese."""
    with translation.override(OFFICIAL):
        shown = columns()
        rows = ([column.value(entry) for column in shown] for entry in entries)
        return "".join(csv_lines([[column.head for column in shown], *rows])).encode()


def status_of(entry: RegisterEntry) -> str:
    return str(entry.__dict__["status"])


def _names(entry: RegisterEntry, *kinds: str) -> str:
    return "；".join(name.name for name in entry.community.known_names if name.kind in kinds)


def _printed(entry: RegisterEntry) -> str:
    return _names(entry, NameKind.PRINTED) or entry.community.name_zh


def _suggested(entry: RegisterEntry) -> str:
    waiting = {NameStatus.TO_BE_CONFIRMED, NameStatus.CUT_OFF}
    return _names(entry, NameKind.SUGGESTED) if entry.community.name_status in waiting else ""


def _other_names(entry: RegisterEntry) -> str:
    return _names(entry, NameKind.ALIAS, NameKind.FORMER, NameKind.TODAY)


def _first_date(entry: RegisterEntry) -> str:
    return next((row.date_text for row in entry.designations.all() if row.cycle == 0), "")


def _renewals(entry: RegisterEntry) -> str:
    return "；".join(row.date_text for row in entry.designations.all() if row.cycle > 0)


def _code(entry: RegisterEntry) -> str:
    return entry.community.region.short_code if entry.community.region else ""
