"""Data sets as lists: those of a community, those that wait for an approval, the months of one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from communities.authz import can_somewhere, where
from communities.enums import REACHING, MembershipState
from communities.models import Community
from core.clock import today
from core.duties import DutyCard
from core.navigation import PageLink
from core.paging import BothEndsPaginator
from injuries.authz import may_see_figures, posts_that_record, where_approves_for_province
from injuries.enums import Dimension, Form, Stage
from injuries.models import DataSet, Record, RowAccess, StageChange
from injuries.months import Month

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class MonthLine:
    month: int
    text: str
    cases: int | None


def of_community(community: Community, page: str | None) -> Page[DataSet]:
    rows = (
        DataSet.objects.filter(community=community)
        .select_related("family", "kept_by__region")
        .order_by("-last_month", "family", "pk")
    )
    return BothEndsPaginator(rows, PER_PAGE).get_page(page)


def open_for_records(community: Community) -> list[DataSet]:
    """Where a case can be recorded now, the newest first."""
    rows = DataSet.objects.filter(community=community, form=Form.RECORDS, stage=Stage.OPEN)
    return list(rows.select_related("family").order_by("-last_month", "family__position")[:PER_PAGE])


def waiting(user: Any, page: str | None) -> Page[DataSet]:
    """Closed by their communities, or approved by a district, and waiting for this reader."""
    return BothEndsPaginator(_waiting(user).order_by("stage_since", "pk"), PER_PAGE).get_page(page)


def _waiting(user: Any) -> QuerySet[DataSet]:
    """What a district has approved waits for the province alone: nobody's own approval waits for themselves."""
    below = Community.objects.filter(where(user, Permission.INJURY_APPROVE)).values("pk")
    of_province = Community.objects.filter(where_approves_for_province(user)).values("pk")
    rows = DataSet.objects.filter(
        Q(stage=Stage.CLOSED, community__in=below) | Q(stage=Stage.ENDORSED, community__in=of_province)
    )
    return rows.select_related("community", "family")


def months_of(data_set: DataSet) -> list[MonthLine]:
    """Every month of the data set with its cases; None where totals say nothing of it, or it has not begun."""
    months = range(data_set.first_month, data_set.last_month + 1)
    if data_set.form == Form.TOTALS:
        totals = data_set.totals.filter(dimension=Dimension.ALL)
        given: dict[int, int] = dict(totals.values_list("month", "cases"))
        return [MonthLine(month, Month.text(month), given.get(month)) for month in months]
    rows = Record.objects.filter(data_set=data_set).order_by().values_list("month")
    counted: Counter[int] = Counter(dict(rows.annotate(number=Count("pk"))))
    last = Month.of(today())
    return [
        MonthLine(month, Month.text(month), counted[month] if month <= last else None) for month in months
    ]


def writers_of(community: Community) -> QuerySet[User]:
    """Who may be let into a closed data set."""
    members = community.memberships.filter(
        state=MembershipState.ACTIVE, role__permissions__icontains=Permission.INJURY_RECORD
    )
    return User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("pk")


def own_communities(user: Any) -> list[Community]:
    """Those in which the user is a member and may see the figures."""
    members = Community.objects.filter(
        memberships__user=user,
        memberships__state__in=REACHING,
        memberships__role__permissions__icontains=Permission.INJURY_VIEW,
    )
    return list(members.distinct().order_by("pk")[:PER_PAGE])


def places_of_own_data(user: Any) -> list[Community]:
    """The communities in which somebody of a health department gives data of its own."""
    posts = posts_that_record(user).values_list("authority__path", flat=True)
    below = [Q(supervisor__path__startswith=path) for path in posts]
    if not below:
        return []
    found = Community.objects.visible_to(user).filter(reduce(or_, below))
    return list(found.order_by("province_name", "city_name", "name_zh", "pk")[:PER_PAGE])


def accesses_of(community: Community) -> list[RowAccess]:
    """The newest first, ended ones too: who may have seen what stays visible."""
    rows = RowAccess.objects.filter(community=community).select_related("user").order_by("-pk")
    return list(rows[:PER_PAGE])


def work_link(user: Any, community: Community) -> PageLink | None:
    """For those who may see the figures."""
    if not user.is_authenticated or not may_see_figures(user, community):
        return None
    return PageLink(_("Injury records"), reverse("injuries:dashboard", args=[community.pk]))


def duty_cards(user: Any) -> list[DutyCard]:
    """What came back to the community, or to the health department that gave it, and what waits for an approval."""
    member = Q(
        community__memberships__user=user,
        community__memberships__state=MembershipState.ACTIVE,
        community__memberships__role__permissions__icontains=Permission.INJURY_RECORD,
    )
    giver = Q(kept_by__in=posts_that_record(user).values("authority"))
    last = StageChange.objects.filter(data_set=OuterRef("pk")).order_by("-pk")
    sent_back = (
        DataSet.objects.filter(
            Exists(DataSet.objects.filter(member, pk=OuterRef("pk"))) | giver, stage=Stage.OPEN
        )
        .annotate(last_move=Subquery(last.values("move")[:1]), last_note=Subquery(last.values("note")[:1]))
        .filter(last_move__in=("send_back", "reopen"))
        .select_related("community", "family")
    )
    cards = [
        DutyCard(
            over=str(data_set.community.name),
            title=str(data_set),
            url=reverse("injuries:data_set", args=[data_set.pk]),
            action=_("Look at it"),
            due_on=None,
            tag="returned",
            word=_("sent back"),
            note=data_set.last_note,
        )
        for data_set in sent_back.order_by("pk")[:PER_PAGE]
    ]
    if can_somewhere(user, Permission.INJURY_APPROVE) and (number := _waiting(user).count()):
        cards.append(
            DutyCard(
                over=_("Injury records"),
                title=_("Injury data to approve"),
                url=reverse("injuries:waiting"),
                action=_("Look at them"),
                due_on=None,
                tag="review",
                word=str(number),
            )
        )
    return cards
