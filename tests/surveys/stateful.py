"""A response in the hands of four people who press whatever they find, in any order, twice, and too late.

The moves come from the table of the lifecycle: a new one is tried without a word here. How a move is made by the
services stands in ``WAYS``; one that is not there is made by the lifecycle itself.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.enums import Permission, RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.authz import can
from communities.models import Community
from core import clock
from core.errors import Refused
from surveys import lifecycle
from surveys.answers import Entry
from surveys.codes import content_hash
from surveys.enums import AWAITING_COPY, HANDED_IN, WRITABLE, Arrival, Decision, Stage
from surveys.lifecycle import LIFECYCLE, ROUND_LIFECYCLE
from surveys.models import Response, StageChange, Submission
from surveys.selectors import copies, reviews
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services.copies import send_for_review
from surveys.services.corrections import reopen_response, void_response
from surveys.services.paper import Paper, enter_paper, state_seen
from surveys.services.responses import Conflict, save_answer, save_answers
from surveys.services.reviews import Ticks, Verdict, decide, take_up
from surveys.services.submissions import content_of, submit_response
from surveys.services.withdrawals import withdraw
from tests.factories import MembershipFactory, SealedCopyFactory, UserFactory, staff_user
from tests.reports.recounts import counted_anew, shown
from tests.surveys.hostile import hostile_texts
from tests.surveys.prints import ANSWERS
from tests.surveys.recounts import unlike
from tests.surveys.rounds import asked, raw_answers
from tests.surveys.scenes import picture
from tests.surveys.test_uploads import small_jpeg

ANSWERS_TO_TRY = (
    "leader_name",
    "leader_mobile",
    "email",
    "work_now",
    "plan",
    "planned_year",
    "needs",
    "nowhere",
)
UNIT, STAFF, OUTSIDE = ("li", "colleague"), ("office", "second"), ("zhao",)
EVERYBODY = (*UNIT, *STAFF, *OUTSIDE)
# Possible at nearly every stage; a walk that took them as often as the others would hardly arrive.
ASIDE = frozenset({"void", "enter_paper", "withdraw", "return_answers", "return_copy"})
REFUSALS = (Refused, Conflict, PermissionDenied)
TICKS = Ticks(signed=True, sealed=True, dated=True, same_version=True, legible=True)
BEGIN = dt.datetime(2024, 2, 20, 10, 0, tzinfo=clock.ZONE)


@dataclass
class World:
    """One unit that is asked, and everybody around it. Counted over all runs: steps, and responses that made a move."""

    people: dict[str, User]
    response: Response
    steps: int = 0
    reached: Counter[str] = field(default_factory=Counter)


def make_world(community: Community, li: User, zhao: User) -> World:
    with clock.frozen(BEGIN):
        colleague = UserFactory(name="周")
        MembershipFactory(user=colleague, community=community, role__code=RoleCode.COMMUNITY_LEADER)
        people = {
            "li": li,
            "colleague": colleague,
            "office": staff_user(RoleCode.CASE_OFFICER, name="陈"),
            "second": staff_user(RoleCode.ADMINISTRATOR, name="吴"),
            "zhao": zhao,
        }
        return World(people, asked(community))


class Life(RuleBasedStateMachine):
    """``world`` is set by the test; each run begins at its savepoint and goes back to it.

    ``asks``: whether the round checks answers first, wants a second look, needs a sealed copy.
    """

    world: ClassVar[World]
    asks: ClassVar[st.SearchStrategy[tuple[bool, bool, bool]]] = st.tuples(*[st.booleans()] * 3)

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.stack = ExitStack()
        self.moment = self.stack.enter_context(clock.frozen(BEGIN))
        self.handed_in: dict[int, tuple[Any, ...]] = {}
        self.last: Callable[[], object] | None = None
        self.moves: set[str] = set()

    def teardown(self) -> None:
        self.stack.close()
        transaction.savepoint_rollback(self.savepoint)

    # --- what everything stands on ---------------------------------------------------------------------------

    def response(self) -> Response:
        related = ("round__edition", "round__notice", "round__programme", "invitation__round")
        return Response.objects.select_related(*related, "community__supervisor").get(
            pk=self.world.response.pk
        )

    def user(self, name: str) -> User:
        """Fresh, as for every request: nothing is remembered of what they were allowed before."""
        return User.objects.get(pk=self.world.people[name].pk)

    def attempt(self, work: Callable[[], object]) -> None:
        """Do it; it may be refused, and then it has changed nothing."""
        self.last = work
        before = self.traces()
        try:
            work()
        except REFUSALS:
            assert self.traces() == before

    def traces(self) -> tuple[Any, ...]:
        response = Response.objects.values_list("stage", "version", "first_submitted_at", "is_late").get(
            pk=self.world.response.pk
        )
        answers = self.world.response.answers.order_by("pk").values_list("question", "revision", "value")
        return (response, list(answers), StageChange.objects.count(), Submission.objects.count())

    def made(self) -> list[StageChange]:
        made = StageChange.objects.filter(response=self.world.response)
        return list(made.select_related("by").order_by("pk"))

    # --- what people do --------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        precheck, second_look, seal = data.draw(self.asks, label="asks")
        survey_round = self.response().round
        survey_round.has_precheck, survey_round.needs_second_look = precheck, second_look
        survey_round.save(update_fields=["has_precheck", "needs_second_look"])
        survey_round.edition.needs_sealed_copy = seal
        survey_round.edition.save(update_fields=["needs_sealed_copy"])

    @rule(
        who=st.sampled_from(EVERYBODY),
        question=st.sampled_from(ANSWERS_TO_TRY),
        texts=st.lists(hostile_texts(), max_size=2),
        stale=st.booleans(),
        keep=st.booleans(),
    )
    def write(self, who: str, question: str, texts: list[str], stale: bool, keep: bool) -> None:
        row = selectors.answer_rows(self.world.response).get(question)
        entry = Entry(texts, "0.gone" if stale else selectors.token(row), keep)
        # In the real world the door has asked whether this person reaches the response at all.
        response, by = self.response(), self.user(who)
        self.attempt(lambda: save_answer(response=response, question=question, entry=entry, by=by))

    @rule(who=st.sampled_from(UNIT))
    def complete(self, who: str) -> None:
        """Every question answered as it should be, on one page."""
        rows = selectors.answer_rows(self.world.response)
        entries = {
            question: Entry(raw, selectors.token(rows.get(question)))
            for question, raw in raw_answers(ANSWERS).items()
        }
        response, by = self.response(), self.user(who)
        self.attempt(lambda: save_answers(response=response, entries=entries, by=by))

    @rule(who=st.sampled_from(UNIT))
    def bring_pages(self, who: str) -> None:
        """The print exists, and a picture of every page that is still missing has been recognised."""
        response = self.response()
        submission = copies.current_submission(response)
        if response.stage not in AWAITING_COPY or submission is None:
            return
        Submission.objects.filter(pk=submission.pk, print_pages=0).update(print_pages=2)
        submission.refresh_from_db()
        copy = copies.open_copy(submission) or SealedCopyFactory(
            submission=submission, number=submission.sealed_copies.count() + 1
        )
        for number in range(1, submission.print_pages + 1):
            picture(copy, number)

    @rule(name=st.sampled_from([move.name for move in LIFECYCLE]), data=st.data())
    def move(self, name: str, data: st.DataObject) -> None:
        """One move of the table by anybody: mostly by who may, and mostly with what that person sees."""
        right = UNIT if LIFECYCLE.find(name).permission == Permission.RESPONSE_FILL else STAFF
        who = data.draw(st.sampled_from((*right, *right, *EVERYBODY)), label="who")
        self._make(name, who, honest=data.draw(st.integers(0, 4), label="honest") > 0)

    @rule(moves=st.integers(1, 4), data=st.data())
    def go_on(self, moves: int, data: st.DataObject) -> None:
        """What the table allows, by somebody who may, with everything done that it needs."""
        for _move in range(moves):
            if self.response().stage in WRITABLE:
                self.complete("li")
            self.bring_pages("li")
            response = self.response()
            allowed = [move for move in LIFECYCLE if not move.refusals(response)]
            if not allowed:
                return
            onwards = [move for move in allowed if move.name not in ASIDE]
            chosen = data.draw(st.sampled_from([*onwards, *allowed]), label="move")
            right = UNIT if chosen.permission == Permission.RESPONSE_FILL else STAFF
            self._make(chosen.name, data.draw(st.sampled_from(right), label="who"), honest=True)

    def _make(self, name: str, who: str, *, honest: bool) -> None:
        response, by = self.response(), self.user(who)
        way = WAYS.get(name, lambda *_given: lifecycle.advance(self.response(), name, by=by))
        self.attempt(lambda: way(response, by, honest))

    @rule()
    def press_again(self) -> None:
        """The very same request once more: a double click, or Back and again."""
        if self.last is not None:
            self.attempt(self.last)

    @rule(name=st.sampled_from([move.name for move in ROUND_LIFECYCLE]), who=st.sampled_from(EVERYBODY))
    def move_round(self, name: str, who: str) -> None:
        survey_round, by = self.response().round, self.user(who)
        self.attempt(lambda: lifecycle.advance_round(survey_round, name, by=by))

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.moment += dt.timedelta(hours=hours)
        self.stack.enter_context(clock.frozen(self.moment))

    # --- what must hold after every step -----------------------------------------------------------------------

    @invariant()
    def steps_follow_the_table(self) -> None:
        response, steps, stage = self.response(), self.made(), str(Stage.NOT_STARTED)
        for step in steps:
            made = LIFECYCLE.find(step.move)
            assert (step.from_stage, step.to_stage) == (stage, made.to_stage)
            assert step.from_stage in made.from_stages
            assert step.by is None or can(step.by, made.permission, response.community)
            stage = step.to_stage
        assert response.stage == stage
        versions = [step.version for step in steps]
        assert versions == sorted(versions)
        assert not versions or versions[-1] <= response.version
        trail = AuditEntry.objects.filter(
            action__in=[f"response.{move.name}" for move in LIFECYCLE],
            target_id=str(response.pk),
            target_type="surveys.response",
        )
        assert trail.count() == len(steps)
        self.world.steps += 1
        for name in {step.move for step in steps} - self.moves:
            self.moves.add(name)
            self.world.reached[name] += 1

    @invariant()
    def the_figures_are_those_of_a_recount(self) -> None:
        survey_round = self.response().round
        assert unlike(survey_round) == []
        assert shown(survey_round) == counted_anew(survey_round)

    @invariant()
    def what_was_handed_in_stays(self) -> None:
        response = self.response()
        rows = {row.pk: row for row in Submission.objects.filter(response=response)}
        for pk, then in self.handed_in.items():
            assert _content(rows[pk]) == then
        for pk, row in rows.items():
            assert content_hash(row.answers) == row.content_hash
            self.handed_in[pk] = _content(row)
        versions = [row.version for row in rows.values()]
        assert len(set(versions)) == len(versions)
        if response.stage in HANDED_IN - {Stage.RETURNED}:
            assert response.version in versions
            assert response.first_submitted_at is not None


def _content(row: Submission) -> tuple[Any, ...]:
    return (row.version, copy.deepcopy(row.answers), row.content_hash, row.submitted_by_id)


# --- How the services make each move ---------------------------------------------------------------------------


def _submit(response: Response, by: User, honest: bool) -> object:
    form = questionnaire(response.round.edition)
    _answers, digest = content_of(form, selectors.answer_rows(response))
    return submit_response(
        response=response, by=by, submission_key="k" * 32, seen_hash=digest if honest else "0" * 64
    )


def _start(response: Response, by: User, honest: bool) -> object:
    row = selectors.answer_rows(response).get("plan")
    entry = Entry([ANSWERS["plan"]], selectors.token(row) if honest else "7.gone")
    return save_answer(response=response, question="plan", entry=entry, by=by)


def _decide(decision: Decision) -> Callable[[Response, User, bool], object]:
    def way(response: Response, by: User, honest: bool) -> object:
        last = response.submissions.order_by("-version").first()
        copy = reviews.copy_of(last) if last else None
        verdict = Verdict(
            decision,
            TICKS if honest else Ticks(),
            {"plan": "请写明时间。"} if decision == Decision.ANSWERS_RETURNED else {},
            note="印章看不清。",
        )
        return decide(
            response=response,
            seen_version=last.version if last else None,
            seen_copy=copy.pk if copy else None,
            verdict=verdict,
            by=by,
        )

    return way


def _paper(response: Response, by: User, honest: bool) -> object:
    scan = SimpleUploadedFile("来件.jpg", small_jpeg())
    paper = Paper(Arrival.POST, clock.today(), raw_answers(ANSWERS), [scan] if honest else [])
    return enter_paper(response=response, paper=paper, seen=state_seen(response), by=by)


WAYS: dict[str, Callable[[Response, User, bool], object]] = {
    "start": _start,
    "submit": _submit,
    "submit_for_check": _submit,
    "withdraw": lambda response, by, honest: withdraw(
        response=response, seen_version=response.version if honest else 99, by=by
    ),
    "send_copy": lambda response, by, _honest: send_for_review(response=response, by=by),
    "begin_review": lambda response, by, _honest: take_up(response=response, by=by),
    "clear": _decide(Decision.CLEARED),
    "propose": _decide(Decision.PROPOSED),
    "accept": _decide(Decision.ACCEPTED),
    "return_answers": _decide(Decision.ANSWERS_RETURNED),
    "return_copy": _decide(Decision.COPY_RETURNED),
    "void": lambda response, by, honest: void_response(
        response=response, reason="重复" if honest else " ", by=by
    ),
    "reopen": lambda response, by, honest: reopen_response(
        response=response, reason="误作废" if honest else " ", by=by
    ),
    "enter_paper": _paper,
}
