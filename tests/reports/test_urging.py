"""催办: choose by state, see whom it touches, send once; whom no mail reaches stands on the phone list."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from audit.models import AuditEntry
from communities.models import Contact
from core import clock
from notices import emails
from notices import services as notices
from notices.models import Notice, RefusedAddress
from surveys.enums import Stage
from surveys.models import Invitation, Response, Round
from tests.factories import ContactFactory, ResponseFactory, RoundFactory

pytestmark = pytest.mark.django_db
MOMENT = "2024-02-20 10:00"


@pytest.fixture
def survey_round() -> Round:
    return RoundFactory()


def unit(survey_round: Round, stage: Stage = Stage.NOT_STARTED, email: str = "", **fields: Any) -> Response:
    response = ResponseFactory(round=survey_round, stage=stage, **fields)
    ContactFactory(community=response.community, email=email, mobile="13812349689")
    return response


def page(client: Client, survey_round: Round, query: str = "") -> str:
    with clock.frozen(MOMENT):
        return client.get(f"/admin/rounds/{survey_round.code}/urge/{query}").content.decode()


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', text)
    assert found
    return found[1]


def press(
    client: Client, survey_round: Round, shown: str, query: str = "", button: str = "send", **typed: str
):
    values = {
        "subject": "请{community}尽快完成",
        "text": "{round}：{missing}，截止{deadline}。\n{link}",
        "batch": hidden(shown, "batch"),
        "seen": hidden(shown, "seen"),
        button: "1",
    }
    with clock.frozen(MOMENT):
        address = f"/admin/rounds/{survey_round.code}/urge/{query}"
        return client.post(address, values | typed, follow=True).content.decode()


def deliver() -> None:
    with clock.frozen(MOMENT):
        notices.deliver_waiting(send=emails.send)


def test_the_page_says_whom_it_touches_and_who_has_no_mailbox(client, office, survey_round):
    for number in range(3):
        unit(survey_round, email=f"a{number}@example.org")
    unit(survey_round, Stage.DRAFT, "b@example.org")
    unit(survey_round, Stage.ACCEPTED, "c@example.org")
    unit(survey_round, email="")
    client.force_login(office)
    shown = page(client, survey_round)
    for part in ("将向 4 个单位发送邮件", "未填 3、草稿 1", "1 个单位没有邮箱，请电话联系", "138****9689"):
        assert part in shown
    assert "13812349689" not in shown
    assert Notice.objects.count() == 0


def test_states_narrow_whom_it_touches(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    unit(survey_round, Stage.DRAFT, "b@example.org")
    client.force_login(office)
    assert "将向 1 个单位发送邮件" in page(client, survey_round, "?state=draft")
    assert "将向 1 个单位发送邮件" in page(client, survey_round, "?column=draft")
    assert "将向 0 个单位发送邮件" in page(client, survey_round, "?state=awaiting_copy")


def test_one_press_writes_one_mail_to_each_mailbox(client, office, survey_round):
    response = unit(survey_round, email="a@example.org", community__name_zh="筼筜街道")
    unit(survey_round, Stage.DRAFT, "b@example.org")
    client.force_login(office)
    assert "已向 2 个单位发出催办。" in press(client, survey_round, page(client, survey_round))
    deliver()
    assert [message.to[0] for message in mail.outbox] == ["a@example.org", "b@example.org"]
    assert mail.outbox[0].subject == "请筼筜街道尽快完成"
    body = f"{response.round.title_zh}：待填写，截止2024年2月29日。\nhttp://127.0.0.1:8000/join/"
    assert body in mail.outbox[0].body
    assert "您好" in mail.outbox[0].body
    entry = AuditEntry.objects.get(action="round.urge")
    assert (entry.actor_id, entry.changes["units"], entry.changes["mails"]) == (office.pk, 2, 2)


def test_a_second_press_of_the_same_page_sends_nothing(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    client.force_login(office)
    shown = page(client, survey_round)
    press(client, survey_round, shown)
    assert "本次催办已经发出。" in press(client, survey_round, shown)
    assert Notice.objects.count() == 1


def test_a_new_page_is_a_new_batch_and_tells_the_last_one(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    client.force_login(office)
    press(client, survey_round, page(client, survey_round))
    deliver()
    again = page(client, survey_round)
    assert "2024年2月20日 10:00" in again
    press(client, survey_round, again)
    assert Notice.objects.count() == 2


def test_who_came_after_the_page_was_shown_is_said(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    client.force_login(office)
    shown = page(client, survey_round)
    unit(survey_round, email="b@example.org")
    assert "与页面显示的单位不同，请重新查看。" in press(client, survey_round, shown)
    assert Notice.objects.count() == 0


def test_the_letter_goes_along_where_its_code_still_works(client, office, survey_round):
    for address, used_at in (("a@example.org", None), ("b@example.org", clock.now())):
        response = unit(survey_round, email=address)
        Invitation.objects.filter(pk=response.invitation_id).update(used_at=used_at)
    client.force_login(office)
    press(client, survey_round, page(client, survey_round), with_letter="on")
    deliver()
    assert [len(message.attachments) for message in mail.outbox] == [1, 0]
    assert mail.outbox[0].attachments[0][0].endswith("邀请函.pdf")
    assert AuditEntry.objects.get(action="round.urge").changes["letters"] == 1
    assert AuditEntry.objects.filter(action="invitation.mail_letter").count() == 1


def test_who_completes_before_the_mail_leaves_gets_nothing(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    client.force_login(office)
    press(client, survey_round, page(client, survey_round))
    Response.objects.update(stage=Stage.UPLOADED, first_submitted_at=clock.now())
    deliver()
    assert (mail.outbox, Notice.objects.get().state) == ([], "dropped")


def test_a_test_mail_goes_to_oneself_and_counts_for_nothing(client, office, survey_round):
    unit(survey_round, email="a@example.org", community__name_zh="筼筜街道")
    client.force_login(office)
    press(client, survey_round, page(client, survey_round), button="test")
    deliver()
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([office.email], "【测试】请筼筜街道尽快完成")
    ]
    assert "最近催办" in page(client, survey_round)
    assert "2024年2月20日 10:00" not in page(client, survey_round)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "请看 {password}"}, "以下内容无法填入：{password}"),
        ({"text": ""}, "这个字段是必填项。"),
        ({"batch": "x"}, "请重新打开本页。"),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused(client, office, survey_round, typed, sentence):
    unit(survey_round, email="a@example.org")
    client.force_login(office)
    assert sentence in press(client, survey_round, page(client, survey_round), **typed)
    assert Notice.objects.count() == 0


def test_braces_in_a_name_are_not_filled_in_again(client, office, survey_round):
    unit(survey_round, email="a@example.org", community__name_zh="{link}街道")
    client.force_login(office)
    press(client, survey_round, page(client, survey_round))
    deliver()
    assert mail.outbox[0].subject == "请{link}街道尽快完成"


def test_a_round_that_is_closed_is_not_urged(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    client.force_login(office)
    shown = page(client, survey_round)
    Round.objects.update(stage="closed")
    press(client, survey_round, shown)
    assert Notice.objects.count() == 0


def test_leadership_looks_and_does_not_send(client, leadership, office, survey_round):
    unit(survey_round, email="a@example.org")
    client.force_login(office)
    shown = page(client, survey_round)
    client.force_login(leadership)
    assert 'name="send"' not in page(client, survey_round)
    with clock.frozen(MOMENT):
        values = {"subject": "x", "text": "x", "batch": hidden(shown, "batch"), "seen": hidden(shown, "seen")}
        assert client.post(f"/admin/rounds/{survey_round.code}/urge/", values).status_code == 403


# --- the phone list -------------------------------------------------------------------------------------------


def phone_list(client: Client, survey_round: Round, **typed: str) -> Any:
    with clock.frozen(MOMENT):
        return client.post(f"/admin/rounds/{survey_round.code}/phones/", typed)


def rows(answer: Any) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return list(sheet.iter_rows(min_row=2, values_only=True))


def test_the_phone_list_masks_numbers(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    unit(survey_round, email="", community__name_zh="筼筜街道")
    client.force_login(office)
    (row,) = rows(phone_list(client, survey_round, masked="1"))
    assert (row[3], row[7], row[11], row[13]) == ("筼筜街道", "没有邮箱", "李**", "138****9689")
    assert AuditEntry.objects.count() == 0


def test_whole_numbers_are_read_by_permission_and_recorded(client, office, leadership, survey_round):
    unit(survey_round, email="")
    client.force_login(leadership)
    assert phone_list(client, survey_round, unmasked="1").status_code == 403
    client.force_login(office)
    (row,) = rows(phone_list(client, survey_round, unmasked="1"))
    assert row[13] == "13812349689"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.changes) == ("contact.export", office.pk, {"units": 1})


def test_a_refused_mailbox_puts_the_unit_on_the_phone_list(client, office, survey_round):
    unit(survey_round, email="A@example.org")
    RefusedAddress.objects.create(address="a@example.org")
    client.force_login(office)
    (row,) = rows(phone_list(client, survey_round, masked="1"))
    assert row[7] == "邮箱被拒收"


def test_the_whole_choice_can_be_telephoned(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    unit(survey_round, email="")
    client.force_login(office)
    assert len(rows(phone_list(client, survey_round, masked="1", scope="all"))) == 2


def test_a_name_that_looks_like_a_formula_stays_text(client, office, survey_round):
    response = unit(survey_round, email="")
    Contact.objects.filter(community=response.community).update(name="=1+1")
    client.force_login(office)
    answer = phone_list(client, survey_round, unmasked="1")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert (sheet.cell(2, 12).value, sheet.cell(2, 12).data_type) == ("=1+1", "s")


def test_the_page_asks_as_often_for_many_as_for_one(client, office, survey_round):
    client.force_login(office)

    def asked() -> int:
        page(client, survey_round)  # counts what was changed
        with CaptureQueriesContext(connection) as queries:
            page(client, survey_round)
        return len(queries)

    unit(survey_round, email="a@example.org")
    unit(survey_round, email="")
    few = asked()
    for number in range(20):
        unit(survey_round, email=f"m{number}@example.org")
        unit(survey_round, email="")
    assert asked() == few


def test_an_urging_can_lie_as_drafts_until_it_is_released(client, office, survey_round):
    unit(survey_round, email="a@example.org")
    client.force_login(office)
    said = press(client, survey_round, page(client, survey_round), button="hold")
    assert "发给 1 个单位的邮件已存为待核对，请在发件箱中放行。" in said
    deliver()
    assert (mail.outbox, Notice.objects.get().state) == ([], "held")
    notices.release(notice=Notice.objects.get(), by=office)
    deliver()
    assert len(mail.outbox) == 1
