"""Questionnaire editions: written as data, checked, published once, then copied and never changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.services.changes import save_checked
from core.clock import now
from core.errors import Reason, Refused
from surveys.enums import Respondent
from surveys.models import QuestionnaireEdition
from surveys.questionnaires import parse
from surveys.services.blank_forms import request_blank_forms

SHIPPED = "fixtures/questionnaires"


def may_manage(by: Any | None) -> None:
    """Rounds and what they are made of are the association's; ``None`` is the system itself."""
    if by is not None and not by.has_perm(Permission.ROUND_MANAGE):
        raise PermissionDenied(Permission.ROUND_MANAGE)


@transaction.atomic
def save_edition(
    *, definition: Mapping[str, Any], by: Any | None, edition: QuestionnaireEdition | None = None
) -> QuestionnaireEdition:
    """Make an edition, or change one that is not published. Raises Refused with every fault of the definition."""
    may_manage(by)
    form = parse(definition)
    if edition is None:
        edition = QuestionnaireEdition(definition=None)
    else:
        edition = QuestionnaireEdition.objects.select_for_update().get(pk=edition.pk)
        _refuse_published(edition)
    before = edition.definition
    edition.code, edition.title_zh, edition.title_en = form.code, form.title_zh, form.title_en
    edition.source, edition.needs_sealed_copy = form.source, form.needs_sealed_copy
    edition.asks, edition.definition = form.asks, dict(definition)
    save_checked(edition)
    if before != edition.definition:
        audit.record("edition.save", by=by, target=edition, changes={"questions": len(form.questions)})
    return edition


def _refuse_published(edition: QuestionnaireEdition) -> None:
    if edition.is_published:
        raise Refused(
            Reason(_("A published edition never changes. Make a copy and change that."), code="published")
        )


@transaction.atomic
def publish_edition(*, edition: QuestionnaireEdition, by: Any | None) -> QuestionnaireEdition:
    """From now on rounds may use it and nobody may change it. Publishing twice changes nothing."""
    may_manage(by)
    locked = QuestionnaireEdition.objects.select_for_update().get(pk=edition.pk)
    if locked.is_published:
        return locked
    parse(locked.definition)
    locked.published_at = now()
    locked.save(update_fields=["published_at"])
    audit.record("edition.publish", by=by, target=locked)
    if locked.asks == Respondent.UNITS:
        request_blank_forms(edition=locked)
    return locked


@transaction.atomic
def copy_edition(*, edition: QuestionnaireEdition, code: str, by: Any | None) -> QuestionnaireEdition:
    """A new edition to work on, with the same questions under another code."""
    return save_edition(definition={**copy.deepcopy(edition.definition), "code": code}, by=by)


@transaction.atomic
def load_editions(*, folder: Path | None = None, by: Any | None = None) -> int:
    """Publish the shipped editions; return how many were new. What is already there stays as it is."""
    new = 0
    for path in sorted((folder or settings.BASE_DIR / SHIPPED).glob("*.json")):
        definition = json.loads(path.read_text(encoding="utf-8"))
        if QuestionnaireEdition.objects.filter(code=definition["code"]).exists():
            continue
        publish_edition(edition=save_edition(definition=definition, by=by), by=by)
        new += 1
    return new
