"""What we know already is written into a new response, with its origin, for the unit to confirm.

Two sources, and which of them speaks is decided here, question by question:

* **A name that is settled** comes from the register: the designation was given under it.
* **Dates of designation** come from the register, unless what the unit said last time holds all of them at least as
  exactly: then the unit's, for it may know the month or one renewal more.
* **The person in charge and the contact person** come whole from whichever is newer, so that one person's name never
  stands beside another's telephone. What the newer one leaves open is taken from the older only for the same person.
  Where both say the same it is the unit's own word, to be confirmed again.
* **Everything else** (the address, a name that is not settled, plans, needs) is what the unit said last time.

Nothing from an earlier round counts before the unit has pressed 仍属实 or changed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from communities.enums import NameStatus
from communities.models import Community, RegisterEntry
from core.clock import today
from surveys.enums import Origin
from surveys.models import Answer, Response
from surveys.questionnaires import Question, Questionnaire
from surveys.selectors.last_answers import LastAnswers
from surveys.selectors.origins import origin_note
from surveys.selectors.register_values import (
    CONTACT,
    CONTACT_FIELDS,
    is_personal,
    missing_dates,
    says_the_same,
)
from surveys.selectors.rounds import asked_entry


@dataclass(frozen=True, slots=True)
class Fact:
    """``feed`` is the register field; ``certain`` facts count as confirmed until somebody changes them.

    ``since``: when the register last heard of it, where it knows.
    """

    feed: str
    value: Any
    note: str
    certain: bool = True
    since: datetime | None = None


def prefilled(
    response: Response, community: Community, form: Questionnaire, last: LastAnswers | None = None
) -> list[Answer]:
    """Unsaved answers for a new response. ``community`` comes from ``selectors.rounds.audience``."""
    known = {fact.feed: fact for fact in _facts(community, asked_entry(community)) if fact.value}
    answers = []
    for question in form.questions:
        fact, said = known.get(question.feeds), last.values.get(question.id) if last else None
        if last and is_personal(question.feeds):
            fact, said = _of_one_person(question, fact, said, _Persons(known, form, last))
        if last and said is not None and _unit_speaks(question, fact, said):
            answers.append(_from_last_round(response, question, said, last.note))
        elif fact is not None:
            answers.append(_from_register(response, question, fact))
    return answers


def _from_register(response: Response, question: Question, fact: Fact) -> Answer:
    return Answer(
        response=response,
        question=question.id,
        value=fact.value,
        origin=Origin.REGISTER,
        origin_note=fact.note,
        confirmed=fact.certain,
    )


def _from_last_round(response: Response, question: Question, said: Any, note: str) -> Answer:
    return Answer(
        response=response,
        question=question.id,
        value=said,
        origin=Origin.LAST_ROUND,
        origin_note=note,
        confirmed=False,
    )


# --- which of the two speaks ------------------------------------------------------------------------------


def _unit_speaks(question: Question, fact: Fact | None, said: Any) -> bool:
    """Whether the answer of last time is taken, and not the register's. See the top of this module."""
    if fact is None:
        return True
    if question.feeds.startswith("designation."):
        return not missing_dates(_dates_of(said), _dates_of(fact.value))
    return not (question.feeds == "community.name" and fact.certain)


def _dates_of(value: Any) -> list[str]:
    return [str(date) for date in value] if isinstance(value, list) else [str(value)]


@dataclass(frozen=True, slots=True)
class _Persons:
    """The persons of one unit, in the register and as the unit named them last time."""

    known: Mapping[str, Fact]
    form: Questionnaire
    last: LastAnswers

    def register_is_newer(self, role: str) -> bool:
        moments = [fact.since for fact in self.known.values() if fact.feed.startswith(role) and fact.since]
        return max(moments, default=self.last.handed_in) > self.last.handed_in

    def are_two(self, role: str) -> bool:
        name = f"{role}name"
        asked = (question.id for question in self.form.questions if question.feeds == name)
        said = next((self.last.values.get(question) for question in asked), None)
        if said is None or name not in self.known:
            return False
        return not says_the_same(name, self.known[name].value, said)


def _of_one_person(
    question: Question, fact: Fact | None, said: Any, persons: _Persons
) -> tuple[Fact | None, Any]:
    """Strike out the one who does not speak of this person."""
    role = question.feeds.rpartition(".")[0] + "."
    newer = persons.register_is_newer(role)
    if persons.are_two(role):
        return (fact, None) if newer else (None, said)
    is_same = fact is not None and said is not None and says_the_same(question.feeds, fact.value, said)
    if newer and fact is not None and not is_same:
        return fact, None
    return (None, said) if said is not None else (fact, None)


# --- what the register knows ------------------------------------------------------------------------------


def _facts(community: Community, entry: RegisterEntry | None) -> Iterator[Fact]:
    note = _note(entry, with_number=False)
    certain_name = community.name_status != NameStatus.TO_BE_CONFIRMED
    yield Fact("community.name", full_name(community), note, certain=certain_name)
    yield Fact("community.address", community.address, origin_note("address"))
    if entry is not None:
        yield from _dates(entry)
    for contact in community.contacts.all():
        source = contact.source or origin_note("contact")
        for field in CONTACT_FIELDS:
            feed = f"{CONTACT}{contact.role}.{field}"
            yield Fact(feed, getattr(contact, field), source, since=contact.updated_at)


def _dates(entry: RegisterEntry) -> Iterator[Fact]:
    """Nobody has confirmed these since the list was printed: the unit is asked."""
    cycles = sorted(entry.designations.all(), key=lambda designation: designation.cycle)
    first = next((cycle.date_text for cycle in cycles if cycle.cycle == 0), entry.first_year)
    renewals = [cycle.date_text for cycle in cycles if cycle.cycle > 0]
    yield Fact("designation.first", str(first or ""), _note(entry, with_number=True), certain=False)
    yield Fact("designation.renewals", renewals, _note(entry, with_number=False), certain=False)


def _note(entry: RegisterEntry | None, *, with_number: bool) -> str:
    """Where the fact stands, as the notice calls it. Source: 中安健协发〔2024〕12号, Annex 1."""
    if entry is None:
        return origin_note("register")
    number = entry.number if with_number else None
    if entry.sequence and number:
        return origin_note("row_number", entry.sequence, number)
    if entry.sequence:
        return origin_note("row", entry.sequence)
    return origin_note("number", entry.source, number) if number else entry.source


def full_name(community: Community) -> str:
    """北京市顺义区天竺镇: the listed place, then the name; a whole district is not said twice."""
    place = community.listed_place
    return place if place.endswith(community.name_zh) else place + community.name_zh


def fill_from_account(*, response: Response, form: Questionnaire, user: Any) -> int:
    """What a new liaison told us at joining, where nobody has written anything yet; returns how many answers."""
    note = origin_note("account", today().isoformat())
    values = {"name": user.name, "mobile": user.mobile, "email": user.email}
    taken = set(response.answers.values_list("question", flat=True))
    answers = [
        Answer(
            response=response,
            question=question.id,
            value=value,
            origin_note=note,
            updated_by=user,
        )
        for field, value in values.items()
        for question in form.questions
        if question.feeds == f"contact.liaison.{field}" and value and question.id not in taken
    ]
    return len(Answer.objects.bulk_create(answers))
