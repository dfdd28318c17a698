"""What every page with a form does in the same way."""

from __future__ import annotations

from typing import Any

from django.views.decorators.http import require_http_methods

from core.errors import Refused

form_page = require_http_methods(["GET", "HEAD", "POST"])


def add_refusals(form: Any, refused: Refused) -> None:
    """Each reason beside the field it concerns, the others on top."""
    for reason in refused.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))
