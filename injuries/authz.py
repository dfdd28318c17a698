"""Who may do what to injury data. Figures follow the register's reach; single records stay where they are kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from accounts.enums import Permission
from communities.authz import can
from communities.enums import MembershipState, RegionLevel
from communities.models import Authority, AuthorityPost, Community
from core.clock import today
from injuries.models import DataSet, RowAccess


def is_of(user: Any, community: Community, permission: Permission = Permission.INJURY_RECORD) -> bool:
    """By a membership that somebody vouched for; no platform-wide role and no post opens single records.

    Provisional members wait: a first user who came by a letter is not yet known to be of the community.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    known: dict[int, frozenset[str]] = user.__dict__.setdefault("_injury_rights", {})
    if community.pk not in known:
        held = user.memberships.filter(community=community, state=MembershipState.ACTIVE)
        known[community.pk] = frozenset(
            code for codes in held.values_list("role__permissions", flat=True) for code in codes
        )
    return permission in known[community.pk]


def keeps(user: Any, data_set: DataSet) -> bool:
    """By a post of the health department at the very place that keeps these data, while the community lies below it."""
    if data_set.kept_by is None:
        return False
    return data_set.kept_by in _health_posts(user, data_set.community)


def records_in(user: Any, data_set: DataSet) -> bool:
    """Members in all data sets of their community, a health department in its own."""
    return is_of(user, data_set.community) or keeps(user, data_set)


def health_place(user: Any, community: Community) -> Authority | None:
    """Where this person has the post that records for a health department; the nearest place above the community."""
    posts = _health_posts(user, community)
    return max(posts, key=lambda one: len(one.path), default=None)


def may_begin(user: Any, community: Community) -> bool:
    return is_of(user, community) or health_place(user, community) is not None


def posts_that_record(user: Any) -> QuerySet[AuthorityPost]:
    """Those of health departments: the only ones that write injury data."""
    return AuthorityPost.objects.filter(user=user, role__permissions__icontains=Permission.INJURY_RECORD)


def _health_posts(user: Any, community: Community) -> list[Authority]:
    if not getattr(user, "is_active", False) or community.supervisor is None:
        return []
    return [
        post.authority
        for post in posts_that_record(user).select_related("authority")
        if community.supervisor.path.startswith(post.authority.path)
    ]


def must_lead(by: Any, community: Community) -> None:
    """What leaves the community is decided by who reviews its work, not by everybody who records."""
    if by is not None and not is_of(by, community, Permission.WORK_REVIEW):
        raise PermissionDenied(Permission.WORK_REVIEW)


def may_see_figures(user: Any, community: Community) -> bool:
    return can(user, Permission.INJURY_VIEW, community)


def row_access(user: Any, community: Community) -> RowAccess | None:
    """What the community has given this person of another house, while it lasts."""
    return (
        RowAccess.objects.filter(user=user, community=community, until__gte=today(), ended_at__isnull=True)
        .order_by("-until")
        .first()
    )


def must_record(by: Any, data_set: DataSet) -> None:
    """Raises PermissionDenied; ``by=None`` is the system."""
    if by is not None and not records_in(by, data_set):
        raise PermissionDenied(Permission.INJURY_RECORD)


def must_be_of(by: Any, community: Community) -> None:
    if by is not None and not is_of(by, community):
        raise PermissionDenied(Permission.INJURY_RECORD)


def may_mend_locked(user: Any, data_set: DataSet) -> bool:
    """An exception was given to this very person, and its day has not passed."""
    return user is not None and data_set.lock_exceptions.filter(user=user, until__gte=today()).exists()


def approves(user: Any, community: Community) -> bool:
    """By a post at a district's authority or higher above the community, or by a platform-wide role.

    An authority whose level is not known counts as a district's; that of a town or village does not approve.
    """
    if user.has_perm(Permission.INJURY_APPROVE):
        return True
    if community.supervisor is None or not getattr(user, "is_active", False):
        return False
    posts = AuthorityPost.objects.filter(user=user).exclude(
        authority__region__level__in=(RegionLevel.TOWN, RegionLevel.VILLAGE)
    )
    path = community.supervisor.path
    held = posts.values_list("authority__path", "role__permissions")
    return any(path.startswith(own) and Permission.INJURY_APPROVE in codes for own, codes in held)


def approves_for_province(user: Any, community: Community) -> bool:
    """By a post at a province's authority above the community, or by a platform-wide role."""
    if user.has_perm(Permission.INJURY_APPROVE):
        return True
    if community.supervisor is None:
        return False
    path = community.supervisor.path
    return any(path.startswith(own) for own in _paths_of_provinces(user))


def where_approves_for_province(user: Any) -> Q:
    """The communities for which ``approves_for_province`` says yes."""
    if user.has_perm(Permission.INJURY_APPROVE):
        return Q()
    condition = Q(pk__in=[])
    for path in _paths_of_provinces(user):
        condition |= Q(supervisor__path__startswith=path)
    return condition


def _paths_of_provinces(user: Any) -> list[str]:
    posts = AuthorityPost.objects.filter(
        user=user, authority__region__level=RegionLevel.PROVINCE
    ).values_list("authority__path", "role__permissions")
    return [path for path, codes in posts if Permission.INJURY_APPROVE in codes]
