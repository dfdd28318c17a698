"""The figures of a rehearsed round, counted as the board counts them and added up once more by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from reports.selectors import board, count_answers, questions_by_concept
from surveys.models import Round
from surveys.questionnaires import COUNTED
from surveys.rehearsals import Finding, Level

Answers = Mapping[str, Any]


def recount(survey_round: Round, asked: int, handed_in: Sequence[Answers]) -> Iterator[Finding]:
    """Every figure that is not what the made-up answers say. Registered with ``surveys.services.rehearsals``."""
    for what, found, wanted in [*_units(survey_round, asked, handed_in), *_answers(survey_round, handed_in)]:
        if found != wanted:
            yield Finding(Level.ERROR, "miscounted", {"what": what, "found": found, "wanted": wanted})


def _units(survey_round: Round, asked: int, handed_in: Sequence[Answers]) -> Iterator[tuple[str, int, int]]:
    figures = board(survey_round)
    yield _("Communities asked"), figures.total.invited, asked
    yield _("Handed in"), figures.total.handed_in, len(handed_in)
    yield _("All states together"), sum(figures.total.in_columns), asked
    tables = {
        _("By province"): figures.provinces,
        _("By city or district"): [tally for _province, tally in figures.cities],
        _("By kind"): figures.kinds,
        _("By supervising authority"): figures.authorities,
    }
    for name, tallies in tables.items():
        yield name, sum(tally.invited for tally in tallies), asked
        yield name, sum(tally.handed_in for tally in tallies), len(handed_in)


def _answers(survey_round: Round, handed_in: Sequence[Answers]) -> Iterator[tuple[str, int, int]]:
    for concept, question in questions_by_concept(survey_round).items():
        if question["kind"] not in COUNTED:
            continue
        wanted: Counter[Any] = Counter()
        for answers in handed_in:
            said = answers.get(question["id"])
            wanted.update(said if isinstance(said, list) else [] if said is None else [said])
        found = dict(count_answers(survey_round, concept))
        for answer in {**wanted, **found}:
            yield f"{question['label_zh']}：{answer}", found.get(answer, 0), wanted[answer]
