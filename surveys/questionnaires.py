"""A questionnaire as data: what a definition may say, and the typed tree that pages, checks and prints read.

Pure: no database. The kinds of question and the rules are closed lists, so that a new edition is new data, never
new code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused
from core.fields import Bilingual
from surveys.enums import Respondent


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    YEAR = "year"
    PARTIAL_DATE = "partial_date"
    PARTIAL_DATES = "partial_dates"
    PHONE = "phone"
    MOBILE = "mobile"
    EMAIL = "email"
    ADDRESS = "address"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"


PICKED = frozenset({Kind.CHOICE, Kind.CHOICES})
DATED = frozenset({Kind.YEAR, Kind.PARTIAL_DATE, Kind.PARTIAL_DATES})
# What has few answers, so that units can be counted and found by them.
COUNTED = PICKED | {Kind.YES_NO, Kind.YEAR}
PATTERNS = frozenset({"mobile", "phone", "email"})
PRINTS_ON = frozenset({"official", "supplement"})
YES, NO = "yes", "no"  # how the answers of a yes-no question are called where codes are wanted
NUMBER_RULES = frozenset({"min_length", "max_length", "min", "max"})
RULES = NUMBER_RULES | {"required", "pattern", "shown_if"}
CONTINUES = frozenset({"edition", "concept", "choices"})


@dataclass(frozen=True)
class Choice:
    code: str
    label_zh: str
    label_en: str = ""
    label = Bilingual("label")


@dataclass(frozen=True, slots=True)
class ShownIf:
    """The question is asked only if an earlier one was answered so."""

    question: str
    equals: Any


@dataclass(frozen=True, slots=True)
class Rules:
    """``min`` and ``max`` are years, both allowed; lengths count characters."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    min: int | None = None
    max: int | None = None
    pattern: str | None = None
    shown_if: ShownIf | None = None


@dataclass(frozen=True, slots=True)
class Continuation:
    """The question goes on with a concept of an earlier edition. ``choices``: code then → code now; an answer whose
    code is not named keeps it, where it still exists.
    """

    edition: str
    concept: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Question:
    """``concept`` names the same thing in every edition; ``feeds`` the register field that may take the answer."""

    id: str
    concept: str
    kind: Kind
    label_zh: str
    label_en: str
    hint_zh: str
    hint_en: str
    rules: Rules
    choices: tuple[Choice, ...]
    feeds: str
    print_label_zh: str
    section_zh: str
    section_en: str
    ambiguous: bool = False
    continues: tuple[Continuation, ...] = ()
    label = Bilingual("label")
    hint = Bilingual("hint")
    section = Bilingual("section")

    @property
    def full_label(self) -> str:
        """The label, with its section in front where another question is called the same (手机, for one)."""
        return f"{self.section}　{self.label}" if self.ambiguous else str(self.label)

    @property
    def codes(self) -> frozenset[str]:
        """How its answers may be called; none where anything may be written."""
        if self.kind == Kind.YES_NO:
            return frozenset({YES, NO})
        return frozenset(choice.code for choice in self.choices)

    def choice(self, code: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True)
class Section:
    """``short`` is the title where room is scarce: in lists of sections and in front of ambiguous labels."""

    id: str
    title_zh: str
    title_en: str
    short_zh: str
    short_en: str
    prints_on: str
    questions: tuple[Question, ...]
    title = Bilingual("title")
    short = Bilingual("short")


@dataclass(frozen=True)
class Questionnaire:
    code: str
    title_zh: str
    title_en: str
    aliases_zh: tuple[str, ...]
    source: str
    needs_sealed_copy: bool
    asks: str
    sections: tuple[Section, ...]
    title = Bilingual("title")

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    def by_concept(self, concept: str) -> Question | None:
        return next((question for question in self.questions if question.concept == concept), None)


def parse(definition: Mapping[str, Any]) -> Questionnaire:
    """The typed questionnaire. Raises Refused with every fault of the definition."""
    try:
        faults = list(faults_of(definition))
        if not faults:
            return _parsed(definition)
    except (AttributeError, KeyError, TypeError):  # a text where an object should be, or a key nobody knows
        faults = [str(_("A questionnaire is an object with a list of sections."))]
    raise Refused([Reason(fault, code="definition", field="definition") for fault in faults])


def _parsed(definition: Mapping[str, Any]) -> Questionnaire:
    labels = [q["label_zh"] for section in definition["sections"] for q in section["questions"]]
    return Questionnaire(
        code=definition["code"],
        title_zh=definition["title_zh"],
        title_en=definition.get("title_en", ""),
        aliases_zh=tuple(definition.get("aliases_zh", ())),
        source=definition.get("source", ""),
        needs_sealed_copy=bool(definition.get("needs_sealed_copy", True)),
        asks=definition.get("asks", Respondent.UNITS.value),
        sections=tuple(_section(section, labels) for section in definition["sections"]),
    )


def _section(data: Mapping[str, Any], labels: list[str]) -> Section:
    return Section(
        id=data["id"],
        title_zh=data["title_zh"],
        title_en=data.get("title_en", ""),
        short_zh=data.get("short_zh", "") or data["title_zh"],
        short_en=data.get("short_en", "") or data.get("title_en", ""),
        prints_on=data.get("prints_on", "official"),
        questions=tuple(_question(question, data, labels) for question in data["questions"]),
    )


def _question(data: Mapping[str, Any], section: Mapping[str, Any], labels: list[str]) -> Question:
    rules = dict(data.get("rules", {}))
    shown_if = rules.pop("shown_if", None)
    return Question(
        id=data["id"],
        concept=data["concept"],
        kind=Kind(data["kind"]),
        label_zh=data["label_zh"],
        label_en=data.get("label_en", ""),
        hint_zh=data.get("hint_zh", ""),
        hint_en=data.get("hint_en", ""),
        rules=Rules(**rules, shown_if=ShownIf(**shown_if) if shown_if else None),
        choices=tuple(Choice(**choice) for choice in data.get("choices", ())),
        feeds=data.get("feeds", ""),
        print_label_zh=data.get("print_label_zh", "") or data["label_zh"],
        section_zh=section.get("short_zh", "") or section["title_zh"],
        section_en=section.get("short_en", "") or section.get("title_en", ""),
        ambiguous=labels.count(data["label_zh"]) > 1,
        continues=tuple(
            Continuation(one["edition"], one["concept"], tuple(one.get("choices", {}).items()))
            for one in data.get("continues", ())
        ),
    )


# --- what may be wrong with a definition ----------------------------------------------------------------


def faults_of(definition: Any) -> Iterator[str]:
    """Every fault as a sentence that names the place; nothing when the definition holds."""
    if not isinstance(definition, Mapping) or not isinstance(definition.get("sections"), list):
        yield str(_("A questionnaire is an object with a list of sections."))
        return
    for key in ("code", "title_zh"):
        if not definition.get(key):
            yield _say(_("%(key)s is missing."), key=key)
    if definition.get("asks", Respondent.UNITS) not in set(Respondent):
        yield _say(_("Nobody is known by the name %(asks)s who could be asked."), asks=definition["asks"])
    seen: dict[str, Mapping[str, Any]] = {}
    for section in definition["sections"]:
        yield from _section_faults(section)
        for question in section.get("questions", ()):
            yield from _question_faults(question, seen)
            yield from _continuation_faults(question, definition.get("code"))
            seen.setdefault(str(question.get("id")), question)
    if not seen:
        yield str(_("The questionnaire has no question."))
    yield from _repeated([section.get("id") for section in definition["sections"]])
    yield from _repeated([question.get("concept") for question in seen.values()])


def _section_faults(section: Mapping[str, Any]) -> Iterator[str]:
    for key in ("id", "title_zh"):
        if not section.get(key):
            yield _say(_("A section lacks %(key)s."), key=key)
    if section.get("prints_on", "official") not in PRINTS_ON:
        yield _say(_("Section %(id)s prints on an unknown page."), id=section.get("id"))


def _question_faults(question: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[str]:
    name = question.get("id")
    for key in ("id", "concept", "kind", "label_zh"):
        if not question.get(key):
            yield _say(_("Question %(id)s lacks %(key)s."), id=name, key=key)
    if name in seen:
        yield _say(_("%(id)s is used twice."), id=name)
    if question.get("kind") not in set(Kind):
        yield _say(_("Question %(id)s is of an unknown kind: %(kind)s."), id=name, kind=question.get("kind"))
    yield from _choice_faults(question)
    yield from _rule_faults(question, seen)


def _choice_faults(question: Mapping[str, Any]) -> Iterator[str]:
    codes = [choice.get("code") for choice in question.get("choices", ())]
    if (question.get("kind") in PICKED) != bool(codes):
        yield _say(
            _("Question %(id)s: a choice needs choices, and nothing else may have them."),
            id=question.get("id"),
        )
    if not all(choice.get("code") and choice.get("label_zh") for choice in question.get("choices", ())):
        yield _say(_("Question %(id)s: every choice needs a code and a label."), id=question.get("id"))
    yield from _repeated(codes)


def _rule_faults(question: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[str]:
    name, rules = question.get("id"), question.get("rules", {})
    for rule in sorted(set(rules) - RULES):
        yield _say(_("Question %(id)s has an unknown rule: %(rule)s."), id=name, rule=rule)
    for rule in sorted(NUMBER_RULES & set(rules)):
        if type(rules[rule]) is not int:
            yield _say(_("Question %(id)s: %(rule)s must be a whole number."), id=name, rule=rule)
    if rules.get("pattern") is not None and rules["pattern"] not in PATTERNS:
        yield _say(_("Question %(id)s names an unknown pattern: %(rule)s."), id=name, rule=rules["pattern"])
    if "shown_if" in rules:
        yield from _condition_faults(name, rules["shown_if"], seen)


def _condition_faults(name: Any, condition: Any, seen: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(condition, Mapping) or set(condition) != {"question", "equals"}:
        yield _say(_("Question %(id)s: shown_if needs a question and a value."), id=name)
        return
    earlier = seen.get(condition["question"])
    if earlier is None:
        yield _say(_("Question %(id)s: shown_if must point to an earlier question."), id=name)
        return
    codes = [choice.get("code") for choice in earlier.get("choices", ())]
    if codes and condition["equals"] not in codes:
        yield _say(_("Question %(id)s: shown_if waits for a choice that does not exist."), id=name)


def _continuation_faults(question: Mapping[str, Any], edition: Any) -> Iterator[str]:
    """That the earlier edition and its concept exist is told by the rehearsal: a definition is read by itself."""
    name = question.get("id")
    codes = {choice.get("code") for choice in question.get("choices", ())}
    if question.get("kind") == Kind.YES_NO:
        codes = {YES, NO}
    for earlier in question.get("continues", ()):
        if not earlier.get("edition") or not earlier.get("concept") or set(earlier) - CONTINUES:
            yield _say(_("Question %(id)s: what it continues needs an edition and a concept."), id=name)
        elif earlier["edition"] == edition:
            yield _say(_("Question %(id)s cannot continue its own edition."), id=name)
        for code in sorted(set(earlier.get("choices", {}).values()) - codes):
            yield _say(
                _("Question %(id)s: an answer goes on as %(code)s, which is no choice."), id=name, code=code
            )


def _repeated(names: list[Any]) -> Iterator[str]:
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        yield _say(_("%(id)s is used twice."), id=name)


def _say(sentence: Any, **values: Any) -> str:
    return str(sentence) % values
