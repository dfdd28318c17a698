"""Telling whether a row is still as it was when somebody opened it, for tables without a revision."""

from __future__ import annotations

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model


def mark_of(row: Model) -> str:
    """A short hash of everything that the row itself says."""
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields]  # noqa: SLF001 - Django's public _meta
    text = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
