"""The door to a round's figures: association staff who may see rounds."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from reports.selectors import UnitFilter
from surveys.models import Round

TEXT_LIMIT = 60


def round_or_404(code: str) -> Round:
    return get_object_or_404(Round.objects.select_related("notice", "edition", "programme"), code=code)


def wanted_units(request: HttpRequest) -> UnitFilter:
    """The filter in the address; what is not known there is ignored."""
    given = {
        name: request.GET.get(name, "")[:TEXT_LIMIT].replace("\x00", "").strip()
        for name in (
            "column",
            "province",
            "city",
            "kind",
            "authority",
            "planned_year",
            "need",
            "intends",
            "search",
        )
    }
    ticked = {name: request.GET.get(name) == "1" for name in ("late", "return_overdue")}
    return UnitFilter(**ticked, **given)
