"""What every page of a community's safety work shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Permission
from communities.authz import can
from communities.models import Community
from projects.selectors.home import work_of


def page_context(request: HttpRequest, community: Community, *, tab: str, **more: Any) -> dict[str, Any]:
    """``tab``: the name of the address that is shown as chosen. ``may_record``: buttons that write are shown."""
    return {
        "community": community,
        "work": work_of(community),
        "tabs": _tabs(community, tab),
        "may_record": can(request.user, Permission.WORK_RECORD, community),
        **more,
    }


def _tabs(community: Community, chosen: str) -> list[dict[str, Any]]:
    labels = {
        "work": _("Overview"),
        "organisation": _("Organisation"),
        "diagnosis": _("Diagnosis"),
        "plans": _("Plans and goals"),
        "projects": _("Projects"),
        "activities": _("Activities"),
        "shortcomings": _("Hazards and ledgers"),
        "reports": _("Work reports"),
        "evidence": _("Archive"),
    }
    tabs = [
        {
            "label": label,
            "url": reverse(f"projects:{name}", kwargs={"community_id": community.pk}),
            "chosen": name == chosen,
        }
        for name, label in labels.items()
    ]
    return [*tabs, {"label": _("Injuries"), "url": reverse("injuries:dashboard", args=[community.pk])}]
