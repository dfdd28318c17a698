"""Writing the reminders that are due. The clock calls often; twice, or after days of standstill, does no harm."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from audit.services import record
from core.clock import now
from core.workdays import Calendar
from notices import plans
from notices.enums import Channel, NoticeState
from notices.models import CalendarException, Notice, ReminderPlan
from notices.plans import Addressee, Duty, Source, Step, on_site
from notices.selectors import calendar, refused_among

log = logging.getLogger(__name__)

AT_ONCE = 500
MAIL, SITE = Channel.MAIL, Channel.SITE
FIELDS = ("steps", "escalates_from", "most_mails", "is_active")


def plan_reminders() -> int:
    """Write what is due now, in office hours only; return how many mails. Each is written once by the constraint."""
    office, moment = calendar(), now()
    if office.office_moment(moment) > moment:
        return 0
    active = ReminderPlan.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)
    return sum(_planned(plan_id, office, moment) for plan_id in list(active))


def _planned(plan_id: int, office: Calendar, moment: dt.datetime) -> int:
    try:
        return _plan(plan_id, office, moment)
    except Exception:
        log.exception("reminder plan %d could not be followed", plan_id)
        return 0


@transaction.atomic
def _plan(plan_id: int, office: Calendar, moment: dt.datetime) -> int:
    """The locked row keeps a second planner out until this one has written."""
    plan = ReminderPlan.objects.select_for_update().get(pk=plan_id)
    source, key = plans.source_of(plan.about)
    written = {}
    for due_on in sorted(set(source.due_days(key))):
        step = plans.current_step(plans.schedule(due_on, plan.steps, plan.unit, office), moment)
        if step is None or step.opens < plan.active_since:
            continue
        duties = [duty for duty in source.duties(key, due_on) if duty.since <= step.opens]
        if count := _write(plan, source, step, duties):
            written[f"{due_on} {step.key}"] = count
    if written:
        record("reminder.write", by=None, target=plan, changes={"mails": written})
    return sum(written.values())


def _write(plan: ReminderPlan, source: Source, step: Step, duties: list[Duty]) -> int:
    wanted = [_notice(source.kind, duty, step, addressee) for duty in duties for addressee in duty.addressees]
    wanted += [
        _notice(source.kind, duty, step, on_site(user), SITE) for duty in duties for user in duty.users
    ]
    if source.told_kind and plan.escalates_from is not None and step.offset >= plan.escalates_from:
        told = [duty for duty in duties if duty.authority]
        refused = refused_among(duty.authority for duty in told)
        wanted += [
            _notice(source.told_kind, duty, step, Addressee(duty.authority))
            for duty in told
            if duty.authority not in refused
        ]
    new = list(_not_yet(wanted, plan.most_mails))
    Notice.objects.bulk_create(new, batch_size=AT_ONCE, ignore_conflicts=True)
    return sum(1 for row in new if row.channel == MAIL)


def _notice(kind: str, duty: Duty, step: Step, addressee: Addressee, channel: Channel = MAIL) -> Notice:
    return Notice(
        kind=kind,
        channel=channel,
        recipient=addressee.user,
        address=addressee.address,
        language=addressee.language or "zh-hans",
        subject=duty.subject,
        due_on=duty.due_on.isoformat(),
        step=step.key,
        community_id=duty.community_id,
        context={**duty.context, "deadline": duty.due_on.isoformat(), "name": addressee.name},
    )


def _not_yet(wanted: list[Notice], most: int) -> Iterator[Notice]:
    """Those that are not there and do not go past the cap of reminders to one address about one thing."""
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        there, counts = _written(some)
        for row in some:
            key = (row.kind, row.address, row.subject)
            if (*key, row.due_on, row.step) not in there and counts[key] < most:
                there.add((*key, row.due_on, row.step))
                yield row


def _written(rows: list[Notice]) -> tuple[set[tuple[str, ...]], Counter[tuple[str, ...]]]:
    there: set[tuple[str, ...]] = set()
    counts: Counter[tuple[str, ...]] = Counter()
    known = Notice.objects.filter(
        kind__in={row.kind for row in rows}, subject__in={row.subject for row in rows}
    )
    for row in known.values_list("kind", "address", "subject", "due_on", "step", "state"):
        there.add(row[:5])
        counts[row[:3]] += row[5] != NoticeState.DROPPED
    return there, counts


# --- The plans themselves -------------------------------------------------------------------------------------


def proposed_plan(*, name: str, key: int) -> ReminderPlan:
    """Not stored: the defaults of the source, as they would stand in a new plan. LookupError for an unknown source."""
    source = plans.find(name)
    if source is None:
        raise LookupError(f"no app knows duties about {name!r}")
    return ReminderPlan(
        about=f"{name}:{key}",
        unit=source.unit,
        steps=list(source.steps),
        escalates_from=source.escalates_from,
        origin=str(source.origin),
    )


@transaction.atomic
def ensure_plan(*, name: str, key: int, by: Any | None, is_active: bool = False) -> ReminderPlan:
    """The plan about one thing; made with the defaults of its source when there is none yet."""
    there = ReminderPlan.objects.filter(about=f"{name}:{key}").first()
    if there is not None:
        return there
    plan = proposed_plan(name=name, key=key)
    plan.is_active = is_active
    plan.save()
    changes = {"about": plan.about, "steps": plan.steps, "is_active": plan.is_active}
    record("reminder.create", by=by, target=plan, changes=changes)
    return plan


@transaction.atomic
def change_plan(*, plan: ReminderPlan, by: Any, **values: Any) -> ReminderPlan:
    """Steps that passed before a plan was switched on are not made up for."""
    if stray := set(values) - set(FIELDS):
        raise ValueError(f"not to be changed here: {sorted(stray)}")
    locked = ReminderPlan.objects.select_for_update().get(pk=plan.pk)
    changes = {
        name: [getattr(locked, name), value]
        for name, value in values.items()
        if getattr(locked, name) != value
    }
    if not changes:
        return locked
    for name, value in values.items():
        setattr(locked, name, value)
    if changes.get("is_active") == [False, True]:
        locked.active_since = now()
    locked.full_clean()
    locked.save()
    record("reminder.change", by=by, target=locked, changes=changes)
    return locked


@transaction.atomic
def keep_calendar_day(*, exception: CalendarException, by: Any) -> CalendarException:
    exception.full_clean()
    exception.save()
    changes = {"day": str(exception.day), "works": exception.works}
    record("calendar.set", by=by, target=exception, changes=changes)
    return exception


@transaction.atomic
def forget_calendar_day(*, exception: CalendarException, by: Any) -> None:
    changes = {"day": str(exception.day), "works": exception.works}
    record("calendar.clear", by=by, target=exception, changes=changes)
    exception.delete()
