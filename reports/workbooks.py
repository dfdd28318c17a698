"""The round as Excel: units with typed answers and codes, figures by place, and a sheet that checks them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from communities.enums import ContactRole
from core import workbooks
from core.clock import local, now
from core.masks import masked_email, masked_mobile, masked_name
from reports import selectors
from reports.enums import COLUMN_OF, Column, column_of
from surveys.enums import Stage
from surveys.models import Response, Round
from surveys.questionnaires import parse

Question = dict[str, Any]
# What identifies or reaches a person; masked for those who may not see contact persons.
MASKS: dict[str, Callable[[object], str]] = {
    "contact.leader.name": masked_name,
    "contact.leader.phone": masked_mobile,
    "contact.leader.mobile": masked_mobile,
    "contact.liaison.name": masked_name,
    "contact.liaison.phone": masked_mobile,
    "contact.liaison.mobile": masked_mobile,
    "contact.liaison.email": masked_email,
}


def round_workbook(
    survey_round: Round, wanted: selectors.UnitFilter, *, unmasked: bool, progress: Callable[[int], None]
) -> bytes:
    """All sheets of a round, in Chinese whatever the asker reads: it is the office's own table."""
    with translation.override("zh-hans"):
        book = workbooks.new_workbook(streamed=True)
        written = _units_sheet(book, survey_round, wanted, unmasked, progress)
        figures = selectors.board(survey_round)
        _places_sheet(book, figures)
        _counted_sheet(book, survey_round)
        _codes_sheet(book, survey_round)
        _check_sheet(book, survey_round, written, figures, narrowed=wanted != selectors.UnitFilter())
        return workbooks.to_bytes(book)


def questions_of(survey_round: Round) -> list[Question]:
    return [
        question
        for section in survey_round.edition.definition["sections"]
        for question in section["questions"]
    ]


UNITS_AT_ONCE = 200  # in memory
# Of the columns before the answers, in characters.
UNIT_WIDTHS = (6, 10, 12, 20, 9, 9, 14, 12, 14, 6, 18, 17, 6)


@dataclass(slots=True)
class Written:
    """What the sheet of units holds, counted while it is written."""

    units: int = 0
    handed_in: int = 0
    columns: Counter[str] = field(default_factory=Counter)

    def add(self, unit: Response) -> None:
        self.units += 1
        self.handed_in += unit.first_submitted_at is not None
        self.columns[column_of(unit.stage, is_opened=unit.first_opened_at is not None)] += 1


def _units_sheet(
    book: Workbook,
    survey_round: Round,
    wanted: selectors.UnitFilter,
    unmasked: bool,
    progress: Callable[[int], None],
) -> Written:
    questions = questions_of(survey_round)
    head = [
        _("Row in the list"), _("Province"), _("City or district"), _("Community"), _("Designation number"),
        _("Year of naming"), _("Division code"), _("State"), _("State code"), _("Version"), _("Reference"),
        _("First submitted"), _("Late"),
    ]  # fmt: skip
    labels = {
        question.id: question.full_label for question in parse(survey_round.edition.definition).questions
    }
    for question in questions:
        head.append(labels[question["id"]])
        if question["kind"] in {"choice", "choices"}:
            head.append(_("%(question)s (code)") % {"question": labels[question["id"]]})
    widths = [*UNIT_WIDTHS, *[18] * (len(head) - len(UNIT_WIDTHS))]
    table = workbooks.StreamedSheet(
        book, _("Units"), head=head, widths=widths, freeze="E2", is_landscape=True
    )
    written = Written()
    for unit in selectors.units_with_answers(survey_round, wanted).iterator(chunk_size=UNITS_AT_ONCE):
        table.add_row([*_unit_cells(unit), *_answer_cells(questions, unit.answered or {}, unmasked)])
        written.add(unit)
        if written.units % 50 == 0:
            progress(written.units)
    return written


def _unit_cells(unit: Any) -> list[Any]:
    community = unit.community
    return [
        unit.sequence, community.province_name, community.city_name, community.name_zh, unit.number, unit.first_year,
        community.region.code if community.region else "", unit.get_stage_display(), unit.stage, unit.version,
        unit.reference, local(unit.first_submitted_at) if unit.first_submitted_at else None,
        _("yes") if unit.is_late else "",
    ]  # fmt: skip


def _answer_cells(questions: list[Question], answers: dict[str, Any], unmasked: bool) -> list[Any]:
    cells: list[Any] = []
    for question in questions:
        value = answers.get(question["id"])
        mask = MASKS.get(question.get("concept", ""))
        if mask and not unmasked and value:
            value = mask(value)
        cells.append(answer_cell(question, value))
        if question["kind"] in {"choice", "choices"}:
            cells.append(";".join(value) if isinstance(value, list) else value or "")
    return cells


def answer_cell(question: Question, value: Any) -> Any:
    """The answer as a typed cell: a full date as a date, a year as a number, choices by their labels."""
    labels = {choice["code"]: choice["label_zh"] for choice in question.get("choices", [])}
    if value is None:
        return None
    if question["kind"] == "yes_no":
        return _("yes") if value else _("no")
    if question["kind"] == "partial_dates":
        return "；".join(map(str, value))
    if isinstance(value, list):
        return "、".join(str(labels.get(code, code)) for code in value)
    if question["kind"] == "partial_date":
        return _partial_date_cell(str(value))
    return labels.get(value, value)


def _partial_date_cell(value: str) -> Any:
    """A year alone stays a number, a full date becomes a date; a month has no type of its own and stays text."""
    if len(value) == len("2020"):
        return int(value)
    return dt.date.fromisoformat(value) if len(value) == len("2020-01-01") else value


def _places_sheet(book: Workbook, figures: selectors.Board) -> None:
    head = [
        _("Province"),
        _("City or district"),
        _("Invited"),
        *[str(c.label) for c in Column],
        _("Late"),
        _("Handed in"),
    ]
    rows = [
        [province, tally.name, tally.invited, *tally.in_columns, tally.late, tally.handed_in]
        for province, tally in figures.cities
    ]
    widths = [14, 16, *[10] * 9]
    table = workbooks.StreamedSheet(book, _("By place"), head=head, widths=widths, is_landscape=True)
    table.add_merged(rows)
    total = figures.total
    table.add_row([_("Total"), "", total.invited, *total.in_columns, total.late, total.handed_in], "total")


def _counted_sheet(book: Workbook, survey_round: Round) -> None:
    known = selectors.questions_by_concept(survey_round)
    rows: list[list[Any]] = []
    for concept in (selectors.INTENDS, selectors.PLANNED_YEAR, selectors.NEEDS):
        question = known.get(concept)
        if question is None:
            continue
        labels = {choice["code"]: choice["label_zh"] for choice in question.get("choices", [])}
        for answer, units in selectors.count_answers(survey_round, concept):
            rows.append([question["label_zh"], labels.get(answer, answer), answer, units])
    head = [_("Question"), _("Answer"), _("Code"), _("Communities")]
    table = workbooks.StreamedSheet(book, _("Plans and needs"), head=head, widths=[30, 20, 16, 8])
    table.add_merged(rows)


def _codes_sheet(book: Workbook, survey_round: Round) -> None:
    rows: list[list[Any]] = [[_("State"), stage, str(Stage(stage).label)] for stage in COLUMN_OF]
    for question in questions_of(survey_round):
        rows += [
            [question["label_zh"], choice["code"], choice["label_zh"]]
            for choice in question.get("choices", [])
        ]
    head = [_("Column"), _("Code"), _("Meaning")]
    table = workbooks.StreamedSheet(book, _("Codes"), head=head, widths=[30, 20, 30])
    for row in rows:
        table.add_row(row)


def _check_sheet(
    book: Workbook, survey_round: Round, written: Written, figures: selectors.Board, *, narrowed: bool
) -> None:
    """核对: what the database counts beside what stands in this workbook, and whether they agree."""
    pairs: list[tuple[str, int, int]] = [(_("Units"), figures.total.invited, written.units)]
    pairs += [(str(column.label), figures.total.counts[column], written.columns[column]) for column in Column]
    pairs.append((_("Handed in"), figures.total.handed_in, written.handed_in))
    by_places = sum(tally.invited for _province, tally in figures.cities)
    pairs.append((_("Sum of the places"), figures.total.invited, by_places))
    verdict = {True: _("agrees"), False: _("part of the round") if narrowed else _("DOES NOT AGREE")}
    rows = [[label, counted, here, verdict[counted == here]] for label, counted, here in pairs]
    head = [_("Figure"), _("Counted in the database"), _("In this workbook"), _("Result")]
    table = workbooks.StreamedSheet(book, _("Check"), head=head, widths=[26, 20, 20, 20])
    for row in rows:
        table.add_row(row)
    table.add_row([])
    for note in (
        (_("Round"), survey_round.title_zh),
        (_("Notice"), survey_round.notice.number),
        (_("As of"), local(now())),
    ):
        table.add_row(note, "note")


# --- whom to telephone ----------------------------------------------------------------------------------------

PHONE_WIDTHS = (6, 10, 12, 20, 9, 14, 14, 16, 10, 16, 16, 10, 16, 16, 24, 14, 24)


def phone_list(survey_round: Round, rows: list[Any], *, unmasked: bool) -> bytes:
    """Both contacts of each unit, and room for what the call brought. ``rows``: ``selectors.urging.Row``."""
    with translation.override("zh-hans"):
        book = workbooks.new_workbook(streamed=True)
        head = [
            _("Row in the list"), _("Province"), _("City or district"), _("Community"), _("Designation number"),
            _("State"), _("Last day"), _("Why by telephone"), _("Person in charge"), _("Phone"), _("Mobile"),
            _("Contact person"), _("Phone"), _("Mobile"), _("E-mail"), _("Called on"), _("Result"),
        ]  # fmt: skip
        table = workbooks.StreamedSheet(
            book, _("Phone list"), head=head, widths=PHONE_WIDTHS, freeze="E2", is_landscape=True
        )
        for row in rows:
            table.add_row(_phone_cells(row, unmasked=unmasked))
        return workbooks.to_bytes(book)


def _phone_cells(row: Any, *, unmasked: bool) -> list[Any]:
    unit, community = row.unit, row.unit.community
    people = {contact.role: contact for contact in row.people.contacts}
    leader, liaison = people.get(ContactRole.LEADER), people.get(ContactRole.LIAISON)
    address = liaison.email if liaison else ""
    return [
        unit.sequence, community.province_name, community.city_name, community.name_zh, unit.number,
        str(row.column.label), row.due_on, why_by_telephone(row),
        *_numbers(leader, unmasked=unmasked), *_numbers(liaison, unmasked=unmasked),
        address if unmasked else masked_email(address), None, None,
    ]  # fmt: skip


def _numbers(contact: Any, *, unmasked: bool) -> list[str]:
    if contact is None:
        return ["", "", ""]
    if unmasked:
        return [contact.name, contact.phone, contact.mobile]
    return [masked_name(contact.name), masked_mobile(contact.phone), masked_mobile(contact.mobile)]


def why_by_telephone(row: Any) -> str:
    if row.is_reached:
        return ""
    return _("mailbox refused") if row.people.refused else _("no mailbox")
