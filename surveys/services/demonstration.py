"""What a demonstration needs beside the register: an account for every role and one open round.

Everything may be repeated: passwords, answers and stages that are there already are left alone.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.enums import RoleCode, RoleScope
from accounts.models import Role, User
from accounts.services.roles import grant_role
from accounts.services.users import create_user
from communities.enums import MembershipState, RegionLevel
from communities.models import Authority, Community, Programme, Region, RegisterEntry
from communities.services.members import add_member, appoint, grant_access
from communities.services.places import change_authority, create_authority
from communities.services.register import change_community
from core.clock import today
from core.errors import Reason, Refused
from surveys.codes import ALPHABET
from surveys.enums import Asked
from surveys.models import Invitation, OfficialNotice, QuestionnaireEdition, Round
from surveys.services.editions import load_editions
from surveys.services.invitations import code_of
from surveys.services.rounds import create_round, open_round, save_notice, save_round

CODE, PROSPECTS = "demonstration", "demonstration-prospects"
PROGRAMME = "international"
NOTICE = "fixtures/notices/2024-12.json"
EDITION, PROSPECT_EDITION = "annex2-2024", "prospect-2024"
DOMAIN = "example.org"  # no mail ever arrives there
READY_UNIT = 420  # 天竺镇: its liaison has an account
LETTERS = (139, 416, 422)  # units whose invitation codes are shown
PROVINCE, DISTRICT = "北京市应急管理局（演示）", "顺义区应急管理局（演示）"
ABOVE = "authority_province"  # a second account of the authorities' role, so that a province can approve too
DEADLINE, CLOSING = dt.timedelta(days=30), dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """``password`` is empty when the account was there already."""

    role: Role
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Letter:
    community: str
    code: str


def letters() -> list[Letter]:
    """The codes of three units that nobody has taken up yet."""
    open_ones = Invitation.objects.filter(
        round__code=CODE, used_at__isnull=True, community__entries__number__in=LETTERS
    ).select_related("community")
    return [Letter(str(row.community), code_of(row)) for row in open_ones.order_by("pk")]


@transaction.atomic
def load_demonstration() -> list[DemoAccount]:
    """Make what is missing; return every demonstration account. Raises Refused before the register is loaded."""
    programme = Programme.objects.filter(code=PROGRAMME).first()
    unit = _community(READY_UNIT)
    if programme is None or unit is None:
        raise Refused(Reason("Load the register first: manage.py load_register.", code="no_register"))
    load_editions()
    # First the smaller one, so that lists begin with the round that everybody comes for.
    _open_prospects(programme)
    _open_round(programme)
    _place_under_authorities(unit)
    roles = list(Role.objects.filter(code__in=RoleCode.values).order_by("pk"))
    above = next(role for role in roles if role.code == RoleCode.AUTHORITY)
    return [*(_account(role, unit) for role in roles), _account_above(above)]


def _community(number: int) -> Community | None:
    entry = RegisterEntry.objects.filter(programme__code=PROGRAMME, number=number).first()
    return entry.community if entry else None


def load_notice(path: Path | None = None) -> OfficialNotice:
    """The notice of 2024 as data; kept once. Source: 中安健协发〔2024〕12号."""
    data: dict[str, Any] = json.loads((path or settings.BASE_DIR / NOTICE).read_text(encoding="utf-8"))
    there = OfficialNotice.objects.filter(number=data["number"]).first()
    if there is not None:
        return there
    issued_on = dt.date.fromisoformat(data.pop("issued_on"))
    return save_notice(notice=OfficialNotice(**data, issued_on=issued_on), by=None)


def _open_round(programme: Programme) -> None:
    if Round.objects.filter(code=CODE).exists():
        return
    day = today()
    survey_round = create_round(
        code=CODE,
        title_zh="国际安全社区认证和复评调查（演示）",
        title_en="Survey on designation and re-designation (demonstration)",
        notice=load_notice(),
        edition=QuestionnaireEdition.objects.get(code=EDITION),
        programme=programme,
        opens_on=day,
        deadline_on=day + DEADLINE,
        closes_on=day + CLOSING,
        by=None,
    )
    open_round(survey_round=survey_round, by=None)


def _open_prospects(programme: Programme) -> None:
    """The open link for units that intend to apply, under the same notice."""
    if Round.objects.filter(code=PROSPECTS).exists():
        return
    day = today()
    survey_round = Round(
        code=PROSPECTS,
        title_zh="拟申请国际安全社区认证单位摸底（演示）",
        title_en="Units that intend to apply (demonstration)",
        notice=load_notice(),
        edition=QuestionnaireEdition.objects.get(code=PROSPECT_EDITION),
        programme=programme,
        opens_on=day,
        deadline_on=day + DEADLINE,
        closes_on=day + CLOSING,
        asks=Asked.PROSPECTS,
    )
    open_round(survey_round=save_round(survey_round=survey_round, by=None), by=None)


def _account(role: Role, unit: Community) -> DemoAccount:
    made, user = _made(role, role.code, f"{role.name_zh}（演示）")
    if user is not None:
        _give(user, role, unit)
    return made


def _account_above(role: Role) -> DemoAccount:
    made, user = _made(role, ABOVE, f"省级{role.name_zh}（演示）")
    if user is not None:
        appoint(user=user, authority=Authority.objects.get(name_zh=PROVINCE), role=role, by=None)
    return made


def _made(role: Role, name: str, shown: str) -> tuple[DemoAccount, User | None]:
    """The account, and its user where it was made just now."""
    email = f"{name}@{DOMAIN}"
    if User.objects.filter(email=email).exists():
        return DemoAccount(role, email, ""), None
    password = _password()
    user = create_user(
        email=email, by=None, name=shown, password=password, is_staff=role.scope == RoleScope.PLATFORM
    )
    return DemoAccount(role, email, password), user


def _password() -> str:
    """Three groups of four, easy to type: 50 bits."""
    return "-".join("".join(secrets.choice(ALPHABET.lower()) for _sign in range(4)) for _group in range(3))


def _give(user: User, role: Role, unit: Community) -> None:
    if role.scope == RoleScope.PLATFORM:
        grant_role(user=user, role=role, by=None)
    elif role.scope == RoleScope.AUTHORITY:
        appoint(user=user, authority=Authority.objects.get(name_zh=DISTRICT), role=role, by=None)
    elif role.code in {RoleCode.EXPERT, RoleCode.CERTIFYING_CENTRE}:
        grant_access(user=user, community=unit, role=role, by=None, reason="演示")
    else:
        add_member(user=user, community=unit, role=role, by=None, origin=CODE, state=MembershipState.ACTIVE)


def _place_under_authorities(unit: Community) -> None:
    """A district's authority above the one unit and a province's above that, so that their accounts have something
    to see and to approve; marked as a demonstration. Their places are those of the unit."""
    district, province = (_region(unit, level) for level in (RegionLevel.COUNTY, RegionLevel.PROVINCE))
    above = _authority(PROVINCE, region=province, parent=None)
    below = _authority(DISTRICT, region=district, parent=above)
    if unit.supervisor_id in (None, above.pk):
        change_community(community=unit, by=None, supervisor=below, reason="演示")


def _authority(name: str, *, region: Region | None, parent: Authority | None) -> Authority:
    there = Authority.objects.filter(name_zh=name).first()
    if there is None:
        return create_authority(by=None, name_zh=name, region=region, parent=parent)
    if there.region is None and region is not None:
        return change_authority(authority=there, by=None, region=region)
    return there


def _region(unit: Community, level: RegionLevel) -> Region | None:
    """The place of that level in which the unit lies, where its region is known."""
    region = unit.region
    while region is not None and region.level != level:
        region = region.parent
    return region
