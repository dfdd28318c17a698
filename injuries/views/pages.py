"""What every page of a community's injury data shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.models import Community
from injuries.authz import is_of


def page_context(request: HttpRequest, community: Community, *, tab: str, **more: Any) -> dict[str, Any]:
    """``tab``: the name of the address that is shown as chosen. ``may_record``: buttons that write are shown."""
    may_record = is_of(request.user, community)
    return {
        "community": community,
        "may_record": may_record,
        "tabs": _tabs(community, tab, own=may_record),
        **more,
    }


def _tabs(community: Community, chosen: str, *, own: bool) -> list[dict[str, Any]]:
    labels = {"dashboard": _("Injury figures"), "compare": _("Compare"), "data_sets": _("Data sets")}
    if own:
        labels |= {"people": _("Population"), "settings": _("Parts and access")}
    return [
        {"label": label, "url": reverse(f"injuries:{name}", args=[community.pk]), "chosen": name == chosen}
        for name, label in labels.items()
    ]
