"""The files of an import: every usual form comes in, what goes out holds no live formula and comes back in."""

from __future__ import annotations

import codecs
import io
import zipfile

import openpyxl
import pytest

from accounts.models import User
from communities.enums import ImportState
from communities.services.imports import work
from tests.communities.tables import CONTACT_HEAD, EMAIL_HEAD, bring_in, fates, own, sentences, sheet
from tests.documents.old_workbooks import TABLE
from tests.documents.test_sheets_of_others import ods, row, text
from tests.factories import AuthorityFactory, CommunityFactory, ContactFactory, RegisterEntryFactory

pytestmark = pytest.mark.django_db

LINES = [EMAIL_HEAD, ["362", "筼筜街道", "neu@example.org"]]


@pytest.fixture
def unit(office: User) -> None:
    ContactFactory(
        community=RegisterEntryFactory(number=362, community__name_zh="筼筜街道").community, email=""
    )


def as_text(delimiter: str, encoding: str, mark: bytes = b"") -> bytes:
    return mark + "\r\n".join(delimiter.join(line) for line in LINES).encode(encoding)


FORMS = {
    "UTF-8, comma": as_text(",", "utf-8"),
    "UTF-8 with its mark, semicolon": as_text(";", "utf-8", codecs.BOM_UTF8),
    "GB18030, tab": as_text("\t", "gb18030"),
    "OpenDocument": ods("".join(row(*map(text, line)) for line in LINES)),
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS.keys())
def test_every_usual_form_of_a_table_comes_in(unit, office, content):
    batch = bring_in("emails", content, office)
    assert (fates(batch), batch.rows.get().changes) == (["change"], {"email": ["", "neu@example.org"]})


def test_a_workbook_of_the_old_excel_comes_in(unit, office):
    batch = bring_in("emails", TABLE, office, name="表.xls")
    assert (fates(batch), sentences(batch)) == (
        ["change", "error"],
        {4: {"number": ["not_a_number"], "email": ["email"]}},
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 no package", "unreadable"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "unreadable"),
        (b"name,telephone\nx,1\n", "no_head"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole_and_stays_so(unit, office, content, code):
    batch = bring_in("emails", content, office)
    assert (batch.state, batch.problem[0], batch.rows.count()) == (ImportState.UNREADABLE, code, 0)


def test_the_table_with_the_mistakes_marked_can_be_mended_and_brought_in_again(unit, office):
    head, *_rows = own("contacts", office)
    marks = next(row for row in own("contacts", office)[1:] if "联系人" in row)[-3:]
    wrong = [362, "筼筜街道", "", "", "联系人", "=1+1", "12345", "", "bad", *marks]
    batch = bring_in("contacts", [[*head, "单位备注"], [*wrong, "+1"]], office)
    assert sentences(batch) == {
        2: {"mobile": ["mobile"], "email": ["email"], "province": ["fixed"], "city": ["fixed"]}
    }
    content = batch.errors_file.file.read()
    table = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    red = {table.cell(1, cell.column).value for cell in table[2] if cell.fill.fgColor.rgb == "FFF8CBC6"}
    assert red == {"手机", "电子邮箱", "省（直辖市）", "市（区）", "需要修改"}
    assert (
        table.cell(2, table.max_column).value.splitlines()[-1].startswith("电子邮箱：“bad”不是电子邮箱地址。")
    )
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    rows = sheet(content)
    rows[1][rows[0].index("手机")], rows[1][rows[0].index("电子邮箱")] = "13800138000", "a@example.org"
    rows[1][2:4] = ["福建省", "厦门市"]
    again = bring_in("contacts", rows, office)
    assert (fates(again), again.unread) == (["change"], ["单位备注"])
    assert again.rows.get().changes["name"] == ["李联络", "=1+1"]


def test_a_template_has_its_titles_and_drop_downs_and_no_row(unit, office, programme):
    AuthorityFactory(name_zh="厦门市应急管理局")
    for kind, offered in (("contacts", ["负责人", "联系人"]), ("communities", ["厦门市应急管理局"])):
        name, content = work.make_template(kind)
        book = openpyxl.load_workbook(io.BytesIO(content))
        first = book.worksheets[0]
        assert (name.endswith("_模板.xlsx"), first.max_row, book["选项"].sheet_state) == (True, 1, "hidden")
        lists = [[cell.value for cell in column if cell.value] for column in book["选项"].columns]
        assert offered in lists
        assert len(first.data_validations.dataValidation) == len(lists)
        assert bring_in(kind, content, office).problem[0] == "no_rows"


def test_who_is_meant_must_be_clear_and_whoever_it_may_be_is_named(unit, office):
    CommunityFactory(name_zh="中山街道", city_name="厦门市")
    CommunityFactory(name_zh="中山街道", city_name="福州市")
    rows = [
        [*EMAIL_HEAD, "省", "市"],
        ["", "中山街道", "a@example.org", "", ""],
        ["", "中山街道", "a@example.org", "福建", "福州"],
        ["", "筼筜镇", "a@example.org", "", ""],
        ["", "没有街道", "a@example.org", "", ""],
        ["", "", "a@example.org", "", ""],
        [362, "", "a@example.org", "", ""],
        [362, "筼筜街道", "b@example.org", "", ""],
    ]
    batch = bring_in("emails", rows, office)
    assert sentences(batch) == {
        2: {"community": ["ambiguous_name"]},
        4: {"community": ["similar_name"]},
        5: {"community": ["unknown_name"]},
        6: {"community": ["no_key"]},
        8: {"": ["twice"]},
    }
    candidates = batch.rows.get(number=2).problems["community"][0][1]["candidates"]
    assert candidates == "福建省厦门市 中山街道、福建省福州市 中山街道"
    assert (
        batch.rows.get(number=4).problems["community"][0][1]["candidates"] == "福建省厦门市 筼筜街道（362）"
    )


def test_an_empty_cell_changes_nothing_and_one_word_removes(unit, office):
    rows = [CONTACT_HEAD, [362, "", "联系人", "", "清空", "", "new@example.org"]]
    batch = bring_in("contacts", rows, office)
    assert batch.rows.get().changes == {"mobile": ["13800000001", ""], "email": ["", "new@example.org"]}
