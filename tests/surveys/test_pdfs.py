import dataclasses
import re

import pypdfium2
import pytest
import zxingcpp
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import printing
from surveys.pdfs import render_blank, render_form, render_forms
from surveys.printing import measures, values
from tests.surveys.photographs import page_picture
from tests.surveys.prints import EDITION, form_print, page_texts, squeezed

# Source: 中安健协发〔2024〕12号, 附件 2, every printed cell in reading order.
TITLE = "国际安全社区认证和复评调查表"
ANNEX_2 = [
    "社区名称",
    "初次认证时间",
    "复评时间",
    "国际安全社区建设工作负责人",
    "工作电话",
    "手机",
    "国际安全社区建设工作联系人",
    "工作电话",
    "手机",
    "电子邮箱",
    "联系地址",
    "社区目前开展国际安全社区工作情况",
    "国际安全社区认证和复评工作计划",
    "国际安全社区认证和复评工作建议",
    "负责人签字：",
    "(盖章)",
    "年月日",
    "注：本页不够可另附页",
]

# A label of two lines stands beside two rows; read line by line, as the eye does.
AS_READ = [
    *ANNEX_2[:3],
    *("国际安全社区建设", "工作电话", "工作负责人", "手机"),
    *("国际安全社区建设", "工作电话", "工作联系人", "手机"),
    *ANNEX_2[9:],
]

SENTENCE = "按照社区诊断确定的高风险人群、高风险环境和脆弱群体，持续开展居家防跌倒等项目。"
HOSTILE = (
    '<img src="http://canary.invalid/a.png">'
    "<style>@import 'http://canary.invalid/b.css';</style>"
    '<link rel="attachment" href="file:///etc/passwd">'
    '<svg><image href="file:///etc/hostname"/></svg><object data="http://canary.invalid/c"></object>'
    '<base href="http://canary.invalid/"><script>alert(1)</script>{{ settings.SECRET_KEY }}{% include "x" %}'
)


@pytest.fixture(scope="module")
def printed():
    return render_form(form_print())


@pytest.fixture(scope="module")
def long_printed():
    """Two long answers of which one holds 20,000 signs: the most a question takes."""
    long = "\n".join(SENTENCE * 10 for _ in range(51))[:20_000]
    form = form_print(work_now=long, plan=SENTENCE * 30)
    return form, render_form(form)


def in_order(text: str, parts: list[str]) -> list[str]:
    """The parts as they follow each other in the text; the first that does not breaks off the list."""
    found, position = [], 0
    for part in parts:
        place = text.find(part, position)
        if place < 0:
            break
        found.append(part)
        position = place + len(part)
    return found


def images_and_files(pdf: bytes) -> tuple[int, int]:
    with pypdfium2.PdfDocument(pdf) as document:
        images = sum(
            len(list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))) for page in document
        )
        return images, document.count_attachments()


# --- to the letter ------------------------------------------------------------------------------------


def test_the_official_page_has_the_rows_labels_and_order_of_annex_2():
    first = squeezed(page_texts(render_blank(EDITION))[0])
    assert in_order(first, AS_READ) == AS_READ


def test_the_official_page_has_no_word_that_annex_2_has_not():
    first = squeezed(page_texts(render_blank(EDITION))[0])
    for part in ["附件2", TITLE, *AS_READ]:
        first = first.replace(part, "", 1)
    assert (
        first
        == "第1页共2页空白表。请优先在网上填报；不便网上填报的单位，填写、签字、盖章后按通知所附地址寄送。"
    )


def test_the_table_of_the_official_page_is_laid_out_as_annex_2():
    sheet = printing.lay_out(None, EDITION)
    labels = [[squeezed("".join(cell.label)) for cell in row.cells] for row in sheet.rows]
    assert labels == [
        ["社区名称"],
        ["初次认证时间", "复评时间"],
        ["国际安全社区建设工作负责人", "工作电话", "手机"],
        ["国际安全社区建设工作联系人", "工作电话", "手机"],
        ["电子邮箱"],
        ["联系地址"],
        ["社区目前开展国际安全社区工作情况"],
        ["国际安全社区认证和复评工作计划"],
        ["国际安全社区认证和复评工作建议"],
    ]


def test_extra_questions_stand_on_a_page_of_their_own(printed):
    official, supplement = map(squeezed, page_texts(printed.pdf))
    assert "附：补充信息" in supplement
    assert "√打算申请□不打算申请□还没有决定" in supplement
    assert "√培训□考察√交流□座谈□专项论坛" in supplement
    assert "补充信息" not in official
    assert "打算申请" not in official


def test_a_question_that_was_not_asked_is_not_printed():
    pages = page_texts(render_form(form_print(intends="does_not", planned_year=None)).pdf)
    assert "计划复评年份" not in pages[-1]


def test_answers_stand_beside_their_labels(printed):
    first = squeezed(page_texts(printed.pdf)[0])
    assert (
        in_order(
            first,
            [
                "社区名称北京市顺义区天竺镇",
                "初次认证时间2020年复评时间尚未复评",
                "手机13800000000",
                "电子邮箱lianluo@example.org",
            ],
        )[-1]
        == "电子邮箱lianluo@example.org"
    )


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("partial_date", "2020-05", "2020年5月"),
        ("partial_date", "2020-05-01", "2020年5月1日"),
        ("partial_dates", ["2015", "2020-06"], "2015年、2020年6月"),
        ("partial_dates", [], "尚未复评"),
        ("partial_dates", None, ""),
        ("mobile", "13800000000", "138 0000 0000"),
        ("mobile", "０１３８", "０１３８"),
        ("year", 2025, "2025年"),
        ("yes_no", True, "√ 是\u3000□ 否"),
        ("text", None, ""),
    ],
)
def test_a_value_is_written_as_staff_write_it(kind, value, text):
    with translation.override("zh-hans"):
        assert values.value_text({"kind": kind}, value) == text


# --- every page ---------------------------------------------------------------------------------------


def test_every_page_says_which_print_it_belongs_to(printed):
    for number, text in enumerate(page_texts(printed.pdf), start=1):
        digest = " ".join(re.findall("....", form_print().content_hash[:16].upper()))
        assert f"第{number}页　共2页" in text
        assert f"编号 AQ24-0420-7KHM　版本 1　内容摘要 {digest}" in text
        assert "中安健协发〔2024〕12号 附件 2　提交时间 2024年2月21日 10:58" in text


def test_every_page_carries_its_own_code_in_two_opposite_corners(printed):
    per_mm = 2000 / 297
    for number, code in enumerate(printed.codes):
        barcodes = zxingcpp.read_barcodes(page_picture(printed.pdf, number).convert("L"))
        assert [barcode.text for barcode in barcodes] == [code.payload] * 2
        upper, lower = sorted((barcode.position for barcode in barcodes), key=lambda place: place.top_left.y)
        assert upper.top_left.x / per_mm == pytest.approx(210 - 16 - 28, abs=0.5)
        assert upper.top_left.y / per_mm == pytest.approx(12, abs=0.5)
        assert lower.bottom_right.x / per_mm == pytest.approx(20 + 28, abs=0.5)
        assert lower.bottom_right.y / per_mm == pytest.approx(297 - 12, abs=0.5)
    assert [code.page for code in printed.codes] == [1, 2]


def test_the_seal_box_is_empty_and_nothing_on_paper_has_a_colour(printed):
    picture = page_picture(printed.pdf, 0)
    per_mm = picture.height / 297
    # The right half of the box; the words (盖章) and 年 月 日 are all that stands there.
    with pypdfium2.PdfDocument(printed.pdf) as document:
        height = document[0].get_height()
        box = (
            document[0]
            .get_textpage()
            .get_text_bounded(left=340, right=540, top=height - 545, bottom=height - 685)
        )
    assert squeezed(box) == "(盖章)年月日"
    assert images_and_files(printed.pdf) == (0, 0)
    assert all(low == high for low, high in [picture.convert("HSV").getchannel("S").getextrema()])
    assert per_mm > 6


def test_a_rehearsal_says_so_on_every_page():
    for text in page_texts(render_form(form_print(rehearsal=True)).pdf):
        assert "演练件，不作正式材料" in text


def test_the_form_is_chinese_for_an_english_reader(printed):
    with translation.override("en"):
        assert render_form(form_print()).pdf == printed.pdf


def test_equal_answers_give_equal_bytes_and_other_answers_do_not(printed):
    assert render_form(form_print()).pdf == printed.pdf
    assert render_form(form_print(version=2)).pdf != printed.pdf


def test_many_forms_are_one_file_that_says_the_same_with_the_fonts_once(printed):
    forms = [form_print(reference=f"AQ24-{number:04d}-7KHM") for number in range(8)]
    together, separate = render_forms(forms), [render_form(form) for form in forms]
    assert page_texts(together) == [text for form in separate for text in page_texts(form.pdf)]
    codes = [code.payload for form in separate for code in form.codes]
    read = [
        {code.text for code in zxingcpp.read_barcodes(page_picture(together, page).convert("L"))}
        for page in range(len(codes))
    ]
    assert read == [{code} for code in codes]
    assert len(together) < 2 * len(printed.pdf)
    with pytest.raises(ValueError, match="no forms"):
        render_forms([])


def test_a_usual_form_stays_under_80_kb(printed):
    assert (printed.pages, len(printed.pdf) < 80_000) == (2, True)


# --- long answers -------------------------------------------------------------------------------------


def answer_on_pages(texts: list[str]) -> str:
    """All that the pages say between head and foot, without what a page repeats."""
    joined = squeezed("".join(texts))
    joined = re.sub(
        r"（续见第\d+页）|第\d+页共\d+页.*?二维码。|附件2国际安全社区认证和复评调查表", "", joined
    )
    return re.sub("社区名称北京市顺义区天竺镇社区目前开展国际安全社区工作情况（续）", "", joined)


def test_no_sign_of_a_long_answer_is_lost(long_printed):
    form, rendered = long_printed
    texts = page_texts(rendered.pdf)
    first, rest = texts[0], texts[1:-1]
    body = squeezed(first.split("安全社区工作情况")[1].split("国际安全社区认证")[0]).split("（续见第2页）")[0]
    later = answer_on_pages(rest)
    assert (body + later).startswith(squeezed(form.answers["work_now"]))


def test_the_seal_box_stays_on_page_1_however_long_the_answers(long_printed):
    _form, rendered = long_printed
    texts = page_texts(rendered.pdf)
    assert [number for number, text in enumerate(texts, start=1) if "(盖章)" in text] == [1]
    assert rendered.pages == len(texts) > 15


def test_a_continuation_page_repeats_the_head_and_the_row(long_printed):
    _form, rendered = long_printed
    texts = page_texts(rendered.pdf)
    assert "（续见第2页）" in texts[0]
    for text in texts[1:-2]:
        expected = [TITLE, "社区名称北京市顺义区天竺镇", "（续）"]
        assert in_order(squeezed(text), expected) == expected


def test_the_longest_short_answers_still_leave_room_for_the_seal():
    answers = dict.fromkeys(("leader_name", "contact_name"), "长" * 50)
    answers |= dict.fromkeys(("community_name", "address"), "长" * 100) | {"email": "w" * 88 + "@example.org"}
    texts = page_texts(
        render_form(form_print(**answers, recertified=["2010-10-10"] * 6, work_now=SENTENCE * 20)).pdf
    )
    assert [number for number, text in enumerate(texts, start=1) if "(盖章)" in text] == [1]
    assert sum(text.count("长") for text in texts[:1]) == 300


@pytest.mark.parametrize(
    "text",
    [
        "（）" * 800,
        "w" * 3000,
        "“引文”——" * 500,
        "😀" * 900,
        "a b " * 1500,
        "短\n" * 400,
        "é" * 900,
        "2024/2025-" * 200,
    ],
    ids=["brackets", "one word", "quotes", "emoji", "short words", "short lines", "two-part signs", "digits"],
)
def test_awkward_text_keeps_the_planned_pages(text):
    form = form_print(work_now=text)
    rendered = render_form(form)
    with translation.override("zh-hans"):
        assert rendered.pages == printing.lay_out(form, EDITION).pages


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.floats(6, 120))
def test_cutting_a_text_loses_nothing(text, room):
    paragraphs = values.paragraphs_of(text)
    head, rest = measures.cut(paragraphs, room, measures.FIRST_PAGE)
    assert "".join(part.text for part in head + rest) == "".join(part.text for part in paragraphs)


# --- hostile and rare texts ---------------------------------------------------------------------------


def test_markup_in_an_answer_is_printed_and_fetches_nothing(monkeypatch):
    def refuse(*arguments):
        raise AssertionError(f"something was fetched: {arguments}")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    form = form_print(work_now=HOSTILE[:90], leader_name='<img src="file:///etc/passwd">', plan=HOSTILE)
    rendered = render_form(dataclasses.replace(form, community=HOSTILE[:100]))
    printed_text = re.sub(r"（续见第2页）", "", squeezed(page_texts(rendered.pdf)[0]))
    assert squeezed(HOSTILE[:90]) in printed_text
    assert squeezed(HOSTILE[:60]) in printed_text.split("和复评工作计划")[1]
    assert images_and_files(rendered.pdf) == (0, 0)
    assert b"/EmbeddedFile" not in rendered.pdf
    assert b"/URI" not in rendered.pdf


@pytest.mark.parametrize("name", ["筼筜街道", "𬭎街道", "笕桥街道", "㐇㐈镇"])
def test_a_rare_sign_in_a_name_is_in_the_text(name):
    assert name in squeezed(page_texts(render_form(form_print(community_name=name)).pdf)[0])


def test_a_compatibility_sign_is_printed():
    text = page_texts(render_form(form_print(community_name="\uf92c官镇")).pdf)[0]
    assert any(name in squeezed(text) for name in ("\uf92c官镇", "郎官镇"))


def test_signs_no_paper_can_show_do_not_stop_the_print():
    rendered = render_form(
        form_print(work_now="甲\x00乙\ud800丙\u202e丁😀戊\uffff己\t庚", contact_name="\x1b[31m")
    )
    first = squeezed(page_texts(rendered.pdf)[0])
    assert in_order(first, list("甲乙丙丁戊己庚")) == list("甲乙丙丁戊己庚")


def test_signs_that_turn_the_direction_of_writing_are_left_out():
    assert values.visible("金额\u202e001\u202c元") == "金额001元"


def test_a_blank_form_has_no_number_and_no_code():
    blank = render_blank(EDITION)
    assert "编号" not in "".join(page_texts(blank))
    assert zxingcpp.read_barcodes(page_picture(blank, 0).convert("L")) == []
    assert "□ 打算申请" in page_texts(blank)[1]
