"""What a record may not say, and what it says that should be looked at again.

A fault is refused. A doubt is shown with its reason and may be saved all the same: the card's own users confirm it.
Source of the doubts: the checks of the card of Songjiang, Shanghai, and those that the international form asks for.
Values are plain: numbers of codes, days, None where nothing was said.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Reason
from injuries import icd10
from injuries.enums import (
    ACTIVITY_DRIVING,
    BODY_WHOLE,
    INTENT_VIOLENCE,
    NATURE_BURN,
    OLDEST,
    PLACE_ROAD,
    SCHOOL_AGE,
    AgeBand,
    Cause,
    ListName,
)
from injuries.months import Month

Values = Mapping[str, Any]
KnownCodes = Mapping[str, frozenset[int]]

# Eighteen signs with a last that may be X, or a mobile or a long number: what names or numbers of people look like.
TELLING = re.compile(r"(?<!\d)(\d{17}[\dXx]|(86)?1[3-9]\d{9}|0\d{2,3}\d{7,8})(?!\d)")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[ \-\u2013.·　]+(?=[\dXx])")
FREE_TEXTS = ("narrative", "product", "follow_up_note", "key")


def faults(values: Values, *, codes: KnownCodes, months: tuple[int, int], today: dt.date) -> list[Reason]:
    """Everything that forbids the record. ``months``: first and last of its data set, as numbers."""
    found = [
        Reason(_("This code is not in the list."), code="code", field=name)
        for name in ListName.values
        if values.get(name) is not None and values[name] not in codes.get(name, frozenset())
    ]
    month = values.get("month")
    if month is None:
        found.append(Reason(_("The month of the injury is missing."), code="month", field="month"))
    elif not months[0] <= month <= months[1]:
        found.append(Reason(_("This month lies outside the data set."), code="outside", field="month"))
    found += _faults_of_days(values, today)
    found += _faults_of_age(values)
    code = values.get("icd10")
    if code and not icd10.is_code(code):
        found.append(Reason(_("This is no code of ICD-10, as W01.0 is."), code="icd10", field="icd10"))
    return found


def _faults_of_days(values: Values, today: dt.date) -> list[Reason]:
    found = []
    day, treated, hour = values.get("occurred_on"), values.get("treated_on"), values.get("occurred_hour")
    if day and day > today:
        found.append(Reason(_("This day lies in the future."), code="future", field="occurred_on"))
    if treated and treated > today:
        found.append(Reason(_("This day lies in the future."), code="future", field="treated_on"))
    if day and values.get("month") is not None and Month.of(day) != values["month"]:
        found.append(Reason(_("The day lies in another month."), code="month", field="occurred_on"))
    if hour is not None and not 0 <= hour <= 23:
        found.append(Reason(_("Hours are 0 to 23."), code="hour", field="occurred_hour"))
    return found


def _faults_of_age(values: Values) -> list[Reason]:
    age, band = values.get("age"), values.get("age_band")
    if age is not None and not 0 <= age <= OLDEST:
        return [Reason(_("Ages are 0 to 120."), code="age", field="age")]
    if age is not None and band is not None and not fits_band(age, band):
        return [Reason(_("The age does not lie in the age band."), code="age_band", field="age_band")]
    return []


def fits_band(age: int, band: int) -> bool:
    own = AgeBand.of(age)
    return band == own or (band == AgeBand.ADULTS_UNDIVIDED and own in (AgeBand.ADULTS, AgeBand.AGEING))


def _on_the_road(values: Values) -> bool:
    return (
        values.get("cause") in (Cause.MOTOR_VEHICLE, Cause.OTHER_VEHICLE)
        and values.get("place") is not None
        and values["place"] != PLACE_ROAD
    )


def _driving(values: Values) -> bool:
    """Who was walking when a vehicle struck is right too, so walking is no doubt."""
    return (
        values.get("cause") in (Cause.MOTOR_VEHICLE, Cause.OTHER_VEHICLE)
        and values.get("activity") is not None
        and values["activity"] not in (ACTIVITY_DRIVING, 8, 1)
    )


def _whole_body(values: Values) -> bool:
    return (
        values.get("cause") in (Cause.SUFFOCATION, Cause.DROWNING, Cause.POISONING)
        and values.get("body_part") is not None
        and values["body_part"] != BODY_WHOLE
    )


def _burn(values: Values) -> bool:
    return (
        values.get("cause") == Cause.BURN
        and values.get("nature") is not None
        and values["nature"] != NATURE_BURN
    )


def _assault(values: Values) -> bool:
    return (
        values.get("cause") == Cause.SEXUAL_ASSAULT
        and values.get("intent") is not None
        and values["intent"] != INTENT_VIOLENCE
    )


def _treated_before(values: Values) -> bool:
    day, treated = values.get("occurred_on"), values.get("treated_on")
    return bool(day and treated and treated < day)


def _schooled_early(values: Values) -> bool:
    age, education = values.get("age"), values.get("education")
    return age is not None and age < SCHOOL_AGE and education is not None and education > 1


def _not_schooled_late(values: Values) -> bool:
    age, education = values.get("age"), values.get("education")
    return age is not None and age >= SCHOOL_AGE + 3 and education == 1


def _other_cause_by_icd(values: Values) -> bool:
    external = icd10.read(values.get("icd10") or "")
    return bool(external and external.cause and values.get("cause") and values["cause"] != external.cause)


def _other_intent_by_icd(values: Values) -> bool:
    external = icd10.read(values.get("icd10") or "")
    return bool(external and values.get("intent") and values["intent"] != external.intent)


def tells_of_a_person(text: str) -> bool:
    """An identity card or a telephone, however its digits are parted."""
    return bool(TELLING.search(BETWEEN_DIGITS.sub("", text)))


def _telling(field: str) -> Callable[[Values], bool]:
    return lambda values: tells_of_a_person(values.get(field) or "")


PERSON = _(
    "This looks like the number of an identity card or a telephone. Take it out: nobody needs it here."
)


Doubt = tuple[str, str, Callable[[Values], bool], Promise]
# Code, field, when, and the sentence.
DOUBTS: tuple[Doubt, ...] = (
    ("road", "place", _on_the_road, _("A crash usually happens on a road or street. Is the place right?")),
    (
        "driving",
        "activity",
        _driving,
        _("In a crash people usually drive, ride or walk. Is the activity right?"),
    ),
    (
        "whole_body",
        "body_part",
        _whole_body,
        _("Suffocation, drowning and poisoning usually concern the whole body. Is the part right?"),
    ),
    ("burn", "nature", _burn, _("Burns and scalds are usually burns by nature too. Is the nature right?")),
    ("assault", "intent", _assault, _("A sexual assault is intentional. Is the intent right?")),
    (
        "treated_before",
        "treated_on",
        _treated_before,
        _("The treatment lies before the injury. Are the days right?"),
    ),
    (
        "schooled_early",
        "education",
        _schooled_early,
        _("Under six years a child is usually not at school. Is the education right?"),
    ),
    (
        "not_schooled",
        "education",
        _not_schooled_late,
        _("From six years on there is usually some education. Is it right?"),
    ),
    ("icd_cause", "icd10", _other_cause_by_icd, _("The code of ICD-10 tells of another cause.")),
    ("icd_intent", "icd10", _other_intent_by_icd, _("The code of ICD-10 tells of another intent.")),
    *(("telling", field, _telling(field), PERSON) for field in FREE_TEXTS),
)


# Which fields each doubt speaks of; without one of them it never holds. Long tables ask once for each pair of values.
SPOKEN_OF: dict[str, tuple[str, ...]] = {
    "road": ("cause", "place"),
    "driving": ("cause", "activity"),
    "whole_body": ("cause", "body_part"),
    "burn": ("cause", "nature"),
    "assault": ("cause", "intent"),
    "treated_before": ("occurred_on", "treated_on"),
    "schooled_early": ("age", "education"),
    "not_schooled": ("age", "education"),
    "icd_cause": ("icd10", "cause"),
    "icd_intent": ("icd10", "intent"),
    "telling": ("narrative",),
}


def doubts(values: Values) -> list[Reason]:
    """What should be looked at again; nothing of it is refused."""
    return [Reason(text, code=code, field=field) for code, field, holds, text in DOUBTS if holds(values)]
