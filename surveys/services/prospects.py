"""Units that intend to apply come by an open link. They count once their e-mail address is confirmed.

Source of the task: 中安健协发〔2024〕12号, 对各地拟新申请国际安全社区认证的单位进行摸底统计.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission, RoleCode
from accounts.selectors import user_by_identifier
from accounts.services.confirmations import mark_confirmed
from accounts.services.users import create_user
from audit import services as audit
from communities.enums import MembershipState, Standing
from communities.models import Community
from communities.selectors import needs_approval
from communities.services.members import add_member
from communities.services.register import change_community, create_community, merge_community
from core.clock import now
from core.dates import format_date
from core.errors import Reason, Refused
from core.links import absolute, opened, signed
from notices import services as notices
from notices.enums import Kind
from notices.models import Notice
from surveys.enums import Asked, Stage
from surveys.models import ProspectApplication, Response, Round
from surveys.selectors import prospects as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services.asking import invite
from surveys.services.prefill import fill_from_account

SALT = "surveys.prospect"
LIFETIME = dt.timedelta(days=7)
PROSPECT = "prospect"

CLOSED = Reason(_("This list is closed. Please call the association."), code="round_closed")
NAMED_ALREADY = Reason(
    _("This unit is named already and stands in the register. It gets a letter with a code of its own."),
    code="named",
    field="unit_name",
)
LINK_OVER = Reason(_("This link is no longer valid. Please enter your unit once more."), code="link")


@transaction.atomic
def apply(
    *,
    survey_round: Round,
    unit_name: str,
    kind: str,
    province_name: str,
    city_name: str,
    person: str,
    email: str,
    mobile: str = "",
    language: str = "zh-hans",
) -> ProspectApplication:
    """Keep what somebody typed and mail a link to the address. Nothing counts before that link is used."""
    _must_take(survey_round)
    if selectors.already_named(unit_name, province_name) is not None:
        raise Refused(NAMED_ALREADY)
    application = ProspectApplication(
        round=survey_round,
        unit_name=unit_name.strip(),
        kind=kind,
        province_name=province_name,
        city_name=city_name.strip(),
        person=person.strip(),
        email=email.strip().lower(),
        mobile=mobile,
        language=language,
    )
    application.full_clean()
    application.save()
    notices.queue(
        kind=Kind.PROSPECT_LINK,
        subject=application,
        address=application.email,
        language=language,
        context={"unit": application.unit_name, "round": str(survey_round)},
    )
    audit.record("prospect.apply", by=None, target=application)
    return application


def link_of(notice: Notice) -> dict[str, Any]:
    """Made when the mail leaves, so that no working link lies in the outbox."""
    pk = int(notice.subject.rpartition(":")[2])
    token = signed({"application": pk}, salt=SALT, lifetime=LIFETIME)
    return {"link": absolute(reverse("surveys:prospect_confirm", args=[token]))}


def is_still_wanted(notice: Notice) -> bool:
    pk = notice.subject.rpartition(":")[2]
    application = ProspectApplication.objects.select_related("round").filter(pk=pk).first()
    return (
        application is not None and application.confirmed_at is None and application.round.is_taking_answers
    )


def application_by_link(token: str) -> ProspectApplication:
    """Raises Refused for a link that is forged, too old or of a round that is over."""
    content = opened(token, salt=SALT) or {}
    applications = ProspectApplication.objects.select_related("round__edition", "round__programme")
    application = applications.filter(pk=content.get("application", 0)).first()
    if application is None:
        raise Refused(LINK_OVER)
    if application.confirmed_at is None:
        _must_take(application.round)
    return application


def has_account(application: ProspectApplication) -> bool:
    return user_by_identifier(application.email) is not None


@transaction.atomic
def confirm(*, token: str, password: str = "", user: Any | None = None) -> ProspectApplication:
    """Use the link: the address is its owner's, the unit becomes a candidate and is asked in the round.

    Whoever has an account with that address is signed in (``user``), everybody else chooses a password. Used
    again, it changes nothing. Where others fill in for the candidate already, the newcomer waits for approval.
    """
    application = ProspectApplication.objects.select_for_update().get(pk=application_by_link(token).pk)
    if application.confirmed_at is not None:
        return application
    owner = user_by_identifier(application.email)
    if owner is not None and (user is None or owner.pk != user.pk):
        raise Refused(
            Reason(_("There is an account with this address. Log in with it first."), code="log_in")
        )
    if owner is not None and owner.is_staff:
        raise Refused(Reason(_("An account of the association cannot answer for a unit."), code="staff"))
    if owner is None:
        owner = _new_account(application, password)
    owner = mark_confirmed(user=owner)
    community = selectors.candidate(application.unit_name, application.province_name)
    community = community or _new_candidate(application, owner)
    asks = needs_approval(owner, community)
    add_member(
        user=owner,
        community=community,
        role=RoleCode.COMMUNITY_LIAISON.value,
        by=owner,
        origin=PROSPECT,
        state=MembershipState.REQUESTED if asks else MembershipState.PROVISIONAL,
    )
    _ask(application.round, community, owner, asks=asks)
    application.confirmed_at, application.community, application.user = now(), community, owner
    application.save(update_fields=["confirmed_at", "community", "user"])
    audit.record("prospect.confirm", by=owner, target=application, community_id=community.pk)
    return application


def _new_account(application: ProspectApplication, password: str) -> Any:
    return create_user(
        email=application.email,
        by=None,
        name=application.person,
        mobile=application.mobile,
        password=password,
        language=application.language,
    )


def _new_candidate(application: ProspectApplication, by: Any) -> Community:
    """Known to the association alone until staff confirm it or find that it is another unit."""
    return create_community(
        by=by,
        name_zh=application.unit_name,
        kind=application.kind,
        standing=Standing.CANDIDATE,
        published=False,
        province_name=application.province_name,
        city_name=application.city_name,
        source=PROSPECT,
    )


def _ask(survey_round: Round, community: Community, owner: Any, *, asks: bool) -> None:
    for response in invite(survey_round=survey_round, communities=[community], by=None):
        if not asks:
            fill_from_account(response=response, form=questionnaire(survey_round.edition), user=owner)


def _must_take(survey_round: Round) -> None:
    if survey_round.asks != Asked.PROSPECTS or not survey_round.is_taking_answers:
        raise Refused(CLOSED)


# --- what staff do with a candidate -----------------------------------------------------------------------


@transaction.atomic
def publish_candidate(*, community: Community, by: Any) -> Community:
    """Staff have made sure that the unit exists and intends to apply: its page may be seen."""
    _may_change(by)
    _must_be_candidate(community)
    return change_community(community=community, by=by, published=True)


@transaction.atomic
def merge_candidate(*, community: Community, into: Community, by: Any) -> Community:
    """The candidate is a unit we know: its people, its application and its answers go over to that one.

    Raises Refused where the other unit has answers in the same round.
    """
    _may_change(by)
    _must_be_candidate(community)
    taken = Response.objects.standing().filter(community=into, round__in=community.responses.values("round"))
    if taken.exists():
        raise Refused(Reason(_("The other unit has answers in the same round."), code="taken", field="into"))
    for response in community.responses.exclude(stage=Stage.VOID).select_related("invitation"):
        response.invitation.community = response.community = into
        response.invitation.save(update_fields=["community"])
        response.save(update_fields=["community"])
    for membership in community.memberships.exclude(state=MembershipState.ENDED).select_related("user"):
        if not into.memberships.filter(user=membership.user).exclude(state=MembershipState.ENDED).exists():
            membership.community = into
            membership.save(update_fields=["community"])
    community.applications.update(community=into)
    reason = str(_("the same unit, found on {day}")).format(day=format_date(now()))
    return merge_community(community=community, into=into, by=by, reason=reason)


def _may_change(by: Any) -> None:
    if not by.has_perm(Permission.REGISTER_CHANGE):
        raise PermissionDenied(Permission.REGISTER_CHANGE)


def _must_be_candidate(community: Community) -> None:
    if community.standing != Standing.CANDIDATE:
        raise Refused(Reason(_("This unit is no candidate."), code="no_candidate"))
