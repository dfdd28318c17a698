"""Invitation codes: made from a secret and a row, never stored, forgiven in any spelling, refused in one sentence.

Guessing. Twelve of 19 signs are 19¹² ≈ 2.2 × 10¹⁵ codes. An address has ten wrong guesses, then a pause of a quarter of
an hour (``views.joining``): at most 960 a day. Fifty addresses guess 48,000 times a day, 7 million times in the five
months that a round and its codes last; with 127 codes to be found that succeeds once in 2.4 million rounds. A
counter over all addresses would add nothing to this, and whoever likes could use it to shut everybody out.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleCode
from accounts.services.confirmations import request_confirmation
from accounts.services.users import create_user
from audit import services as audit
from communities.enums import MembershipState
from communities.models import Membership
from communities.selectors import needs_approval
from communities.services.members import add_member
from core.clock import now, today
from core.errors import Reason, Refused
from surveys.codes import ALPHABET
from surveys.enums import RoundStage, Stage
from surveys.models import Invitation
from surveys.selectors.rounds import questionnaire
from surveys.services.editions import may_manage
from surveys.services.prefill import fill_from_account

LENGTH, GROUP = 12, 4
INVITED = "invitation"

# One sentence for a wrong, revoked, used or expired code: it tells a guesser nothing.
NO_SUCH_CODE = Reason(
    _(
        "This invitation code is not right or no longer valid. Compare it with your letter, or call the association."
    ),
    code="invitation",
    field="code",
)

# Who sees the codes and checks the answers must not be able to give them.
FOR_UNITS = Reason(
    _("An account of the association cannot answer for a unit. Log out and use the unit's own."),
    code="staff",
    field="code",
)


def code_of(invitation: Invitation) -> str:
    """Twelve signs without look-alikes, ``7KHM-34CF-9XYT``; the same as long as secret key and generation last."""
    said = f"{invitation.pk}:{invitation.generation}"
    number = int.from_bytes(salted_hmac("surveys.invitation", said, algorithm="sha256").digest(), "big")
    signs = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "-".join("".join(signs[start : start + GROUP]) for start in range(0, LENGTH, GROUP))


def digest_of(code: str) -> str:
    """What is stored instead of the code; the key keeps a stolen table from being searched."""
    return hmac.new(settings.SECRET_KEY.encode(), normal(code).encode(), "sha256").hexdigest()


def normal(typed: str) -> str:
    """Small or full-width letters, blanks and dashes do not matter."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum())


def find_by_code(code: str) -> Invitation:
    """The invitation that may be taken up now. Raises Refused with one sentence for every other code.

    A closed round refuses nobody: whoever comes late still has to hand in again what was returned, or to upload
    a missing copy. What is not taken any more, the lifecycle says.
    """
    plain = normal(code)
    invitation = (
        Invitation.objects.select_related("round__edition", "community__supervisor")
        .filter(code_digest=digest_of(plain))
        .first()
        if len(plain) == LENGTH
        else None
    )
    if invitation is None or not _is_open(invitation):
        raise Refused(NO_SUCH_CODE)
    return invitation


def _is_open(invitation: Invitation) -> bool:
    return (
        invitation.revoked_at is None
        and invitation.used_at is None
        and invitation.valid_until >= today()
        and invitation.round.stage != RoundStage.PREPARING
    )


def note_opened(*, invitation: Invitation) -> None:
    """Staff see that a letter has arrived. Told when somebody answers the page, never when it is only looked at."""
    Invitation.objects.filter(pk=invitation.pk, opened_at__isnull=True).update(opened_at=now())


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: Any) -> Membership:
    """Make ``user`` a provisional liaison of the invited unit and use the code up.

    Where somebody works for the unit already, a code alone (issued again, forwarded, found) opens nothing: the
    newcomer has asked, and a colleague or the office approves. Of two people who press at once the second is refused.
    """
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("round__edition", "community__supervisor")
        .get(pk=invitation.pk)
    )
    if not _is_open(locked):
        raise Refused(NO_SUCH_CODE)
    if user.is_staff:
        raise Refused(FOR_UNITS)
    locked.used_at = now()
    locked.opened_at = locked.opened_at or locked.used_at
    locked.save(update_fields=["used_at", "opened_at"])
    asks = needs_approval(user, locked.community)
    membership = add_member(
        user=user,
        community=locked.community,
        role=RoleCode.COMMUNITY_LIAISON.value,
        by=user,
        origin=INVITED,
        state=MembershipState.REQUESTED if asks else MembershipState.PROVISIONAL,
    )
    response = locked.responses.exclude(stage=Stage.VOID).first()
    is_new = response is not None and response.stage == Stage.NOT_STARTED
    if response is not None and is_new and not asks and locked.round.is_taking_answers:
        fill_from_account(response=response, form=questionnaire(locked.round.edition), user=user)
    audit.record("invitation.accept", by=user, target=locked)
    return membership


@transaction.atomic
def show_code(*, invitation: Invitation, by: Any) -> str:
    """The code for a letter or a call; who looked is kept."""
    may_manage(by)
    audit.record("invitation.show_code", by=by, target=invitation)
    return code_of(invitation)


@transaction.atomic
def reissue_invitation(*, invitation: Invitation, by: Any, reason: str = "") -> Invitation:
    """A new code; the old one and any revocation end with it. It lasts as long as one issued today would."""
    may_manage(by)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    locked.generation += 1
    locked.code_digest = digest_of(code_of(locked))
    locked.used_at = locked.revoked_at = None
    fresh = today() + timedelta(days=settings.INVITATION_CODE_DAYS)
    locked.valid_until = max(locked.valid_until, locked.round.codes_end_on, fresh)
    locked.save()
    audit.record(
        "invitation.reissue", by=by, target=locked, changes={"issue": locked.generation}, reason=reason
    )
    return locked


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Any, reason: str = "") -> Invitation:
    may_manage(by)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.revoked_at is None:
        locked.revoked_at = now()
        locked.save(update_fields=["revoked_at"])
        audit.record("invitation.revoke", by=by, target=locked, reason=reason)
    return locked


@transaction.atomic
def join(*, code: str, name: str, email: str, mobile: str, password: str, language: str = "zh-hans") -> Any:
    """Open an account with an invitation code and return the user. Raises Refused with every reason."""
    invitation = find_by_code(code)
    user = create_user(email=email, by=None, name=name, mobile=mobile, password=password, language=language)
    accept_invitation(invitation=invitation, user=user)
    request_confirmation(user=user)
    return user
