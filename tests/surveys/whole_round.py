"""A whole round on the wire: 127 units, half of them answer, sixty days, and every message that a mail server takes.

What must leave is counted from the story alone and compared with what came, message for message. The suite plays it
with some units of every kind, ``make faults`` with all of them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from email.message import EmailMessage
from typing import Any

from communities.models import Community, Contact
from core import clock
from notices import tasks
from notices.models import Notice, RefusedAddress
from surveys.enums import Stage
from surveys.models import Response, Round
from surveys.selectors.letter_mails import letter_mails
from surveys.services.deadlines import extend_deadlines
from surveys.services.letter_mails import mail_letters
from surveys.services.rounds import open_round
from tests.factories import AuthorityFactory, CommunityFactory, RegisterEntryFactory, RoundFactory, staff_user
from tests.postbox import left_on, postbox, subject, text

DAY = dt.date.fromisoformat
FIRST, LAST = DAY("2024-02-01"), DAY("2024-03-31")
STANDSTILL = {DAY("2024-03-06"), DAY("2024-03-07"), DAY("2024-03-08")}  # Wednesday to Friday
MADE_UP = DAY("2024-03-11")
# The deadline is Thursday, 29 February. 15 February lies in the Spring Festival; Sunday the 18th is worked instead.
# A week after it the worker stands still.
STEPS = [DAY(f"2024-{day}") for day in ("02-18", "02-22", "02-26", "02-28", "03-01")] + [MADE_UP]
# Of 20 March: two weeks before it the worker stands still, three days before it is a Sunday.
NEW_STEPS = [MADE_UP, *(DAY(f"2024-03-{day}") for day in ("13", "18", "19", "21", "27"))]

EARLY, HALFWAY, NEVER = range(40), range(40, 64), range(64, 127)
LETTERS = range(40, 44)  # get their letter by mail
LONGER, UNREACHED = range(64, 69), range(69, 72)
EVERY = range(127)
# Some of every kind; among them those whose address does not exist.
SOME = [*range(4), *range(40, 44), *range(64, 67), *range(70, 76)]
NOBODY_THERE = {"zhuren72@example.org", "lianluo73@example.org"}
BUREAU, SENDER = "bureau@example.org", "office@association.example"
LETTER = "邀请：2024年国际安全社区认证和复评调查（{}）"
LONGER_NOW = "2024年国际安全社区认证和复评调查：{}的截止日期已延长"
REMINDER = "提醒：2024年国际安全社区认证和复评调查（{}）"
OVERDUE = "逾期未完成：{}（2024年国际安全社区认证和复评调查）"

Message = tuple[str, str, dt.date]  # address, subject line, day


def mailboxes(unit: int) -> list[tuple[str, str]]:
    """Role and address: one mailbox for two, two mailboxes, one alone, none."""
    if unit in UNREACHED:
        return []
    liaison = ("liaison", f"lianluo{unit}@example.org")
    if unit % 8 == 0:
        return [("leader", f"zhuren{unit}@example.org"), liaison]
    return [("leader", liaison[1].upper()), liaison] if unit % 3 == 0 else [liaison]


Units = Collection[int]


def ask(units: Units) -> dict[int, Response]:
    """Their round, opened, with the response of each unit."""
    told = AuthorityFactory(name_zh="有邮箱的应急管理局", mailbox=BUREAU)
    untold = AuthorityFactory(name_zh="无邮箱的应急管理局")
    communities = Community.objects.bulk_create(
        CommunityFactory.build(name_zh=f"第{unit}街道", supervisor=untold if unit % 2 else told)
        for unit in units
    )
    Contact.objects.bulk_create(
        Contact(community=community, role=role, email=address, name=f"联系人{unit}")
        for unit, community in zip(units, communities, strict=True)
        for role, address in mailboxes(unit)
    )
    for community in communities:
        RegisterEntryFactory(community=community)
    with clock.frozen("2024-01-15 10:00"):
        open_round(survey_round=RoundFactory(stage="preparing", closes_on=DAY("2024-04-30")), by=None)
    return dict(zip(units, Response.objects.order_by("community__pk"), strict=True))


def days() -> Iterator[dt.date]:
    for number in range((LAST - FIRST).days + 1):
        yield FIRST + dt.timedelta(days=number)


def work_at(day: dt.date, hour: str) -> None:
    """The planner, and the worker as often as the clock rings for it until nothing is left."""
    with clock.frozen(f"{day} {hour}"):
        tasks.plan_reminders()
        while tasks.deliver_waiting():
            pass


def what_people_do(day: dt.date, responses: dict[int, Response], officer: Any) -> None:
    answering = {DAY("2024-02-10"): EARLY, DAY("2024-02-24"): HALFWAY}.get(day, range(0))
    rows = Response.objects.filter(pk__in=[row.pk for unit, row in responses.items() if unit in answering])
    rows.update(stage=Stage.UPLOADED, first_submitted_at=clock.now())
    if day == DAY("2024-03-05"):
        extend_deadlines(
            survey_round=Round.objects.get(),
            communities=[row.community_id for unit, row in responses.items() if unit in LONGER],
            due_on=DAY("2024-03-20"),
            reason="换届",
            by=officer,
        )


def mail_the_letters(responses: dict[int, Response], officer: Any) -> None:
    survey_round = Round.objects.get()
    chosen = [row.community_id for unit, row in responses.items() if unit in LETTERS]
    shown = letter_mails(survey_round, choice="unmailed", units=chosen)
    mail_letters(
        survey_round=survey_round,
        choice="unmailed",
        units=chosen,
        with_blank_form=False,
        batch="0" * 32,
        seen=shown.seen,
        by=officer,
    )


def mails_to(unit: int) -> list[tuple[str, dt.date]]:
    """Who answers is left alone from then on, who has more time is reminded of the new day."""
    name = f"第{unit}街道"
    letter = [(LETTER.format(name), FIRST)] if unit in LETTERS else []
    if unit in EARLY:
        return letter
    if unit in HALFWAY:
        return letter + [(REMINDER.format(name), day) for day in STEPS[:2]]
    if unit in LONGER:
        told = [(LONGER_NOW.format(name), DAY("2024-03-05"))]
        return told + [(REMINDER.format(name), day) for day in STEPS[:5] + NEW_STEPS]
    return [(REMINDER.format(name), day) for day in STEPS]


def expected(units: Units) -> Counter[Message]:
    mails: Counter[Message] = Counter()
    for unit in units:
        for address in {address.lower() for _role, address in mailboxes(unit)} - NOBODY_THERE:
            mails.update((address, *mail) for mail in mails_to(unit))
        if unit in NEVER and unit % 2 == 0:
            mails[BUREAU, OVERDUE.format(f"第{unit}街道"), (NEW_STEPS if unit in LONGER else STEPS)[-1]] += 1
    return mails


def play(units: Units, settings: Any) -> None:
    """Forty answer early, 24 halfway, 63 never; of these five get more time, three have no mailbox.

    The planner runs twice a day, the worker stands still for three days, two of the addresses do not exist.
    """
    responses, officer = ask(units), staff_user("case_officer")
    with postbox(*NOBODY_THERE) as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.DEFAULT_FROM_EMAIL = SENDER
        with clock.frozen(f"{FIRST} 07:30"):
            mail_the_letters(responses, officer)
        for day in days():
            with clock.frozen(f"{day} 08:00"):
                what_people_do(day, responses, officer)
            if day not in STANDSTILL:
                work_at(day, "09:05")
                work_at(day, "16:55")
    messages = box.messages()
    came = Counter((message["To"], subject(message), left_on(message)) for message in messages)
    assert came == expected(units)
    assert sorted(box.turned_away) == sorted(NOBODY_THERE)  # one try each
    assert set(RefusedAddress.objects.values_list("address", flat=True)) == NOBODY_THERE
    assert Counter(Notice.objects.values_list("state", flat=True)) == {"sent": came.total(), "refused": 2}
    assert all(max(map(len, raw.splitlines())) <= 998 for raw in box.received)  # RFC 5322
    every_message_is_complete(messages)


def every_message_is_complete(messages: list[EmailMessage]) -> None:
    """What a mail program and a spam filter look at."""
    assert len({message["Message-ID"] for message in messages}) == len(messages)
    for message in messages:
        assert (message["From"], message["Auto-Submitted"]) == (SENDER, "auto-generated")
        body = message.get_body()
        assert isinstance(body, EmailMessage)
        assert [message.get_body((kind,)).get_content_charset() for kind in ("plain", "html")] == [
            "utf-8"
        ] * 2
        assert message.defects == []
        letters = [(part.get_filename(), part.get_content()[:5]) for part in message.iter_attachments()]
        is_letter = subject(message).startswith("邀请")
        assert [name.endswith("_邀请函.pdf") for name, _content in letters] == [True] * is_letter
        assert [start for _name, start in letters] == [b"%PDF-"] * is_letter
    first = next(message for message in messages if subject(message).startswith("提醒"))
    for part in ("联系人40，您好", "2024年2月29日（还有 11 天）", "/join/"):
        assert (part in text(first), part in text(first, "html")) == (True, True)
