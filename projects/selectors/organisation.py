"""Who works for the safety of a community, as its pages show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.authz import can
from communities.models import Community
from core.clock import today
from core.masks import masked_name
from core.paging import BothEndsPaginator
from projects.enums import ActivityKind, BodyKind, Minimum, SeatRole, WorkTime
from projects.models import (
    Activity,
    Body,
    Organisation,
    ResponsibilityLetter,
    SafetyStaff,
    Seat,
    YearlyMinimum,
)

PER_PAGE = 30
LATEST = 5
_KINDS = {kind: place for place, kind in enumerate(BodyKind.values)}
_ROLES = {role: place for place, role in enumerate(SeatRole.values)}


def sees_names(user: Any, community: Community) -> bool:
    """Persons are shown to who records the work or may see contacts; everybody else gets masked names."""
    return can(user, Permission.WORK_RECORD, community) or can(user, Permission.CONTACT_VIEW, community)


# --- Bodies ----------------------------------------------------------------------------------------------


def in_order(seats: Any) -> list[Seat]:
    """Head, deputies, named leaders, lead, support, members; each in the order that the community gave them."""
    return sorted(seats, key=lambda seat: (_ROLES[seat.role], seat.position, seat.pk))


def who_sits(seat: Seat, *, whole: bool) -> str:
    """Organisation, post and person in one line; the person masked unless ``whole``."""
    unit = seat.organisation.name if seat.organisation else ""
    person = seat.person if whole else masked_name(seat.person)
    return " ".join(part for part in (unit, seat.post, person) if part)


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body and its seats; ``whole``: persons are shown with their whole names."""

    body: Body
    seats: list[Seat]
    whole: bool = False

    def _of(self, *roles: str) -> list[str]:
        return [who_sits(seat, whole=self.whole) for seat in self.seats if seat.role in roles]

    @property
    def leads(self) -> list[str]:
        return self._of(SeatRole.LEAD)

    @property
    def supports(self) -> list[str]:
        return self._of(SeatRole.SUPPORT)

    @property
    def heads(self) -> list[tuple[str, str]]:
        heads = [seat for seat in self.seats if seat.role in {SeatRole.HEAD, SeatRole.DEPUTY}]
        return [(seat.get_role_display(), who_sits(seat, whole=self.whole)) for seat in heads]

    @property
    def named_leaders(self) -> list[str]:
        return self._of(SeatRole.NAMED_LEADER)

    @property
    def members(self) -> int:
        return len(self._of(SeatRole.MEMBER))


def bodies(community: Community, *, whole: bool = False) -> list[BodyRow]:
    """Leading group first, then office, functional groups, project groups, conferences."""
    seats = Prefetch("seats", Seat.objects.select_related("organisation"))
    rows = Body.objects.filter(community=community).prefetch_related(seats)
    ordered = sorted(rows, key=lambda body: (_KINDS[body.kind], body.position, body.pk))
    return [BodyRow(body, in_order(body.seats.all()), whole) for body in ordered]


def staff_numbers(community: Community) -> dict[str, int]:
    """How many look after safety today, full-time and part-time (专（兼）职, 安政发〔2013〕8号)."""
    day = today()
    there = SafetyStaff.objects.filter(community=community).exclude(until__lt=day).exclude(since__gt=day)
    return there.aggregate(
        full=Count("pk", filter=Q(work_time=WorkTime.FULL)),
        part=Count("pk", filter=Q(work_time=WorkTime.PART)),
    )


def seats_of(body: Body) -> list[Seat]:
    return in_order(body.seats.select_related("organisation"))


def latest_activities(body: Body) -> list[Activity]:
    return list(Activity.objects.filter(body=body).order_by("-on", "-pk")[:LATEST])


def uses_of_body(body: Body) -> bool:
    return body.projects.exists() or body.activities.exists()


# --- Meetings of the leading group -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meetings:
    """How often the leading group met in this quarter, beside what is asked for and by whom."""

    held: int
    least: int
    source: str
    until: dt.date

    @property
    def is_short(self) -> bool:
        return self.held < self.least


def quarter(day: dt.date) -> tuple[dt.date, dt.date]:
    first = dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    after = dt.date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)


def meetings(community: Community) -> Meetings | None:
    """None where staff have switched the number off."""
    rule = YearlyMinimum.objects.filter(code=Minimum.MEETINGS, is_on=True).first()
    if rule is None:
        return None
    first, last = quarter(today())
    held = Activity.objects.filter(
        community=community,
        kind=ActivityKind.MEETING,
        body__kind=BodyKind.LEADING_GROUP,
        on__range=(first, last),
    ).count()
    return Meetings(held, rule.least, rule.source, last)


# --- Organisations and their duties ------------------------------------------------------------------------


def organisations(community: Community, *, kind: str = "") -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(community=community)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.annotate(seat_count=Count("seats")).order_by("position", "pk")


def organisations_page(rows: QuerySet[Organisation], number: str | None) -> Page[Organisation]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def seats_held(organisation: Organisation) -> list[Seat]:
    return in_order(organisation.seats.select_related("body"))


def uses_of_organisation(organisation: Organisation) -> bool:
    ways = ("seats", "responsibility_letters", "led_projects", "partnered_projects", "decisions")
    return any(getattr(organisation, way).exists() for way in ways)


# A cell has no room for "lead body".
SHORT: dict[str, Any] = {SeatRole.LEAD: _("Lead"), SeatRole.SUPPORT: _("Support")}


@dataclass(frozen=True, slots=True)
class Duty:
    """One cell of the matrix: what an organisation is in a body; empty where it is nothing."""

    body: Body
    roles: list[str] = field(default_factory=list)

    @property
    def leads(self) -> bool:
        return SeatRole.LEAD in self.roles

    @property
    def labels(self) -> list[str]:
        return [str(SHORT.get(role) or SeatRole(role).label) for role in self.roles]


@dataclass(frozen=True, slots=True)
class Duties:
    bodies: list[Body]
    rows: list[tuple[Organisation, list[Duty]]]


def duty_matrix(community: Community) -> Duties:
    """Every organisation beside every body that has not ended."""
    at_work = [row for row in bodies(community) if row.body.ended_on is None or row.body.ended_on >= today()]
    held: dict[tuple[int, int], list[str]] = {}
    for row in at_work:
        for seat in row.seats:
            if seat.organisation_id is not None:
                held.setdefault((seat.organisation_id, row.body.pk), []).append(seat.role)
    units = Organisation.objects.filter(community=community).order_by("position", "pk")
    return Duties(
        bodies=[row.body for row in at_work],
        rows=[
            (unit, [Duty(row.body, held.get((unit.pk, row.body.pk), [])) for row in at_work])
            for unit in units
        ],
    )


# --- Letters of responsibility -----------------------------------------------------------------------------


def letters(community: Community, *, year: int | None = None) -> QuerySet[ResponsibilityLetter]:
    rows = ResponsibilityLetter.objects.filter(community=community).select_related("organisation")
    if year:
        rows = rows.filter(year=year)
    return rows.annotate(scans=Count("evidence")).order_by("-year", "pk")


def letters_page(rows: QuerySet[ResponsibilityLetter], number: str | None) -> Page[ResponsibilityLetter]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def letter_years(community: Community) -> list[int]:
    rows = ResponsibilityLetter.objects.filter(community=community)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


# --- The home page of the work -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HomeOrganisation:
    named_leaders: list[str]
    bodies: int
    organisations: int
    letters: int
    year: int


def home_organisation(community: Community, *, whole: bool = False) -> HomeOrganisation:
    year = today().year
    leaders = Seat.objects.filter(body__community=community, role=SeatRole.NAMED_LEADER)
    ordered = leaders.select_related("organisation").order_by("position", "pk")
    return HomeOrganisation(
        named_leaders=[who_sits(seat, whole=whole) for seat in ordered],
        bodies=Body.objects.filter(community=community).count(),
        organisations=Organisation.objects.filter(community=community).count(),
        letters=ResponsibilityLetter.objects.filter(community=community, year=year).count(),
        year=year,
    )
