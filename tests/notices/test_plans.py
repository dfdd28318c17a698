"""Steps of a plan on Chinese working days, and the page on which staff look at them."""

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from communities.models import RegisterEntry
from core import clock
from core.workdays import LAST_KNOWN_YEAR, Calendar
from notices import emails, plans, services
from notices.enums import Kind, Unit
from notices.models import CalendarException, Notice, ReminderPlan
from notices.selectors import calendar
from tests.factories import ContactFactory, RegisterEntryFactory, ResponseFactory, RoundFactory

DAY = dt.date.fromisoformat
STEPS = (-14, -7, -3, -1, 1, 7)


@pytest.fixture
def rules() -> None:
    """Here the rules of the apps hold."""


def days_of(due_on: str, offsets: tuple[int, ...] = STEPS, unit: str = Unit.DAYS) -> list[str]:
    return [str(step.opens.date()) for step in plans.schedule(DAY(due_on), offsets, unit, Calendar())]


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        # −14 lies in the Spring Festival: forward to Sunday the 18th, which is worked, still before −7.
        ("2024-02-29", ["02-18", "02-22", "02-26", "02-28", "03-01", "03-07"]),
        # A Monday: −3 is Friday, −1 is Sunday and Monday the day itself, so backward; +1 Tuesday.
        ("2024-03-18", ["03-04", "03-11", "03-15", "03-15", "03-19", "03-25"]),
        # After the deadline only forward: +1 and +7 lie in Labour Day's holidays and on a weekend's edge.
        ("2024-04-30", ["04-16", "04-23", "04-28", "04-29", "05-06", "05-07"]),
        # The day after National Day's week: −7, −3 and −1 all move back before it.
        ("2024-10-08", ["09-24", "09-30", "09-30", "09-30", "10-09", "10-15"]),
    ],
)
def test_steps_fall_on_working_days(due_on, expected):
    assert days_of(due_on) == [f"2024-{day}" for day in expected]


def test_months_are_counted_by_the_calendar():
    assert days_of("2026-03-31", (-18, -12, -6, -3, -1), Unit.MONTHS) == [
        "2024-09-30",
        "2025-03-31",
        "2025-09-30",
        "2025-12-31",
        "2026-02-28",  # a Saturday worked for the Spring Festival
    ]


def test_an_exception_that_staff_entered_moves_a_step(office, rules):
    services.keep_calendar_day(exception=CalendarException(day=DAY("2024-02-22"), works=False), by=office)
    with clock.frozen("2024-02-22 10:00"):
        assert calendar().office_moment(clock.now()) == dt.datetime(2024, 2, 23, 9, tzinfo=clock.ZONE)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == ("calendar.set", {"day": "2024-02-22", "works": False})


def test_only_the_last_step_that_has_come_counts_and_not_for_ever():
    steps = plans.schedule(DAY("2024-02-29"), STEPS, Unit.DAYS, Calendar())

    def at(moment: str) -> str | None:
        step = plans.current_step(steps, dt.datetime.fromisoformat(moment).replace(tzinfo=clock.ZONE))
        return step and step.key

    assert [at(moment) for moment in ("2024-02-18T08:59", "2024-02-18T09:00", "2024-02-29T12:00")] == [
        None,
        "-14d",
        "-1d",
    ]
    assert [at(moment) for moment in ("2024-03-14T09:00", "2024-03-14T09:01")] == ["+7d", None]


# --- the page -------------------------------------------------------------------------------------------------


def page_of(name: str, key: int) -> str:
    return reverse("notices:plan", args=[name, key])


def test_the_page_shows_the_days_and_makes_nothing(client, office, rules):
    response = ResponseFactory()
    ContactFactory(community=response.community)
    client.force_login(office)
    with clock.frozen("2024-02-20 10:00"):
        page = client.get(page_of("round", response.round_id)).content.decode()
    for part in (
        "2024年2月18日 09:00",
        "2024年2月15日（周四）",
        "1 个单位未完成，涉及 1 个邮箱；0 个单位没有邮箱",
    ):
        assert part in page
    assert ReminderPlan.objects.count() == 0


def save(client, address: str, **typed: str):
    values = {"is_active": "on", "steps": "−10、-2,+3", "escalates_from": "3", "most_mails": "5"}
    return client.post(address, values | typed)


def test_a_saved_plan_is_kept_and_told(client, office, rules):
    survey_round = RoundFactory()
    client.force_login(office)
    assert save(client, page_of("round", survey_round.pk)).status_code == 302
    plan = ReminderPlan.objects.get()
    assert (plan.steps, plan.escalates_from, plan.is_active) == ([-10, -2, 3], 3, True)
    assert sorted(AuditEntry.objects.values_list("action", flat=True)) == [
        "reminder.change",
        "reminder.create",
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"steps": "soon"}, "请填写整数，例如 -14，-7，1。"),
        ({"steps": "-999"}, "最多 12 个时点，且不超过 120。"),
        ({"escalates_from": "4"}, "该值不在提醒时点之中。"),
    ],
)
def test_what_is_no_plan_is_refused_in_words(client, office, rules, typed, sentence):
    survey_round = RoundFactory()
    client.force_login(office)
    answer = save(client, page_of("round", survey_round.pk), **typed)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert ReminderPlan.objects.count() == 0


@pytest.mark.parametrize("name", ["round", "programme", "nothing"])
def test_a_plan_about_nothing_is_not_there(client, office, rules, name):
    client.force_login(office)
    assert client.get(page_of(name, 999)).status_code == 404


def test_years_without_announced_holidays_are_said_and_never_an_error(client, office, rules):
    year = LAST_KNOWN_YEAR + 2
    survey_round = RoundFactory(
        deadline_on=dt.date(year, 3, 1), closes_on=dt.date(year, 4, 1), opens_on=dt.date(year, 1, 1)
    )
    ResponseFactory(round=survey_round)
    client.force_login(office)
    with clock.frozen(f"{year}-01-02 10:00"):
        page = client.get(page_of("round", survey_round.pk)).content.decode()
        calendar = client.get(reverse("admin:notices_calendarexception_changelist")).content.decode()
    assert f"本版本尚无{year}年的放假安排" in page
    assert f"本版本尚无{year}年的放假安排" in calendar


# --- the register ---------------------------------------------------------------------------------------------


@pytest.fixture
def entry(rules, office) -> RegisterEntry:
    entry = RegisterEntryFactory(ends_earliest=DAY("2025-06-30"), ends_latest=DAY("2025-06-30"), number=362)
    ContactFactory(community=entry.community, email="li@example.org")
    with clock.frozen("2023-12-01 10:00"):
        plan = services.ensure_plan(name="programme", key=entry.programme_id, by=office)
        services.change_plan(plan=plan, by=office, is_active=True)
    return entry


def remind(moment: str) -> None:
    with clock.frozen(moment):
        services.plan_reminders()
        services.deliver_waiting(send=emails.send)


def test_a_re_designation_is_reminded_of_by_months(entry, mailoutbox):
    for day in ("2024-01-02", "2024-01-03", "2024-07-01", "2024-12-30", "2025-03-31", "2025-05-30"):
        remind(f"{day} 10:00")
    steps = Notice.objects.order_by("pk").values_list("step", flat=True)
    assert list(steps) == ["-18m", "-12m", "-6m", "-3m", "-1m"]
    assert "将于2025年6月30日到期" in mailoutbox[0].body


def test_a_renewed_designation_is_not_reminded_of(entry, mailoutbox):
    with clock.frozen("2024-07-01 10:00"):
        services.plan_reminders()
        RegisterEntry.objects.update(ends_earliest=DAY("2030-06-30"), ends_latest=DAY("2030-06-30"))
        services.deliver_waiting(send=emails.send)
    assert (mailoutbox, Notice.objects.get(kind=Kind.RENEWAL_REMINDER).state) == ([], "dropped")


def test_an_end_known_to_the_year_only_is_asked_about(entry, mailoutbox):
    RegisterEntry.objects.update(ends_latest=DAY("2025-12-31"))
    remind("2024-07-01 10:00")
    assert "最早可能于2025年6月30日到期" in mailoutbox[0].body


def test_a_programmes_plan_sends_nothing_before_somebody_switches_it_on(rules, office, mailoutbox):
    entry = RegisterEntryFactory(ends_earliest=DAY("2025-06-30"), ends_latest=DAY("2025-06-30"))
    ContactFactory(community=entry.community)
    services.ensure_plan(name="programme", key=entry.programme_id, by=office)
    remind("2024-07-01 10:00")
    assert mailoutbox == []
