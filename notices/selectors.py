"""The office's calendar with its exceptions, which addresses take no mail, and what a plan comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from core.clock import now, today
from core.workdays import LAST_KNOWN_YEAR, Calendar
from notices.enums import Channel, NoticeState
from notices.models import TEST, CalendarException, MailText, Notice, RefusedAddress, ReminderPlan
from notices.plans import Source, Step, schedule


def calendar() -> Calendar:
    return Calendar(dict(CalendarException.objects.values_list("day", "works")))


def is_reminded(about: str) -> bool:
    """Whether reminders of this thing go out."""
    return ReminderPlan.objects.filter(about=about, is_active=True).exists()


def words_of(kind: str, language: str) -> MailText | None:
    """The office's own words of a kind of mail, if it has any in this language."""
    return MailText.objects.filter(kind=kind, language=language).first()


def kept_words() -> dict[tuple[str, str], MailText]:
    return {(row.kind, row.language): row for row in MailText.objects.order_by("kind", "language")}


def sample_of(kind: str, language: str) -> Notice:
    """The last mail of this kind, to show words with real data; an unsaved one where there is none."""
    there = (
        Notice.objects.filter(kind=kind, channel=Channel.MAIL).exclude(step=TEST).select_related("recipient")
    )
    found = there.order_by("-created_at", "-pk").first()
    if found is None:
        return Notice(kind=kind, language=language)
    found.language = language
    return found


def waiting_of(kind: str, language: str) -> int:
    """How many mails that wait or are held would leave with the words of their kind."""
    states = (NoticeState.WAITING, NoticeState.HELD)
    rows = Notice.objects.filter(kind=kind, channel=Channel.MAIL, language=language, state__in=states)
    return rows.filter(own_text="").count()


def log_of(community_id: int, most: int = 20) -> list[Notice]:
    """The last mails about a community, newest first."""
    rows = Notice.objects.filter(community_id=community_id, channel=Channel.MAIL)
    return list(rows.order_by("-created_at", "-pk")[:most])


def refused_among(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses (lower case) that a mail server has refused."""
    found = RefusedAddress.objects.filter(address__in=set(addresses))
    return set(found.values_list("address", flat=True))


# --- what a plan comes to -----------------------------------------------------------------------------------

SHOWN_DAYS = 6


@dataclass(frozen=True, slots=True)
class PlannedStep:
    step: Step
    sent: int
    is_over: bool

    @property
    def is_moved(self) -> bool:
        return self.step.opens.date() != self.step.nominal


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One last day: how many owe something by it, and how many mailboxes that reaches today."""

    due_on: dt.date
    steps: list[PlannedStep]
    owing: int
    mailboxes: int
    unreached: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """``unknown_years``: the holidays of these are not announced, or not in this version; Monday to Friday counts."""

    days: list[PlannedDay]
    more: int
    unknown_years: list[int]


def plan_outlook(plan: ReminderPlan, source: Source, key: int) -> Outlook:
    office = calendar()
    due_days = sorted(set(source.due_days(key)))
    shown = [_planned_day(plan, source, key, day, office) for day in due_days[:SHOWN_DAYS]]
    years = {step.step.nominal.year for day in shown for step in day.steps}
    return Outlook(shown, len(due_days) - len(shown), sorted(filter(is_unknown, years)))


def is_unknown(year: int) -> bool:
    return year > LAST_KNOWN_YEAR


def _planned_day(
    plan: ReminderPlan, source: Source, key: int, due_on: dt.date, office: Calendar
) -> PlannedDay:
    duties = source.duties(key, due_on)
    left = Notice.objects.filter(kind=source.kind, due_on=due_on.isoformat(), state=NoticeState.SENT)
    left = left.filter(channel=Channel.MAIL)
    left = left.filter(subject__in=[duty.subject for duty in duties])
    steps = list(left.values_list("step", flat=True))
    return PlannedDay(
        due_on=due_on,
        steps=[
            PlannedStep(step, steps.count(step.key), step.opens <= now())
            for step in schedule(due_on, plan.steps, plan.unit, office)
        ],
        owing=len(duties),
        mailboxes=sum(len(duty.addressees) for duty in duties),
        unreached=sum(1 for duty in duties if not duty.addressees),
    )


def lacks_holidays() -> int | None:
    """The year whose holidays are missing although it is this one or near; None while all is known."""
    ahead = today() + dt.timedelta(days=60)
    return ahead.year if is_unknown(ahead.year) else None
