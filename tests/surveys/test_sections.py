"""One section by link, for an office without an account: what it shows, keeps and refuses."""

import pytest
from django.core.cache import cache
from django.test import Client

from core import clock
from surveys import tokens
from surveys.enums import Stage
from surveys.models import Response, SectionHandout
from surveys.services import handouts as services
from surveys.tokens import Purpose
from tests.surveys.handed_out import WORK, answer, back_again, fill, path_of, tokens_on
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import asked, fill_in


@pytest.fixture(autouse=True)
def march():
    with clock.frozen("2024-02-21 10:32"):
        yield


@pytest.fixture
def response(community) -> Response:
    return asked(community)


@pytest.fixture
def handout(response, li) -> SectionHandout:
    return services.hand_out(response=response, section="work", sent_to="派出所", by=li)


@pytest.fixture
def outside() -> Client:
    """Whoever got the link: no account, no cookies worth anything."""
    return Client(enforce_csrf_checks=True)


# --- the page by link ---------------------------------------------------------------------------------------


def test_the_page_by_link_shows_one_section_and_nothing_else_of_the_unit(
    outside, response, handout, li
) -> None:
    fill_in(response, li)
    page = outside.get(path_of(handout)).content.decode()
    assert "筼筜街道" in page
    assert [
        field for field in outside.get(path_of(handout)).context["fields"] if field.question.id != "work_now"
    ] == []
    texts = [value for value in ANSWERS.values() if isinstance(value, str) and len(value) > 4]
    assert [text for text in texts if text in page] == []
    assert [
        word for word in (response.reference, "派出所", li.email, "/portal/", "/login/") if word in page
    ] == []


def test_what_is_ticked_or_dated_is_shown_and_what_may_name_somebody_is_not(outside, response, li) -> None:
    fill_in(response, li)
    shown = {}
    for section in ("community", "contact", "supplement"):
        handed = services.hand_out(response=response, section=section, sent_to="某", by=li)
        fields = outside.get(path_of(handed)).context["fields"]
        shown |= {field.question.id: field.raw for field in fields if field.raw}
    assert shown == {
        "first_certified": ["2020"],
        "recertified": ["none"],
        "intends": ["applies"],
        "planned_year": ["2025"],
        "needs": ["training", "exchange"],
    }


def test_the_page_goes_into_no_cache_no_index_and_tells_nobody_where_it_is(outside, handout) -> None:
    answer = outside.get(path_of(handout))
    assert "no-store" in answer["Cache-Control"]
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")


def test_a_mere_request_is_no_opening_but_the_pages_script_tells(outside, handout) -> None:
    outside.get(path_of(handout))
    handout.refresh_from_db()
    assert handout.opened_at is None
    assert outside.post(f"{path_of(handout)}opened/").status_code == 204
    handout.refresh_from_db()
    assert handout.opened_at == clock.now()


def test_what_is_saved_is_there_by_the_same_link_and_counts_nowhere(outside, response, handout) -> None:
    page = fill(outside, handout, back=False, name="", work_now=WORK).content.decode()
    assert "已保存。可以关闭页面" in page
    assert WORK in outside.get(path_of(handout)).content.decode()
    assert answer(response, "work_now") is None


def test_handing_back_closes_the_page_and_thanks(outside, response, handout) -> None:
    page = fill(outside, handout, work_now=WORK)
    assert (page.status_code, "已交回，谢谢" in page.content.decode()) == (200, True)
    handout.refresh_from_db()
    assert (handout.filled_by, handout.answers) == ("王警官", {"work_now": WORK})
    assert answer(response, "work_now") is None
    again = outside.post(path_of(handout), {"seen-work_now": "0.x", "work_now": "改了"})
    assert "已交回，谢谢" in again.content.decode()
    handout.refresh_from_db()
    assert handout.answers == {"work_now": WORK}


def test_who_hands_back_says_who_they_are_and_has_written_something(outside, handout) -> None:
    page = fill(outside, handout, name=" ").content.decode()
    assert "请填写您的单位和姓名。" in page
    assert "还没有填写任何内容。" in page
    handout.refresh_from_db()
    assert handout.filled_at is None


def test_a_fault_keeps_a_section_from_coming_back_and_gaps_do_not(outside, response, li) -> None:
    handed = services.hand_out(response=response, section="contact", sent_to="医院", by=li)
    page = fill(outside, handed, contact_mobile="1380000", contact_name="孙护士")
    assert page.status_code == 422
    assert "应为 11 位数字，现在是 7 位" in page.content.decode()
    assert "1380000" in page.content.decode()
    back_again(handed, outside, contact_mobile="138 0000 0009", contact_name="孙护士")
    assert handed.answers == {"contact_name": "孙护士", "contact_mobile": "13800000009"}


def test_what_cannot_be_stored_stays_in_its_box_and_the_rest_is_kept(outside, response, li) -> None:
    handed = services.hand_out(response=response, section="community", sent_to="档案室", by=li)
    page = fill(outside, handed, back=False, first_certified="去年", community_name="筼筜街道")
    assert page.status_code == 422
    assert "去年" in page.content.decode()
    handed.refresh_from_db()
    assert handed.answers == {"community_name": "筼筜街道"}


def test_two_people_with_one_link_do_not_overwrite_each_other_unseen(outside, handout) -> None:
    seen = tokens_on(outside.get(path_of(handout)))
    fill(Client(), handout, back=False, work_now="先来的人写的")
    page = outside.post(path_of(handout), {**seen, "work_now": WORK})
    assert page.status_code == 422
    assert "有人刚刚通过同一链接填写了此项" in page.content.decode()
    assert WORK in page.content.decode()
    handout.refresh_from_db()
    assert handout.answers == {"work_now": "先来的人写的"}
    outside.post(path_of(handout), {**tokens_on(page), "work_now": WORK})
    handout.refresh_from_db()
    assert handout.answers == {"work_now": WORK}


@pytest.mark.parametrize(
    ("moment", "status"), [("2024-03-06 10:31", 200), ("2024-03-06 10:32", 410), ("2025-01-01 00:00", 410)]
)
def test_a_link_lasts_a_fortnight(outside, handout, moment, status) -> None:
    with clock.frozen(moment):
        assert outside.get(path_of(handout)).status_code == status
        assert outside.post(path_of(handout), {"filled_by": "某"}).status_code in {status, 302}


@pytest.mark.parametrize(
    "change",
    [
        {"stage": Stage.SUBMITTED, "first_submitted_at": "2024-02-20T10:58+08:00"},
        {"stage": Stage.VOID},
    ],
)
def test_when_the_form_can_no_longer_be_written_the_section_cannot_either(outside, handout, change) -> None:
    Response.objects.update(**change)
    assert outside.get(path_of(handout)).status_code == 410
    assert outside.post(path_of(handout), {"seen-work_now": "0.x", "work_now": WORK}).status_code == 410
    handout.refresh_from_db()
    assert handout.answers == {}


def test_after_a_return_only_what_has_a_remark_is_asked(outside, response, li) -> None:
    handed = services.hand_out(response=response, section="plan", sent_to="规划科", by=li)
    Response.objects.update(stage=Stage.RETURNED, first_submitted_at=clock.now())
    assert outside.get(path_of(handed)).status_code == 410


def test_a_wrong_link_opens_nothing_and_guessing_is_stopped(handout) -> None:
    guesser = Client(REMOTE_ADDR="192.0.2.9")
    path = path_of(handout)
    foreign = tokens.make(Purpose.PRINT, handout.pk)
    for wrong in (
        path[:-2] + ("G" if path[-2] != "G" else "H") + "/",
        f"/s/{foreign}/",
        "/s/none/",
        "/s/1-/",
    ):
        cache.clear()
        assert guesser.get(wrong).status_code == guesser.post(wrong, {}).status_code == 404
        assert guesser.post(f"{wrong}opened/").status_code == 404
    for _attempt in range(10):
        guesser.get("/s/none/")
    assert guesser.get(path).status_code == 429
    assert guesser.post("/s//", {}).status_code == 404


def test_the_number_of_another_hand_out_does_not_fit_the_signature(outside, handout, response, li) -> None:
    other = services.hand_out(response=response, section="leader", sent_to="某", by=li)
    number, signature = tokens.make(Purpose.SECTION, other.pk).split("-")[0], path_of(handout).split("-")[-1]
    assert outside.get(f"/s/{number}-{signature}").status_code == 404
