"""What the trail tells about coming in."""

from __future__ import annotations

from accounts.models import User
from audit.services import record


def record_sign_in(*, user: User, address: str, with_second_factor: bool) -> None:
    """``address`` is the network address, kept with the trail for as long as the law wants network logs."""
    record(
        "account.sign_in",
        by=user,
        target=user,
        changes={"address": address, "second_factor": with_second_factor},
    )
