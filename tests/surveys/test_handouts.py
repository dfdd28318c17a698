"""A section handed to another office: the link, and what came back. Nothing counts before it is taken over."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client

from audit.models import AuditEntry
from communities.enums import MembershipState
from core import clock
from core.clock import ZONE
from notices.emails import send
from notices.models import Notice
from notices.services import deliver_waiting
from surveys.enums import Origin, Stage
from surveys.models import Answer, Response, SectionHandout
from surveys.selectors import responses as selectors
from surveys.services import handouts as services
from tests.factories import MembershipFactory, SectionHandoutFactory, UserFactory
from tests.surveys.handed_out import WORK, answer, back_again, fill, path_of, take, url
from tests.surveys.rounds import asked, write
from tests.surveys.scenes import awaiting_review


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
def liaison(client, li):
    client.force_login(li)
    return client


@pytest.fixture
def outside() -> Client:
    """Whoever got the link: no account, no cookies worth anything."""
    return Client(enforce_csrf_checks=True)


# --- the link -----------------------------------------------------------------------------------------------


def test_a_liaison_makes_a_link_for_a_section_and_sees_how_to_send_it_on(liaison, response) -> None:
    assert url("handout_new", response, "work") in liaison.get(url("response", response)).content.decode()
    page = liaison.post(url("handout_new", response, "work"), {"sent_to": " 派出所 王警官 "}, follow=True)
    made = SectionHandout.objects.get()
    text = page.content.decode()
    assert (made.section, made.sent_to) == ("work", "派出所 王警官")
    assert made.expires_at == dt.datetime(2024, 3, 6, 10, 32, tzinfo=ZONE)
    assert services.link_of(made) in text
    assert "尚未打开" in text
    assert 'aria-label="二维码：打开此栏目供对方填写"' in text


def test_nothing_secret_is_stored(handout) -> None:
    assert path_of(handout).split("-")[-1].strip("/") not in str(SectionHandout.objects.values().get())


@pytest.mark.parametrize("sent_to", ["", "   "])
def test_a_link_is_made_for_somebody(liaison, response, sent_to) -> None:
    page = liaison.post(url("handout_new", response, "work"), {"sent_to": sent_to})
    assert (page.status_code, SectionHandout.objects.count()) == (422, 0)
    assert "这个字段是必填项。" in page.content.decode()


def test_a_section_that_does_not_exist_is_not_handed_out(liaison, response) -> None:
    assert liaison.post(url("handout_new", response, "nothing"), {"sent_to": "某"}).status_code == 404


def test_after_submitting_nothing_is_handed_out(liaison, response) -> None:
    Response.objects.update(stage=Stage.SUBMITTED, first_submitted_at=clock.now())
    page = liaison.post(url("handout_new", response, "work"), {"sent_to": "派出所"})
    assert page.status_code == 422
    assert "调查表已经提交，不能再改。" in page.content.decode()
    assert "handouts/new" not in liaison.get(url("handouts", response)).content.decode()


@pytest.mark.parametrize("name", ["handouts", "handout_new", "handout"])
@pytest.mark.parametrize(
    ("who", "status"), [("zhao", 404), ("stranger", 404), ("wang", 403), ("expert", 403)]
)
def test_the_hand_outs_of_a_unit_are_its_own_business(client, request, handout, name, who, status) -> None:
    more = {"handouts": (), "handout_new": ("work",), "handout": (handout.pk,)}[name]
    client.force_login(request.getfixturevalue(who))
    assert client.get(url(name, handout.response, *more)).status_code == status


@pytest.mark.parametrize("name", ["accept", "revoke", "again", "reopen"])
def test_a_hand_out_of_another_unit_cannot_be_reached_through_ones_own(
    liaison, response, elsewhere, name
) -> None:
    foreign = SectionHandoutFactory(response__community=elsewhere)
    assert liaison.post(url(f"handout_{name}", response, foreign.pk)).status_code == 404
    assert liaison.get(url("handout", response, foreign.pk)).status_code == 404


def test_a_link_called_back_opens_nothing(liaison, outside, handout) -> None:
    page = liaison.post(url("handout_revoke", handout.response, handout.pk), follow=True).content.decode()
    assert "已收回" in page
    assert services.link_of(handout) not in page
    answer = outside.get(path_of(handout))
    assert (answer.status_code, "此链接已被收回" in answer.content.decode()) == (410, True)


def test_a_new_link_ends_the_old_one_and_keeps_what_was_saved(liaison, outside, handout) -> None:
    fill(outside, handout, back=False, work_now=WORK)
    liaison.post(url("handout_again", handout.response, handout.pk))
    fresh = SectionHandout.objects.latest("pk")
    assert (fresh.sent_to, fresh.answers, fresh.pk > handout.pk) == ("派出所", {"work_now": WORK}, True)
    assert outside.get(path_of(handout)).status_code == 410
    assert WORK in outside.get(path_of(fresh)).content.decode()


# --- what came back -----------------------------------------------------------------------------------------


def test_what_came_back_stands_beside_what_is_there(liaison, outside, response, handout, li) -> None:
    write(response, li, "work_now", "原来写的内容")
    back_again(handout, outside)
    assert "王警官已交回“工作情况”" in liaison.get(url("response", response)).content.decode()
    page = liaison.get(url("handout", response, handout.pk)).content.decode()
    assert "原来写的内容" in page
    assert WORK in page


@pytest.mark.parametrize("before", [None, "原来写的内容"])
def test_what_is_taken_over_is_written_with_where_it_came_from(
    liaison, outside, response, handout, li, before
) -> None:
    if before:
        write(response, li, "work_now", before)
    back_again(handout, outside)
    page = take(liaison, handout).content.decode()
    assert "已采用 1 项。" in page
    row = answer(response, "work_now")
    assert (row.value, row.origin, row.confirmed, row.updated_by) == (WORK, Origin.SECTION, True, li)
    handout.refresh_from_db()
    assert (handout.accepted_at, handout.accepted_by) == (clock.now(), li)
    said = "派出所 王警官 填写，2024年2月21日"
    assert said in liaison.get(url("response", response)).content.decode()
    assert said in liaison.get(url("check", response)).content.decode()


def test_an_answer_typed_over_is_ones_own_again(liaison, outside, response, handout, li) -> None:
    take(liaison, back_again(handout, outside))
    write(response, li, "work_now", "自己改写")
    row = answer(response, "work_now")
    assert (row.origin, row.origin_note) == (Origin.TYPED, "")


@pytest.mark.parametrize(
    ("sent_to", "filled_by", "said"),
    [
        ("派出所", "王警官", "派出所 王警官"),
        ("派出所 王警官", "王警官", "派出所 王警官"),
        ("派出所", "派出所王警官", "派出所王警官"),
        ("甲" * 60, "乙" * 60, "甲" * 60 + " " + "乙" * 59),
    ],
)
def test_nobody_is_named_twice(sent_to, filled_by, said) -> None:
    handed = SectionHandout(sent_to=sent_to, filled_by=filled_by, filled_at=clock.now())
    note = services.note_of(handed)
    assert note == f"@section|{said}|2024-02-21"
    assert len(note) <= Answer._meta.get_field("origin_note").max_length


def test_single_answers_are_taken_over_and_the_others_later(liaison, outside, response, li) -> None:
    handed = services.hand_out(response=response, section="leader", sent_to="街道办", by=li)
    back_again(handed, outside, leader_name="林主任", leader_phone="0592-5882306")
    take(liaison, handed, "leader_phone")
    assert (answer(response, "leader_phone").value, answer(response, "leader_name")) == ("0592-5882306", None)
    take(liaison, handed, "leader_name")
    assert answer(response, "leader_name").value == "林主任"


def test_an_answer_changed_meanwhile_is_shown_and_not_overwritten(
    liaison, outside, response, handout, li
) -> None:
    write(response, li, "work_now", "第一稿")
    back_again(handout, outside)
    seen = selectors.token(answer(response, "work_now"))
    write(response, li, "work_now", "同事刚改的第二稿")
    sent = {"take-work_now": "1", "seen-work_now": seen}
    page = liaison.post(url("handout_accept", response, handout.pk), sent)
    assert page.status_code == 409
    assert "同事刚改的第二稿" in page.content.decode()
    assert "比对期间已有修改" in page.content.decode()
    handout.refresh_from_db()
    assert (answer(response, "work_now").value, handout.accepted_at) == ("同事刚改的第二稿", None)
    take(liaison, handout)
    assert answer(response, "work_now").value == WORK


def test_taking_over_twice_is_harmless(liaison, outside, response, handout) -> None:
    back_again(handout, outside)
    seen = selectors.token(None)
    for _press in range(2):
        liaison.post(
            url("handout_accept", response, handout.pk), {"take-work_now": "1", "seen-work_now": seen}
        )
    assert (answer(response, "work_now").value, answer(response, "work_now").revision) == (WORK, 1)


@pytest.mark.parametrize("sent", [{}, {"take-plan": "1"}, {"take-": "1"}])
def test_only_what_came_back_can_be_taken_over(liaison, outside, response, handout, sent) -> None:
    back_again(handout, outside)
    page = liaison.post(url("handout_accept", response, handout.pk), sent, follow=True)
    assert "请至少选择一项。" in page.content.decode()
    assert answer(response, "plan") is None


def test_what_came_back_the_same_is_settled_by_a_look(liaison, outside, response, handout, li) -> None:
    write(response, li, "work_now", WORK)
    back_again(handout, outside)
    page = liaison.post(url("handout_accept", response, handout.pk), follow=True).content.decode()
    handout.refresh_from_db()
    assert (handout.accepted_by, "不需要修改。" in page) == (li, True)
    assert answer(response, "work_now").origin == Origin.TYPED


def test_nothing_is_taken_over_before_it_is_handed_back(liaison, outside, response, handout) -> None:
    fill(outside, handout, back=False, work_now=WORK)
    sent = {"take-work_now": "1", "seen-work_now": selectors.token(None)}
    page = liaison.post(url("handout_accept", response, handout.pk), sent, follow=True)
    assert "此栏目还没有交回。" in page.content.decode()
    assert answer(response, "work_now") is None


def test_after_submitting_nothing_is_taken_over(liaison, outside, response, handout) -> None:
    back_again(handout, outside)
    Response.objects.update(stage=Stage.SUBMITTED, first_submitted_at=clock.now())
    sent = {"take-work_now": "1", "seen-work_now": selectors.token(None)}
    page = liaison.post(url("handout_accept", response, handout.pk), sent, follow=True).content.decode()
    assert "调查表已经提交，不能再改。" in page
    assert "采用勾选的" not in page
    assert answer(response, "work_now") is None


def test_a_section_handed_back_may_be_opened_again(liaison, outside, response, handout) -> None:
    back_again(handout, outside)
    with clock.frozen("2024-03-20"):
        liaison.post(url("handout_reopen", response, handout.pk))
        fill(outside, handout, work_now="补充了三月的数据。")
        handout.refresh_from_db()
        assert (handout.answers, handout.filled_at) == ({"work_now": "补充了三月的数据。"}, clock.now())


def test_what_came_back_may_be_left_unused(liaison, outside, response, handout) -> None:
    back_again(handout, outside)
    liaison.post(url("handout_revoke", response, handout.pk))
    page = take(liaison, handout, "work_now")
    assert answer(response, "work_now") is None
    assert "已采用或已收回" in page.content.decode()


@pytest.mark.parametrize("name", ["revoke", "again", "reopen"])
def test_what_was_taken_over_is_settled(liaison, outside, response, handout, name) -> None:
    take(liaison, back_again(handout, outside))
    page = liaison.post(url(f"handout_{name}", response, handout.pk), follow=True)
    assert "已采用或已收回" in page.content.decode()
    assert answer(response, "work_now").value == WORK


# --- who is told, and what is kept --------------------------------------------------------------------------


def test_the_mail_goes_to_whoever_handed_it_out_and_names_nobody(
    outside, response, handout, li, community
) -> None:
    MembershipFactory(community=community)
    back_again(handout, outside)
    notice = Notice.objects.mails().get(kind="section_filled")
    assert notice.recipient == li
    deliver_waiting(send=send)
    letter = mail.outbox[0]
    assert "筼筜街道的“工作情况”栏目已交回" in letter.subject
    assert url("handout", response, handout.pk) in letter.body
    assert [word for word in ("王警官", "派出所", WORK) if word in letter.body + letter.subject] == []


def test_when_that_person_has_left_all_who_fill_in_are_told(outside, handout, li, community) -> None:
    li.memberships.update(state=MembershipState.ENDED, ended_on="2024-02-20")
    other = UserFactory()
    MembershipFactory(user=other, community=community)
    back_again(handout, outside)
    assert Notice.objects.mails().get(kind="section_filled").recipient == other


def test_no_mail_leaves_once_somebody_has_looked_after_it(liaison, outside, handout) -> None:
    take(liaison, back_again(handout, outside))
    deliver_waiting(send=send)
    assert (mail.outbox, Notice.objects.mails().get().state) == ([], "dropped")


def test_the_trail_tells_every_step_and_veils_the_names(liaison, outside, response, handout) -> None:
    back_again(handout, outside)
    liaison.post(url("handout_reopen", response, handout.pk))
    with clock.frozen("2024-02-22"):
        take(liaison, back_again(handout, outside, work_now="第二次填写的内容"))
    entries = AuditEntry.objects.filter(action__startswith="handout.").order_by("pk")
    assert [entry.action.partition(".")[2] for entry in entries] == [
        "create",
        "hand_back",
        "open_again",
        "hand_back",
        "accept",
    ]
    assert entries.last().changes == {"section": "work", "questions": ["work_now"]}
    assert entries[1].actor_id is None
    assert [word for word in ("王警官", "派出所", WORK) if word in str(list(entries.values()))] == []


# --- the desk of the association ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "said"), [("office", "派出所 王警官 填写，2024年2月21日"), ("leadership", "由分发的栏目填写")]
)
def test_the_desk_says_who_else_filled_an_answer_in(client, request, community, li, who, said) -> None:
    response = awaiting_review(community, answers={"work_now": WORK, "plan": "自己写的"})
    note = services.note_of(SectionHandout(sent_to="派出所", filled_by="王警官", filled_at=clock.now()))
    for question, value in (("work_now", WORK), ("plan", "后来改过的")):
        response.answers.create(question=question, value=value, origin=Origin.SECTION, origin_note=note)
    client.force_login(request.getfixturevalue(who))
    page = client.get(f"/admin/review/{response.reference}/")
    shown = [row.said_by for section in page.context["desk"].sections for row in section.rows if row.said_by]
    assert shown == [said]
    assert ("王警官" in page.content.decode()) == (who == "office")
