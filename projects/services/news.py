"""Showing a community's news to everybody, and taking it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.enums import Permission
from audit import services as audit
from projects.authz import must
from projects.models import NewsItem


@transaction.atomic
def show_news(*, news: NewsItem, shown: bool, by: Any) -> NewsItem:
    """By whoever may show the programmes too. Twice is harmless."""
    rows = NewsItem.objects.select_for_update(of=("self",)).select_related("community__supervisor")
    locked = rows.get(pk=news.pk)
    must(by, Permission.WORK_REVIEW, locked.community)
    if locked.is_published != shown:
        locked.is_published = shown
        locked.save(update_fields=["is_published"])
        if shown:
            audit.record("news.show", by=by, target=locked)
        else:
            audit.record("news.hide", by=by, target=locked)
    return locked
