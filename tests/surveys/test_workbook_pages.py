"""The pages of the questionnaire in Excel: down, up, the changes, and who may."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from documents.models import StoredFile
from surveys.enums import RoundStage, Stage
from surveys.models import Response
from tests.factories import MembershipFactory
from tests.surveys.excel import asked_in_full, download, filled, opened, values
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import fill_in, named, write


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-21 10:32"):
        yield


@pytest.fixture
def response(community, li) -> Response:
    return fill_in(asked_in_full(community), li)


@pytest.fixture
def url(response) -> str:
    return f"/portal/responses/{response.reference}/workbook/"


@pytest.fixture
def as_li(client, li):
    client.force_login(li)
    return client


def upload(client, url: str, content: bytes, name: str = "调查表.xlsx"):
    return client.post(url, {"workbook": SimpleUploadedFile(name, content)})


def offered(page) -> dict[str, str]:
    """What the page would send with everything ticked that it ticks."""
    return {one.question.id: one.entry.seen for one in page.context["changes"]}


def accept(client, address: str, seen: dict[str, str], *names: str):
    data = {"accept": list(names), **{f"seen-{name}": token for name, token in seen.items()}}
    return client.post(address, data, follow=True)


def said(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "file/", "1:x/changes/"])
def test_a_liaison_of_another_community_gets_404(client, zhao, url, path) -> None:
    client.force_login(zhao)
    assert client.get(url + path).status_code == 404
    assert client.post(url + path).status_code in {404, 405}


@pytest.mark.parametrize("who", ["wang", "office", "expert"])
def test_who_may_look_but_not_fill_in_gets_403(request, client, url, who) -> None:
    client.force_login(request.getfixturevalue(who))
    assert [client.get(url + path).status_code for path in ("", "file/", "1:x/changes/")] == [403, 403, 403]


def test_staff_who_may_fill_in_for_a_unit_may_do_so_in_excel(client, administrator, url) -> None:
    client.force_login(administrator)
    assert client.get(url + "file/").status_code == 200


def test_an_address_made_up_or_of_another_form_is_unknown(as_li, elsewhere, li, response, url) -> None:
    MembershipFactory(user=li, community=elsewhere)
    other = asked_in_full(named(elsewhere, number=363, sequence=119), code="2025")
    address = upload(as_li, url, download(response)).url
    name = address.removeprefix(url).removesuffix("/changes/")
    addresses = (address, address.replace(response.reference, other.reference), address.replace(name, "1:x"))
    assert [as_li.get(one).status_code for one in addresses] == [200, 404, 404]


# --- down and up --------------------------------------------------------------------------------------------


def test_the_form_page_offers_excel(as_li, response, url) -> None:
    page = as_li.get(f"/portal/responses/{response.reference}/").content.decode()
    assert f'习惯用 Excel？ <a href="{url}">下载表格，填好后上传</a>' in page


def test_the_file_comes_under_the_name_of_form_and_unit(as_li, response, url) -> None:
    answer = as_li.get(url + "file/")
    assert unquote(answer["Content-Disposition"]) == (
        f"attachment; filename*=utf-8''{response.reference}_筼筜街道_调查表.xlsx"
    )
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "no-store" in answer["Cache-Control"]
    assert opened(answer.content)["调查表"]["A1"].value == "国际安全社区认证和复评调查表"


def test_a_file_goes_up_is_compared_and_what_is_ticked_is_taken(as_li, response, url) -> None:
    content = filled(as_li.get(url + "file/").content, {"plan": "2026年申请。", "address": None})
    sent = upload(as_li, url, content)
    assert sent.status_code == 302
    page = as_li.get(sent.url)
    text = page.content.decode()
    assert 'value="plan" checked' in text
    assert 'value="address">' in text  # what would be deleted is not ticked by itself
    assert "2 项改动，15 项不变" in text
    done = accept(as_li, sent.url, offered(page), "plan")
    assert done.redirect_chain == [(f"/portal/responses/{response.reference}/", 302)]
    assert said(done) == ["已采用工作簿里的 1 项内容。"]
    assert values(response) == ANSWERS | {"plan": "2026年申请。"}


def test_looking_at_the_changes_changes_nothing_and_may_be_repeated(as_li, response, url) -> None:
    address = upload(as_li, url, filled(download(response), {"plan": "新计划。"})).url
    assert [as_li.get(address).status_code for _time in range(2)] == [200, 200]
    assert values(response) == ANSWERS


def test_pressed_twice_it_says_that_all_stands_there(as_li, response, url) -> None:
    address = upload(as_li, url, filled(download(response), {"plan": "新计划。"})).url
    seen = offered(as_li.get(address))
    told = [said(accept(as_li, address, seen, "plan")) for _time in range(2)]
    assert told == [["已采用工作簿里的 1 项内容。"], ["勾选的内容平台上已经有了。"]]


def test_with_nothing_ticked_nothing_happens(as_li, response, url) -> None:
    address = upload(as_li, url, filled(download(response), {"plan": "新计划。"})).url
    done = accept(as_li, address, {})
    assert (done.redirect_chain, said(done)) == ([(address, 302)], ["没有勾选任何一项，所以没有改动。"])
    assert values(response) == ANSWERS


def test_who_was_overtaken_sees_what_stands_there_now(as_li, li, response, url) -> None:
    address = upload(as_li, url, filled(download(response), {"plan": "表格里写的。"})).url
    seen = offered(as_li.get(address))
    write(response, li, "plan", "网页上写的。")
    done = accept(as_li, address, seen, "plan")
    assert said(done) == ["同时有人在平台上填写，剩下的内容请再看一遍。"]
    text = done.content.decode()
    assert "下载之后有人在平台上改过这一项，以平台上的内容为准。" in text
    assert text.index("网页上写的。") < text.index("表格里写的。")
    assert values(response)["plan"] == "网页上写的。"


def test_hostile_text_is_shown_as_text(as_li, response, url) -> None:
    address = upload(as_li, url, filled(download(response), {"plan": "<script>alert(1)</script>"})).url
    page = as_li.get(address).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的。"),
        (b"%PDF-1.7", "这不是 Excel 工作簿（.xlsx）。请用 Excel 或 WPS 打开，另存为 .xlsx。"),
    ],
)
def test_a_bad_file_is_refused_at_its_field_and_not_kept(as_li, url, content, sentence) -> None:
    page = upload(as_li, url, content)
    assert page.status_code == 422
    assert page.context["form"].errors == {"workbook": [sentence]}
    assert StoredFile.objects.count() == 0


def test_no_file_at_all_is_said_at_its_field(as_li, url) -> None:
    page = as_li.post(url)
    assert (page.status_code, page.context["form"].errors) == (422, {"workbook": ["请选择填好的工作簿。"]})


# --- when writing is over -----------------------------------------------------------------------------------


def test_after_handing_in_every_page_leads_to_the_receipt(as_li, response, url) -> None:
    address = upload(as_li, url, download(response)).url
    response.stage, response.first_submitted_at = Stage.SUBMITTED, clock.now()
    response.save()
    receipt = f"/portal/responses/{response.reference}/receipt/"
    assert [as_li.get(path).url for path in (url, url + "file/", address)] == [receipt] * 3
    assert upload(as_li, url, b"x").url == receipt
    assert as_li.post(address, {"accept": "plan"}).url == receipt


def test_in_a_closed_round_the_page_leads_to_what_was_written(as_li, response, url) -> None:
    response.round.stage = RoundStage.CLOSED
    response.round.save()
    assert as_li.get(url).url == f"/portal/responses/{response.reference}/check/"


def test_a_file_that_is_gone_leads_back_with_a_sentence(as_li, response, url) -> None:
    address = upload(as_li, url, download(response)).url
    stored = StoredFile.objects.get()
    stored.file.storage.delete(stored.file.name)
    done = as_li.get(address, follow=True)
    assert (done.redirect_chain, said(done)) == ([(url, 302)], ["上传的工作簿已经不在了，请重新上传。"])


def test_the_pages_ask_few_questions_of_the_database(
    as_li, response, url, django_assert_max_num_queries
) -> None:
    address = upload(as_li, url, filled(download(response), {"plan": "新计划。"})).url
    for path in (url, url + "file/", address):
        with django_assert_max_num_queries(8):
            as_li.get(path)
