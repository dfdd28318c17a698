"""Units with a complete draft each, in a round that is open today, and their one liaison."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse

from accounts.backends import SessionStore
from accounts.models import User
from core.clock import today
from surveys.enums import Stage
from surveys.models import Answer, Response, Round
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services.submissions import content_of, reasons_against
from tests.factories import MembershipFactory, ResponseFactory, RoundFactory, UserFactory
from tests.faults.wire import Request
from tests.surveys.prints import ANSWERS


@dataclass(frozen=True)
class Draft:
    response: Response
    session: str

    def submit(self, *, key: str = "", content_hash: str = "") -> Request:
        """What the check page of this draft would send."""
        form = questionnaire(self.response.round.edition)
        _answers, digest = content_of(form, selectors.answer_rows(self.response))
        values = {"submission_key": key or uuid.uuid4().hex, "content_hash": content_hash or digest}
        path = reverse("surveys:submit", args=[self.response.reference])
        return Request(path, self.session, {"agreed": "on", **values})

    @property
    def receipt(self) -> str:
        return reverse("surveys:receipt", args=[self.response.reference])

    @property
    def form(self) -> str:
        return reverse("surveys:response", args=[self.response.reference])


def round_of_today() -> Round:
    day = today()
    return RoundFactory(
        code="today",
        opens_on=day,
        deadline_on=day + dt.timedelta(days=30),
        closes_on=day + dt.timedelta(days=60),
    )


def drafts(count: int, **answers: object) -> list[Draft]:
    """``answers``: in place of the ones that every draft has."""
    survey_round, liaison = round_of_today(), UserFactory(name="李联络")
    session = session_of(liaison)
    made = [Draft(_response(survey_round, liaison, number), session) for number in range(count)]
    given = {**ANSWERS, "planned_year": today().year + 1, **answers}
    Answer.objects.bulk_create(
        Answer(response=draft.response, question=question, value=value, updated_by=liaison)
        for draft in made
        for question, value in given.items()
        if value is not None
    )
    return made


def _response(survey_round: Round, liaison: User, number: int) -> Response:
    response = ResponseFactory(
        round=survey_round,
        stage=Stage.DRAFT,
        reference=f"AQ26-{number:04d}-FALT",
        invitation__round=survey_round,
    )
    MembershipFactory(user=liaison, community=response.community)
    return response


def is_complete(draft: Draft) -> bool:
    form = questionnaire(draft.response.round.edition)
    return reasons_against(form, selectors.answer_rows(draft.response)) == []


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
