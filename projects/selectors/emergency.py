"""What a community keeps ready: three registers of one shape."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.paging import BothEndsPaginator
from projects.models import EmergencyEquipment, EmergencyPlan, EmergencyTeam

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Register:
    """``unique``: what tells two rows apart. ``order``: as the list is read."""

    code: str
    model: type[EmergencyPlan | EmergencyTeam | EmergencyEquipment]
    label: str | Promise
    add_label: str | Promise
    fields: tuple[str, ...]
    unique: tuple[str, ...]
    order: tuple[str, ...]

    def rows(self, community: Community) -> QuerySet[EmergencyPlan | EmergencyTeam | EmergencyEquipment]:
        return self.model._default_manager.filter(community=community).order_by(*self.order)  # noqa: SLF001

    def page(self, community: Community, number: str | None) -> Page[Model]:
        rows = self.rows(community)
        if self.model is EmergencyPlan:
            rows = rows.prefetch_related("evidence")
        return BothEndsPaginator(rows, PER_PAGE).get_page(number)


REGISTERS = {
    one.code: one
    for one in (
        Register(
            "plans",
            EmergencyPlan,
            _("Emergency plans"),
            _("Add an emergency plan"),
            ("name", "emergency", "issued_on", "revised_on"),
            ("name",),
            ("emergency", "name", "pk"),
        ),
        Register(
            "teams",
            EmergencyTeam,
            _("Emergency teams"),
            _("Add an emergency team"),
            ("name", "members", "lead_post", "phone"),
            ("name",),
            ("name", "pk"),
        ),
        Register(
            "equipment",
            EmergencyEquipment,
            _("Emergency equipment"),
            _("Add emergency equipment"),
            ("name", "quantity", "place", "checked_on"),
            ("name", "place"),
            ("place", "name", "pk"),
        ),
    )
}
