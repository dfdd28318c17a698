"""What everybody may read of a community's news: what it shows, while the community itself is public."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.models import Community
from core.navigation import PageLink
from core.paging import BothEndsPaginator
from projects.models import Evidence, NewsItem

PER_PAGE = 20


def shown_news(community: Community) -> QuerySet[NewsItem]:
    """Nothing of a community that is not public itself."""
    rows = NewsItem.objects.filter(community=community, is_published=True)
    return (rows if community.published else rows.none()).order_by("-on", "-pk")


def shown_pictures() -> QuerySet[Evidence]:
    """Pictures alone: papers beside the news stay in the archive."""
    pictures = Evidence.objects.filter(file__content_type__startswith="image/", thumbnail__isnull=False)
    return pictures.select_related("thumbnail").order_by("pk")


def with_pictures(rows: QuerySet[NewsItem]) -> QuerySet[NewsItem]:
    return rows.prefetch_related(Prefetch("evidence", shown_pictures(), to_attr="pictures"))


def news_page(community: Community, number: str | None) -> Page[NewsItem]:
    return BothEndsPaginator(with_pictures(shown_news(community)), PER_PAGE).get_page(number)


def public_link(user: Any, community: Community) -> PageLink | None:
    if not shown_news(community).exists():
        return None
    return PageLink(_("News"), reverse("projects:news", args=[community.pk]))
