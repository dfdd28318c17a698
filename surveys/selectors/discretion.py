"""What a newcomer with nothing but a code does not get to read: telephone numbers we knew before they came.

A code travels on paper and may be found by anybody. Until the newcomer's own e-mail address is confirmed, or a
colleague or the office has vouched for them, values from the register and the last round stay masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from communities.enums import MembershipState
from communities.models import Community
from surveys.enums import Origin
from surveys.models import Answer, Response
from surveys.questionnaires import Questionnaire
from surveys.selectors.register_values import is_personal
from surveys.selectors.responses import answer_rows
from surveys.selectors.rounds import questionnaire

KNOWN_BEFORE = frozenset({Origin.REGISTER, Origin.LAST_ROUND})


def must_confirm(user: Any, community: Community) -> bool:
    """No question to the database for whoever has confirmed an address."""
    if user.email_confirmed_at is not None:
        return False
    known = user.__dict__.setdefault("_must_confirm", {})
    if community.pk not in known:
        provisional = user.memberships.filter(community=community, state=MembershipState.PROVISIONAL)
        known[community.pk] = provisional.exists()
    return bool(known[community.pk])


def hidden_questions(
    user: Any, community: Community, form: Questionnaire, rows: Mapping[str, Answer]
) -> frozenset[str]:
    """The questions whose stored answer this reader may confirm or replace, but not read in full."""
    if not must_confirm(user, community):
        return frozenset()
    return frozenset(
        question.id
        for question in form.questions
        if is_personal(question.feeds)
        and (row := rows.get(question.id)) is not None
        and row.origin in KNOWN_BEFORE
    )


def is_withheld(user: Any, response: Response) -> bool:
    """Whether paper and workbook, on which nothing can be masked, wait until we know who this is."""
    if not must_confirm(user, response.community):
        return False
    form = questionnaire(response.round.edition)
    return bool(hidden_questions(user, response.community, form, answer_rows(response)))
