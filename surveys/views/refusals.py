"""A refusal without a form to stand beside: each reason becomes a sentence on the next page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from core.errors import Refused


def succeeds(request: HttpRequest, work: Callable[[], object]) -> bool:
    """Do it; False when it was refused, and every reason is told."""
    try:
        work()
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
        return False
    return True
