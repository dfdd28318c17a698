"""The invitation letter on paper: what stands on it, alone and with all the others in one file."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import pikepdf
import pytest
from django.utils import translation

from surveys.letters import LetterPrint, render_each, render_letter, render_letters
from tests.surveys.photographs import page_picture
from tests.surveys.prints import codes_of, page_texts, squeezed, text_of

LETTER = LetterPrint(
    community="福建省厦门市思明区筼筜街道",
    number=362,
    survey="2024年国际安全社区认证和复评调查",
    questionnaire="国际安全社区认证和复评调查表",
    notice_title="关于开展国际安全社区认证和复评调查工作的通知",
    notice_number="中安健协发〔2024〕12号",
    issuer="中国职业安全健康协会",
    department="综合安全部",
    phones=("010-64464565", "010-64464566"),
    email="coshase@163.com",
    postal_address="北京市朝阳区惠新西街17号科研大厦502室（邮编100029）",
    deadline_on=dt.date(2024, 2, 29),
    valid_until=dt.date(2024, 4, 30),
    dated=dt.date(2024, 1, 15),
    code="7KHM-34CF-9XYT",
    link="https://platform.example.org/join/7KHM-34CF-9XYT/",
    address="https://platform.example.org/join/",
)


# --- one letter -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printed() -> bytes:
    return render_letter(LETTER)


def test_a_letter_names_unit_notice_deadline_steps_code_and_office(printed) -> None:
    text = text_of(printed)
    for part in (
        "福建省厦门市思明区筼筜街道：",
        "2024年国际安全社区认证和复评调查邀请函",
        "根据《关于开展国际安全社区认证和复评调查工作的通知》（中安健协发〔2024〕12号），请贵单位于2024年2月29日前",
        "一、开通账号。",
        "二、填报打印。",
        "三、签字盖章。",
        "7KHM-34CF-9XYT",
        "https://platform.example.org/join/",
        "有效期至：2024年4月30日",
        "联系电话：010-64464565、010-64464566（工作日）。电子邮箱：coshase@163.com。",
        "命名序号362",
    ):
        assert part in text, part
    assert text.count("中国职业安全健康协会") == 2
    assert "2024年1月15日" in text


def test_a_letter_is_one_page_with_one_code_that_leads_to_the_unit(printed) -> None:
    assert codes_of(printed) == [["https://platform.example.org/join/7KHM-34CF-9XYT/"]]


def test_the_place_of_the_seal_is_left_blank(printed) -> None:
    """42 mm square over issuer and date: those two lines are all that stands there, and all is black."""
    picture = page_picture(printed, 0)
    assert picture.convert("HSV").getchannel("S").getextrema() == (0, 0)
    assert "章）" not in text_of(printed)


def test_rare_signs_are_text_and_never_boxes() -> None:
    text = text_of(render_letter(dataclasses.replace(LETTER, community="筼筜𬭎㐇镇")))
    assert "筼筜𬭎㐇镇：" in text


def test_names_nobody_has_thought_of_still_leave_one_page() -> None:
    long = dataclasses.replace(
        LETTER,
        community="长" * 100,
        survey="调查" * 30,
        notice_title="通知" * 90,
        questionnaire="表" * 100,
        issue=12,
    )
    pdf = render_letters([LETTER, long])
    assert [len(codes) for codes in codes_of(pdf)] == [1, 1]
    assert text_of(pdf).count("长") == 100


def test_markup_in_a_name_is_printed() -> None:
    hostile = '<img src="file:///etc/passwd"></p>{{ code }}'
    pdf = render_letter(dataclasses.replace(LETTER, community=hostile))
    assert squeezed(hostile) in text_of(pdf)
    assert b"/URI" not in pdf


def test_a_letter_with_a_new_code_says_that_older_ones_are_void(printed) -> None:
    sentence = "本函邀请码为第2次发放，此前函件中的邀请码已经作废。"
    assert sentence not in text_of(printed)
    assert sentence in text_of(render_letter(dataclasses.replace(LETTER, issue=2)))


def test_after_closing_the_letter_says_what_can_still_be_done() -> None:
    text = text_of(render_letter(dataclasses.replace(LETTER, closed_on=dt.date(2024, 3, 31))))
    assert "填报已于2024年3月31日结束" in text
    assert "2024年2月29日" not in text


def test_equal_letters_are_equal_bytes_in_any_readers_language(printed) -> None:
    with translation.override("en"):
        assert render_letter(LETTER) == printed


# --- many letters -------------------------------------------------------------------------------------------


def many(count: int) -> list[LetterPrint]:
    return [
        dataclasses.replace(
            LETTER,
            community=f"第{n}街道",
            code=f"7KHM-34CF-{n:04}",
            link=f"https://platform.example.org/join/7KHM-34CF-{n:04}/",
        )
        for n in range(count)
    ]


def fonts_in(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return sum(
            isinstance(thing, pikepdf.Dictionary) and "/FontFile3" in thing for thing in document.objects
        )


def test_all_letters_are_one_file_in_order_with_the_fonts_once() -> None:
    letters_wanted = many(17)
    pdf = render_letters(letters_wanted)
    assert codes_of(pdf) == [[letter.link] for letter in letters_wanted]
    assert [f"第{n}街道：" in squeezed(text) for n, text in enumerate(page_texts(pdf))] == [True] * 17
    assert len(pdf) < 200_000
    assert fonts_in(pdf) == fonts_in(render_letter(LETTER)) == 2


def test_a_long_row_of_letters_is_set_in_parts_and_is_one_file(monkeypatch) -> None:
    whole = render_letters(many(5))
    monkeypatch.setattr("surveys.letters.AT_ONCE", 2)
    assert page_texts(render_letters(many(5))) == page_texts(whole)
    assert render_letters(many(5)) == render_letters(many(5))


def test_one_file_each_says_the_same_as_all_in_one() -> None:
    each = list(render_each(many(3)))
    assert ["".join(page_texts(pdf)) for pdf in each] == page_texts(render_letters(many(3)))
    assert [codes_of(pdf) for pdf in each] == [[[letter.link]] for letter in many(3)]


def test_no_letters_are_no_file() -> None:
    with pytest.raises(ValueError, match="no letters"):
        render_letters([])
