"""The last rehearsal of a round, and whether it still speaks of the round as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from surveys.codes import content_hash
from surveys.models import QuestionnaireEdition, Rehearsal, Round
from surveys.rehearsals import Finding, Level

# What a rehearsal depends on beside the questions; a change of the rest changes nothing that it found.
DEPENDS_ON = (
    "edition_id",
    "programme_id",
    "notice_id",
    "opens_on",
    "deadline_on",
    "closes_on",
    "asks",
    "audience",
)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """``row`` is None where nobody has rehearsed; ``is_current``: nothing was changed since."""

    row: Rehearsal | None
    is_current: bool
    findings: tuple[Finding, ...]

    def of(self, level: Level) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == level]

    @property
    def errors(self) -> list[Finding]:
        return self.of(Level.ERROR)

    @property
    def warnings(self) -> list[Finding]:
        return self.of(Level.WARNING)

    @property
    def in_order(self) -> list[Finding]:
        return self.of(Level.FINE)

    @property
    def is_fine(self) -> bool:
        """The round may be opened without a further question."""
        return self.row is not None and self.is_current and not self.errors

    @property
    def without_address(self) -> list[str]:
        """The units that no mail reaches, by name."""
        return list(self.row.report.get("without_address", ())) if self.row else []


def last_rehearsal(survey_round: Round) -> Rehearsed:
    row = survey_round.rehearsals.order_by("-made_at", "-pk").select_related("made_by").first()
    if row is None:
        return Rehearsed(None, is_current=False, findings=())
    findings = tuple(Finding.read(stored) for stored in row.report.get("findings", ()))
    return Rehearsed(row, is_current=row.report.get("of") == state_of(survey_round), findings=findings)


def state_of(survey_round: Round) -> str:
    """What a rehearsal is about, in one word."""
    values: dict[str, Any] = {name: getattr(survey_round, name) for name in DEPENDS_ON}
    days = {name: values[name].isoformat() for name in ("opens_on", "deadline_on", "closes_on")}
    return content_hash({**values, **days})[:16]


def edition_hash(edition: QuestionnaireEdition) -> str:
    return content_hash(edition.definition)
