"""The population as a workbook: down, filled in, up again; all of it or nothing, and every faulty cell by its name."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community, Population
from core import clock
from core.errors import Refused
from injuries.services import people, population_workbooks
from tests.factories import CommunityFactory
from tests.injuries.tables import xlsx

SHEET = "人口"
BASIS, WHOLE = "常住人口", "全部年龄"
SPANS = [WHOLE, "0–14", "15–24", "25–59", "60–64", "65+"]
Edit = Callable[[Worksheet], Any]


@pytest.fixture(autouse=True)
def march():
    with clock.frozen("2026-03-02 09:00"):
        yield


def url(name: str, community: Community) -> str:
    return reverse(f"injuries:{name}", args=[community.pk])


def downloaded(client: Client, community: Community) -> openpyxl.Workbook:
    answer = client.get(url("people_workbook_download", community))
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def filled(client: Client, community: Community, edit: Edit) -> bytes:
    book = downloaded(client, community)
    edit(book[SHEET])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def nothing(sheet: Worksheet) -> None:
    """Saved as it came."""


def cell(row: int, column: int, value: Any) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(row, column).value = value

    return edit


def sent(client: Client, community: Community, content: bytes, name: str = "人口.xlsx") -> HttpResponse:
    upload = SimpleUploadedFile(name, content)
    return client.post(url("people_workbook", community), {"workbook": upload})


def told(page: HttpResponse) -> list[tuple[int, str, Any, Any]]:
    return [(one.year, one.what, one.old, one.new) for one in page.context["found"].differences]


def faults(page: HttpResponse) -> list[tuple[int, str, str]]:
    assert page.status_code == 422
    return [(one.row, one.column, one.sentence) for one in page.context["found"].faults]


def kept(community: Community) -> dict[tuple[int, str, int], int]:
    rows = Population.objects.filter(community=community)
    return {(row.year, row.sex, row.age_from): row.count for row in rows}


def block(sheet: Worksheet, year: int) -> dict[str, int]:
    """Age range → row."""
    return {
        sheet.cell(row, 3).value: row
        for row in range(2, sheet.max_row + 1)
        if sheet.cell(row, 1).value == year
    }


# --- There and back -----------------------------------------------------------------------------------------


def test_what_is_known_stands_in_it_and_this_year_waits_to_be_filled_in(liaison, known) -> None:
    sheet = downloaded(liaison, known)[SHEET]
    rows = [[cell.value for cell in row[:7]] for row in sheet.iter_rows()]
    assert rows[0] == ["年", "口径", "年龄", "全部", "男", "女", "来源"]
    assert rows[1:7] == [[2026, BASIS, span, None, None, None, None] for span in SPANS]
    assert rows[7:9] == [
        [2025, BASIS, WHOLE, None, None, None, "统计年鉴"],
        [2025, BASIS, "0–14", None, 1000, 1000, "统计年鉴"],
    ]
    assert rows[13] == [2024, BASIS, WHOLE, 9_800, None, None, "统计年鉴"]
    assert sheet.column_dimensions["H"].hidden
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["B2:B219", "C2:C219"]


def test_untouched_it_changes_nothing(liaison, known) -> None:
    page = sent(liaison, known, filled(liaison, known, nothing))
    assert (page.status_code, told(page), page.context["found"].faults) == (200, [], [])


def test_the_differences_are_shown_first_and_written_by_a_yes(liaison, known) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(block(sheet, 2024)[WHOLE], 4).value = 9_900
        new = block(sheet, 2026)
        sheet.cell(new[WHOLE], 5).value, sheet.cell(new[WHOLE], 6).value = "5,100", "５２００"
        sheet.cell(new[WHOLE], 7).value = "派出所"

    before = kept(known)
    page = sent(liaison, known, filled(liaison, known, edit))
    assert told(page) == [
        (2026, "男 全部年龄", None, 5_100),
        (2026, "女 全部年龄", None, 5_200),
        (2026, "来源", None, "派出所"),
        (2024, "全部 全部年龄", 9_800, 9_900),
    ]
    assert kept(known) == before
    answer = liaison.post(url("people_workbook", known), {"changes": page.context["sealed"]})
    assert answer["Location"] == url("people", known)
    assert kept(known) == before | {
        (2026, "male", 0): 5_100,
        (2026, "female", 0): 5_200,
        (2024, "all", 0): 9_900,
    }
    assert AuditEntry.objects.filter(action="population.write").count() == 4


def test_rows_copied_for_another_year_are_that_year(liaison, known) -> None:
    def edit(sheet: Worksheet) -> None:
        for row in block(sheet, 2025).values():
            sheet.append([2023, *(sheet.cell(row, column).value for column in range(2, 9))])

    page = sent(liaison, known, filled(liaison, known, edit))
    liaison.post(url("people_workbook", known), {"changes": page.context["sealed"]})
    assert {key[1:]: count for key, count in kept(known).items() if key[0] == 2023} == {
        key[1:]: count for key, count in kept(known).items() if key[0] == 2025
    }


def test_a_row_that_was_deleted_changes_nothing_and_an_emptied_year_is_shown_as_such(liaison, known) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(block(sheet, 2024)[WHOLE], 4).value = None
        sheet.delete_rows(block(sheet, 2025)["0–14"], 5)

    page = sent(liaison, known, filled(liaison, known, edit))
    assert [(year, old, new) for year, _what, old, new in told(page)] == [(2024, 9_800, None)]


# --- What is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "title"),
    [
        (1, 2027, "年"),
        (1, "去年", "年"),
        (2, "大约", "口径"),
        (3, "0–9", "年龄"),
        (4, -5, "全部"),
        (5, "约五千", "男"),
        (6, 12.5, "女"),
        (6, 9_999_999_999, "女"),
        (7, "长" * 201, "来源"),
    ],
)
def test_a_faulty_cell_is_named_by_row_and_column(
    liaison, known, column: int, value: Any, title: str
) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(8, 4).value = 10_000  # would be a good change
        sheet.cell(14, column).value = value

    before = kept(known)
    page = sent(liaison, known, filled(liaison, known, edit))
    assert [(row, column) for row, column, _sentence in faults(page)] == [(14, title)]
    assert (page.context["found"].changes, kept(known)) == ([], before)


def test_all_faults_are_said_at_once(liaison, known) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(2, 4).value = "x"
        sheet.cell(2, 5).value = "y"
        sheet.cell(9, 6).value = "z"

    sentence = "Write a whole number of people, or leave the cell empty: empty means not known."
    liaison.cookies["django_language"] = "en"
    page = sent(liaison, known, filled(liaison, known, edit))
    assert faults(page) == [(2, "全部", sentence), (2, "男", sentence), (9, "女", sentence)]


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (cell(9, 5, None), (9, "男")),  # a band is missing
        (cell(8, 5, 4_999), (8, "男")),  # not the sum of the bands
        (cell(8, 4, 9_999), (8, "全部")),  # men and women are 10000
        (cell(2, 4, 100), (2, "来源")),  # from where?
        (
            cell(9, 7, "派出所"),
            (9, "来源"),
        ),  # another one than above
        (cell(3, 3, WHOLE), (3, "年龄")),  # twice the same
    ],
)
def test_what_contradicts_itself_is_named_where_it_stands(liaison, known, edit: Edit, place: tuple) -> None:
    page = sent(liaison, known, filled(liaison, known, edit))
    assert faults(page)[0][:2] == place


def test_figures_written_meanwhile_are_not_overwritten(liaison, known, li: User) -> None:
    content = filled(liaison, known, cell(14, 4, 9_000))
    people.write(known, year=2024, basis="resident", cells={("all", 0, None): 9_850}, source="派出所", by=li)
    assert [(row, column) for row, column, _sentence in faults(sent(liaison, known, content))] == [(14, "")]
    untouched = filled(liaison, known, nothing)
    cells = {("all", 0, None): 9_860}
    people.write(known, year=2024, basis="resident", cells=cells, source="派出所", by=li)
    page = sent(liaison, known, untouched)
    assert (told(page), page.context["found"].faults) == ([], [])


def test_between_showing_and_the_yes_nothing_is_overwritten_and_nothing_half_taken(
    liaison, known, li
) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(2, 4).value, sheet.cell(2, 7).value = 10_300, "派出所"
        sheet.cell(14, 4).value = 9_000

    page = sent(liaison, known, filled(liaison, known, edit))
    cells = {("all", 0, None): 9_850}
    people.write(known, year=2024, basis="resident", cells=cells, source="派出所", by=li)
    before = kept(known)
    with pytest.raises(Refused) as refused:
        population_workbooks.take(known, page.context["sealed"], by=li)
    assert (refused.value.codes, kept(known)) == (["stale"], before)


def test_a_yes_counts_for_one_community_and_unchanged(liaison, known, li: User) -> None:
    page = sent(liaison, known, filled(liaison, known, cell(14, 4, 9)))
    sealed = page.context["sealed"]
    for community, text in ((CommunityFactory(), sealed), (known, f"{sealed}x"), (known, "")):
        with pytest.raises(Refused) as refused:
            population_workbooks.take(community, text, by=li)
        assert refused.value.codes == ["gone"]
    answer = liaison.post(url("people_workbook", known), {"changes": "x"})
    assert answer["Location"] == url("people_workbook", known)


def test_a_year_of_other_age_ranges_is_neither_shown_nor_written(liaison, community: Community) -> None:
    Population.objects.create(community=community, year=2024, basis="resident", age_to=4, count=900)

    def edit(sheet: Worksheet) -> None:
        assert block(sheet, 2024) == {}
        sheet.append([2024, BASIS, WHOLE, 9_800, None, None, "统计年鉴"])

    assert [row for row, *_ in faults(sent(liaison, community, filled(liaison, community, edit)))] == [8]


def refusal(page: HttpResponse) -> str:
    assert (page.status_code, "found" in page.context) == (422, False)
    (error,) = page.context["form"].errors["workbook"]
    return str(error)


def test_an_odd_file_is_refused_with_a_sentence_of_its_own(liaison, known) -> None:
    liaison.cookies["django_language"] = "en"
    neighbour = CommunityFactory()
    own = filled(liaison, known, nothing)
    Population.objects.all().delete()
    assert refusal(sent(liaison, known, xlsx(["年", "口径"], sheet=SHEET))).startswith(
        "This workbook was not"
    )
    assert refusal(sent(liaison, known, b"")) == "The file is empty."
    assert "(.xls)" in refusal(sent(liaison, known, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600))
    book = openpyxl.load_workbook(io.BytesIO(own))
    book["校验"].cell(2, 2).value = str(neighbour.pk)
    target = io.BytesIO()
    book.save(target)
    assert refusal(sent(liaison, known, target.getvalue())).startswith("This workbook belongs to another")
    book["校验"].cell(1, 2).value = "0"
    book.save(target := io.BytesIO())
    assert refusal(sent(liaison, known, target.getvalue())).startswith("This workbook was not")
    moved = filled(liaison, known, cell(1, 5, "女"))
    assert refusal(sent(liaison, known, moved)).startswith("This workbook was not")


def test_nothing_in_it_is_ever_run(liaison, community: Community) -> None:
    source = '=HYPERLINK("http://example.invalid")'
    whole = {("all", 0, None): 9_800}
    people.write(community, year=2025, basis="resident", cells=whole, source=source, by=None)
    book = downloaded(liaison, community)
    cell = book[SHEET].cell(8, 7)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (source, "s", True)
    assert [one for sheet in book for row in sheet.iter_rows() for one in row if one.data_type == "f"] == []
    page = sent(liaison, community, filled(liaison, community, nothing))
    assert (told(page), page.context["found"].faults) == ([], [])


def test_a_clerk_of_another_community_neither_reads_nor_writes_it(client: Client, known, zhao: User) -> None:
    client.force_login(zhao)
    assert client.get(url("people_workbook_download", known)).status_code == 404
    assert sent(client, known, b"x").status_code == 404


def test_the_compared_page_asks_the_database_no_more_for_more_years(liaison, known) -> None:
    def asked() -> int:
        content = filled(liaison, known, nothing)
        with CaptureQueriesContext(connection) as queries:
            assert sent(liaison, known, content).status_code == 200
        return len(queries)

    few = asked()
    for year in range(2010, 2020):
        Population.objects.create(community=known, year=year, basis="resident", count=9_000)
    assert asked() == few
