"""Rules: what keeps answers from being handed in, every reason at once and in the order of the form."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.clock import today
from core.dates import format_date
from core.errors import Reason
from surveys.questionnaires import DATED, Kind, Question, Questionnaire

Answers = Mapping[str, Any]

# No safe community was named before the founding of the republic; a form without a rule of its own stops here.
EARLIEST_YEAR, LATEST_YEAR = 1949, 2099
MOBILE_DIGITS = 11
REQUIRED = "required"  # the code of a reason that asks for an answer, not for a better one
ONE_PHONE = re.compile(
    r"(?:\+?86-?)?(?:(?:\(?0\d{2,3}\)?-?)?[2-9]\d{2,3}-?\d{4}|1[3-9]\d{9}|[48]00-?\d{3}-?\d{4}|1\d{4}|9\d{4,7})"
    r"(?:(?:-|转|分机|ext\.?)\d{1,6})?",
    re.IGNORECASE,
)


def is_shown(question: Question, answers: Answers) -> bool:
    condition = question.rules.shown_if
    return condition is None or answers.get(condition.question) == condition.equals


def shown(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    return [question for question in questionnaire.questions if is_shown(question, answers)]


def handed_in(questionnaire: Questionnaire, answers: Answers) -> dict[str, Any]:
    """The answers that count, in the order of the form: what a condition hides is left out."""
    return {
        question.id: answers[question.id]
        for question in shown(questionnaire, answers)
        if answers.get(question.id) is not None
    }


def problems(questionnaire: Questionnaire, answers: Answers) -> list[Reason]:
    """Everything that keeps these answers from being handed in, in the order of the form."""
    found = []
    for question in shown(questionnaire, answers):
        found += problems_of(question, answers.get(question.id))
        found += _order_problems(questionnaire, question, answers)
    return found


def problems_of(question: Question, value: Any) -> list[Reason]:
    """What one answer lacks by the rules of its own question."""
    if value is None:
        return [_reason(question, _missing_sentence(question), REQUIRED)] if question.rules.required else []
    sentences = [*_length_problems(question, value), *_pattern_problems(question, value)]
    if question.kind in DATED:
        for part in value if isinstance(value, list) else [value]:
            sentences += _range_problems(question, part)
    return [_reason(question, sentence, "rule") for sentence in sentences]


def _reason(question: Question, sentence: str, code: str) -> Reason:
    return Reason(sentence, code=code, field=question.id)


def _missing_sentence(question: Question) -> str:
    if question.kind in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO}:
        return _("Nothing is chosen yet.")
    if question.kind == Kind.YEAR:
        return _("No year is given yet.")
    return _("Not filled in yet.")


def _length_problems(question: Question, value: Any) -> list[str]:
    if not isinstance(value, str):
        return []
    count, rules = len(value), question.rules
    if rules.max_length is not None and count > rules.max_length:
        sentence = _("At most %(limit)d characters, now there are %(count)d.")
        return [sentence % {"limit": rules.max_length, "count": count}]
    if rules.min_length is not None and count < rules.min_length:
        sentence = _("At least %(limit)d characters, now there are %(count)d.")
        return [sentence % {"limit": rules.min_length, "count": count}]
    return []


def _pattern_problems(question: Question, value: Any) -> list[str]:
    pattern = question.rules.pattern or (question.kind if question.kind in PATTERN_CHECKS else None)
    return PATTERN_CHECKS[pattern](value) if pattern and isinstance(value, str) else []


def _mobile_problems(value: str) -> list[str]:
    if not re.fullmatch(r"[0-9]+", value):
        return [_("A mobile number has digits only; here it says “%(found)s”.") % {"found": value[:40]}]
    if len(value) != MOBILE_DIGITS:
        return [
            _("Should have %(wanted)d digits, now it has %(count)d.")
            % {"wanted": MOBILE_DIGITS, "count": len(value)}
        ]
    if not re.match(r"1[3-9]", value):
        return [
            _("A mobile number begins with 13 to 19; this one begins with %(found)s.") % {"found": value[:2]}
        ]
    return []


def _phone_problems(value: str) -> list[str]:
    for number in re.split(r"[、,;；，/]", value):
        if number and not ONE_PHONE.fullmatch(number):
            return [
                _("Write the telephone with its area code, such as 010-64464565; here it says “%(found)s”.")
                % {"found": number[:40]}
            ]
    return []


def _email_problems(value: str) -> list[str]:
    try:
        validate_email(value)
    except ValidationError:
        return [
            _("An e-mail address looks like name@example.com; here it says “%(found)s”.")
            % {"found": value[:60]}
        ]
    return []


PATTERN_CHECKS: dict[str, Callable[[str], list[str]]] = {
    "mobile": _mobile_problems,
    "phone": _phone_problems,
    "email": _email_problems,
}


def _range_problems(question: Question, value: int | str) -> list[str]:
    year = int(str(value)[:4])
    least = question.rules.min if question.rules.min is not None else EARLIEST_YEAR
    most = min(question.rules.max if question.rules.max is not None else LATEST_YEAR, LATEST_YEAR)
    if least <= year <= most:
        return []
    return [
        _("The year must lie between %(least)d and %(most)d, here it is %(year)d.")
        % {"least": least, "most": most, "year": year}
    ]


# A plan lies ahead. Its edition cannot say so once for all rounds that use it, and a plan that was true when it was
# written must not keep anybody from handing in: past years are not offered and not carried over, never refused.
PLANS = frozenset({"survey.planned_year"})


def first_year_offered(question: Question, asked_in: int) -> int | None:
    """The earliest year to choose from in a round of the year ``asked_in``."""
    least = question.rules.min
    return max(least or asked_in, asked_in) if question.concept in PLANS else least


def is_past_plan(question: Question, value: Any, asked_in: int) -> bool:
    is_one_date = question.kind in {Kind.YEAR, Kind.PARTIAL_DATE}
    return question.concept in PLANS and is_one_date and int(str(value)[:4]) < asked_in


def advice_on_plan(question: Question, value: Any, asked_in: int) -> list[Reason]:
    """What is said beside a planned year that has passed; it keeps nobody from handing in."""
    if value is None or not is_past_plan(question, value, asked_in):
        return []
    sentence = _("%(year)s has passed when this round asks (%(asked)d). Is it still the plan?")
    return [_reason(question, sentence % {"year": str(value)[:4], "asked": asked_in}, "advice")]


# --- rules that look at more than one answer ------------------------------------------------------------


def _order_problems(questionnaire: Questionnaire, question: Question, answers: Answers) -> list[Reason]:
    """A designation lies in the past; a re-designation after the first one and after the one before it."""
    value = answers.get(question.id)
    if not value or question.concept not in {"designation.first", "designation.renewals"}:
        return []
    dates = value if isinstance(value, list) else [value]
    sentences = [
        _("%(date)s lies in the future.") % {"date": format_date(date)}
        for date in dates
        if first_day(date) > today() and int(date[:4]) <= LATEST_YEAR
    ]
    if question.concept == "designation.renewals":
        first = questionnaire.by_concept("designation.first")
        sentences += _renewal_problems(answers.get(first.id) if first else None, dates)
    return [_reason(question, sentence, "order") for sentence in sentences]


def _renewal_problems(first: str | None, renewals: list[str]) -> list[str]:
    sentences = [
        _("Re-designation in %(date)s must come after the first designation in %(first)s.")
        % {"date": format_date(date), "first": format_date(first)}
        for date in renewals
        if first and last_day(date) <= first_day(first)
    ]
    sentences += [
        _("%(date)s is written after %(before)s; begin with the earliest, please.")
        % {"date": format_date(date), "before": format_date(before)}
        for before, date in itertools.pairwise(renewals)
        if last_day(date) <= first_day(before)
    ]
    if len(set(renewals)) < len(renewals):
        sentences.append(_("The same date is written twice."))
    return sentences


def first_day(value: str) -> dt.date:
    """The earliest day that a partial date can mean."""
    year, month, day = [*(int(part) for part in value.split("-")), 1, 1][:3]
    return dt.date(year, month, day)


def last_day(value: str) -> dt.date:
    """The latest day that a partial date can mean."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 3:
        return dt.date(*parts)
    year, month = (parts[0], 12) if len(parts) == 1 else parts
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
