"""A questionnaire in Excel on its way: as a file that an office fills in, or as the rows alone that are read of one."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Mapping
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.worksheet.worksheet import Worksheet

from communities.models import Community
from core import clock
from documents.models import StoredFile
from documents.sheets import Kind, Rows, Workbook
from surveys.enums import Decision, Stage
from surveys.models import Answer, QuestionnaireEdition, Remark, Response, Review, Round
from surveys.questionnaires import parse
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services import workbooks as services
from surveys.services.workbooks import Applied, Difference
from surveys.workbooks.lines import (
    ANSWER,
    FORM_SHEET,
    FORMAT,
    HEAD_ROW,
    KEY,
    SEAL_SHEET,
    STILL_TRUE,
    check_value,
    lines_of,
)
from surveys.workbooks.reading import read_back
from surveys.workbooks.writing import questionnaire_workbook
from tests.factories import SubmissionFactory
from tests.surveys.prints import ANSWERS, EDITION
from tests.surveys.rounds import asked

FORM = parse(EDITION)
REFERENCE, CODE = "AQ24-0420-7KHM", "annex2-2024"

# --- As a file ----------------------------------------------------------------------------------------------


def asked_in_full(community: Community, **fields: Any) -> Response:
    """As the door of the pages hands it over."""
    response = asked(community, **fields)
    loaded = Response.objects.select_related("round__edition", "invitation__round", "community__supervisor")
    return loaded.get(pk=response.pk)


def download(response: Response) -> bytes:
    return questionnaire_workbook(
        response,
        questionnaire(response.round.edition),
        selectors.answer_rows(response),
        selectors.remarks_by_question(response),
    )


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def row_of(sheet: Worksheet, key: str) -> int:
    return next(row for row in range(HEAD_ROW + 1, sheet.max_row + 1) if sheet.cell(row, KEY).value == key)


def filled(content: bytes, cells: Mapping[str, Any], *, still_true: Collection[str] = ()) -> bytes:
    """As an office would send it back."""
    book = opened(content)
    sheet = book[FORM_SHEET]
    for key, value in cells.items():
        sheet.cell(row_of(sheet, key), ANSWER).value = value
    for key in still_true:
        sheet.cell(row_of(sheet, key), STILL_TRUE).value = "√"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def received(response: Response, content: bytes, by: Any) -> StoredFile:
    upload = SimpleUploadedFile("调查表.xlsx", content)
    return services.receive_workbook(response=response, upload=upload, by=by)


def found(response: Response, stored: StoredFile) -> list[Difference]:
    rows, remarks = selectors.answer_rows(response), selectors.remarks_by_question(response)
    return services.differences(response, services.filled_in(response, stored), rows, remarks)


def shown(response: Response, *names: str) -> dict[str, str]:
    """What a page that is opened now sends along with each tick."""
    rows = selectors.answer_rows(response)
    return {name: selectors.token(rows.get(name)) for name in names}


def apply(response: Response, stored: StoredFile, by: Any, *names: str) -> Applied:
    accepted = shown(response, *names)
    return services.apply_workbook(response=response, stored=stored, accepted=accepted, by=by)


def values(response: Response) -> dict[str, Any]:
    return selectors.values_of(selectors.answer_rows(response))


def returned(response: Response, question: str, text: str, by: Any) -> None:
    response.stage, response.first_submitted_at, response.version = Stage.RETURNED, clock.now(), 2
    response.save()
    review = Review.objects.create(
        response=response,
        submission=SubmissionFactory(response=response),
        decision=Decision.ANSWERS_RETURNED,
        decided_by=by,
    )
    Remark.objects.create(response=response, review=review, question=question, text=text)


# --- As rows alone: no database, no file, no other process --------------------------------------------------


def a_response(stage: Stage = Stage.DRAFT) -> Response:
    edition = QuestionnaireEdition(code=CODE, definition=EDITION)
    return Response(
        reference=REFERENCE, stage=stage, round=Round(edition=edition, opens_on=dt.date(2024, 1, 14))
    )


def rows_of(answers: Mapping[str, Any], **fields: Any) -> dict[str, Answer]:
    return {name: Answer(question=name, value=value, **fields) for name, value in answers.items()}


def read_rows(
    rows: Mapping[str, Answer], cells: Mapping[str, str] | None = None, ticked: Collection[str] = ()
) -> Workbook:
    """What ``documents.sheets`` would read of a file that was downloaded with ``rows`` and changed in ``cells``."""
    lines = [line for line in lines_of(a_response(), FORM, rows, {}) if line.key]
    head: Rows = [[] for _row in range(HEAD_ROW)]
    body: Rows = [
        [
            None,
            None,
            None,
            (cells or {}).get(line.key, line.text),
            "√" * (line.key in ticked),
            line.key,
            line.token,
        ]
        for line in lines
    ]
    check = check_value(REFERENCE, CODE, [(line.key, line.token) for line in lines])
    seal: Rows = [["format", FORMAT], ["reference", REFERENCE], ["edition", CODE], ["check", check]]
    return Workbook(Kind.XLSX, {FORM_SHEET: head + body, SEAL_SHEET: seal})


def compared(
    cells: Mapping[str, str],
    *,
    then: Mapping[str, Answer] | None = None,
    now: Mapping[str, Answer] | None = None,
    ticked: Collection[str] = (),
    remarks: Mapping[str, Remark] | None = None,
) -> list[Difference]:
    """``then`` stood there at the download, ``now`` stands there at the upload; ``remarks``: it was returned."""
    then = rows_of(ANSWERS) if then is None else then
    filled_in = read_back(read_rows(then, cells, ticked), form=FORM, reference=REFERENCE, edition=CODE)
    stage = Stage.DRAFT if remarks is None else Stage.RETURNED
    return services.differences(a_response(stage), filled_in, then if now is None else now, remarks or {})


def told(differences: Collection[Difference]) -> dict[str, tuple[str, str, str]]:
    return {one.question.id: (one.fate.value, one.old, one.new) for one in differences}


def reasons(differences: Collection[Difference]) -> dict[str, list[str]]:
    return {one.question.id: [str(reason) for reason in one.reasons] for one in differences}
