"""Where a file of the archive is looked at: in its community, or among the files of an authority or the association."""

from __future__ import annotations

from django import template
from django.urls import reverse

from projects.models import Evidence

register = template.Library()


@register.simple_tag
def evidence_url(evidence: Evidence) -> str:
    """The page of the file; above the communities there is none, only the file."""
    if evidence.community_id is not None:
        return reverse("projects:evidence_item", args=[evidence.community_id, evidence.pk])
    return _above("file", evidence)


@register.simple_tag
def thumbnail_url(evidence: Evidence) -> str:
    if evidence.community_id is not None:
        return reverse("projects:evidence_thumbnail", args=[evidence.community_id, evidence.pk])
    return _above("thumbnail", evidence)


def _above(what: str, evidence: Evidence) -> str:
    if evidence.authority_id is not None:
        return reverse(f"projects:authority_{what}", args=[evidence.authority_id, evidence.pk])
    return reverse(f"projects:association_{what}", args=[evidence.pk])
