"""What the register knows already is written into a new response, with its origin, for the unit to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from communities.enums import NameStatus
from communities.models import Community, RegisterEntry
from core.clock import today
from surveys.enums import Origin
from surveys.models import Answer, Response
from surveys.questionnaires import Questionnaire
from surveys.selectors.rounds import asked_entry

CONTACT_FIELDS = ("name", "phone", "mobile", "email")


@dataclass(frozen=True, slots=True)
class Fact:
    """``feed`` is the register field; ``certain`` facts count as confirmed until somebody changes them."""

    feed: str
    value: Any
    note: str
    certain: bool = True


def prefilled(response: Response, community: Community, form: Questionnaire) -> list[Answer]:
    """Unsaved answers for a new response. ``community`` comes from ``selectors.rounds.audience``."""
    entry = asked_entry(community)
    known = {fact.feed: fact for fact in _facts(community, entry) if fact.value not in ("", None, [])}
    return [
        Answer(
            response=response,
            question=question.id,
            value=fact.value,
            origin=Origin.REGISTER,
            origin_note=fact.note,
            confirmed=fact.certain,
        )
        for question in form.questions
        if (fact := known.get(question.feeds)) is not None
    ]


def _facts(community: Community, entry: RegisterEntry | None) -> Iterator[Fact]:
    note = _note(entry)
    certain_name = community.name_status != NameStatus.TO_BE_CONFIRMED
    yield Fact("community.name", full_name(community), note, certain=certain_name)
    yield Fact("community.address", community.address, "登记的联系地址")
    if entry is not None:
        yield from _dates(entry, note)
    for contact in community.contacts.all():
        source = contact.source or "登记的联系人"
        for field in CONTACT_FIELDS:
            yield Fact(f"contact.{contact.role}.{field}", getattr(contact, field), source)


def _dates(entry: RegisterEntry, note: str) -> Iterator[Fact]:
    """Nobody has confirmed these since the list was printed: the unit is asked."""
    cycles = sorted(entry.designations.all(), key=lambda designation: designation.cycle)
    first = next((cycle.date_text for cycle in cycles if cycle.cycle == 0), entry.first_year)
    number = f"{note}，命名序号 {entry.number}" if entry.number else note
    yield Fact("designation.first", str(first or ""), number, certain=False)
    renewals = [cycle.date_text for cycle in cycles if cycle.cycle > 0]
    yield Fact("designation.renewals", renewals, note, certain=False)


def _note(entry: RegisterEntry | None) -> str:
    """Where the fact stands, as the notice calls it. Source: 中安健协发〔2024〕12号, Annex 1."""
    if entry is None:
        return "登记信息"
    return f"附件1 名单第{entry.sequence}行" if entry.sequence else entry.source


def full_name(community: Community) -> str:
    """北京市顺义区天竺镇: the listed place, then the name; a whole district is not said twice."""
    place = community.listed_place
    return place if place.endswith(community.name_zh) else place + community.name_zh


def fill_from_account(*, response: Response, form: Questionnaire, user: Any) -> int:
    """What a new liaison told us at joining, where nobody has written anything yet; returns how many answers."""
    day = today()
    values = {"name": user.name, "mobile": user.mobile, "email": user.email}
    taken = set(response.answers.values_list("question", flat=True))
    answers = [
        Answer(
            response=response,
            question=question.id,
            value=value,
            origin_note=f"您的账号，{day.month}月{day.day}日登记",
            updated_by=user,
        )
        for field, value in values.items()
        for question in form.questions
        if question.feeds == f"contact.liaison.{field}" and value and question.id not in taken
    ]
    return len(Answer.objects.bulk_create(answers))
