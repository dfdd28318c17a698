"""A phone that is not signed in uploads by the code on the screen or on the print, and can do nothing else."""

import datetime as dt
import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.http import int_to_base36
from PIL import Image

from audit.models import AuditEntry
from communities.enums import MembershipState
from core import clock
from surveys import tokens
from surveys.enums import Stage
from surveys.models import Response, Submission, UploadedFile
from surveys.tokens import Purpose
from tests.surveys.phones import handed_in, paper_path, screen_path
from tests.surveys.prints import ANSWERS
from tests.surveys.scenes import copy_with

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


def jpeg(shade: int = 200) -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("L", (40, 56), shade).save(target, "JPEG")
    return SimpleUploadedFile(f"IMG_{shade}.jpg", target.getvalue())


def upload(client, path: str, *files: SimpleUploadedFile):
    return client.post(path, {"files": list(files)}, headers={"Accept": "application/json"})


# --- what it opens ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["screen", "paper"])
def test_a_picture_sent_by_link_is_of_whoever_gave_the_link(client, submission, li, link, request) -> None:
    answer = upload(client, request.getfixturevalue(link), jpeg())
    assert answer.json() == {"files": [{"name": "IMG_200.jpg", "state": "kept", "sentence": "已上传"}]}
    file = UploadedFile.objects.get()
    assert (file.uploaded_by, file.sealed_copy.submission) == (li, submission)


@pytest.mark.parametrize(("link", "kind"), [("screen", "screen"), ("paper", "print")])
def test_the_trail_tells_by_which_code_pictures_came(client, submission, li, link, kind, request) -> None:
    upload(client, request.getfixturevalue(link), jpeg(1), jpeg(2))
    entry = AuditEntry.objects.get(action="copy.receive_by_link")
    assert (entry.actor_id, entry.changes) == (li.pk, {"files": 2, "link": kind})


def test_the_page_shows_which_pages_are_there_and_nothing_that_was_answered(
    client, submission, screen
) -> None:
    copy_with(submission, 1)
    page = client.get(screen).content.decode()
    assert page.count("已识别") == 1
    assert page.count(">缺</span>") == page.count("i-alert") == 1
    assert [
        value for value in ANSWERS.values() if isinstance(value, str) and len(value) > 4 and value in page
    ] == []
    assert "<img" not in page


def test_the_page_goes_into_no_cache_no_index_and_tells_nobody_where_it_is(client, screen) -> None:
    answer = client.get(screen)
    assert "no-store" in answer["Cache-Control"]
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")


def test_no_cookie_is_needed_and_none_is_believed(submission, screen, zhao) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(zhao)
    assert upload(strict, screen, jpeg()).status_code == 200
    assert UploadedFile.objects.get().uploaded_by == submission.submitted_by


def test_without_scripts_the_form_sends_and_the_page_says_what_arrived(client, screen) -> None:
    sent = {"files": [jpeg(), SimpleUploadedFile("坏.jpg", b"PK\x03\x04" + bytes(90))]}
    page = client.post(screen, sent, follow=True).content.decode()
    assert "IMG_200.jpg：已上传" in page
    assert "坏.jpg：文件名是 PDF 或图片，内容却不是。" in page
    assert "请至少选择一个文件。" in client.post(screen, follow=True).content.decode()


def test_the_same_picture_twice_is_said_and_harmless(client, screen) -> None:
    upload(client, screen, jpeg())
    (told,) = upload(client, screen, jpeg()).json()["files"]
    assert (told["state"], told["sentence"]) == ("there", "这张照片已经上传过了。")
    assert UploadedFile.objects.count() == 1


# --- what it does not open ----------------------------------------------------------------------------------


def refused(client, path: str) -> tuple[int, int, int]:
    """The status of looking, of asking for the list and of sending; nothing may have been stored."""
    cache.clear()
    statuses = client.get(path), client.get(f"{path}pages/"), upload(client, path, jpeg())
    assert UploadedFile.objects.count() == 0
    return tuple(answer.status_code for answer in statuses)


def sentence(client, path: str) -> str:
    page = client.get(path).content.decode()
    assert upload(client, path, jpeg()).json()["sentence"] in page
    return page


def changed(path: str, place: int) -> str:
    """One sign of the token is another one."""
    other = "G" if path[place] == "H" else "H"
    return path[:place] + other + path[place + 1 :]


def test_a_link_with_one_sign_changed_opens_nothing(client, screen, paper) -> None:
    for path in (changed(screen, -2), changed(screen, -21), changed(paper, -2), "/u/none/", "/u/1-/"):
        assert refused(client, path) == (404, 404, 404)
        assert "请重新扫描二维码" in sentence(client, path)


def test_the_numbers_of_a_link_cannot_be_exchanged(client, submission, elsewhere, li, zhao) -> None:
    other = handed_in(elsewhere, zhao)
    end = int(clock.now().timestamp()) + 60
    signature = tokens.make(Purpose.SCREEN, submission.pk, li.pk, end).rpartition("-")[2]
    foreign = [
        (other.pk, li.pk, end),
        (submission.pk, zhao.pk, end),
        (submission.pk, li.pk, end + 3600),
        (end,),
        (),
    ]
    for numbers in foreign:
        forged = "-".join([*map(int_to_base36, numbers), signature])
        assert refused(client, f"/u/{forged}/") == (404, 404, 404)


def test_a_link_made_for_another_purpose_opens_nothing(client, submission) -> None:
    assert refused(client, f"/u/{tokens.make(Purpose.SECTION, submission.pk)}/")[0] == 404


def test_a_link_signed_for_a_unit_that_its_giver_does_not_work_for_opens_nothing(
    client, submission, zhao
) -> None:
    path = screen_path(submission, zhao)
    assert refused(client, path) == (410, 410, 410)


@pytest.mark.parametrize("path", ["/u/", "/u//", "/u//pages/"])
def test_without_a_token_there_is_nothing(client, path) -> None:
    assert client.post(path, {"files": [jpeg()]}).status_code == 404


def test_the_code_on_the_screen_runs_out_after_half_an_hour(client, screen, paper) -> None:
    with clock.frozen("2024-02-21 12:29"):
        assert client.get(screen).status_code == 200
    with clock.frozen("2024-02-21 12:30"):
        assert refused(client, screen) == (410, 410, 410)
        assert "二维码已过期。请看电脑上的页面" in sentence(client, screen)
        assert client.get(paper).status_code == 200


@pytest.mark.parametrize(
    ("return_due_on", "last"),
    [(None, "2024-04-30"), ("2024-04-01", "2024-04-30"), ("2024-06-15", "2024-06-15")],
)
def test_the_code_on_paper_lasts_a_month_after_closing_or_until_a_return_is_due(
    client, submission, paper, return_due_on, last
) -> None:
    Response.objects.update(return_due_on=return_due_on)
    with clock.frozen(f"{last} 23:59"):
        assert client.get(paper).status_code == 200
    with clock.frozen(dt.date.fromisoformat(last) + dt.timedelta(days=1)):
        assert refused(client, paper) == (410, 410, 410)
        assert "打印件上的二维码已过有效期" in sentence(client, paper)


def leave(submission, li) -> None:
    li.memberships.update(state=MembershipState.ENDED, ended_on="2024-02-20")


def lock(submission, li) -> None:
    li.is_active = False
    li.save()


@pytest.mark.parametrize("link", ["screen", "paper"])
@pytest.mark.parametrize("revoke", [leave, lock])
def test_the_link_ends_with_the_right_of_whoever_gave_it(
    client, submission, li, revoke, link, request
) -> None:
    path = request.getfixturevalue(link)
    revoke(submission, li)
    assert refused(client, path) == (410, 410, 410)
    assert "出示此二维码的账号已不能为本单位上传" in sentence(client, path)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (Stage.UPLOADED, "盖章件已送审"),
        (Stage.IN_REVIEW, "盖章件已送审"),
        (Stage.ACCEPTED, "盖章件已送审"),
        (Stage.RETURNED, "之前的打印件已作废"),
        (Stage.DRAFT, "之前的打印件已作废"),
        (Stage.TO_CHECK, "本表目前不能上传盖章件"),
        (Stage.VOID, "本表目前不能上传盖章件"),
    ],
)
@pytest.mark.parametrize("link", ["screen", "paper"])
def test_the_link_ends_when_the_form_goes_on(client, submission, stage, said, link, request) -> None:
    path = request.getfixturevalue(link)
    Response.objects.update(stage=stage)
    assert refused(client, path) == (410, 410, 410)
    assert said in sentence(client, path)


@pytest.mark.parametrize("link", ["screen", "paper"])
def test_the_link_of_an_older_version_says_which_one_counts(client, submission, link, request) -> None:
    path = request.getfixturevalue(link)
    Response.objects.update(version=2)
    assert refused(client, path) == (410, 410, 410)
    assert "这是第1版的二维码，现在有效的是第2版" in sentence(client, path)


def test_a_copy_that_was_sent_takes_nothing_until_it_comes_back(client, submission, paper, li) -> None:
    upload(client, paper, jpeg())
    Response.objects.update(stage=Stage.UPLOADED)
    assert upload(client, paper, jpeg(9)).status_code == 410
    Response.objects.update(stage=Stage.COPY_RETURNED)
    assert upload(client, paper, jpeg(9)).status_code == 200


def test_guessing_is_stopped_by_address(screen) -> None:
    guesser, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    for _attempt in range(10):
        assert guesser.get("/u/3f-7KHM34CF9XYTGHJK3467/").status_code == 404
    assert (guesser.get(screen).status_code, upload(guesser, screen, jpeg()).status_code) == (429, 429)
    assert other.get(screen).status_code == 200


def test_an_expired_link_is_no_guess(client, screen) -> None:
    with clock.frozen("2024-02-21 13:05"):
        for _attempt in range(20):
            assert client.get(screen).status_code == 410


def test_one_link_is_not_used_to_drown_the_server(client, screen, monkeypatch) -> None:
    monkeypatch.setattr("surveys.views.links.CHANGES", 3)
    assert [upload(client, screen).status_code for _time in range(5)] == [200, 200, 200, 429, 429]
    with clock.frozen("2024-02-21 12:16"):
        assert upload(client, screen).status_code == 200
