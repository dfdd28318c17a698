"""Words beside the pages of a sealed copy, on the unit's page and on the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from surveys.enums import Advice
from surveys.models import CopyPage, Response, SealedCopy
from surveys.selectors.stamped import Stamped, stamped_of

register = template.Library()


@register.filter
def advice(page: CopyPage) -> list[str]:
    """What could be better about a picture, as sentences. Codes that we no longer know say nothing."""
    return [str(Advice(code).label) for code in page.advice if code in Advice.values]


@register.filter
def in_a_row(numbers: Iterable[int]) -> str:
    """``1、3`` in Chinese, ``1, 3`` in English."""
    return _(", ").join(map(str, numbers))


@register.inclusion_tag("surveys/copies/_stamped.html")
def stamped_copy(response: Response, copy: SealedCopy | None) -> dict[str, Any]:
    """``{% stamped_copy response copy %}``: the one document of a sent copy, or how far it is."""
    return {"response": response, "stamped": stamped_of(copy)}


@register.simple_tag
def stamped(copy: SealedCopy | None) -> Stamped | None:
    """``{% stamped copy as document %}``, for a page that words it otherwise."""
    return stamped_of(copy)
