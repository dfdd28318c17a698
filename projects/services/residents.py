"""Asking residents by an open link, and keeping what they say. Nobody is asked who he is."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.models import Community
from core.clock import today
from core.errors import Reason, Refused
from projects.authz import must
from projects.models import Diagnosis, ResidentAnswer, ResidentSurvey
from projects.selectors.residents import published_editions
from surveys.answers import Answers, handed_in, problems
from surveys.models import QuestionnaireEdition
from surveys.selectors.rounds import questionnaire
from surveys.services.editions import publish_edition, save_edition

SHIPPED = "fixtures/residents/residents-2026.json"
LONGEST = dt.timedelta(days=180)

NOT_OPEN = Reason(_("This survey is closed."), code="closed")
TOO_LONG = Reason(
    _("A survey of residents stays open for half a year at most."), code="long", field="closes_on"
)
ENDS_BEFORE = Reason(_("The last day lies before the first."), code="order", field="closes_on")


@transaction.atomic
def shipped_edition() -> QuestionnaireEdition:
    """The newest published questionnaire for residents; the one that comes with the platform when there is none."""
    edition = published_editions().first()
    if edition is None:
        definition = json.loads((settings.BASE_DIR / SHIPPED).read_text(encoding="utf-8"))
        edition = publish_edition(edition=save_edition(definition=definition, by=None), by=None)
    return edition


@transaction.atomic
def open_survey(
    *,
    community: Community,
    title: str,
    opens_on: dt.date,
    closes_on: dt.date,
    diagnosis: Diagnosis | None = None,
    by: Any,
) -> ResidentSurvey:
    """The same words sent twice are one survey with one link."""
    must(by, Permission.WORK_RECORD, community)
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    same = ResidentSurvey.objects.filter(
        community=community, title=title, opens_on=opens_on, closes_on=closes_on, diagnosis=diagnosis
    )
    if (known := same.first()) is not None:
        return known
    if closes_on < opens_on:
        raise Refused(ENDS_BEFORE)
    if closes_on - opens_on > LONGEST:
        raise Refused(TOO_LONG)
    survey = ResidentSurvey(
        community=community,
        edition=shipped_edition(),
        diagnosis=diagnosis,
        title=title,
        token=secrets.token_urlsafe(18),
        opens_on=opens_on,
        closes_on=closes_on,
    )
    survey.full_clean()
    survey.save()
    audit.record("resident_survey.open", by=by, target=survey)
    return survey


@transaction.atomic
def end_survey(*, survey: ResidentSurvey, by: Any) -> ResidentSurvey:
    """Nobody answers from today on; a survey that has ended stays as it is."""
    locked = ResidentSurvey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    must(by, Permission.WORK_RECORD, locked.community)
    yesterday = today() - dt.timedelta(days=1)
    if locked.closes_on > yesterday:
        old = locked.closes_on
        locked.closes_on, locked.opens_on = yesterday, min(locked.opens_on, yesterday)
        locked.save(update_fields=["opens_on", "closes_on"])
        changes = {"closes_on": [str(old), str(locked.closes_on)]}
        audit.record("resident_survey.end", by=by, target=locked, changes=changes)
    return locked


def take_answers(*, survey: ResidentSurvey, answers: Answers, key: str) -> ResidentAnswer:
    """Keep one form. The same form sent twice is kept once. Raises Refused with what is missing, by question."""
    if not survey.is_open:
        raise Refused(NOT_OPEN)
    form = questionnaire(survey.edition)
    if reasons := problems(form, answers):
        raise Refused(reasons)
    row = ResidentAnswer(survey=survey, answers=handed_in(form, answers), key=key)
    try:
        row.clean_fields(exclude={"survey"})
    except ValidationError as error:
        raise Refused(NOT_OPEN) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return ResidentAnswer.objects.get(survey=survey, key=key)
    return row
