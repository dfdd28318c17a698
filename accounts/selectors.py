"""Finding people: by what they type to sign in, by what they may do."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django_otp.plugins.otp_static.models import StaticToken

from accounts.enums import RoleCode, RoleScope
from accounts.models import Authenticator, Role, RoleGrant, Session, User
from core.clock import now, today
from notices.models import Notice

_MOBILE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9})$", re.ASCII)
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def normalised_identifier(text: str) -> str:
    """What was typed, as it is stored: full-width becomes ASCII, no spaces, lower case, a mobile without +86."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return normalised_mobile(plain) or plain


def normalised_mobile(text: str) -> str:
    """Eleven digits, or nothing when it is not a mobile number of mainland China."""
    digits = _NOISE.sub("", unicodedata.normalize("NFKC", text)).replace("-", "")
    found = _MOBILE.match(digits)
    return found.group(1) if found else ""


def user_by_identifier(text: str) -> User | None:
    """The account of this e-mail (any case) or mobile, active or not."""
    identifier = normalised_identifier(text)
    if "@" in identifier:
        return User.objects.filter(email=identifier).first()
    return User.objects.filter(mobile=identifier).first() if identifier else None


def lock_key(text: str) -> str:
    """Under which name wrong passwords are counted: one per account however it is written, never the address."""
    user = user_by_identifier(text)
    return account_key(user) if user else f"unknown:{_digest(normalised_identifier(text))}"


def account_key(user: User) -> str:
    return f"user:{user.pk}"


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def platform_roles() -> QuerySet[Role]:
    return Role.objects.filter(scope=RoleScope.PLATFORM).order_by("pk")


def current_grants(user: User) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(user=user).current().select_related("role").order_by("role_id")


def administrators() -> QuerySet[User]:
    """Active users who hold every permission: by the administrator's role, or as superuser."""
    granted = RoleGrant.objects.filter(role__code=RoleCode.ADMINISTRATOR).filter(
        Q(until__isnull=True) | Q(until__gte=today())
    )
    chosen = Q(is_superuser=True) | Q(pk__in=granted.values("user_id"))
    return User.objects.filter(chosen, is_active=True).order_by("email")


def holders_of(permission: str) -> QuerySet[User]:
    """Active staff who may do this on the whole platform: two queries."""
    roles = [role.pk for role in Role.objects.all() if permission in role.permissions]
    granted = RoleGrant.objects.filter(role__in=roles).current()
    chosen = Q(is_superuser=True) | Q(pk__in=granted.values("user_id"))
    return User.objects.filter(chosen, is_active=True, is_staff=True).order_by("pk")


def with_unread(users: QuerySet[User]) -> QuerySet[User]:
    """Each with the number of unread messages on the site, as ``unread_messages``."""
    own = Notice.objects.inbox(OuterRef("pk")).unread().order_by()
    counted = own.values("recipient").annotate(number=Count("pk")).values("number")
    return users.annotate(unread_messages=Coalesce(Subquery(counted), 0))


def signed_in_user(user_id: int) -> User | None:
    """Whoever a session belongs to, with the number of unread messages that every page shows: one query.

    Every request asks this first, and putting the question together took five times as long as the answer.
    """
    question, parameters = _question_for_one(connection.vendor)
    return next(iter(User.objects.raw(question, [*parameters, user_id])), None)


@cache
def _question_for_one(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The text of ``with_unread`` for one user, whose key is the parameter that comes last."""
    sql, parameters = with_unread(User.objects.filter(pk=0)).order_by().query.sql_with_params()
    return sql, parameters[:-1]


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, confirmed=True).exists()


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


def sessions_of(user: User) -> QuerySet[Session]:
    """Where somebody is signed in, last seen first."""
    return Session.objects.filter(user_id=user.pk, expire_date__gt=now()).order_by("-seen_at", "pk")
