"""仍属实 for every kind of question, for a whole section at once, and what is kept and shown of it."""

import copy
import datetime as dt

import pytest

from core import clock
from surveys.enums import Origin
from surveys.models import Answer, Response
from surveys.questionnaires import Kind
from surveys.selectors import responses as selectors
from surveys.selectors.origins import confirmation, origin_note
from tests.factories import (
    ANNEX_2,
    QuestionnaireEditionFactory,
    ResponseFactory,
    RoundFactory,
    SubmissionFactory,
    staff_user,
)
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import asked, autosave, fill_in, named, seen, write

NOTE = origin_note("last_round", "2024年调查", "2024-02-20")
# kind: what was said last time, what the page sends for something else, and how that is kept
OF_EACH_KIND = {
    Kind.TEXT: ("天竺镇", ["后沙峪镇"], "后沙峪镇"),
    Kind.LONG_TEXT: ("第一行\n第二行", ["别的"], "别的"),
    Kind.YEAR: (2027, ["2028"], 2028),
    Kind.PARTIAL_DATE: ("2020-05", ["2020年6月"], "2020-06"),
    Kind.PARTIAL_DATES: (["2015", "2020-05"], ["none", "", ""], []),
    Kind.PHONE: ("010-64000000转8", ["010-64000001"], "010-64000001"),
    Kind.MOBILE: ("13800000000", ["13900000000"], "13900000000"),
    Kind.EMAIL: ("a@example.org", ["b@example.org"], "b@example.org"),
    Kind.ADDRESS: ("府前街1号", ["府前街2号"], "府前街2号"),
    Kind.CHOICE: ("a", ["b"], "b"),
    Kind.CHOICES: (["a", "b"], ["b"], ["b"]),
    Kind.YES_NO: (True, ["no"], False),
}


def every_kind() -> dict:
    definition = copy.deepcopy(ANNEX_2) | {"code": "every-kind"}
    choices = [{"code": code, "label_zh": f"选项{code}"} for code in "ab"]
    questions = [
        {
            "id": kind.value,
            "concept": f"test.{kind}",
            "kind": kind.value,
            "label_zh": f"问{kind}",
            "rules": {"min": 2000, "max": 2040} if kind == Kind.YEAR else {},
            **({"choices": choices} if kind in {Kind.CHOICE, Kind.CHOICES} else {}),
        }
        for kind in Kind
    ]
    definition["sections"] = [{"id": "all", "title_zh": "全部", "questions": questions}]
    return definition


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2026-02-21 10:32"):
        yield


@pytest.fixture
def response(community) -> Response:
    """A form of every kind of question, each with what was said last time."""
    survey_round = RoundFactory(
        code="2026",
        edition=QuestionnaireEditionFactory(code="every-kind", definition=every_kind()),
        opens_on=dt.date(2026, 1, 10),
        deadline_on=dt.date(2026, 2, 28),
        closes_on=dt.date(2026, 3, 31),
    )
    response = ResponseFactory(community=named(community), asked_round=survey_round)
    Answer.objects.bulk_create(
        Answer(
            response=response,
            question=kind,
            value=value,
            origin=Origin.LAST_ROUND,
            origin_note=NOTE,
            confirmed=False,
        )
        for kind, (value, _sent, _kept) in OF_EACH_KIND.items()
    )
    return response


@pytest.fixture
def url(response) -> str:
    return f"/portal/responses/{response.reference}/"


@pytest.fixture
def as_li(client, li):
    client.force_login(li)
    return client


def sheet_of(client, url: str) -> dict[str, list[str]]:
    """What a browser without scripts would send back untouched."""
    data: dict[str, list[str]] = {}
    for field in client.get(url).context["sheet"].fields:
        if not field.is_kept:
            data[f"seen-{field.question.id}"] = [field.token]
            data[field.question.id] = list(field.raw)
    return data


@pytest.mark.parametrize("kind", Kind)
def test_the_page_shows_the_answer_its_source_and_two_choices(as_li, url, kind) -> None:
    page = as_li.get(url).content.decode()
    assert f'name="prefill-{kind}" value="keep"' in page
    assert page.count("来源：2024年调查，2024年2月20日提交") == len(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_still_holds_confirms_without_a_change(as_li, li, response, kind) -> None:
    assert autosave(as_li, response, kind, keep="1").status_code == 200
    row = response.answers.get(question=kind)
    assert (row.value, row.origin, row.confirmed, row.updated_by) == (
        OF_EACH_KIND[kind][0],
        Origin.LAST_ROUND,
        True,
        li,
    )


@pytest.mark.parametrize("kind", Kind)
def test_a_change_is_the_units_own(as_li, response, kind) -> None:
    _last, sent, kept = OF_EACH_KIND[kind]
    assert autosave(as_li, response, kind, *sent).status_code == 200
    row = response.answers.get(question=kind)
    assert (row.value, row.origin, row.origin_note, row.confirmed) == (kept, Origin.TYPED, "", True)


def test_a_section_is_confirmed_by_one_press(as_li, response, url) -> None:
    answer = as_li.post(url, sheet_of(as_li, url) | {"confirm": "all"})
    assert answer.url == f"{url}#s-all"
    assert "已确认 12 项仍属实。" in as_li.get(url).content.decode()
    assert selectors.unconfirmed(selectors.answer_rows(response)) == frozenset()
    assert {row.question: row.value for row in response.answers.all()} == {
        kind: value for kind, (value, _sent, _kept) in OF_EACH_KIND.items()
    }


def test_what_was_changed_on_the_page_is_saved_and_not_confirmed_over(as_li, response, url) -> None:
    sheet = sheet_of(as_li, url)
    as_li.post(url, sheet | {"confirm": "all", "text": ["后沙峪镇"], "prefill-choice": ["change"]})
    rows = selectors.answer_rows(response)
    assert (rows["text"].value, rows["text"].origin) == ("后沙峪镇", Origin.TYPED)
    assert selectors.unconfirmed(rows) == frozenset({"choice"})


def test_the_button_of_another_section_confirms_nothing(as_li, response, url) -> None:
    as_li.post(url, sheet_of(as_li, url) | {"confirm": "nowhere"})
    assert len(selectors.unconfirmed(selectors.answer_rows(response))) == 12


def test_what_a_colleague_changed_meanwhile_is_not_confirmed_over(as_li, li, response, url) -> None:
    sheet = sheet_of(as_li, url)
    write(response, li, "text", "同事写的")
    as_li.post(url, sheet | {"confirm": "all"})
    row = response.answers.get(question="text")
    assert (row.value, row.origin) == ("同事写的", Origin.TYPED)


def test_the_button_stands_only_where_several_answers_wait(as_li, response, url) -> None:
    assert "本节 12 项全部仍属实" in as_li.get(url).content.decode()
    response.answers.exclude(question="text").update(confirmed=True)
    assert 'name="confirm"' not in as_li.get(url).content.decode()


def test_enter_in_a_box_saves_and_confirms_nothing(as_li, url) -> None:
    """A browser presses the first button of the form."""
    page = as_li.get(url).content.decode()
    first = page[page.index('<form class="form"') :].split("<button", 2)[1]
    assert 'name="' not in first.partition(">")[0]


def test_an_unconfirmed_answer_does_not_count_as_filled_in(as_li, response) -> None:
    told = autosave(as_li, response, "text", keep="1").json()
    assert (told["done"], told["total"], len(told["missing"])) == (1, 12, 11)


def test_who_confirmed_and_when_is_said_before_handing_in(as_li, li, response, url) -> None:
    write(response, li, "text", keep=True)
    page = as_li.get(f"{url}check/").content.decode()
    assert page.count("与上次一致，李已于2026年2月21日确认") == 1
    assert page.count("沿用以前的内容，尚未确认") == 11


def test_the_desk_says_which_answers_are_the_same_as_last_time(client, office, li, response) -> None:
    for kind in (Kind.TEXT, Kind.EMAIL):
        write(response, li, kind, keep=True)
    write(response, li, Kind.EMAIL, "b@example.org")
    write(response, li, Kind.ADDRESS, keep=True)
    answers = {row.question: row.value for row in response.answers.all()} | {Kind.ADDRESS: "别处"}
    SubmissionFactory(response=response, answers=answers)
    Response.objects.filter(pk=response.pk).update(stage="uploaded", first_submitted_at=clock.now())
    client.force_login(office)
    page = client.get(f"/admin/review/{response.reference}/").content.decode()
    assert page.count("与上次一致，李已于2026年2月21日确认") == 1
    assert "有 1 项与上次一致，单位已确认。" in page


def test_who_sees_no_names_reads_only_that_it_was_confirmed(client, wang, li, response, url) -> None:
    write(response, li, Kind.TEXT, keep=True)
    client.force_login(wang)
    page = client.get(f"{url}check/").content.decode()
    assert "与上次一致，已于2026年2月21日确认" in page
    assert "李已于" not in page


def test_only_what_came_from_before_is_called_the_same(response, li) -> None:
    rows = selectors.answer_rows(response)
    rows["text"].origin, rows["text"].confirmed, rows["text"].updated_by = Origin.REGISTER, True, li
    rows["email"].origin = Origin.TYPED
    assert confirmation(rows["text"]) == "与名录一致，李已于2026年2月21日确认"
    assert (confirmation(rows["email"]), confirmation(None)) == ("", "")


# --- the first time the form was open -----------------------------------------------------------------------


def opened_at(response: Response) -> dt.datetime | None:
    response.refresh_from_db()
    return response.first_opened_at


def test_looking_at_the_form_says_nothing_and_its_script_says_it_once(as_li, response, url) -> None:
    assert f'data-opened="{url}opened/"' in as_li.get(url).content.decode()
    assert opened_at(response) is None
    assert as_li.post(f"{url}opened/").status_code == 204
    first = opened_at(response)
    with clock.frozen("2026-02-22"):
        as_li.post(f"{url}opened/")
    assert opened_at(response) == first == dt.datetime(2026, 2, 21, 10, 32, tzinfo=clock.ZONE)
    assert "data-opened" not in as_li.get(url).content.decode()


def test_without_scripts_the_first_answer_says_it(as_li, response, url) -> None:
    as_li.post(url, sheet_of(as_li, url) | {"text": ["天竺镇"]})
    assert opened_at(response) is None
    as_li.post(url, sheet_of(as_li, url) | {"text": ["后沙峪镇"]})
    assert opened_at(response) == clock.now()


def test_the_association_looking_in_is_not_the_unit(client, response, url) -> None:
    administrator = staff_user("administrator")
    client.force_login(administrator)
    client.post(f"{url}opened/")
    write(response, administrator, "text", "代填")
    assert opened_at(response) is None


def test_who_may_not_fill_in_does_not_open_the_form(client, wang, zhao, response, url) -> None:
    for user, status in ((wang, 403), (zhao, 404)):
        client.force_login(user)
        assert client.post(f"{url}opened/").status_code == status
    assert opened_at(response) is None


# --- progress -----------------------------------------------------------------------------------------------


def test_an_answer_that_will_not_be_taken_does_not_count_as_filled_in(as_li, li, community) -> None:
    with clock.frozen("2024-02-21"):
        response = fill_in(asked(community), li)
        full = autosave(as_li, response, "leader_mobile", ANSWERS["leader_mobile"]).json()
        short = autosave(as_li, response, "leader_mobile", "1380000000").json()
        future = autosave(as_li, response, "recertified", "some", "2024-12").json()
    assert (full["done"], short["done"], future["done"]) == (17, 16, 15)
    assert [question["id"] for question in future["missing"]] == ["recertified", "leader_mobile"]


def test_what_could_not_be_stored_does_not_count_although_an_older_answer_stands(
    as_li, li, community
) -> None:
    with clock.frozen("2024-02-21"):
        response = fill_in(asked(community), li)
        url = f"/portal/responses/{response.reference}/"
        page = as_li.post(
            url, {"seen-first_certified": [seen(response, "first_certified")], "first_certified": ["前年"]}
        )
    assert (page.status_code, page.context["sheet"].progress.done) == (422, 16)


# --- a planned year -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("opens", "first"), [(2024, 2024), (2026, 2026)])
def test_no_year_before_the_round_is_offered_as_a_plan(as_li, li, community, opens, first) -> None:
    with clock.frozen(f"{opens}-02-01"):
        response = asked(
            community,
            opens_on=dt.date(opens, 1, 14), deadline_on=dt.date(opens, 2, 28), closes_on=dt.date(opens, 3, 31),
        )  # fmt: skip
        sheet = as_li.get(f"/portal/responses/{response.reference}/").context["sheet"]
        years = next(field.years for field in sheet.fields if field.question.id == "planned_year")
    assert (years[0], years[-1]) == (first, 2040)


def test_a_year_that_has_passed_is_remarked_and_refused_to_nobody(as_li, li, community) -> None:
    with clock.frozen("2026-02-01"):
        response = asked(
            community,
            opens_on=dt.date(2026, 1, 14), deadline_on=dt.date(2026, 2, 28), closes_on=dt.date(2026, 3, 31),
        )  # fmt: skip
        told = autosave(as_li, fill_in(response, li), "planned_year", "2025").json()
    assert told["advice"] == ["本次是2026年的调查，2025年已经过去，请看看计划是否要改。"]
    assert (told["done"], told["missing"]) == (17, [])
