"""Small pictures beside the rows of activities, and where a counter leads."""

from __future__ import annotations

from django import template
from django.urls import reverse

from communities.models import Community
from projects.enums import Minimum
from projects.selectors.activities import pictured
from projects.selectors.counters import Counter

register = template.Library()
register.filter("first_picture", pictured)


@register.simple_tag
def counter_url(community: Community, counter: Counter, year: int) -> str:
    """The list of what was counted."""
    if counter.code == Minimum.PROJECTS:
        return f"{reverse('projects:projects', args=[community.pk])}?counted=1"
    return f"{reverse('projects:activities', args=[community.pk])}?year={year}&kind={counter.code}"
