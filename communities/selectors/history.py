"""What is known of a designation over time, and one sentence why its status is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.enums import DatePrecision, EntryEnd, Status
from communities.models import Designation, Programme, RegisterEntry
from communities.querysets import RegisterEntryQuerySet
from core.clock import today
from core.dates import format_date, reads_english

# 中安健协发〔2024〕12号 of this day asks the units of its Annex 1 about their re-designation.
LIST_NUMBER = "中安健协发〔2024〕12号"
LIST_DATE = date(2024, 1, 14)
# The network passed from WHO's collaborating centre at Karolinska Institutet to ISCCC.
LAST_WHO_YEAR = 2014
INTERNATIONAL = "international"
ZH_NUMERALS = "〇一二三四五六七八九十"


@dataclass(frozen=True)
class Event:
    """One line of the timeline; ``gap``: from here to the next line nothing is known."""

    on: date
    title: str
    when: str
    note: str = ""
    state: str = ""
    gap: bool = False


def designation_timeline(entry: RegisterEntry, on: date | None = None) -> list[Event]:
    """Namings, re-designations, terms that ran out unrenewed, the list of 2024, the end, and today.

    ``entry`` comes with its status (``with_status``) and its designations.
    """
    day = on or today()
    cycles = list(entry.designations.all())
    events = [_cycle_event(entry, cycle) for cycle in cycles]
    events += _expired_terms(entry, cycles, day)
    if entry.sequence and entry.source.startswith(LIST_NUMBER):
        gap = bool(entry.ends_latest and entry.ends_latest <= LIST_DATE)
        note = _("%(notice)s, Annex 1, row %(row)s") % {"notice": LIST_NUMBER, "row": entry.sequence}
        title = _("Listed for the survey on re-designation")
        events.append(Event(LIST_DATE, title, format_date(LIST_DATE), note, "done", gap))
    if entry.ended_kind and entry.ended_on:
        events.append(_end_event(entry))
    events.sort(key=lambda event: event.on)
    now = _("%(date)s, the day of this page") % {"date": format_date(day)}
    return [*events, Event(day, str(Status(_status(entry)).label), now, state="now")]


def status_sentence(entry: RegisterEntry) -> str:
    """Why the status is what it is, in one sentence."""
    status = _status(entry)
    if status == Status.MERGED:
        return _("The unit has been merged into another one; its number and years stay its own.")
    if status in {Status.LAPSED, Status.WITHDRAWN} and entry.ended_on:
        facts = {"date": format_date(entry.ended_on), "basis": entry.ended_basis}
        return _("The designation ended on %(date)s. Decision: %(basis)s.") % facts
    cycles = list(entry.designations.all())
    if not cycles or entry.ends_earliest is None or entry.ends_latest is None:
        return _("The term of this designation is not known, so nobody can say whether it still holds.")
    facts = {
        "start": _start_words(cycles[-1]),
        "term": _term_words(entry.programme),
        "end": _end_words(entry.ends_earliest, cycles[-1].precision),
    }
    return _sentence(status, lacks_exact_date=getattr(entry, "lacks_exact_date", False)) % facts


def _sentence(status: str, *, lacks_exact_date: bool) -> str:
    if status in {Status.ACTIVE, Status.DUE}:
        return _("%(start)s; the %(term)s term ends in %(end)s and has not run out.")
    if status == Status.OVERDUE:
        return _("%(start)s; the %(term)s term ended in %(end)s and no re-designation followed.")
    if lacks_exact_date:
        return _(
            "%(start)s, month and day not recorded; the %(term)s term ends at some time in %(end)s, so it cannot "
            "be said yet whether the designation holds today. The exact date, given by the community's liaison or "
            "the association, settles it."
        )
    return _(
        "%(start)s; the %(term)s term ended in %(end)s and no record of a re-designation has come in since, so it "
        "cannot be said whether the designation holds now. It is updated as soon as the community's liaison or the "
        "association adds a date of re-designation."
    )


def _status(entry: RegisterEntry) -> str:
    if not hasattr(entry, "status"):
        queryset: RegisterEntryQuerySet = RegisterEntry.objects.filter(pk=entry.pk)
        known = queryset.with_status().values("status", "lacks_exact_date").get()
        entry.__dict__.update(known)
    return str(entry.__dict__["status"])


def _cycle_event(entry: RegisterEntry, cycle: Designation) -> Event:
    when = format_date(cycle.date_text)
    return Event(cycle.designated_on, _cycle_title(entry, cycle), when, _cycle_note(entry, cycle), "done")


def _cycle_title(entry: RegisterEntry, cycle: Designation) -> str:
    facts: dict[str, Any] = {"number": entry.number, "title": entry.programme.title or entry.programme.name}
    if cycle.cycle:
        return ngettext("Re-designated (no. %(n)d)", "Re-designated (no. %(n)d)", cycle.cycle) % {
            "n": cycle.cycle
        }
    if entry.number is None:
        return _("Designated %(title)s") % facts
    return _("Designated %(title)s, No. %(number)s") % facts


def _cycle_note(entry: RegisterEntry, cycle: Designation) -> str:
    facts = {"source": cycle.source, "row": entry.sequence}
    printed_here = cycle.cycle == 0 and entry.sequence and cycle.source == entry.source
    note = (_("Basis: %(source)s, row %(row)s") if printed_here else _("Basis: %(source)s")) % facts
    remarks = {
        DatePrecision.YEAR: _("month and day not recorded"),
        DatePrecision.MONTH: _("day not recorded"),
    }
    sentences = [note, remarks.get(DatePrecision(cycle.precision), "")]
    if cycle.inferred:
        sentences.append(_("year inferred from the neighbouring numbers, not printed"))
    if entry.programme.code == INTERNATIONAL and cycle.designated_on.year <= LAST_WHO_YEAR:
        sentences.append(_("then the network of the WHO Collaborating Centre (WHO CCCSP)"))
    return ("; " if reads_english() else "，").join(sentence for sentence in sentences if sentence)


def _expired_terms(entry: RegisterEntry, cycles: list[Designation], day: date) -> list[Event]:
    """The end of every term that is certainly over and was not followed in time by the next cycle."""
    months = entry.programme.validity_months
    if not months or not cycles:
        return []
    events = []
    for cycle, later in zip(cycles, [*cycles[1:], None], strict=True):
        end = cycle.designated_on + relativedelta(months=months)
        latest = end + _span(cycle.precision)
        until = later.designated_on if later else day
        if latest > until or (entry.ended_on and latest >= entry.ended_on):
            continue
        title = _("The %(term)s term ran out") % {"term": _term_words(entry.programme)}
        note = _("No record of a re-designation") if later is None else _("The next one is recorded later")
        events.append(Event(end, title, _end_words(end, cycle.precision), note, gap=True))
    return events


def _end_event(entry: RegisterEntry) -> Event:
    titles = {
        EntryEnd.LAPSED: _("Designation lapsed"),
        EntryEnd.WITHDRAWN: _("Designation given back"),
        EntryEnd.REVOKED: _("Designation revoked"),
    }
    ended_on = entry.ended_on or today()
    note = _("Basis: %(source)s") % {"source": entry.ended_basis}
    return Event(ended_on, titles[EntryEnd(entry.ended_kind)], format_date(ended_on), note, "done")


def _span(precision: str) -> relativedelta:
    return {
        DatePrecision.YEAR: relativedelta(years=1),
        DatePrecision.MONTH: relativedelta(months=1),
        DatePrecision.DAY: relativedelta(days=1),
    }[DatePrecision(precision)] - relativedelta(days=1)


def _start_words(cycle: Designation) -> str:
    facts = {"date": format_date(cycle.date_text)}
    if cycle.cycle:
        return _("Last re-designated in %(date)s") % facts
    return _("Designated in %(date)s") % facts


def _end_words(end: date, precision: str) -> str:
    """No more exact than the date it follows from."""
    lengths = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7, DatePrecision.DAY: 10}
    return format_date(end.isoformat()[: lengths[DatePrecision(precision)]])


def _term_words(programme: Programme) -> str:
    """五年, as in 五年期; the term is a parameter of the programme."""
    months = programme.validity_months or 0
    years, rest = divmod(months, 12)
    if rest:
        return ngettext("%(n)d-month", "%(n)d-month", months) % {"n": months}
    shown = str(years) if reads_english() or years > 10 else ZH_NUMERALS[years]
    return _("%(n)s-year") % {"n": shown}
