"""What a copy of a round is proposed to be: the same days some whole years later, and the year in its names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from core.clock import today
from surveys.models import OfficialNotice, Round

LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class ProposedCopy:
    """``years``: by how many whole years the days were moved. ``lost_day``: 29 February became the 28th."""

    code: str
    title_zh: str
    title_en: str
    opens_on: date
    deadline_on: date
    closes_on: date
    years: int
    lost_day: bool
    notice: OfficialNotice | None

    def initial(self) -> dict[str, object]:
        names = ("code", "title_zh", "title_en", "opens_on", "deadline_on", "closes_on", "notice")
        return {name: getattr(self, name) for name in names}


def proposed_copy(survey_round: Round) -> ProposedCopy:
    """The first year whose opening still lies ahead. The newest notice without a round is proposed, if there is one."""
    years = max(1, today().year - survey_round.opens_on.year)
    if survey_round.opens_on + relativedelta(years=years) < today():
        years += 1
    days = {
        name: (before := getattr(survey_round, name), before + relativedelta(years=years))
        for name in ("opens_on", "deadline_on", "closes_on")
    }
    then, now = str(survey_round.opens_on.year), str(days["opens_on"][1].year)
    return ProposedCopy(
        code=_free_code(survey_round.code, then, now),
        title_zh=survey_round.title_zh.replace(then, now),
        title_en=survey_round.title_en.replace(then, now),
        years=years,
        lost_day=any(before.day != after.day for before, after in days.values()),
        notice=OfficialNotice.objects.filter(rounds__isnull=True).order_by("-issued_on", "-pk").first(),
        **{name: after for name, (_before, after) in days.items()},
    )


def _free_code(code: str, then: str, now: str) -> str:
    wanted = code.replace(then, now) if then in code else f"{code}-{now}"
    wanted = wanted[: LONGEST_CODE - 4]
    taken = set(Round.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    return free
