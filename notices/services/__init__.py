"""The outbox: the change that wants a mail writes a row; a worker claims it, asks once more, and sends.

A mail is written at most once by the database's constraint and sent at least once: only a worker that dies between
the mail server's yes and our note of it can send a second one.
"""

from notices.services.delivery import LEASE, PAUSES, claim, deliver, deliver_waiting, give_up_lost
from notices.services.staff import address_works, drop, release, retry
from notices.services.writing import about, queue

__all__ = [
    "LEASE",
    "PAUSES",
    "about",
    "address_works",
    "claim",
    "deliver",
    "deliver_waiting",
    "drop",
    "give_up_lost",
    "queue",
    "release",
    "retry",
]
