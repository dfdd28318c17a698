"""The questionnaire as a page: built from its questions; field names are made and read side by side here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.datastructures import MultiValueDict

from core.errors import Reason, Refused
from surveys.answers import Entry, Progress, clean_shape, first_year_offered, raw_of
from surveys.models import Answer, Remark, Response
from surveys.questionnaires import Kind, Question, Questionnaire, Section
from surveys.selectors import responses as selectors
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.origins import origin_of
from surveys.selectors.register_values import masked

SEEN, PREFILL, PICK, THEIRS, HIDDEN = "seen-", "prefill-", "pick-", "theirs-", "hidden-"
KEEP, CHANGE, MINE = "keep", "change", "mine"
CONFIRM = "confirm"
SPARE_DATES = 2
LONGEST_LIST = 40  # years in a list to choose from; more are typed
TEMPLATES = {
    Kind.LONG_TEXT: "textarea",
    Kind.CHOICE: "radios",
    Kind.YES_NO: "radios",
    Kind.CHOICES: "checkboxes",
    Kind.PARTIAL_DATES: "dates",
}
INPUT_TYPES = {Kind.PHONE: "tel", Kind.MOBILE: "tel", Kind.EMAIL: "email"}
WIDTHS = {Kind.YEAR: "input--year", Kind.PARTIAL_DATE: "input--year"}


@dataclass(slots=True)
class Field:
    """One question on the page. ``raw`` is what its inputs show: typed but not storable text stays in them."""

    question: Question
    row: Answer | None
    raw: list[str]
    error: str = ""
    conflict: Answer | None = None
    condition_label: str = ""
    remark: Remark | None = None
    changing: bool = False
    asked_in: int = 0
    # The reader may confirm or replace the stored value, but not read it in full.
    hidden: bool = False

    @property
    def id(self) -> str:
        return f"q-{self.question.id}"

    @property
    def token(self) -> str:
        return selectors.token(self.row)

    @property
    def theirs(self) -> str:
        return selectors.token(self.conflict)

    @property
    def theirs_text(self) -> str:
        return answer_text(self.question, self.conflict.value if self.conflict else None)

    @property
    def text(self) -> str:
        text = answer_text(self.question, self.row.value if self.row else None)
        return str(masked(self.question.feeds, text)) if self.hidden else text

    @property
    def old_text(self) -> str:
        return answer_text(self.question, self.remark.old_value if self.remark else None)

    @property
    def is_prefilled(self) -> bool:
        """Taken from what we knew and not rewritten here: shown with its origin, not as an empty box."""
        return bool(self.row and self.row.origin_note and self.row.value is not None and not self.conflict)

    @property
    def source(self) -> str:
        return origin_of(self.row)

    @property
    def is_kept(self) -> bool:
        return bool(
            self.is_prefilled and self.row and self.row.confirmed and not self.changing and not self.error
        )

    @property
    def awaits_word(self) -> bool:
        """Prefilled, and nobody has said yet that it still holds."""
        return bool(self.is_prefilled and self.row and not self.row.confirmed)

    @property
    def is_long(self) -> bool:
        return self.question.kind == Kind.LONG_TEXT

    @property
    def is_group(self) -> bool:
        return self.question.kind in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.PARTIAL_DATES} or (
            self.is_prefilled and not self.is_kept
        )

    @property
    def template(self) -> str:
        return f"surveys/fields/{'select' if self.years else TEMPLATES.get(self.question.kind, 'input')}.html"

    @property
    def input_type(self) -> str:
        return INPUT_TYPES.get(self.question.kind, "text")

    @property
    def width(self) -> str:
        return WIDTHS.get(self.question.kind, "")

    @property
    def value(self) -> str:
        return self.raw[-1] if self.raw else ""

    @property
    def length(self) -> int:
        return len(self.value)

    @property
    def years(self) -> list[int]:
        least, most = first_year_offered(self.question, self.asked_in), self.question.rules.max
        if self.question.kind != Kind.YEAR or least is None or most is None:
            return []
        return list(range(least, most + 1)) if most - least <= LONGEST_LIST else []

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(code, label, chosen) for radios and boxes."""
        if self.question.kind == Kind.YES_NO:
            pairs = [("yes", answer_text(self.question, True)), ("no", answer_text(self.question, False))]  # noqa: FBT003
        else:
            pairs = [(choice.code, str(choice.label)) for choice in self.question.choices]
        return [(code, label, code in self.raw) for code, label in pairs]

    @property
    def none_yet(self) -> bool:
        return "none" in self.raw

    @property
    def dates(self) -> list[str]:
        written = [value for value in self.raw if value not in {"none", "some", ""}]
        return [*written, *[""] * SPARE_DATES]

    @property
    def has_dates(self) -> bool:
        return "some" in self.raw or len(self.dates) > SPARE_DATES

    @property
    def value_is_listed(self) -> bool:
        return self.value in {str(year) for year in self.years}

    @property
    def stored_raw(self) -> list[str]:
        return raw_of(self.row.value if self.row and not self.hidden else None)

    @property
    def described(self) -> str:
        parts = [f"{self.id}_hint"] if self.question.hint else []
        return " ".join([*parts, *([f"{self.id}_error"] if self.error else [])])


@dataclass(slots=True)
class Part:
    section: Section
    done: int
    total: int
    rows: list[list[Field]] = field(default_factory=list)

    @property
    def unconfirmed(self) -> int:
        """Prefilled answers that one press can confirm together."""
        return sum(one.awaits_word for row in self.rows for one in row)


@dataclass(slots=True)
class Sheet:
    """All that the form page shows."""

    response: Response
    form: Questionnaire
    parts: list[Part]
    progress: Progress

    @property
    def fields(self) -> Iterator[Field]:
        return (one for part in self.parts for row in part.rows for one in row)

    @property
    def error_items(self) -> list[dict[str, str]]:
        return [
            {"message": one.error, "label": one.question.full_label, "href": f"#{one.id}"}
            for one in self.fields
            if one.error
        ]


def build_sheet(
    response: Response,
    form: Questionnaire,
    rows: Mapping[str, Answer],
    remarks: Mapping[str, Remark],
    *,
    sent: MultiValueDict | None = None,
    errors: Mapping[str, Reason] | None = None,
    conflicts: Mapping[str, Answer] | None = None,
    changing: str = "",
    hidden: frozenset[str] = frozenset(),
) -> Sheet:
    """Fields from the stored answers; where ``errors`` or ``conflicts`` speak of one, what was ``sent`` stays in it."""
    errors, conflicts = errors or {}, conflicts or {}
    parts = []
    unstored = frozenset(errors) if sent is not None else frozenset()
    way = selectors.progress_of(form, rows, unstored)
    for standing in way.sections:
        fields = []
        for question in standing.section.questions:
            if not selectors.may_write(question.id, response, remarks):
                continue
            row = rows.get(question.id)
            stays = sent is not None and (question.id in errors or question.id in conflicts)
            raw = (
                sent.getlist(question.id)
                if stays and sent is not None
                else raw_of(row.value if row and question.id not in hidden else None)
            )
            one = Field(question, row, raw, remark=remarks.get(question.id), changing=changing == question.id)
            one.hidden = question.id in hidden
            one.asked_in = response.round.opens_on.year
            one.error = str(errors.get(question.id, ""))
            one.conflict = conflicts.get(question.id)
            one.condition_label = _condition_label(form, question)
            fields.append(one)
        if fields:
            parts.append(Part(standing.section, standing.done, standing.total, list(_rows(fields))))
    return Sheet(response, form, parts, way)


def _condition_label(form: Questionnaire, question: Question) -> str:
    """What must be chosen before this is asked, in words: scripts hide the question, without them it says so."""
    condition = question.rules.shown_if
    if condition is None:
        return ""
    return answer_text(form.by_id[condition.question], condition.equals)


def _rows(fields: Iterable[Field]) -> Iterator[list[Field]]:
    """Office telephone and mobile stand side by side where there is room."""
    waiting: list[Field] = []
    for one in fields:
        if waiting and one.question.kind == Kind.MOBILE:
            yield [*waiting, one]
            waiting = []
            continue
        if waiting:
            yield waiting
            waiting = []
        if one.question.kind == Kind.PHONE:
            waiting = [one]
        else:
            yield [one]
    if waiting:
        yield waiting


def read_sheet(form: Questionnaire, sent: MultiValueDict) -> dict[str, Entry]:
    """What a page sent, by question. A question that the page did not hold is left out.

    The button of a section says 仍属实 for all of its answers that the page shows as they are stored.
    """
    confirmed = {
        question.id
        for section in form.sections
        if section.id == sent.get(CONFIRM)
        for question in section.questions
    }
    entries = {}
    for question in form.questions:
        if f"{SEEN}{question.id}" not in sent or sent.get(f"{PICK}{question.id}") == "theirs":
            continue
        if f"{HIDDEN}{question.id}" in sent and f"{PREFILL}{question.id}" not in sent:
            continue  # its box was empty because the value is masked, not because it was cleared
        mine = sent.get(f"{PICK}{question.id}") == MINE
        said = sent.get(f"{PREFILL}{question.id}")
        entry = Entry(
            raw=sent.getlist(question.id),
            seen=sent.get(f"{THEIRS if mine else SEEN}{question.id}", ""),
            keep=said == KEEP,
        )
        if question.id in confirmed and said != CHANGE and _is_untouched(question, entry):
            entry = replace(entry, keep=True)
        entries[question.id] = entry
    return entries


def _is_untouched(question: Question, entry: Entry) -> bool:
    try:
        written = clean_shape(question, entry.raw)
    except Refused:
        return False
    return selectors.digest(written) == selectors.parse_token(entry.seen)[1]


def read_entry(sent: MultiValueDict) -> tuple[str, Entry]:
    """One answer as the page's script sends it."""
    entry = Entry(raw=sent.getlist("value"), seen=sent.get("seen", ""), keep=sent.get("keep") == "1")
    return sent.get("question", ""), entry
