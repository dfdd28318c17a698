"""Upload and its results through the door: who may, what is refused with which sentence, how files are handed out."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from documents import services as documents
from documents.models import Run
from surveys.enums import Stage
from surveys.models import CopyPage, UploadedFile
from surveys.pdfs import render_form
from surveys.selectors.copies import copy_state
from surveys.services import copies, prints
from tests.factories import StoredFileFactory, UploadedFileFactory
from tests.surveys.photographs import photograph
from tests.surveys.scenes import copy_with, picture, submitted
from tests.surveys.test_scans import ENCRYPTED_PDF, blank_pdf, png


@pytest.fixture
def submission(community):
    return submitted(community)


@pytest.fixture
def liaison(client, li):
    client.force_login(li)
    return client


def small_jpeg(shade: int = 200) -> bytes:
    target = io.BytesIO()
    Image.new("L", (40, 56), shade).save(target, "JPEG")
    return target.getvalue()


def address(name, submission, *more):
    return reverse(f"surveys:{name}", args=[submission.response.reference, *more])


def upload(client, submission, *files):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client.post(address("copy_upload", submission), {"files": uploads}, follow=True)
    return answer.content.decode()


# --- what is taken and what is not ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.jpg", b"", "文件是空的。"),
        ("表.pdf", b"PK\x03\x04" + bytes(100), "文件名是 PDF 或图片，内容却不是。"),
        ("表.docx", b"PK\x03\x04" + bytes(100), "只能上传 PDF、JPG、PNG、HEIC 文件。"),
        (
            "照片.heic",
            b"\x00\x00\x00\x18ftypheic" + bytes(100),
            "文件已损坏或不完整，请重新上传。",
        ),
        ("密.pdf", ENCRYPTED_PDF, "PDF 设有密码。请去掉密码后再上传。"),
        ("厚.pdf", blank_pdf(200), "PDF 超过 40 页。请只上传本表的各页。"),
        ("断.jpg", photograph(blank_pdf(1), long_side=400)[:3000], "文件已损坏或不完整，请重新上传。"),
        ("炸弹.png", png(60000, 60000), "图片太大。手机拍照的一般大小就够了。"),
        ("说谎.pdf", b"%PDF-1.7 nothing else", "文件已损坏或不完整，请重新上传。"),
    ],
    ids=["empty", "zip-as-pdf", "docx", "heic", "encrypted", "200-pages", "torn", "bomb", "not-a-pdf"],
)
def test_a_bad_file_is_refused_with_its_sentence(liaison, submission, name, content, sentence) -> None:
    page = upload(liaison, submission, (name, content))
    assert sentence in page
    assert UploadedFile.objects.count() == 0


def test_a_file_that_is_too_large_is_refused(liaison, submission, monkeypatch) -> None:
    monkeypatch.setattr("surveys.scans.kinds.MAX_SIZE", 100)
    assert "超过 30 MB" in upload(liaison, submission, ("大.jpg", small_jpeg()))


def test_a_bad_file_does_not_cost_the_good_ones(liaison, submission) -> None:
    page = upload(liaison, submission, ("好.jpg", small_jpeg()), ("坏.pdf", b"PK\x03\x04"))
    assert "已收到 1 个文件。" in page
    assert "“坏.pdf”没有上传成功" in page
    assert [str(file) for file in UploadedFile.objects.all()] == ["好.jpg"]


def test_the_same_file_twice_is_said_and_harmless(liaison, submission) -> None:
    upload(liaison, submission, ("一.jpg", small_jpeg()))
    assert "已经上传过了" in upload(liaison, submission, ("又一次.jpg", small_jpeg()))
    assert UploadedFile.objects.count() == 1


def test_a_name_is_shown_as_text_and_never_used_as_a_path(liaison, submission) -> None:
    page = upload(liaison, submission, ("../../<script>.jpg", small_jpeg()))
    file = UploadedFile.objects.get()
    assert "<script>.jpg" not in page
    assert ".." not in file.stored.file.name


def test_no_file_is_a_sentence(liaison, submission) -> None:
    answer = liaison.post(address("copy_upload", submission), follow=True)
    assert "请至少选择一个文件。" in answer.content.decode()


@pytest.mark.worker
def test_a_photograph_of_the_print_is_recognised(liaison, community, worker) -> None:
    submission = submitted(community, pages=2)
    rendered = render_form(prints.form_print(submission))
    upload(liaison, submission, ("第1页.jpg", photograph(rendered.pdf, 0, stamped=True)))
    worker(lambda: UploadedFile.objects.get().read_at is not None, what="the reading of the photograph")
    page = CopyPage.objects.get()
    assert (page.match, page.page) == ("matched", 1)
    assert page.thumbnail.size > 0
    assert copy_state(submission.response).missing == (2,)


def test_a_worker_that_died_over_a_file_is_followed_by_another(community, li) -> None:
    submission = submitted(community)
    content = SimpleUploadedFile("一.jpg", small_jpeg())
    copies.add_file(response=submission.response, upload=content, content_type="image/jpeg", by=li)
    run = Run.objects.get()
    Run.objects.update(state="running", lease_until="2024-01-01T00:00+08:00", attempts=1)
    for run_id in documents.lost_runs():
        documents.perform(run_id)
    run.refresh_from_db()
    assert (run.state, CopyPage.objects.get().match) == ("done", "blank")


# --- the page ---------------------------------------------------------------------------------------------


def results(client, submission):
    answer = client.get(address("copy_pages", submission), headers={"HX-Request": "true"})
    return answer.content.decode()


def test_each_page_shows_its_result(liaison, submission) -> None:
    copy = copy_with(submission, 1, None)
    picture(copy, None, match="other_community", code_read="")
    page = results(liaison, submission)
    for words in ("已识别，版本一致", "还没有上传", "认不出", "另一份表", "缺第2页。"):
        assert words in page


def test_while_a_file_is_read_the_list_asks_again_and_then_stops(liaison, submission) -> None:
    file = UploadedFileFactory(sealed_copy=copy_with(submission, 1), read_at=None)
    assert 'hx-trigger="every 2s"' in results(liaison, submission)
    UploadedFile.objects.filter(pk=file.pk).update(withdrawn_at=file.uploaded_at)
    assert 'hx-trigger="every 2s"' not in results(liaison, submission)


def test_without_scripts_the_list_is_a_link_to_the_whole_page(liaison, submission) -> None:
    answer = liaison.get(address("copy_pages", submission))
    assert answer.url == f"/portal/responses/{submission.response.reference}/receipt/#sealed-copy"


def test_typing_the_printed_number_settles_a_page(liaison, submission) -> None:
    page = picture(copy_with(submission, 1), None)
    typed = {"reference": submission.response.reference.lower(), "version": "1", "number": "2"}
    liaison.post(address("copy_settle", submission, page.pk), typed)
    page.refresh_from_db()
    assert (page.match, page.page) == ("matched", 2)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reference", "乱写", "编号的样子是 AQ24-0420-7KHM。"),
        ("reference", "AQ24-0999-CFGH", "编号不同的页不属于本表"),
        ("version", "2", "现在有效的是第1版"),
        ("number", "9", "本表共 2 页"),
    ],
)
def test_a_wrong_number_is_said_beside_its_field(liaison, submission, field, value, sentence) -> None:
    page = picture(copy_with(submission, 1), None)
    typed = {"reference": submission.response.reference, "version": "1", "number": "2", field: value}
    answer = liaison.post(address("copy_settle", submission, page.pk), typed)
    assert sentence in answer.content.decode()
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_sending_tells_all_that_is_missing(liaison, submission) -> None:
    copy_with(submission, 1)
    answer = liaison.post(address("copy_send", submission), follow=True)
    assert "缺第2页。" in answer.content.decode()


def test_sent_the_page_takes_no_more_files(liaison, submission) -> None:
    copy_with(submission, 1, 2)
    page = liaison.post(address("copy_send", submission), follow=True).content.decode()
    assert "盖章件已送审。" in page
    assert "data-upload-input" not in page


# --- who may ----------------------------------------------------------------------------------------------

DOORS = ["copy_upload", "copy_send", "copy_withdraw", "copy_reread", "copy_leave", "copy_settle"]


def door(name, submission):
    page = picture(copy_with(submission, 1), None)
    more = {"copy_withdraw": [page.file_id], "copy_reread": [page.file_id]}
    args = [] if name in {"copy_upload", "copy_send"} else more.get(name, [page.pk])
    return address(name, submission, *args)


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize(
    ("who", "status"), [("zhao", 404), ("stranger", 404), ("wang", 403), ("office", 403)]
)
def test_others_change_nothing(client, submission, name, who, status, request) -> None:
    url = door(name, submission)
    client.force_login(request.getfixturevalue(who))
    assert client.post(url).status_code == status


@pytest.mark.parametrize("name", sorted(set(DOORS) - {"copy_settle"}))
def test_looking_changes_nothing(liaison, submission, name) -> None:
    assert liaison.get(door(name, submission)).status_code == 405


def test_nobody_signed_in_is_sent_to_the_log_in(client, submission) -> None:
    assert client.post(address("copy_upload", submission)).status_code == 302


def test_a_file_of_another_response_cannot_be_reached_through_ones_own(
    liaison, submission, elsewhere
) -> None:
    foreign = picture(copy_with(submitted(elsewhere)), 1)
    for name in ("copy_file", "copy_withdraw", "copy_reread"):
        url = address(name, submission, foreign.file_id)
        assert (liaison.get if name == "copy_file" else liaison.post)(url).status_code == 404
    assert liaison.get(address("copy_thumbnail", submission, foreign.pk)).status_code == 404


def stored(content: bytes, **fields):
    row = StoredFileFactory(**fields)
    row.file.save("scan.jpg", io.BytesIO(content))
    return row


def test_a_file_is_handed_out_closed_up(liaison, submission) -> None:
    file = UploadedFileFactory(sealed_copy=copy_with(submission), stored=stored(small_jpeg()))
    answer = liaison.get(address("copy_file", submission, file.pk))
    assert b"".join(answer.streaming_content) == small_jpeg()
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("who", "status"), [("zhao", 404), ("stranger", 404), ("wang", 403), ("expert", 403)]
)
def test_the_papers_stay_with_the_unit(client, submission, who, status, request) -> None:
    page = picture(copy_with(submission), 1)
    client.force_login(request.getfixturevalue(who))
    assert client.get(address("copy_file", submission, page.file_id)).status_code == status
    assert client.get(address("copy_thumbnail", submission, page.pk)).status_code == status


# --- how much it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_of_pages_asks_the_database_as_often_for_many(
    liaison, community, django_assert_num_queries, count
) -> None:
    submission = submitted(community, pages=count)
    copy_with(submission, *range(1, count + 1))
    submission.response.refresh_from_db()
    assert submission.response.stage == Stage.SUBMITTED
    with django_assert_num_queries(8):
        results(liaison, submission)
