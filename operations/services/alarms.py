"""What administrators are told by mail because nobody looks at a page at night."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from accounts.selectors import administrators
from core.clock import today
from core.dates import format_moment
from notices.enums import Kind
from notices.services import queue
from operations import selectors
from operations.enums import PulseName


@transaction.atomic
def warn_of_late_backup() -> int:
    """One mail a day to each administrator for as long as no backup is made; return how many there are."""
    if not selectors.backup_is_late():
        return 0
    last = selectors.last_pulse(PulseName.BACKUP)
    path = reverse("operations:health")
    people = list(administrators())
    for user in people:
        queue(
            kind=Kind.BACKUP_LATE,
            subject="operations.pulse:backup",
            recipient=user,
            context={"path": path, "last": format_moment(last, user.language)},
            due_on=today().isoformat(),
        )
    return len(people)
