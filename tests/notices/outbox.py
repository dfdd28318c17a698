"""What tests of the outbox share: somebody who takes mails, and mails to take."""

import datetime as dt

from accounts.models import User
from core import clock
from notices import emails, services
from notices.enums import Kind
from notices.models import Notice

START = dt.datetime(2024, 2, 1, 10, 0, tzinfo=clock.ZONE)
CONTEXT = {
    "community": "筼筜街道",
    "round": "2024年调查",
    "reference": "AQ24-0420-7KHM",
    "path": "/portal/responses/AQ24-0420-7KHM/",
    "deadline": "2024-02-29",
    "note": "请补充下一步工作计划。",
}


class Postman:
    """Takes mails, or refuses them."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.taken: list[int] = []
        self.refuses = refuses

    def __call__(self, notice: Notice, kept: emails.Kept) -> None:
        if self.refuses:
            raise ConnectionRefusedError("mail server away")
        self.taken.append(notice.pk)


def queue(recipient: User, **more) -> Notice:
    values = {"kind": Kind.RESPONSE_RETURNED, "subject": "surveys.response:7", "context": CONTEXT}
    return services.queue(recipient=recipient, **(values | more))


def state(notice: Notice) -> tuple[str, int]:
    notice.refresh_from_db()
    return notice.state, notice.attempts
