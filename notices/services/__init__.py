"""The outbox: the change that wants a mail writes a row; a worker claims it, asks once more, and sends.

A mail is written at most once by the database's constraint and sent at least once: only a worker that dies between
the mail server's yes and our note of it can send a second one.
"""

from notices.services.delivery import PAUSES, claim, deliver_waiting, give_up_lost
from notices.services.inbox import read, read_about, read_all
from notices.services.planning import (
    change_plan,
    ensure_plan,
    forget_calendar_day,
    keep_calendar_day,
    plan_reminders,
    proposed_plan,
)
from notices.services.staff import (
    address_works,
    drop,
    edit,
    forget_words,
    hold,
    keep_words,
    release,
    retry,
    send_test,
)
from notices.services.writing import about, forget_recipients, queue, tell

__all__ = [
    "PAUSES",
    "about",
    "address_works",
    "change_plan",
    "claim",
    "deliver_waiting",
    "drop",
    "edit",
    "ensure_plan",
    "forget_calendar_day",
    "forget_recipients",
    "forget_words",
    "give_up_lost",
    "hold",
    "keep_calendar_day",
    "keep_words",
    "plan_reminders",
    "proposed_plan",
    "queue",
    "read",
    "read_about",
    "read_all",
    "release",
    "retry",
    "send_test",
    "tell",
]
