"""Units that fill in a form by its rules: the shortest way, the longest, with rare signs, or as it comes.

The same seed gives the same answers. What is made up here is never stored.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from surveys.answers import first_year_offered, is_shown, problems_of
from surveys.answers.rules import EARLIEST_YEAR, LATEST_YEAR
from surveys.questionnaires import NO, YES, Kind, Question, Questionnaire
from surveys.rehearsals.findings import Style

USUAL_TEXT = (
    "镇党委、政府牵头成立安全社区建设促进委员会，下设办公室，开展交通、消防、老年人防跌倒等安全促进项目。"
)
# 筼筜 is in the register; 翀 and 堃 are in people's names; 㛃 lies outside every older table of signs.
RARE_SIGNS = "筼筜翀堃㛃"
USUAL_LENGTH = 120  # characters of a long answer, as it comes
LONGEST_TEXT = 2_000  # where the form sets no limit
LONGEST_SHORT = 100
MOST_DATES = 6
ANSWERED = 0.7  # of what is optional


class NoAnswer(Exception):  # noqa: N818 - what a rehearsal is there to find
    """Nothing that this question would take. ``question`` and the ``reason`` in words."""

    def __init__(self, question: Question, reason: str) -> None:
        self.question, self.reason = question, reason
        super().__init__(f"{question.id}: {reason}")


class Respondents:
    """Made-up units for one form in a round of the year ``asked_in``; ``today`` is the last day of the past."""

    def __init__(self, form: Questionnaire, *, today: date, asked_in: int, seed: str = "") -> None:
        self.form, self.today, self.asked_in = form, today, asked_in
        self.random = random.Random(seed)  # noqa: S311 - nothing secret is made here

    def fill_in(self, style: Style, forced: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One unit's answers; ``forced`` are given by the caller, to reach a question. Raises NoAnswer."""
        answers: dict[str, Any] = {}
        for question in self.form.questions:
            if not is_shown(question, answers):
                continue
            if forced and question.id in forced:
                answers[question.id] = forced[question.id]
            elif self._answers(question, style):
                answers[question.id] = self.answer(question, style, answers)
        return answers

    def _answers(self, question: Question, style: Style) -> bool:
        if question.rules.required or style == Style.LONGEST:
            return True
        return style != Style.SHORTEST and self.random.random() < ANSWERED

    def answer(self, question: Question, style: Style, earlier: Mapping[str, Any]) -> Any:
        """A value that the question's own rules take. Raises NoAnswer."""
        value = _MAKERS.get(question.kind, Respondents.text)(self, question, style, earlier)
        if reasons := problems_of(question, value):
            raise NoAnswer(question, " ".join(str(reason) for reason in reasons))
        return value

    # --- texts ----------------------------------------------------------------------------------------------

    def text(self, question: Question, style: Style, _earlier: Mapping[str, Any]) -> Any:
        if question.rules.pattern:
            return _PATTERNED[question.rules.pattern](self, question, style, _earlier)
        length = self._length(question, style)
        filler = RARE_SIGNS if style == Style.RARE else USUAL_TEXT
        if question.kind == Kind.LONG_TEXT:
            filler += "\n"
        text = (filler * (length // len(filler) + 1))[:length]
        return text[:-1] + "。" if text.endswith("\n") else text

    def _length(self, question: Question, style: Style) -> int:
        least = max(1, question.rules.min_length or 1)
        is_long = question.kind == Kind.LONG_TEXT
        most = question.rules.max_length or (LONGEST_TEXT if is_long else LONGEST_SHORT)
        if style == Style.SHORTEST:
            return least
        if style == Style.LONGEST:
            return most
        usual = self.random.randint(least, USUAL_LENGTH if is_long else 12) if least < 12 else least
        return min(most, usual)

    def phone(self, question: Question, style: Style, _earlier: Mapping[str, Any]) -> str:
        number = f"0{self.random.randint(100, 999)}-{self.random.randint(20000000, 89999999)}"
        most = question.rules.max_length or LONGEST_SHORT
        if style != Style.LONGEST:
            return number[:most]
        numbers = [number]
        while len("、".join([*numbers, f"{number}转123456"])) <= most:
            numbers.append(f"{number}转123456")
        return "、".join(numbers)

    def mobile(self, _question: Question, _style: Style, _earlier: Mapping[str, Any]) -> str:
        return f"13{self.random.randint(0, 999999999):09d}"

    def email(self, question: Question, style: Style, _earlier: Mapping[str, Any]) -> str:
        most = question.rules.max_length or LONGEST_SHORT
        if style != Style.LONGEST:
            return f"unit{self.random.randint(1, 999999)}@example.org"[-most:]
        local = "a" * min(60, most - len("@example.org"))
        spare = most - len(local) - len("@.example.org")
        return f"{local}@{'b' * min(spare, 60)}.example.org" if spare > 0 else f"{local}@example.org"

    # --- dates ----------------------------------------------------------------------------------------------

    def _bounds(self, question: Question) -> tuple[int, int]:
        least = first_year_offered(question, self.asked_in) or EARLIEST_YEAR
        most = min(question.rules.max or LATEST_YEAR, LATEST_YEAR)
        if question.concept.startswith("designation."):
            most = min(most, self.today.year)
        return least, most

    def year(self, question: Question, style: Style, _earlier: Mapping[str, Any]) -> int:
        least, most = self._bounds(question)
        if least > most:
            return most
        return {Style.SHORTEST: least, Style.LONGEST: most}.get(style) or self.random.randint(least, most)

    def partial_date(self, question: Question, style: Style, earlier: Mapping[str, Any]) -> str:
        year = self.year(question, Style.SHORTEST if style == Style.LONGEST else style, earlier)
        if style == Style.SHORTEST:
            return f"{year:04d}"
        day = min(date(year, 1, 1) + timedelta(days=self.random.randint(0, 360)), self.today)
        return day.isoformat()

    def partial_dates(self, question: Question, style: Style, earlier: Mapping[str, Any]) -> list[str]:
        if style == Style.SHORTEST:
            return []
        least, most = self._bounds(question)
        least = max(least, self._first_year(earlier) + 1)
        count = MOST_DATES if style == Style.LONGEST else self.random.randint(0, 2)
        years = range(least, min(most, self.today.year - 1) + 1)
        chosen = sorted(self.random.sample(years, min(count, len(years))))
        return [f"{year:04d}-{self.random.randint(1, 12):02d}" for year in chosen]

    def _first_year(self, earlier: Mapping[str, Any]) -> int:
        """A re-designation comes after the first designation, wherever the form asks for that."""
        first = self.form.by_concept("designation.first")
        said = earlier.get(first.id) if first else None
        return int(str(said)[:4]) if said else 0

    # --- choices --------------------------------------------------------------------------------------------

    def choice(self, question: Question, style: Style, _earlier: Mapping[str, Any]) -> str:
        codes = [choice.code for choice in question.choices]
        if style == Style.LONGEST:
            return next((code for code in codes if self._opens_most(question, code)), codes[0])
        return self.random.choice(codes)

    def _opens_most(self, question: Question, code: str) -> bool:
        """The choice on which further questions hang makes the longer form."""
        conditions = (other.rules.shown_if for other in self.form.questions)
        return any(one and (one.question, one.equals) == (question.id, code) for one in conditions)

    def choices(self, question: Question, style: Style, _earlier: Mapping[str, Any]) -> list[str]:
        codes = [choice.code for choice in question.choices]
        if style == Style.LONGEST:
            return codes
        count = 1 if style == Style.SHORTEST else self.random.randint(1, len(codes))
        chosen = set(self.random.sample(codes, count))
        return [code for code in codes if code in chosen]

    def yes_no(self, _question: Question, style: Style, _earlier: Mapping[str, Any]) -> bool:
        return style == Style.LONGEST or self.random.choice((YES, NO)) == YES


_Maker = Callable[[Respondents, Question, Style, Mapping[str, Any]], Any]
_MAKERS: dict[Kind, _Maker] = {
    Kind.PHONE: Respondents.phone,
    Kind.MOBILE: Respondents.mobile,
    Kind.EMAIL: Respondents.email,
    Kind.YEAR: Respondents.year,
    Kind.PARTIAL_DATE: Respondents.partial_date,
    Kind.PARTIAL_DATES: Respondents.partial_dates,
    Kind.CHOICE: Respondents.choice,
    Kind.CHOICES: Respondents.choices,
    Kind.YES_NO: Respondents.yes_no,
}
_PATTERNED: dict[str, _Maker] = {
    "phone": Respondents.phone,
    "mobile": Respondents.mobile,
    "email": Respondents.email,
}
