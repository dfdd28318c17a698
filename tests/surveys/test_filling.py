"""The form page, autosave of each answer, two devices, a lost connection, returned work."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from surveys.answers import Entry
from surveys.enums import Origin, RoundStage, Stage
from surveys.models import Answer, Response
from surveys.selectors import responses as selectors
from surveys.services import responses as services
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import asked, autosave, fill_in, raw_answers, real_queries, seen, write


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-21 10:32"):
        yield


@pytest.fixture
def response(community) -> Response:
    return asked(community)


@pytest.fixture
def url(response) -> str:
    return f"/portal/responses/{response.reference}/"


@pytest.fixture
def as_li(client, li):
    client.force_login(li)
    return client


def stored(response: Response) -> dict:
    return selectors.values_of(selectors.answer_rows(response))


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "check/", "receipt/"])
def test_a_liaison_of_another_community_gets_404(client, zhao, response, url, path) -> None:
    client.force_login(zhao)
    assert client.get(url + path).status_code == 404
    assert client.post(url).status_code == 404


def test_who_may_look_but_not_fill_in_gets_403_for_writing(client, wang, response, url) -> None:
    client.force_login(wang)
    assert client.get(url).url == f"{url}check/"
    assert client.post(url).status_code == 403
    assert autosave(client, response, "plan", "不").status_code == 403


@pytest.mark.parametrize("who", ["wang", "expert", "leadership"])
def test_who_may_not_see_contacts_reads_the_answers_with_masked_persons(
    request, client, li, response, url, who
) -> None:
    fill_in(response, li)
    client.force_login(request.getfixturevalue(who))
    page = client.get(url, follow=True).content.decode()
    assert ANSWERS["plan"] in page
    assert "138****0000" in page
    assert [
        ANSWERS[name] for name in ("leader_mobile", "contact_phone", "email") if ANSWERS[name] in page
    ] == []
    assert "本单位对填报内容的真实性负责" not in page


def test_a_stranger_and_nobody_at_all(client, stranger, response, url) -> None:
    assert client.get(url).url == f"/login/?next={url}"
    client.force_login(stranger)
    assert client.get(url).status_code == 404


def test_a_lost_session_is_told_to_the_script_and_nothing_is_stored(client, response) -> None:
    answer = autosave(client, response, "plan", "计划")
    assert (answer.status_code, answer.json()["sentence"]) == (401, "请重新登录，填写的内容不会丢。")
    assert "plan" not in stored(response)


# --- the page -----------------------------------------------------------------------------------------------


def test_every_question_of_the_edition_is_on_the_page(as_li, response, url) -> None:
    page = as_li.get(url).content.decode()
    assert [name for name in ANSWERS if f'id="q-{name}"' not in page] == []


def test_a_prefilled_answer_shows_its_origin_and_two_choices(as_li, response, url) -> None:
    page = as_li.get(url).content.decode()
    assert "来源：附件1 名单第118行，命名序号 362" in page
    assert 'name="prefill-first_certified" value="keep"' in page
    assert 'href="?change=community_name#q-community_name"' in page
    assert 'name="community_name"' not in page
    assert 'name="community_name"' in as_li.get(url + "?change=community_name").content.decode()


def test_opening_the_page_writes_nothing(as_li, response, url) -> None:
    before = list(Answer.objects.values())
    as_li.get(url)
    response.refresh_from_db()
    assert (response.stage, list(Answer.objects.values())) == (Stage.NOT_STARTED, before)


def test_hostile_text_is_shown_as_text(as_li, li, response, url) -> None:
    write(response, li, "work_now", "<script>alert(1)</script>")
    page = as_li.get(url).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_asks_few_questions_of_the_database(
    as_li, li, response, url, django_assert_max_num_queries
) -> None:
    fill_in(response, li)
    with django_assert_max_num_queries(8):
        as_li.get(url)


def test_the_english_page_has_english_labels(as_li, response, url) -> None:
    as_li.cookies["django_language"] = "en"
    page = as_li.get(url, headers={"accept-language": "en"}).content.decode()
    assert "First designated" in page


# --- autosave -----------------------------------------------------------------------------------------------


def test_the_first_answer_begins_the_work(as_li, li, response) -> None:
    answer = autosave(as_li, response, "plan", "2025年申请复评。")
    told = answer.json()
    response.refresh_from_db()
    row = response.answers.get(question="plan")
    assert (answer.status_code, told["saved_at"], told["token"]) == (200, "10:32", selectors.token(row))
    assert (response.stage, row.value, row.updated_by, row.origin) == (
        Stage.DRAFT,
        "2025年申请复评。",
        li,
        Origin.TYPED,
    )
    assert response.stage_changes.get().move == "start"


def test_progress_comes_with_every_answer(as_li, response) -> None:
    told = autosave(as_li, response, "plan", "2025年申请复评。").json()
    assert (told["done"], told["total"], told["sections"]["plan"]) == (
        2,
        16,
        {"done": 1, "total": 2, "ring": "draft"},
    )
    assert "plan" not in [question["id"] for question in told["missing"]]


def test_autosave_asks_few_questions_of_the_database(as_li, response) -> None:
    autosave(as_li, response, "plan", "一")
    data = {"question": "plan", "value": "二", "seen": seen(response, "plan")}
    with CaptureQueriesContext(connection) as queries:
        as_li.post(f"/portal/responses/{response.reference}/answers/", data)
    assert real_queries(queries) <= 5
    assert stored(response)["plan"] == "二"


def test_an_answer_overtaken_while_its_lock_was_waited_for_is_not_overwritten(response, li) -> None:
    """Both devices have read the same rows; the second to get the lock still holds the old ones."""
    write(response, li, "plan", "一")
    first, second = services._open_page(response, li), services._open_page(response, li)
    question, token = first.question("plan"), seen(response, "plan")
    first.store(question, Entry(["二"], token))
    with pytest.raises(services.Conflict) as conflict:
        second.store(question, Entry(["三"], token))
    assert (conflict.value.row.value, stored(response)["plan"]) == ("二", "二")


def test_a_first_answer_that_another_device_wrote_meanwhile_is_not_overwritten(response, li) -> None:
    write(response, li, "work_now", "一")
    first, second = services._open_page(response, li), services._open_page(response, li)
    first.store(first.question("plan"), Entry(["一"], ""))
    with pytest.raises(services.Conflict):
        second.store(second.question("plan"), Entry(["二"], ""))
    assert stored(response)["plan"] == "一"


def test_a_token_that_was_tampered_with_counts_as_having_seen_nothing(as_li, response) -> None:
    autosave(as_li, response, "plan", "一")
    assert autosave(as_li, response, "plan", "二", seen="9" * 5000).status_code == 409
    assert stored(response)["plan"] == "一"


def test_an_odd_value_is_kept_and_the_rule_is_said_beside_it(as_li, response) -> None:
    told = autosave(as_li, response, "leader_mobile", "１３８ ００００ ０００").json()
    assert told["advice"] == ["应为 11 位数字，现在是 10 位。"]
    assert stored(response)["leader_mobile"] == "1380000000"


def test_what_cannot_be_stored_is_refused_with_a_sentence_and_leaves_the_old(as_li, response) -> None:
    autosave(as_li, response, "first_certified", "2015")
    answer = autosave(as_li, response, "first_certified", "前年")
    assert answer.status_code == 422
    assert answer.json()["sentence"] == "请写成 2020、2020年5月 或 2020年5月1日，现在是“前年”。"
    assert stored(response)["first_certified"] == "2015"


def test_a_question_that_does_not_exist_is_refused(as_li, response) -> None:
    assert autosave(as_li, response, "password", "x").json()["sentence"] == "没有这个问题。"


def test_the_same_answer_sent_again_after_a_lost_connection_does_no_harm(as_li, response) -> None:
    """The reply got lost: the page still holds the old token and sends the same once more."""
    token = seen(response, "plan")
    first = autosave(as_li, response, "plan", "计划", seen=token).json()
    again = autosave(as_li, response, "plan", "计划", seen=token)
    assert (again.status_code, again.json()["token"]) == (200, first["token"])
    assert response.answers.get(question="plan").revision == 1


def test_a_second_device_is_told_and_never_overwrites(as_li, li, response) -> None:
    token = seen(response, "plan")
    autosave(as_li, response, "plan", "手机上写的", seen=token)
    answer = autosave(as_li, response, "plan", "电脑上写的", seen=token)
    theirs = answer.json()["theirs"]
    assert answer.status_code == 409
    assert answer.json()["sentence"] == "另一台设备刚刚填过这一项。请选用其中一种。"
    assert (theirs["text"], theirs["raw"], theirs["who"], theirs["at"]) == (
        "手机上写的",
        ["手机上写的"],
        "李",
        "10:32",
    )
    assert stored(response)["plan"] == "手机上写的"
    assert autosave(as_li, response, "plan", "电脑上写的", seen=theirs["token"]).status_code == 200
    assert stored(response)["plan"] == "电脑上写的"


def test_two_devices_on_two_questions_do_not_disturb_each_other(as_li, response) -> None:
    tokens = {name: seen(response, name) for name in ("plan", "work_now")}
    for name, token in tokens.items():
        assert autosave(as_li, response, name, "文字", seen=token).status_code == 200


def test_an_emptied_answer_is_unanswered_and_still_has_its_revision(as_li, response) -> None:
    autosave(as_li, response, "plan", "计划")
    autosave(as_li, response, "plan", "")
    assert ("plan" in stored(response), response.answers.get(question="plan").revision) == (False, 2)


def test_still_holds_is_saved_by_itself(as_li, response) -> None:
    autosave(as_li, response, "first_certified", keep="1")
    row = response.answers.get(question="first_certified")
    assert (row.value, row.confirmed, row.origin) == ("2015", True, Origin.REGISTER)


def test_a_closed_round_refuses_with_a_sentence_and_keeps_the_draft(as_li, response, url) -> None:
    autosave(as_li, response, "plan", "计划")
    with clock.frozen("2024-04-01 00:00"):
        answer = autosave(as_li, response, "plan", "太晚")
        assert answer.status_code == 422
        assert answer.json()["sentence"] == "本次调查已经关闭。您填写的内容都还在，请与协会联系。"
        page = as_li.get(url, follow=True).content.decode()
    assert stored(response)["plan"] == "计划"
    assert "本次调查已经关闭。您填写的内容都还在，请与协会联系。" in page
    assert "计划" in page


def test_a_revoked_invitation_refuses_with_a_sentence(as_li, response) -> None:
    response.invitation.__class__.objects.update(revoked_at=clock.now())
    assert autosave(as_li, response, "plan", "计划").json()["sentence"] == "本单位的邀请已经撤销。"


def test_a_round_closed_by_hand_refuses_too(as_li, response) -> None:
    response.round.__class__.objects.update(stage=RoundStage.CLOSED)
    assert autosave(as_li, response, "plan", "计划").json()["codes"] == ["round_closed"]


# --- without scripts ----------------------------------------------------------------------------------------


def whole_page(client, url: str) -> dict[str, list[str]]:
    """What a browser without scripts would send back untouched."""
    sheet = client.get(url).context["sheet"]
    data = {}
    for field in sheet.fields:
        if not field.is_kept:
            data[f"seen-{field.question.id}"] = [field.token]
            data[field.question.id] = list(field.raw)
    return data


def test_the_button_saves_the_whole_page(as_li, response, url) -> None:
    data = whole_page(as_li, url) | raw_answers()
    assert as_li.post(url, data).url == url
    assert stored(response) == {**ANSWERS, "community_name": "福建省厦门市筼筜街道"}


def test_a_page_sent_untouched_changes_nothing(as_li, response, url) -> None:
    before = list(Answer.objects.order_by("pk").values())
    as_li.post(url, whole_page(as_li, url))
    response.refresh_from_db()
    assert (list(Answer.objects.order_by("pk").values()), response.stage) == (before, Stage.NOT_STARTED)


def test_a_prefilled_answer_is_confirmed_by_its_radio(as_li, response, url) -> None:
    as_li.post(url, whole_page(as_li, url) | {"prefill-first_certified": "keep"})
    assert response.answers.get(question="first_certified").confirmed is True


def test_what_cannot_be_stored_stays_in_its_field_and_the_rest_is_saved(as_li, response, url) -> None:
    data = whole_page(as_li, url) | {"plan": ["计划"], "recertified": ["some", "去年"]}
    page = as_li.post(url, data)
    text = page.content.decode()
    assert page.status_code == 422
    assert stored(response)["plan"] == "计划"
    assert 'value="去年"' in text
    assert "复评时间：请写成 2020、2020年5月 或 2020年5月1日，现在是“去年”。" in text


def test_without_scripts_two_devices_show_both_and_the_reader_picks(as_li, response, url) -> None:
    page = whole_page(as_li, url)
    autosave(as_li, response, "plan", "手机上写的")
    clash = as_li.post(url, page | {"plan": ["电脑上写的"]})
    text = clash.content.decode()
    assert (clash.status_code, "手机上写的" in text, "电脑上写的" in text) == (409, True, True)
    assert stored(response)["plan"] == "手机上写的"
    theirs = next(field for field in clash.context["sheet"].fields if field.conflict).theirs
    picked = page | {"plan": ["电脑上写的"], "theirs-plan": theirs, "pick-plan": "mine"}
    assert as_li.post(url, picked).status_code == 302
    assert stored(response)["plan"] == "电脑上写的"


def test_an_older_page_does_not_undo_what_another_device_wrote(as_li, response, url) -> None:
    page = whole_page(as_li, url)
    autosave(as_li, response, "plan", "手机上写的")
    as_li.post(url, page | {"work_now": ["电脑上写的"]})
    assert (stored(response)["plan"], stored(response)["work_now"]) == ("手机上写的", "电脑上写的")


def test_check_and_submit_leads_to_the_missing_questions(as_li, response, url) -> None:
    sent = as_li.post(url, whole_page(as_li, url) | {"leader_mobile": ["1380000000"], "then": "check"})
    assert sent.url == f"{url}?errors=1"
    text = as_li.get(sent.url).content.decode()
    assert "工作负责人　手机：应为 11 位数字，现在是 10 位。" in text
    assert "初次认证时间：请确认仍属实，或者修改。" in text
    assert 'href="#q-plan"' in text


def test_a_complete_form_leads_to_the_check_page(as_li, li, response, url) -> None:
    fill_in(response, li)
    assert as_li.post(url, whole_page(as_li, url) | {"then": "check"}).url == f"{url}check/"
