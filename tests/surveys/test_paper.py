"""An Annex 2 that came by post or e-mail is typed in by staff and counts like any other."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from documents import services as documents
from documents.models import Run
from surveys.enums import Arrival
from surveys.models import Answer, CopyPage, Submission
from surveys.services import paper as services
from surveys.services.paper import Paper, enter_paper, state_seen
from tests.factories import ResponseFactory, SubmissionFactory
from tests.surveys.test_uploads import small_jpeg

TYPED = {"leader_name": ["王明华"], "leader_mobile": ["13812349689"], "work_now": ["整治老旧小区坡道 12 处"]}


@pytest.fixture(autouse=True)
def in_march():
    with clock.frozen("2024-03-10 09:00"):
        yield


@pytest.fixture
def response(community):
    return ResponseFactory(community=community)


def scan(name="来件.jpg", content=None):
    return SimpleUploadedFile(name, small_jpeg() if content is None else content)


def paper(**changes):
    given = {
        "arrival": Arrival.POST,
        "received_on": dt.date(2024, 2, 27),
        "answers": TYPED,
        "scans": [scan()],
    }
    return Paper(**{**given, **changes})


def enter(response, by, **changes):
    return enter_paper(response=response, paper=paper(**changes), seen=state_seen(response), by=by)


def test_a_paper_waits_for_review_with_what_it_says_and_its_scan(response, office):
    submission = enter(response, office)
    assert (response.stage, response.arrival, response.version) == ("uploaded", "post", 1)
    assert submission.answers == {
        "leader_name": "王明华",
        "leader_mobile": "13812349689",
        "work_now": "整治老旧小区坡道 12 处",
    }
    copy = submission.sealed_copies.get()
    assert (copy.sent_at, copy.files.count()) == (clock.now(), 1)
    answer = Answer.objects.get(response=response, question="leader_name")
    assert (answer.origin, answer.updated_by, answer.confirmed) == ("staff", office, True)
    assert answer.origin_note == "邮寄纸质件，2024年2月27日收到"


@pytest.mark.parametrize(("received", "late"), [("2024-02-29", False), ("2024-03-01", True)])
def test_the_day_of_receipt_decides_whether_it_is_late(received, late, response, office):
    enter(response, office, received_on=dt.date.fromisoformat(received))
    assert response.is_late is late
    assert clock.local(response.first_submitted_at).date().isoformat() == received


def test_entering_is_recorded_once_with_how_it_came(response, office):
    enter(response, office, arrival=Arrival.EMAIL)
    entry = AuditEntry.objects.get(action="response.enter_paper")
    assert (entry.actor_id, entry.reason) == (office.pk, "电子邮件，2024年2月27日收到")


@pytest.mark.parametrize(
    "stage", ["not_started", "draft", "to_check", "submitted", "returned", "copy_returned"]
)
def test_a_paper_stands_in_for_whatever_the_unit_has_not_finished(stage, community, office):
    response = ResponseFactory(community=community, stage=stage)
    if response.first_submitted_at:
        SubmissionFactory(response=response)
    before = response.first_submitted_at
    submission = enter(response, office)
    assert submission.version == (2 if before else 1)
    if before:
        assert response.first_submitted_at == before


def test_the_pages_of_a_paper_are_looked_at_by_people_and_not_by_codes(response, office):
    submission = enter(response, office)
    run = Run.objects.get(handler="surveys.read_copy")
    documents.perform(run.pk)
    page = CopyPage.objects.get(file__sealed_copy__submission=submission)
    assert (page.match, page.settled_by) == ("attachment", "staff")


def test_what_the_paper_does_not_say_is_cleared_and_what_it_repeats_keeps_its_history(response, office, li):
    Answer.objects.create(response=response, question="leader_name", value="王明华", updated_by=li)
    Answer.objects.create(response=response, question="suggestions", value="多办培训")
    enter(response, office)
    answers = {row.question: row for row in response.answers.all()}
    assert (answers["leader_name"].origin, answers["leader_name"].updated_by) == ("typed", li)
    assert answers["suggestions"].value is None


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"scans": []}, "scans", "请添加纸质件的扫描件或照片。"),
        ({"received_on": dt.date(2024, 3, 11)}, "received_on", "收到日期晚于今天。"),
        ({"answers": {"planned_year": ["后年"]}}, "planned_year", None),
        ({"scans": [scan("空.pdf", b"")]}, "scans", "空.pdf：文件是空的。"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_place_and_nothing_is_kept(
    changes, field, sentence, response, office
):
    with pytest.raises(Refused) as refused:
        enter(response, office, **changes)
    assert [reason.field for reason in refused.value.reasons] == [field]
    if sentence:
        assert str(refused.value) == sentence
    response.refresh_from_db()
    assert (response.stage, Submission.objects.count(), response.answers.count()) == ("not_started", 0, 0)


def test_nobody_enters_a_paper_over_what_changed_meanwhile(response, office):
    seen = state_seen(response)
    enter(response, office)
    for _again in range(2):
        with pytest.raises(Refused):
            enter_paper(response=response, paper=paper(), seen=seen, by=office)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "expert", "stranger", "leadership"])
def test_only_who_reviews_enters_papers(who, response, request):
    with pytest.raises(PermissionDenied):
        enter(response, request.getfixturevalue(who))


# --- the page ----------------------------------------------------------------------------------------------


def address(response):
    return reverse("surveys:paper_entry", args=[response.reference])


def form_of(response, **changes):
    given = {"arrival": "post", "received_on": "2024-02-27", "seen": state_seen(response), "scans": scan()}
    return {**given, **TYPED, **changes}


def test_the_page_enters_a_paper_and_opens_the_desk(client, response, office):
    client.force_login(office)
    answer = client.post(address(response), form_of(response))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("surveys:review", args=[response.reference])
    assert client.get(answer["Location"]).status_code == 200


def test_what_was_typed_stays_when_something_is_refused(client, response, office):
    client.force_login(office)
    answer = client.post(address(response), form_of(response, planned_year="后年"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "整治老旧小区坡道 12 处" in page
    assert "只有文件需要重新选择" in page
    assert services.state_seen(response) in page


def test_a_missing_day_and_a_missing_scan_are_said_at_once(client, response, office):
    client.force_login(office)
    answer = client.post(address(response), form_of(response, received_on="", scans=""))
    assert set(answer.context["form"].errors) == {"received_on", "scans"}


def test_the_unit_reads_that_its_paper_arrived(client, response, office, li):
    enter(response, office)
    client.force_login(li)
    page = client.get(reverse("surveys:receipt", args=[response.reference])).content.decode()
    assert "收到纸质件" in page
    assert "打印件没有生成" not in page
