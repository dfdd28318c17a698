"""Coming in, and going out elsewhere."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.authz import may_manage
from accounts.models import Session, User
from accounts.selectors import sessions_of
from audit.services import record
from core.clock import now
from core.errors import Reason, Refused


def record_sign_in(*, user: User, address: str, with_second_factor: bool) -> None:
    """``address`` is the network address, kept with the trail for as long as the law wants network logs."""
    record(
        "account.sign_in",
        by=user,
        target=user,
        changes={"address": address, "second_factor": with_second_factor},
    )


@transaction.atomic
def end_session(*, user: User, handle: str, by: User | None) -> bool:
    """End one session by the name a page calls it by; False when it has ended already."""
    for session in sessions_of(user):
        if session.handle == handle:
            _end(user, session, by)
            return True
    return False


@transaction.atomic
def end_sessions(*, user: User, by: User | None, keep: str = "") -> int:
    """End all sessions of a user but the one with the key ``keep``, and return how many. Raises Refused where the
    actor may not manage the account."""
    if not may_manage(by, user):
        raise Refused(Reason(_("This account holds rights that you do not hold."), code="above"))
    ended = [session for session in sessions_of(user) if session.session_key != keep]
    for session in ended:
        _end(user, session, by)
    return len(ended)


def clear_ended_sessions() -> None:
    """Rows of sessions that ended by themselves."""
    Session.objects.filter(expire_date__lt=now()).delete()


def _end(user: User, session: Session, by: User | None) -> None:
    session.delete()
    record(
        "account.session_end",
        by=by,
        target=user,
        changes={"address": session.address, "browser": session.browser},
    )
