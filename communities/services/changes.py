"""Setting fields on a record and saying what that changed, in the form the audit trail keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from core.errors import Reason, Refused

Changes = dict[str, list[Any]]


def set_fields(record: models.Model, values: Mapping[str, Any], allowed: Collection[str]) -> Changes:
    """Set what differs and return ``{field: [old, new]}``. Raises ValueError for a field not in ``allowed``."""
    if stray := set(values) - set(allowed):
        raise ValueError(f"not to be changed here: {sorted(stray)}")
    changes: Changes = {}
    for name, value in values.items():
        current = getattr(record, name)
        if current != value:
            changes[name] = [plain(current), plain(value)]
            setattr(record, name, value)
    return changes


def plain(value: Any) -> Any:
    """As JSON keeps it: another record by its number and words, a date in ISO form."""
    if isinstance(value, models.Model):
        return f"{value} ({value.pk})"
    return value.isoformat() if isinstance(value, date) else value


def save_checked(record: models.Model) -> None:
    """Check and save."""
    check(record)
    record.save()


def check(record: models.Model) -> None:
    """``full_clean``; what the model refuses becomes one refusal with every reason."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise Refused(
            Reason(message, code="invalid", field=name)
            for name, messages in error.message_dict.items()
            for message in messages
        ) from error
