"""Rounds: made from a notice and an edition, opened for the named communities, closed at their end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Programme
from communities.services.changes import check
from core.errors import Reason, Refused
from surveys.enums import Asked, RoundStage
from surveys.lifecycle import advance_round
from surveys.models import OfficialNotice, QuestionnaireEdition, Round
from surveys.selectors.audiences import digest_of_units
from surveys.selectors.rounds import AudienceFilter, audience
from surveys.services import reminders
from surveys.services.asking import invite
from surveys.services.deadlines import prolong_codes, set_closing
from surveys.services.editions import may_manage

OPTIONS = ("asks", "has_precheck", "needs_second_look", "allows_page_reseal", "return_days")
SAVED = (
    "code",
    "title_zh",
    "title_en",
    "notice",
    "edition",
    "programme",
    "opens_on",
    "deadline_on",
    "closes_on",
    *OPTIONS,
)


@transaction.atomic
def save_notice(*, notice: OfficialNotice, by: Any | None) -> OfficialNotice:
    """Keep an official notice as it was issued; the number is written with 〔〕."""
    may_manage(by)
    is_new = notice.pk is None
    notice.full_clean()
    notice.save()
    audit.record("official_notice.create" if is_new else "official_notice.change", by=by, target=notice)
    return notice


@transaction.atomic
def create_round(
    *,
    code: str,
    title_zh: str,
    notice: OfficialNotice,
    edition: QuestionnaireEdition,
    programme: Programme,
    opens_on: date,
    deadline_on: date,
    closes_on: date,
    by: Any | None,
    title_en: str = "",
) -> Round:
    """Days mean their end in Beijing time. Nobody is asked before the round is opened."""
    survey_round = Round(
        code=code,
        title_zh=title_zh,
        title_en=title_en,
        notice=notice,
        edition=edition,
        programme=programme,
        opens_on=opens_on,
        deadline_on=deadline_on,
        closes_on=closes_on,
        created_by=by,
    )
    return save_round(survey_round=survey_round, by=by)


@transaction.atomic
def save_round(*, survey_round: Round, by: Any | None) -> Round:
    """Keep a round that is being made or changed. An edition in use never changes under its answers."""
    may_manage(by)
    is_new = survey_round.pk is None
    if not survey_round.edition.is_published:
        raise Refused(
            Reason(_("Publish the questionnaire edition first."), code="not_published", field="edition")
        )
    if not is_new:
        before = Round.objects.select_for_update().get(pk=survey_round.pk)
        asked = before.invitations.exists()
        if asked and _what_is_asked(before) != _what_is_asked(survey_round):
            raise Refused(
                Reason(_("Units have been asked already: edition and programme stay."), code="asked")
            )
    check(survey_round)
    # The stage is the lifecycle's: a round that is closed while its page is open stays closed.
    survey_round.save(update_fields=None if is_new else SAVED)
    prolong_codes(survey_round)
    audit.record("round.create" if is_new else "round.change", by=by, target=survey_round)
    return survey_round


def _what_is_asked(survey_round: Round) -> tuple[Any, ...]:
    return survey_round.edition_id, survey_round.programme_id, survey_round.asks


@transaction.atomic
def set_audience(*, survey_round: Round, wanted: AudienceFilter, by: Any) -> Round:
    """Whom the round will ask. Afterwards further units are asked one by one (``asking.ask_further``)."""
    may_manage(by)
    locked = Round.objects.select_for_update().get(pk=survey_round.pk)
    if locked.stage != RoundStage.PREPARING:
        raise Refused(
            Reason(_("This round has asked its units already; further ones are added."), code="asked")
        )
    before, locked.audience = locked.audience, wanted.stored()
    locked.save(update_fields=["audience"])
    if before != locked.audience:
        changes = {"audience": [before, locked.audience]}
        audit.record("round.change", by=by, target=locked, changes=changes)
    survey_round.audience = locked.audience
    return locked


@transaction.atomic
def open_round(*, survey_round: Round, by: Any | None, seen: str = "") -> Round:
    """Ask the units of the round's audience. Raises Refused when there is none.

    ``seen``: what ``selectors.audiences.preview`` said of the units that somebody was shown before; code ``changed``
    when they are others now. A round for prospects asks nobody: they come by its open link.
    """
    advance_round(survey_round, "open", by=by)
    reminders.start(survey_round, by=by)
    if survey_round.asks == Asked.PROSPECTS:
        return survey_round
    communities = list(audience(survey_round))
    if seen and seen != digest_of_units(communities):
        sentence = _("The units that will be asked have changed meanwhile. Please look at them once more.")
        raise Refused(Reason(sentence, code="changed"))
    if not invite(survey_round=survey_round, communities=communities, by=by):
        raise Refused(Reason(_("There is no named community to ask."), code="nobody"))
    return survey_round


@transaction.atomic
def close_round(*, survey_round: Round, by: Any | None, note: str = "") -> Round:
    return advance_round(survey_round, "close", by=by, note=note)


@transaction.atomic
def reopen_round(*, survey_round: Round, closes_on: date, by: Any | None, note: str = "") -> Round:
    set_closing(survey_round, closes_on)
    return advance_round(survey_round, "reopen", by=by, note=note)


@transaction.atomic
def copy_round(
    *,
    survey_round: Round,
    code: str,
    title_zh: str,
    notice: OfficialNotice,
    edition: QuestionnaireEdition,
    opens_on: date,
    deadline_on: date,
    closes_on: date,
    by: Any,
    title_en: str = "",
) -> Round:
    """A new round in preparation with the same programme, options and audience; nobody is asked by it yet."""
    copy = Round(
        code=code,
        title_zh=title_zh,
        title_en=title_en,
        notice=notice,
        edition=edition,
        programme_id=survey_round.programme_id,
        opens_on=opens_on,
        deadline_on=deadline_on,
        closes_on=closes_on,
        audience=survey_round.audience,
        copied_from=survey_round,
        created_by=by,
        **{name: getattr(survey_round, name) for name in OPTIONS},
    )
    return save_round(survey_round=copy, by=by)
