"""Check, one press, one receipt, one print: pressed twice, late, changed meanwhile, or too late."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from core import clock
from documents.enums import RunState
from documents.models import Run
from notices.models import Notice
from surveys.codes import content_hash
from surveys.enums import Stage
from surveys.models import Response, Submission
from surveys.selectors import responses as selectors
from surveys.services import prints
from surveys.services.deadlines import extend_deadline
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import asked, check_values, fill_in, real_queries, write


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-21 10:58"):
        yield


@pytest.fixture
def response(community, li) -> Response:
    return fill_in(asked(community), li)


@pytest.fixture
def url(response) -> str:
    return f"/portal/responses/{response.reference}/"


@pytest.fixture
def as_li(client, li):
    client.force_login(li)
    return client


@pytest.fixture
def fast_print(monkeypatch):
    """Tests that are not about the print do not wait for one."""
    monkeypatch.setattr("documents.services._bells", [])


def test_the_check_page_shows_every_answer_with_a_way_back(as_li, url) -> None:
    page = as_li.get(f"{url}check/").content.decode()
    for text in ("13800000000", "尚未复评", "2020年", "打算申请", "培训　交流", ANSWERS["plan"]):
        assert text in page
    assert f"{url}?change=email#q-email" in page
    assert "本单位对填报内容的真实性负责" in page


@pytest.mark.usefixtures("fast_print")
def test_one_press_hands_in_exactly_what_was_checked(as_li, li, response, url) -> None:
    sent = as_li.post(f"{url}submit/", check_values(as_li, response))
    submission = Submission.objects.get()
    response.refresh_from_db()
    assert sent.url == f"{url}receipt/"
    assert submission.answers == ANSWERS
    assert submission.content_hash == content_hash(ANSWERS)
    assert (submission.version, submission.submitted_by, submission.submitted_at) == (1, li, clock.now())
    assert (response.stage, response.first_submitted_at, response.is_late) == (
        Stage.SUBMITTED,
        clock.now(),
        False,
    )
    assert [run.parameters for run in Run.objects.all()] == [{"submission": submission.pk}]
    assert Notice.objects.get().address == li.email
    assert AuditEntry.objects.filter(action="response.submit").count() == 1


@pytest.mark.usefixtures("fast_print")
def test_handing_in_asks_few_questions_of_the_database(as_li, response, url) -> None:
    values = check_values(as_li, response)
    with CaptureQueriesContext(connection) as queries:
        as_li.post(f"{url}submit/", values)
    assert real_queries(queries) <= 12


@pytest.mark.usefixtures("fast_print")
def test_pressed_twice_it_is_one_submission_and_one_receipt(as_li, response, url) -> None:
    values = check_values(as_li, response)
    assert [as_li.post(f"{url}submit/", values).url for _press in range(2)] == [f"{url}receipt/"] * 2
    assert (Submission.objects.count(), Run.objects.count(), Notice.objects.count()) == (1, 1, 1)


@pytest.mark.usefixtures("fast_print")
def test_a_page_that_presses_by_itself_is_told_where_to_go_and_a_refusal_is_a_page(
    as_li, response, url
) -> None:
    reads = {"accept": "application/json"}
    first, second = check_values(as_li, response), check_values(as_li, response)
    unread = {**first, "content_hash": "0" * 64}
    assert as_li.post(f"{url}submit/", unread, headers=reads)["Content-Type"] == "text/html; charset=utf-8"
    assert as_li.post(f"{url}submit/", first, headers=reads).json() == {"next": f"{url}receipt/"}
    assert as_li.post(f"{url}submit/", second, headers=reads).json() == {"next": f"{url}receipt/"}
    assert "调查表已经提交，不能再改。" in as_li.get(f"{url}receipt/").content.decode()
    assert Submission.objects.count() == 1


@pytest.mark.usefixtures("fast_print")
def test_back_and_a_second_press_from_another_window_lead_to_the_receipt(as_li, response, url) -> None:
    first, second = check_values(as_li, response), check_values(as_li, response)
    as_li.post(f"{url}submit/", first)
    page = as_li.post(f"{url}submit/", second, follow=True)
    assert "调查表已经提交，不能再改。" in page.content.decode()
    assert Submission.objects.count() == 1


@pytest.mark.usefixtures("fast_print")
def test_the_same_key_with_other_content_is_409(as_li, response, url) -> None:
    values = check_values(as_li, response)
    as_li.post(f"{url}submit/", values)
    page = as_li.post(f"{url}submit/", {**values, "content_hash": "0" * 64})
    assert page.status_code == 409
    assert "您检查以后，内容又有改动。请再检查一次。" in page.content.decode()


def test_an_answer_changed_after_the_check_is_not_handed_in_unseen(as_li, li, response, url) -> None:
    values = check_values(as_li, response)
    write(response, li, "plan", "另一台设备上改了")
    page = as_li.post(f"{url}submit/", values)
    assert page.status_code == 409
    assert "您检查以后，内容又有改动。请再检查一次。" in page.content.decode()
    assert Submission.objects.count() == 0


def test_without_the_promise_nothing_is_handed_in(as_li, response, url) -> None:
    values = check_values(as_li, response)
    del values["agreed"]
    page = as_li.post(f"{url}submit/", values)
    assert page.status_code == 422
    assert "请勾选本单位对填报内容的真实性负责。" in page.content.decode()
    assert Submission.objects.count() == 0


def test_an_incomplete_form_goes_back_with_every_reason(as_li, li, response, url) -> None:
    values = check_values(as_li, response)
    write(response, li, "plan", "")
    assert as_li.post(f"{url}submit/", values).url == f"{url}?errors=1"
    told = as_li.post(f"{url}submit/", values, headers={"accept": "application/json"})
    assert told.json() == {"next": f"{url}?errors=1"}
    assert "国际安全社区认证和复评工作计划：还没有填写。" in as_li.get(f"{url}?errors=1").content.decode()


def test_a_prefilled_date_nobody_confirmed_is_not_handed_in(as_li, li, community, client) -> None:
    response = asked(community)
    for question, value in ANSWERS.items():
        if question != "first_certified":
            write(response, li, question, *(value if isinstance(value, list) else [str(value)]) or ["none"])
    page = as_li.get(f"/portal/responses/{response.reference}/check/").content.decode()
    assert "初次认证时间：请确认仍属实，或者修改。" in page


def test_text_is_handed_in_as_typed(as_li, li, response, url, fast_print) -> None:
    odd = '<script>alert(1)</script> =HYPERLINK("x") 🎉 𬭎 \uf92c 筼筜'
    write(response, li, "suggestions", odd)
    as_li.post(f"{url}submit/", check_values(as_li, response))
    assert Submission.objects.get().answers["suggestions"] == odd


# --- the true deadline ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fast_print")
@pytest.mark.parametrize(
    ("moment", "late"),
    [("2024-02-29 23:59:59", False), ("2024-03-01 00:00:00", True), ("2024-03-31 23:59:59", True)],
)
def test_the_leap_day_ends_in_shanghai_and_later_is_late(as_li, response, url, moment, late) -> None:
    with clock.frozen(moment):
        as_li.post(f"{url}submit/", check_values(as_li, response))
        page = as_li.get(f"{url}receipt/").content.decode()
    response.refresh_from_db()
    assert (response.stage, response.is_late, "逾期提交" in page) == (Stage.SUBMITTED, late, late)


@pytest.mark.usefixtures("fast_print")
def test_a_unit_with_a_longer_deadline_is_not_late(as_li, office, response, url) -> None:
    extend_deadline(invitation=response.invitation, due_on=clock.today().replace(month=3, day=10), by=office)
    with clock.frozen("2024-03-10 23:00"):
        as_li.post(f"{url}submit/", check_values(as_li, response))
    response.refresh_from_db()
    assert response.is_late is False


def test_after_closing_it_is_refused_with_a_sentence_and_the_draft_is_kept(as_li, response, url) -> None:
    values = check_values(as_li, response)
    with clock.frozen("2024-04-01 00:00"):
        page = as_li.post(f"{url}submit/", values)
    text = page.content.decode()
    assert page.status_code == 409
    assert "本次调查已经关闭。您填写的内容都还在，请与协会联系。" in text
    assert ANSWERS["plan"] in text
    response.refresh_from_db()
    assert response.stage == Stage.DRAFT
    assert selectors.values_of(selectors.answer_rows(response)) == ANSWERS


# --- receipt and print ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fast_print")
def test_the_receipt_shows_reference_version_time_and_the_way_on(as_li, response, url) -> None:
    as_li.post(f"{url}submit/", check_values(as_li, response))
    page = as_li.get(f"{url}receipt/").content.decode()
    for text in (
        response.reference,
        "第1版",
        "2024年2月21日 10:58",
        "签字",
        "盖章",
        "正在生成打印件。",
        "等盖章件",
        "协会审核",
    ):
        assert text in page


@pytest.mark.usefixtures("fast_print")
def test_the_form_leads_to_the_receipt_once_it_is_handed_in(as_li, response, url) -> None:
    as_li.post(f"{url}submit/", check_values(as_li, response))
    assert as_li.get(url).url == f"{url}receipt/"
    assert as_li.get(f"{url}check/").url == f"{url}receipt/"


def test_before_handing_in_there_is_no_receipt(as_li, response, url) -> None:
    assert as_li.get(f"{url}receipt/").url == url


def test_the_print_is_made_once_kept_and_handed_out(
    as_li, response, url, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_li.post(f"{url}submit/", check_values(as_li, response))
    submission = Submission.objects.select_related("print_file").get()
    assert submission.print_pages == 2
    answer = as_li.get(f"{url}print/1/")
    pdf = b"".join(answer.streaming_content)
    assert (answer["Content-Type"], pdf[:5]) == ("application/pdf", b"%PDF-")
    assert hashlib.sha256(pdf).hexdigest() == submission.print_file.sha256
    run = Run.objects.get()
    assert prints.make_print(run) is None
    assert Submission.objects.get().print_file_id == submission.print_file_id
    assert "下载打印件（PDF，2 页）" in as_li.get(f"{url}receipt/").content.decode()


def test_nobody_else_gets_the_print(client, zhao, as_li, response, url, fast_print) -> None:
    as_li.post(f"{url}submit/", check_values(as_li, response))
    client.force_login(zhao)
    assert client.get(f"{url}print/1/").status_code == 404


@pytest.mark.usefixtures("fast_print")
def test_a_print_that_is_not_there_yet_is_404_and_waited_for(as_li, response, url) -> None:
    as_li.post(f"{url}submit/", check_values(as_li, response))
    assert as_li.get(f"{url}print/1/").status_code == 404
    assert "正在生成打印件。" in as_li.get(f"{url}receipt/").content.decode()
    as_li.post(f"{url}print/1/again/")
    assert Run.objects.count() == 1


def lose(run: Run) -> None:
    run.delete()


def give_up(run: Run) -> None:
    Run.objects.update(state=RunState.FAILED, finished_at=clock.now())


@pytest.mark.usefixtures("fast_print")
@pytest.mark.parametrize("spoil", [lose, give_up])
def test_a_lost_print_is_asked_for_by_a_button_and_never_by_looking(as_li, response, url, spoil) -> None:
    as_li.post(f"{url}submit/", check_values(as_li, response))
    spoil(Run.objects.get())
    for page in ("receipt/", "print/1/state/"):
        assert "打印件未能生成" in as_li.get(f"{url}{page}").content.decode()
    assert Run.objects.filter(state=RunState.QUEUED).count() == 0
    for _press in range(2):
        assert as_li.post(f"{url}print/1/again/").url == f"{url}receipt/"
    assert Run.objects.filter(state=RunState.QUEUED).count() == 1


@pytest.mark.usefixtures("fast_print")
def test_an_odd_key_is_no_breakdown(as_li, response, url) -> None:
    sent = as_li.post(f"{url}submit/", {**check_values(as_li, response), "submission_key": "a\0b"})
    assert (sent.url, Submission.objects.get().submission_key) == (f"{url}receipt/", "ab")


@pytest.mark.usefixtures("fast_print")
@pytest.mark.parametrize("who", ["wang", "expert", "leadership"])
def test_the_print_shows_contact_persons_and_is_opened_by_who_may_see_them(
    request, client, as_li, response, url, who
) -> None:
    as_li.post(f"{url}submit/", check_values(as_li, response))
    assert as_li.get(f"{url}print/1/").status_code == 404  # not made yet
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"{url}print/1/").status_code == 403
    assert f"{url}check/" in client.get(f"{url}receipt/").content.decode()
    assert ANSWERS["plan"] in client.get(f"{url}check/").content.decode()
