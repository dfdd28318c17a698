"""The code on the screen and on the print, and the lists that tell both ends what has arrived."""

import pytest
from django.urls import reverse

from core import clock
from surveys.enums import Stage
from surveys.models import Response, Submission
from surveys.services.prints import form_print
from tests.factories import RoundFactory, UploadedFileFactory
from tests.queries import queries_of
from tests.surveys.phones import handed_in, paper_path, screen_path
from tests.surveys.scenes import code, copy_with, picture, submitted

NOON = "2024-02-21 12:00"


@pytest.fixture(autouse=True)
def february():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def submission(community, li) -> Submission:
    return handed_in(community, li)


@pytest.fixture
def screen(submission, li) -> str:
    """The path behind the code that 李 shows."""
    return screen_path(submission, li)


@pytest.fixture
def paper(submission) -> str:
    return paper_path(submission)


# --- the code on the screen ---------------------------------------------------------------------------------


def receipt(client, submission):
    return client.get(reverse("surveys:receipt", args=[submission.response.reference])).content.decode()


def test_the_receipt_shows_a_code_for_whoever_may_upload(client, submission, li) -> None:
    client.force_login(li)
    page = receipt(client, submission)
    assert "用手机拍照上传" in page
    assert "12:30前有效" in page
    assert page.count("<svg") > page.count('class="icon') > 0


@pytest.mark.parametrize("who", ["wang", "expert"])
def test_who_may_only_look_gets_no_code(client, submission, who, request) -> None:
    client.force_login(request.getfixturevalue(who))
    assert "phone-code" not in receipt(client, submission)
    assert client.get(reverse("surveys:phone_code", args=[submission.response.reference])).status_code == 403


def test_after_sending_there_is_no_code(client, submission, li) -> None:
    client.force_login(li)
    Response.objects.update(stage=Stage.UPLOADED)
    assert "phone-code" not in receipt(client, submission)
    fragment = news(client, reverse("surveys:phone_code", args=[submission.response.reference]))
    assert "<svg" not in fragment.content.decode()


def test_a_page_left_open_gets_a_fresh_code(client, submission, li) -> None:
    client.force_login(li)
    address = reverse("surveys:phone_code", args=[submission.response.reference])
    with clock.frozen("2024-02-21 12:25"):
        assert "12:55前有效" in news(client, address).content.decode()
    assert client.get(address).url.endswith("/receipt/#sealed-copy")


# --- who waits is told --------------------------------------------------------------------------------------


def asked_again(page: str) -> str:
    """The address under which the list of a page asks for news."""
    return page.partition('id="copy-pages" hx-get="')[2].partition('"')[0]


def news(client, address: str):
    return client.get(address, headers={"HX-Request": "true"})


@pytest.mark.parametrize("where", ["desk", "phone"])
def test_the_list_answers_only_when_something_is_new(client, submission, li, screen, where) -> None:
    client.force_login(li)
    address = asked_again(
        receipt(client, submission) if where == "desk" else client.get(screen).content.decode()
    )
    assert news(client, address).status_code == 204
    picture(copy_with(submission), 1)
    assert "已识别" in news(client, address).content.decode()


def test_a_list_that_is_out_of_date_brings_up_the_page_that_says_why(client, submission, screen) -> None:
    address = asked_again(client.get(screen).content.decode())
    Response.objects.update(stage=Stage.UPLOADED)
    answer = news(client, address)
    assert (answer.status_code, answer["HX-Refresh"]) == (410, "true")


def test_whoever_holds_the_phone_is_told_which_picture_to_take_again(
    client, submission, elsewhere, screen
) -> None:
    copy = copy_with(submission, None)
    foreign = code(submitted(elsewhere), 1).payload
    for match, read in (
        ("other_version", ""),
        ("other_community", foreign),
        ("two_pages", ""),
        ("duplicate", ""),
    ):
        picture(copy, None, match=match, code_read=read)
    picture(copy, 1, advice=["no_red"])
    page = client.get(screen).content.decode()
    assert [
        page.count(f"<b>{word}</b>") for word in ("认不出", "其他版本", "另一份表", "一张照片里有两页")
    ] == [1, 1, 1, 1]
    assert "建议：盖章处看不到红色印章。" in page
    assert foreign.split(":")[1] not in page


def test_a_file_that_cannot_be_read_is_told(client, submission, screen) -> None:
    copy = copy_with(submission, 1)
    UploadedFileFactory(sealed_copy=copy, read_at=None)
    UploadedFileFactory(sealed_copy=copy, error="文件已损坏或不完整，请重新上传。")
    page = client.get(screen).content.decode()
    assert "正在识别照片" in page
    assert "文件已损坏或不完整，请重新上传。" in page


def test_when_all_is_there_the_phone_says_what_comes_next(client, submission, screen) -> None:
    copy_with(submission, 1, 2)
    assert "请回到电脑上点“送审”" in client.get(screen).content.decode()


# --- the code on the print ----------------------------------------------------------------------------------


def test_every_print_of_a_submission_carries_the_same_link(submission, paper) -> None:
    assert form_print(submission) == form_print(Submission.objects.get(pk=submission.pk))
    assert form_print(submission).upload_link == f"http://127.0.0.1:8000{paper}"


def test_the_phone_page_asks_the_database_as_often_for_many(client, community, li) -> None:
    asked = {
        pages: queries_for(
            client, handed_in(community, li, pages=pages, round=RoundFactory(code=f"r{pages}"))
        )
        for pages in (1, 50)
    }
    assert asked[1] == asked[50]


def queries_for(client, submission) -> int:
    copy_with(submission, *range(1, submission.print_pages + 1))
    return queries_of(client, paper_path(submission), lambda: None, 0)
