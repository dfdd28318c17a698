"""What the board and the list of units show, put together from the figures and their links."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports import selectors
from reports.enums import RINGS, Column
from reports.selectors import Tally, UnitFilter
from reports.views.panels import column_items, units_url
from surveys.models import Round

# From which rate on a tile gets the next deeper ground; 0 is a tile of its own.
DEPTHS = ((80, 4), (60, 3), (40, 2), (1, 1))


def board_page(survey_round: Round) -> dict[str, Any]:
    figures = selectors.board(survey_round)
    return {
        "round": survey_round,
        "total": figures.total,
        "kpis": column_items(survey_round, figures.total),
        "columns": [column.label for column in Column],
        "provinces": [place_row(survey_round, tally, province=tally.name) for tally in figures.provinces],
        "cities": [
            place_row(survey_round, tally, province=province, city=tally.name)
            for province, tally in figures.cities
        ],
        "kinds": [place_row(survey_round, tally, kind=tally.key) for tally in figures.kinds],
        "authorities": [place_row(survey_round, tally, authority=tally.key) for tally in figures.authorities],
        "counted": counted(survey_round),
        "reasons": selectors.return_reasons(survey_round),
        "all_url": units_url(survey_round),
    }


def place_row(survey_round: Round, tally: Tally, **place: str) -> dict[str, Any]:
    cells = [
        {"value": tally.counts[column], "url": units_url(survey_round, column=column.value, **place)}
        for column in Column
    ]
    return {
        "name": tally.name,
        "province": place.get("province", ""),
        "tally": tally,
        "cells": cells,
        "late": {"value": tally.late, "url": units_url(survey_round, late="1", **place)},
        "url": units_url(survey_round, **place),
        "depth": depth(tally),
    }


def depth(tally: Tally) -> int:
    rate = tally.handed_in * 100 // tally.invited if tally.invited else 0
    return next((depth for least, depth in DEPTHS if rate >= least), 0)


def counted(survey_round: Round) -> list[dict[str, Any]]:
    """The counted questions with a link from every answer to the units that gave it."""
    return [
        entry
        | {
            "answers": [
                answer | {"url": units_url(survey_round, **{entry["key"]: answer["answer"]})}
                for answer in entry["answers"]
            ],
            "most": max((answer["units"] for answer in entry["answers"]), default=0),
        }
        for entry in selectors.counted_answers(survey_round)
    ]


def units_page(survey_round: Round, wanted: UnitFilter, total: Tally) -> dict[str, Any]:
    items = [
        {"label": item["label"], "value": item["value"], "url": item["url"]}
        for item in column_items(survey_round, total)
    ]
    url = units_url(survey_round, return_overdue="1")
    items.append({"label": _("Return overdue"), "value": total.returns_overdue, "url": url})
    chosen = [column.value == wanted.column for column in Column] + [wanted.late, wanted.return_overdue]
    return {
        "round": survey_round,
        "wanted": wanted,
        "all_url": units_url(survey_round),
        "is_narrowed": wanted != UnitFilter(),
        "total": total,
        "rings": RINGS,
        "filters": [item | {"current": current} for item, current in zip(items, chosen, strict=True)],
    }


def provinces(survey_round: Round) -> list[dict[str, Any]]:
    """Every province with its number of units and the way to them."""
    return [
        {"name": tally.name, "units": tally.invited, "url": units_url(survey_round, province=tally.name)}
        for tally in selectors.by_province(survey_round)
    ]
