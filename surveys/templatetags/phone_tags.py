"""The code on the screen that opens the upload page on a phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template

from surveys.models import Submission
from surveys.selectors.copies import CopyState
from surveys.selectors.phone import mark_of
from surveys.services.phone import screen_link

register = template.Library()


@register.simple_tag
def phone_link(submission: Submission, user: Any) -> dict[str, str | dt.datetime]:
    address, ends_at = screen_link(submission=submission, user=user)
    return {"address": address, "ends_at": ends_at}


@register.simple_tag
def copy_mark(state: CopyState) -> str:
    return mark_of(state)
