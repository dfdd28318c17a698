"""Words and drawings of the injury pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from communities.enums import PopulationBasis

register = template.Library()

MOVES = {
    "close": _("Close the data set"),
    "take_back": _("Take back"),
    "endorse": _("Approve for the district"),
    "lock": _("Approve for the province"),
    "send_back": _("Send back"),
    "reopen": _("Open again"),
}


@register.simple_tag
def move_label(name: str) -> Any:
    return MOVES[name]


@register.simple_tag
def basis_label(code: str) -> Any:
    return PopulationBasis(code).label


@register.simple_tag
def drawn_bar(number: int | None, longest: int) -> SafeString:
    """Beside its number, so that it says nothing of its own to a screen reader."""
    width = round(100 * (number or 0) / longest, 1) if longest else 0
    return format_html(
        '<span class="bar"><svg class="bar__track" aria-hidden="true"><rect width="{}%" height="100%"/></svg></span>',
        width,
    )


@register.simple_tag
def grid_cell(cell: BoundField) -> SafeString:
    """One number of a grid; its label is said, not shown, and its error stands below."""
    described = f"{cell.auto_id}-error"
    attributes = {"class": "input", "aria-label": cell.label}
    if cell.errors:
        attributes |= {"aria-invalid": "true", "aria-describedby": described}
    error = (
        format_html('<span class="field__error" id="{}">{}</span>', described, " ".join(cell.errors))
        if cell.errors
        else ""
    )
    return format_html("{}{}", cell.as_widget(attrs=attributes), error)
