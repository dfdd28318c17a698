"""What a unit of a round still owes, by when, and whom a mail about it reaches."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from communities.selectors.addressees import Reached, reached
from core.clock import today
from notices.enums import Channel
from notices.plans import Duty
from notices.selectors import is_reminded
from surveys.enums import Owed, RoundStage, Stage
from surveys.models import Invitation, Response, Round

NAME = "round"
OWED = {
    Stage.NOT_STARTED: Owed.ANSWERS,
    Stage.DRAFT: Owed.ANSWERS,
    Stage.SUBMITTED: Owed.COPY,
    Stage.RETURNED: Owed.CHANGES,
    Stage.COPY_RETURNED: Owed.NEW_COPY,
}
# What is read when mails leave: one row for each of thousands of mails.
ASKED = (
    "stage",
    "return_due_on",
    "first_submitted_at",
    "community__name_zh",
    "community__supervisor__mailbox",
    "invitation__due_on",
    "round__stage",
    "round__deadline_on",
    "round__closes_on",
)
# What is read of each of thousands of units when reminders are planned; the round itself is read once.
PLANNED = (
    "stage",
    "stage_since",
    "reference",
    "return_due_on",
    "first_submitted_at",
    "community__name_zh",
    "community__supervisor__mailbox",
    "invitation__due_on",
    "invitation__created_at",
    "invitation__used_at",
)
SENT_BACK = frozenset({Owed.CHANGES, Owed.NEW_COPY})


def owing(survey_round: int | Round) -> QuerySet[Response]:
    """Whose turn it is in an open round. A revoked invitation counts no more while nothing was handed in."""
    return (
        Response.objects.standing()
        .filter(round=survey_round, round__stage=RoundStage.OPEN, stage__in=list(OWED))
        .exclude(invitation__revoked_at__isnull=False, first_submitted_at__isnull=True)
    )


def owed_by(stage: str, return_due_on: dt.date | None, deadline_on: dt.date) -> dt.date | None:
    """The day by which it is owed; None where a return named none. A later day of a return outlives the deadline."""
    if OWED[Stage(stage)] in SENT_BACK:
        return return_due_on
    return max(return_due_on or dt.date.min, deadline_on)


def due_days(survey_round: int) -> set[dt.date]:
    """One query over the few combinations there are, whatever the number of units."""
    fields = ("stage", "return_due_on", "invitation__due_on", "round__deadline_on")
    rows = owing(survey_round).order_by().values_list(*fields).distinct()
    days = (owed_by(stage, returned, own or deadline) for stage, returned, own, deadline in rows)
    return {day for day in days if day is not None}


def duties(survey_round: int, due_on: dt.date) -> list[Duty]:
    own = Q(invitation__due_on=due_on) | Q(invitation__due_on__isnull=True, round__deadline_on=due_on)
    rows = owing(survey_round).filter(own | Q(return_due_on=due_on))
    the_round = Round.objects.get(pk=survey_round)
    found = []
    for row in rows.select_related("community__supervisor", "invitation").only(*PLANNED).order_by("pk"):
        row.round = the_round
        if day_of(row) == due_on and row.may_hand_in:
            found.append(row)
    people = reached([row.community_id for row in found])
    return [
        Duty(
            subject=f"surveys.response:{row.pk}",
            due_on=due_on,
            since=row.stage_since if OWED[Stage(row.stage)] in SENT_BACK else row.invitation.created_at,
            community_id=row.community_id,
            addressees=people[row.community_id].addressees,
            context=mail_context(row),
            authority=authority_address(row),
            users=people[row.community_id].users,
        )
        for row in found
    ]


def day_of(response: Response) -> dt.date | None:
    return owed_by(response.stage, response.return_due_on, _last_day(response))


def authority_address(response: Response) -> str:
    supervisor = response.community.supervisor
    return supervisor.mailbox.lower() if supervisor else ""


def mail_context(response: Response) -> dict[str, Any]:
    """Plain JSON. Who never used the letter's code is led to where it is typed in."""
    path = reverse("surveys:join")
    if response.invitation.used_at is not None or response.first_submitted_at is not None:
        path = reverse("surveys:response", args=[response.reference])
    return {
        "community": response.community.name_zh,
        "round": response.round.title_zh,
        "reference": response.reference,
        "owed": OWED[Stage(response.stage)].value,
        "missing": str(OWED[Stage(response.stage)].label),
        "path": path,
    }


# --- Whether mails are still wanted: asked of many at once, in as many queries as of one --------------------


def still_reminded(notices: list[Any]) -> set[int]:
    """Asked when reminders leave: the same thing is still owed by the same day, by who reads this mailbox."""
    found = [asked for asked in _owed(notices) if _owes_the_same(*asked)]
    rounds = {response.round_id for _notice, response in found}
    reminded = {number for number in rounds if is_reminded(f"{NAME}:{number}")}
    return _read([(notice, response) for notice, response in found if response.round_id in reminded])


def still_overdue(notices: list[Any]) -> set[int]:
    return {
        notice.pk
        for notice, response in _owed(notices)
        if authority_address(response) == notice.address
        and _owes_the_same(notice, response)
        and notice.due_on < today().isoformat()
    }


def still_urged(notices: list[Any]) -> set[int]:
    found = _owed(notices)
    return _read([asked for asked in found if OWED[Stage(asked[1].stage)] == asked[0].context.get("owed")])


def still_extended(notices: list[Any]) -> set[int]:
    """Asked when the news of more time leaves: this is still the unit's last day, and something is still owed."""
    found = _owed(notices)
    return _read([asked for asked in found if _last_day(asked[1]).isoformat() == asked[0].due_on])


def _owed(notices: list[Any]) -> list[tuple[Any, Response]]:
    """The notices about a response that the unit still owes, each with its response."""
    subjects = {notice.pk: int(notice.subject.rpartition(":")[2]) for notice in notices}
    rows = Response.objects.filter(pk__in=set(subjects.values()), stage__in=list(OWED))
    rows = rows.filter(round__stage=RoundStage.OPEN).order_by("pk")
    rows = rows.select_related("community__supervisor", "invitation", "round").only(*ASKED)
    found = {row.pk: row for row in rows if row.may_hand_in}
    return [(notice, found[subjects[notice.pk]]) for notice in notices if subjects[notice.pk] in found]


def _owes_the_same(notice: Any, response: Response) -> bool:
    day = day_of(response)
    owed = OWED[Stage(response.stage)]
    return day is not None and day.isoformat() == notice.due_on and owed == notice.context.get("owed")


def _last_day(response: Response) -> dt.date:
    return response.invitation.due_on or response.round.deadline_on


def _read(asked: list[tuple[Any, Response]]) -> set[int]:
    people = reached({response.community_id for _notice, response in asked})
    return {notice.pk for notice, response in asked if _reaches(people[response.community_id], notice)}


def reads(invitation: Invitation, notice: Any) -> bool:
    """Whether this still reaches the unit."""
    return _reaches(reached([invitation.community_id])[invitation.community_id], notice)


def _reaches(people: Reached, notice: Any) -> bool:
    """On the site those who fill in for it; by mail its contacts' mailboxes, else who else is reached."""
    if notice.channel == Channel.SITE:
        return notice.recipient_id in {user.pk for user in people.users}
    mailboxes = {contact.email.lower() for contact in people.contacts}
    return notice.address in mailboxes | {addressee.address for addressee in people.addressees}


def overdue_untold(survey_round: Round) -> int:
    """Units past their day of which no authority can be told by mail: somebody has to telephone."""
    untold = Q(community__supervisor__isnull=True) | Q(community__supervisor__mailbox="")
    return _overdue(survey_round).filter(untold).count()


def _overdue(survey_round: Round) -> QuerySet[Response]:
    """Before the round's deadline only those with a day of their own can be late: few, and found by index."""
    day = today()
    sent_back = [stage for stage, owed in OWED.items() if owed in SENT_BACK]
    rows = owing(survey_round)
    returned = Q(stage__in=sent_back, return_due_on__lt=day)
    late = ~Q(stage__in=sent_back) & (Q(return_due_on__isnull=True) | Q(return_due_on__lt=day))
    if survey_round.deadline_on < day:
        more_time = Invitation.objects.filter(round=survey_round, due_on__gte=day)
        return rows.filter(returned | (late & ~Q(invitation__in=more_time)))
    units = Response.objects.filter(round=survey_round).order_by()
    found = units.filter(returned).values("pk")
    return rows.filter(
        pk__in=found.union(
            units.filter(late, invitation__due_on__lt=day, invitation__round=survey_round).values("pk")
        )
    )


def exists(survey_round: int) -> bool:
    return Round.objects.filter(pk=survey_round).exists()


def label(survey_round: int) -> str:
    return str(Round.objects.get(pk=survey_round).title)


def back(survey_round: int) -> str:
    return reverse("admin:surveys_round_change", args=[survey_round])
