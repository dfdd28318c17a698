"""A round reminds by itself: who still owes something, on working days, once, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core import mail

from audit.models import AuditEntry
from communities.models import Authority, Community, Contact
from core import clock
from notices import emails
from notices import services as notices
from notices.models import Notice, RefusedAddress, ReminderPlan
from surveys.enums import Stage
from surveys.models import Invitation, Response, Round
from surveys.selectors.reminders import overdue_untold, still_reminded
from surveys.services.deadlines import extend_deadlines
from surveys.services.rounds import open_round
from tests.factories import (
    CommunityFactory,
    ContactFactory,
    MembershipFactory,
    RegisterEntryFactory,
    RoundFactory,
    staff_user,
)

pytestmark = pytest.mark.django_db

OPENED = "2024-01-15 10:00"
DAY = dt.date.fromisoformat
# The deadline is Thursday, 29 February. 15 February lies in the Spring Festival; Sunday the 18th is worked instead.
STEPS = {
    "-14d": DAY("2024-02-18"),
    "-7d": DAY("2024-02-22"),
    "-3d": DAY("2024-02-26"),
    "-1d": DAY("2024-02-28"),
    "+1d": DAY("2024-03-01"),
    "+7d": DAY("2024-03-07"),
}


def asked(*communities: Community) -> Round:
    for community in communities:
        RegisterEntryFactory(community=community)
    with clock.frozen(OPENED):
        survey_round = RoundFactory(stage="preparing", closes_on=DAY("2024-04-30"))
        return open_round(survey_round=survey_round, by=None)


def work_at(moment: str) -> None:
    """One call of the planner and of the worker, as the clock makes them."""
    with clock.frozen(moment):
        notices.plan_reminders()
        while notices.deliver_waiting(send=emails.send):
            pass


def sent() -> list[tuple[str, str, dt.date]]:
    """Address, step and the day it left, in the order of leaving."""
    rows = Notice.objects.mails().filter(state="sent").order_by("sent_at", "pk")
    return [(row.address, row.step, clock.local(row.sent_at).date()) for row in rows]


def days(first: str, last: str) -> Iterator[str]:
    day = DAY(first)
    while day <= DAY(last):
        yield day.isoformat()
        day += dt.timedelta(days=1)


@pytest.fixture
def li_contact(community: Community) -> Contact:
    return ContactFactory(community=community, email="li@example.org", name="李联络")


def response_of(community: Community) -> Response:
    return Response.objects.get(community=community)


# --- one unit -------------------------------------------------------------------------------------------------


def test_a_unit_that_answers_nothing_is_reminded_on_every_step(community, li_contact):
    asked(community)
    for day in days("2024-02-10", "2024-03-20"):
        work_at(f"{day} 09:10")
    assert sent() == [("li@example.org", step, day) for step, day in STEPS.items()]


def test_the_mail_says_what_is_missing_and_how_long_there_is(community, li_contact):
    asked(community)
    work_at("2024-02-26 09:10")
    message = mail.outbox[0]
    assert message.subject == "提醒：2024年国际安全社区认证和复评调查（筼筜街道）"
    for part in ("李联络，您好：", "尚未收到筼筜街道", "2024年2月29日（还有 3 天）", "/join/"):
        assert part in message.body


def test_who_finished_between_writing_and_sending_gets_nothing(community, li_contact):
    asked(community)
    with clock.frozen("2024-02-22 09:10"):
        assert notices.plan_reminders() == 1
        Response.objects.update(stage=Stage.UPLOADED, first_submitted_at=clock.now())
        assert notices.deliver_waiting(send=emails.send) == 0
    assert Notice.objects.mails().get().state == "dropped"


def test_running_twice_sends_once(community, li_contact):
    asked(community)
    for moment in ("2024-02-22 09:10", "2024-02-22 09:20", "2024-02-23 11:00"):
        work_at(moment)
    assert len(sent()) == 1


def test_after_three_days_of_standstill_the_right_step_leaves_once(community, li_contact):
    """−3 was missed; on the day of −1 only −1 leaves. A week later +7 is made up for, and +1 is not."""
    asked(community)
    for day in ("2024-02-22", "2024-02-28", "2024-03-11", "2024-03-12"):
        work_at(f"{day} 09:10")
    assert sent() == [
        ("li@example.org", "-7d", DAY("2024-02-22")),
        ("li@example.org", "-1d", DAY("2024-02-28")),
        ("li@example.org", "+7d", DAY("2024-03-11")),
    ]


def test_a_standstill_of_weeks_is_not_made_up_for(community, li_contact):
    asked(community)
    work_at("2024-03-20 09:10")
    assert sent() == []


@pytest.mark.parametrize("moment", ["2024-02-22 08:59", "2024-02-22 17:00", "2024-02-24 10:00"])
def test_nobody_is_written_to_at_night_or_on_a_day_off(community, li_contact, moment):
    asked(community)
    work_at(moment)
    assert Notice.objects.mails().count() == 0


def test_more_time_means_the_steps_of_the_new_day(community, li_contact):
    survey_round = asked(community)
    work_at("2024-02-28 09:10")
    with clock.frozen("2024-02-28 15:00"):
        extend_deadlines(
            survey_round=survey_round,
            communities=[community.pk],
            due_on=DAY("2024-03-20"),
            reason="街道合并",
            by=staff_user("case_officer"),
        )
    for day in days("2024-02-29", "2024-03-15"):
        work_at(f"{day} 09:10")
    assert [(row.due_on, row.step) for row in Notice.objects.order_by("pk")] == [
        ("2024-02-29", "-1d"),
        ("2024-03-20", ""),  # the news of it
        ("2024-03-20", "-14d"),
        ("2024-03-20", "-7d"),
    ]


def test_a_return_is_reminded_of_by_its_own_day(community, li_contact):
    asked(community)
    with clock.frozen("2024-03-04 14:00"):
        Response.objects.update(
            stage=Stage.RETURNED,
            stage_since=clock.now(),
            first_submitted_at=clock.now(),
            return_due_on=DAY("2024-03-18"),
        )
    for day in days("2024-03-04", "2024-03-17"):
        work_at(f"{day} 09:10")
    assert sent() == [
        ("li@example.org", "-7d", DAY("2024-03-11")),
        # −3 is Friday the 15th; −1 is Sunday the 17th and Monday the day itself, so it moves back beside it.
        ("li@example.org", "-1d", DAY("2024-03-15")),
    ]
    assert "有部分内容已退回" in mail.outbox[0].body


def test_leader_and_contact_with_one_mailbox_get_one_mail(community, li_contact):
    ContactFactory(community=community, role="leader", email="LI@example.org", name="王主任")
    asked(community)
    work_at("2024-02-22 09:10")
    assert [message.to for message in mail.outbox] == [["li@example.org"]]
    assert "王主任、李联络，您好" in mail.outbox[0].body


def test_without_a_contacts_mailbox_who_fills_in_is_reminded(community, li):
    asked(community)
    work_at("2024-02-22 09:10")
    assert [message.to for message in mail.outbox] == [[li.email]]


def test_a_refused_mailbox_is_left_out(community, li_contact):
    RefusedAddress.objects.create(address="li@example.org")
    ContactFactory(community=community, role="leader", email="wang@example.org")
    asked(community)
    work_at("2024-02-22 09:10")
    assert [message.to for message in mail.outbox] == [["wang@example.org"]]


def test_a_plan_switched_off_sends_nothing_and_drops_what_waits(community, li_contact, office):
    asked(community)
    plan = ReminderPlan.objects.get()
    with clock.frozen("2024-02-22 09:10"):
        notices.plan_reminders()
        notices.change_plan(plan=plan, by=office, is_active=False)
        notices.deliver_waiting(send=emails.send)
    work_at("2024-02-26 09:10")
    assert (mail.outbox, Notice.objects.mails().get().state) == ([], "dropped")


def test_a_plan_switched_on_late_does_not_make_up_for_what_passed(community, li_contact, office):
    asked(community)
    plan = ReminderPlan.objects.get()
    with clock.frozen("2024-02-01 10:00"):
        notices.change_plan(plan=plan, by=office, is_active=False)
    with clock.frozen("2024-02-23 10:00"):
        notices.change_plan(plan=plan, by=office, is_active=True)
    for day in days("2024-02-23", "2024-02-26"):
        work_at(f"{day} 09:10")
        work_at(f"{day} 11:10")
    assert [step for _address, step, _day in sent()] == ["-3d"]


def test_the_cap_holds(community, li_contact, office):
    asked(community)
    notices.change_plan(plan=ReminderPlan.objects.get(), by=office, most_mails=2)
    for day in days("2024-02-18", "2024-03-08"):
        work_at(f"{day} 09:10")
    assert [step for _address, step, _day in sent()] == ["-14d", "-7d"]


def test_an_overdue_unit_is_told_to_its_authority_once(community, li_contact, district_authority):
    Authority.objects.filter(pk=district_authority.pk).update(mailbox="Office@siming.example")
    asked(community)
    for day in days("2024-03-05", "2024-03-12"):
        work_at(f"{day} 09:10")
    told = [message for message in mail.outbox if message.to == ["office@siming.example"]]
    assert [message.subject for message in told] == [
        "逾期未完成：筼筜街道（2024年国际安全社区认证和复评调查）"
    ]


def test_where_no_authority_can_be_told_staff_are(client, office, community, li_contact):
    survey_round = asked(community)
    with clock.frozen("2024-02-29 12:00"):
        assert overdue_untold(survey_round) == 0
    with clock.frozen("2024-03-01 12:00"):
        assert overdue_untold(survey_round) == 1
        client.force_login(office)
        page = client.get("/admin/").content.decode()
    assert "1 个单位已逾期，且其主管部门没有登记邮箱，请电话联系。" in page


def test_planning_is_told_to_the_trail_once(community, li_contact):
    asked(community)
    work_at("2024-02-22 09:10")
    work_at("2024-02-22 09:20")
    entry = AuditEntry.objects.get(action="reminder.write")
    assert (entry.actor_label, entry.changes) == ("system", {"mails": {"2024-02-29 -7d": 1}})


def test_a_plan_that_cannot_be_followed_does_not_stop_the_others(community, li_contact):
    ReminderPlan.objects.create(about="vanished:1", steps=[-1], is_active=True)
    asked(community)
    work_at("2024-02-22 09:10")
    assert len(mail.outbox) == 1


def test_planning_asks_as_often_for_many_units_as_for_one(django_assert_num_queries):
    def planned(count: int) -> int:
        for _unit in range(count):
            ContactFactory(community=CommunityFactory(), email=f"c{Contact.objects.count()}@example.org")
        return Contact.objects.count()

    planned(1)
    survey_round = asked(*Community.objects.all())
    with clock.frozen("2024-02-22 09:10"), django_assert_num_queries(14):
        notices.plan_reminders()
    planned(30)
    others = Community.objects.exclude(pk__in=survey_round.responses.values("community"))
    for community in others:
        RegisterEntryFactory(community=community)
        invitation = Invitation.objects.create(
            round=survey_round,
            community=community,
            valid_until=survey_round.closes_on,
            created_at=dt.datetime(2024, 1, 20, tzinfo=clock.ZONE),
        )
        Response.objects.create(
            round=survey_round, community=community, invitation=invitation, reference=f"R{community.pk}"
        )
    with clock.frozen("2024-02-26 09:10"), django_assert_num_queries(14):
        assert notices.plan_reminders() == 31


def test_a_unit_asked_late_is_not_reminded_of_what_passed(community, li_contact):
    survey_round = asked(community)
    MembershipFactory(community=community)
    survey_round.invitations.update(created_at=dt.datetime(2024, 2, 22, 10, 0, tzinfo=clock.ZONE))
    work_at("2024-02-22 11:00")
    assert sent() == []
    work_at("2024-02-26 09:10")
    assert [step for _address, step, _day in sent()] == ["-3d"]


def test_whether_reminders_are_still_wanted_is_asked_as_often_for_many_as_for_one(django_assert_num_queries):
    communities = CommunityFactory.create_batch(12)
    for community in communities:
        ContactFactory(community=community, email=f"unit{community.pk}@example.org")
    survey_round = asked(*communities)
    with clock.frozen("2024-02-28 10:00"):
        notices.plan_reminders()
        Invitation.objects.filter(community=communities[3]).update(due_on=DAY("2024-03-15"))
        rows = list(Notice.objects.mails().order_by("pk"))
        with django_assert_num_queries(5):
            assert still_reminded(rows[:1]) == {rows[0].pk}
        with django_assert_num_queries(5):
            wanted = still_reminded(rows)
    assert Response.objects.filter(round=survey_round).count() == len(rows) == 12
    assert wanted == {row.pk for row in rows if row.community_id != communities[3].pk}
