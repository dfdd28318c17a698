"""The blank form as Word file and PDF: made once in the background, handed out to everybody without log-in."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx
import pytest
from django.utils import translation

from core import clock
from core.clock import ZONE
from documents import services as documents
from documents.enums import RunState
from documents.models import Run, StoredFile
from surveys.blank_forms import render_docx
from surveys.enums import RoundStage
from surveys.models import BlankForm, QuestionnaireEdition, Round
from surveys.selectors import blank_forms as selectors
from surveys.services import blank_forms, editions
from tests.factories import ANNEX_2, OfficialNoticeFactory, QuestionnaireEditionFactory, RoundFactory
from tests.surveys.prints import page_texts, squeezed
from tests.surveys.test_pdfs import ANNEX_2 as PRINTED_CELLS

PUBLISHED = dt.datetime(2024, 1, 14, 9, 0, tzinfo=ZONE)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# --- the Word file ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word() -> docx.document.Document:
    return docx.Document(io.BytesIO(render_docx(ANNEX_2, published_at=PUBLISHED)))


def rows(table) -> list[list[str]]:
    """Every cell once, merged ones at their first place, without breaks and blanks."""
    seen: set[object] = set()
    found = []
    for row in table.rows:
        cells = [cell for cell in row.cells if cell._tc not in seen]
        seen.update(cell._tc for cell in cells)
        found.append(list(dict.fromkeys("".join(cell.text.split()) for cell in dict.fromkeys(cells))))
    return found


def test_the_rows_and_labels_are_those_of_annex_2_in_its_order(word) -> None:
    table = word.tables[0]
    text = "".join(cell for row in rows(table) for cell in row if cell) + "".join(
        word.paragraphs[2].text.split()
    )
    assert text == "".join(PRINTED_CELLS)
    assert [paragraph.text for paragraph in word.paragraphs[:3]] == [
        "附件 2",
        "国际安全社区认证和复评调查表",
        "注：本页不够可另附页",
    ]


def test_the_seal_has_its_room_and_nothing_is_drawn(word) -> None:
    table = word.tables[0]
    assert round(table.rows[-1].height.mm) == 50
    assert [part for part in word.part.package.iter_parts() if "image" in part.content_type] == []


def test_the_supplement_is_a_page_of_its_own_with_boxes_to_tick(word) -> None:
    labels = ["社区名称", "是否打算申请复评", "计划复评年份", "希望协会组织哪些活动"]
    assert [row[0] for row in rows(word.tables[1])] == labels
    assert "□ 培训" in word.tables[1].rows[3].cells[1].text
    assert word.paragraphs[3].paragraph_format.page_break_before is True


def test_the_page_is_a4_and_its_fonts_are_named_for_chinese(word) -> None:
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    styles = word.styles.element.xml
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="zh-CN"' in styles


def test_the_foot_counts_pages_and_says_what_to_do(word) -> None:
    footer = word.sections[0].footer
    assert 'w:instr="PAGE"' in footer._element.xml
    assert 'w:instr="NUMPAGES"' in footer._element.xml
    assert footer.paragraphs[1].text.startswith("空白表。")


def test_equal_forms_are_equal_files_in_any_readers_language() -> None:
    with translation.override("en"):
        english = render_docx(ANNEX_2, published_at=PUBLISHED)
    assert english == render_docx(ANNEX_2, published_at=PUBLISHED)


def test_markup_in_a_title_is_text() -> None:
    title = '<w:p>&amp;"筼筜'
    document = docx.Document(io.BytesIO(render_docx({**ANNEX_2, "title_zh": title}, published_at=PUBLISHED)))
    assert document.paragraphs[1].text == title


# --- made once ----------------------------------------------------------------------------------------------


@pytest.fixture
def edition(db: None) -> QuestionnaireEdition:
    return QuestionnaireEditionFactory()


def make(edition: QuestionnaireEdition) -> Run:
    run = blank_forms.request_blank_forms(edition=edition)
    documents.perform(run.pk)
    run.refresh_from_db()
    return run


def test_publishing_an_edition_asks_for_its_files(office) -> None:
    edition = editions.publish_edition(
        edition=editions.save_edition(definition=ANNEX_2, by=office), by=office
    )
    assert [(run.handler, run.parameters) for run in Run.objects.all()] == [
        (blank_forms.HANDLER, {"edition": edition.pk})
    ]


def test_both_files_are_made_once_and_kept(edition) -> None:
    run = make(edition)
    assert (run.state, run.done, run.total, run.error) == (RunState.DONE, 2, 2, "")
    before = list(edition.blank_forms.values_list("format", "recipe", "stored__sha256"))
    assert [kind for kind, _recipe, _hash in before] == ["pdf", "docx"]
    make(edition)
    assert list(edition.blank_forms.values_list("format", "recipe", "stored__sha256")) == before
    assert StoredFile.objects.count() == 2


def test_what_was_published_before_is_found_by_the_clock(edition, monkeypatch) -> None:
    QuestionnaireEditionFactory(code="draft", published_at=None)
    assert blank_forms.request_missing() == 1
    assert Run.objects.get().parameters == {"edition": edition.pk}
    documents.perform(Run.objects.get().pk)
    assert blank_forms.request_missing() == 0
    BlankForm.objects.filter(format="docx").update(recipe=selectors.RECIPE - 1)
    assert blank_forms.request_missing() == 1


def test_work_that_was_given_up_is_not_asked_for_again_the_same_day(edition) -> None:
    with clock.frozen("2024-02-01 09:00"):
        run = blank_forms.request_blank_forms(edition=edition)
        Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, finished_at=clock.now())
        assert blank_forms.request_missing() == 0
    with clock.frozen("2024-02-02 09:01"):
        assert blank_forms.request_missing() == 1


# --- handed out ---------------------------------------------------------------------------------------------


@pytest.fixture
def open_round(edition) -> Round:
    make(edition)
    return RoundFactory(edition=edition)


def test_everybody_finds_both_files_beside_the_notice_they_belong_to(client, open_round) -> None:
    page = client.get("/forms/").content.decode()
    for part in ("中安健协发〔2024〕12号", "/forms/annex2-2024.pdf", "/forms/annex2-2024.docx"):
        assert part in page
    for way in ("/help/", "/register/"):
        assert 'href="/forms/"' in client.get(way).content.decode()


def test_the_pdf_is_the_blank_form(client, open_round) -> None:
    answer = client.get("/forms/annex2-2024.pdf")
    content = b"".join(answer.streaming_content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "国际安全社区认证和复评调查表" in squeezed(page_texts(content)[0])


def test_the_word_file_is_a_word_file_with_a_name_people_know(client, open_round) -> None:
    answer = client.get("/forms/annex2-2024.docx")
    content = b"".join(answer.streaming_content)
    assert answer.headers["Content-Type"] == WORD
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    name = "%E5%9B%BD%E9%99%85%E5%AE%89%E5%85%A8%E7%A4%BE%E5%8C%BA%E8%AE%A4%E8%AF%81"
    assert name in answer.headers["Content-Disposition"]


def test_a_browser_keeps_the_file_and_asks_whether_it_has_changed(client, open_round) -> None:
    first = client.get("/forms/annex2-2024.pdf")
    assert first.headers["Cache-Control"] == "public, max-age=86400"
    again = client.get("/forms/annex2-2024.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/forms/annex2-2024.pdf", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_handing_out_makes_nothing(client, open_round, monkeypatch) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("a form was made while somebody waited")

    monkeypatch.setattr("surveys.services.blank_form_files.render_blank", refuse)
    monkeypatch.setattr("surveys.services.blank_form_files.render_docx", refuse)
    runs = Run.objects.count()
    for path in ("/forms/", "/forms/annex2-2024.pdf", "/forms/annex2-2024.docx"):
        assert client.get(path).status_code == 200
    assert Run.objects.count() == runs


def test_before_the_files_are_made_the_page_says_so(client, edition) -> None:
    RoundFactory(edition=edition)
    assert "文件正在生成" in client.get("/forms/").content.decode()
    assert client.get("/forms/annex2-2024.pdf").status_code == 404
    assert Run.objects.count() == 0


@pytest.mark.parametrize(
    ("stage", "status"), [(RoundStage.PREPARING, 404), (RoundStage.OPEN, 200), (RoundStage.CLOSED, 200)]
)
def test_a_form_is_public_once_its_round_has_opened(client, open_round, stage, status) -> None:
    Round.objects.update(stage=stage)
    assert client.get("/forms/annex2-2024.pdf").status_code == status
    assert ("/forms/annex2-2024.pdf" in client.get("/forms/").content.decode()) is (status == 200)


@pytest.mark.parametrize("path", ["/forms/annex2-2024.xlsx", "/forms/none.pdf", "/forms/annex2-2024."])
def test_what_there_is_not_is_not_found(client, open_round, path) -> None:
    assert client.get(path).status_code == 404


def test_open_rounds_come_first_and_else_the_latest_closed_one(open_round) -> None:
    newer = RoundFactory(
        code="2025",
        edition=QuestionnaireEditionFactory(code="annex2-2025"),
        notice=OfficialNoticeFactory(number="中安健协发〔2025〕3号"),
        opens_on=dt.date(2025, 1, 1),
        deadline_on=dt.date(2025, 2, 1),
        closes_on=dt.date(2025, 3, 1),
        stage=RoundStage.CLOSED,
    )
    assert selectors.offered() == [open_round]
    Round.objects.update(stage=RoundStage.CLOSED)
    assert selectors.offered() == [newer]
    Round.objects.update(stage=RoundStage.PREPARING)
    assert selectors.offered() == []


def test_a_form_without_a_seal_is_filled_in_online_only(open_round) -> None:
    edition = QuestionnaireEditionFactory(code="prospect-2024", needs_sealed_copy=False)
    RoundFactory(code="prospects", edition=edition)
    assert selectors.offered() == [open_round]


def test_the_page_asks_as_often_for_many_rounds_as_for_one(
    client, open_round, django_assert_num_queries
) -> None:
    for number in range(5):
        edition = QuestionnaireEditionFactory(code=f"copy{number}")
        RoundFactory(code=f"r{number}", edition=edition)
    with django_assert_num_queries(2):
        client.get("/forms/")
