"""The board of a round counted anew from its responses, unit by unit, beside what the board shows."""

from __future__ import annotations

from collections import defaultdict

from core.clock import today
from reports import selectors
from reports.enums import column_of
from reports.selectors import Tally
from surveys.enums import Stage
from surveys.models import Response, Round

Counts = dict[tuple[str, str], tuple[object, ...]]


def shown(survey_round: Round) -> Counts:
    board = selectors.board(survey_round)
    lines = {("all", ""): board.total}
    lines |= {("province", tally.name): tally for tally in board.provinces}
    lines |= {(f"city of {province}", tally.name): tally for province, tally in board.cities}
    lines |= {("kind", tally.key): tally for tally in board.kinds}
    lines |= {("authority", tally.key): tally for tally in board.authorities}
    assert {key: told(tally) for key, tally in lines.items() if key[0] == "province"} == {
        ("province", tally.name): told(tally) for tally in selectors.by_province(survey_round)
    }
    return {key: told(tally) for key, tally in lines.items()}


def told(tally: Tally) -> tuple[object, ...]:
    counts = tuple(sorted((str(column), units) for column, units in tally.counts.items() if units))
    return counts, tally.invited, tally.handed_in, tally.on_time, tally.late


def counted_anew(survey_round: Round) -> Counts:
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(lambda: Tally(""))
    tallies["all", ""] = Tally("")
    rows = Response.objects.filter(round=survey_round).exclude(stage=Stage.VOID)
    for response in rows.select_related("community", "invitation"):
        unit = response.community
        for key in (
            ("all", ""),
            ("province", unit.province_name),
            (f"city of {unit.province_name}", unit.city_name),
            ("kind", unit.kind),
            ("authority", str(unit.supervisor_id or "none")),
        ):
            _count(tallies[key], response, survey_round)
    return {key: told(tally) for key, tally in tallies.items()}


def _count(tally: Tally, response: Response, survey_round: Round) -> None:
    came = response.first_submitted_at is not None
    deadline = response.invitation.due_on or survey_round.deadline_on
    tally.counts[column_of(response.stage, is_opened=response.first_opened_at is not None)] += 1
    tally.invited += 1
    tally.handed_in += came
    tally.on_time += came and not response.is_late
    tally.late += response.is_late or (not came and deadline < today())
