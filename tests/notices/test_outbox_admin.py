"""The outgoing mail as staff see it."""

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from core.clock import now
from core.errors import Refused
from notices import services
from notices.enums import Kind, NoticeState
from notices.models import Notice, RefusedAddress
from tests.factories import UserFactory
from tests.notices.test_outbox import CONTEXT
from tests.queries import queries_of

LIST = reverse("admin:notices_notice_changelist")


def notice(state: str = NoticeState.HELD, **more: str) -> Notice:
    row = services.queue(
        kind=Kind.RESPONSE_RETURNED,
        subject="surveys.response:7",
        recipient=UserFactory(),
        context=CONTEXT | more,
    )
    Notice.objects.filter(pk=row.pk).update(state=state, sent_at=now() if state == "sent" else None)
    row.refresh_from_db()
    return row


def act(client, action: str, row: Notice):
    return client.post(LIST, {"action": action, "_selected_action": [row.pk]}, follow=True)


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("release_held", NoticeState.HELD, NoticeState.WAITING),
        ("retry_failed", NoticeState.GIVEN_UP, NoticeState.WAITING),
        ("drop_unsent", NoticeState.HELD, NoticeState.DROPPED),
        ("drop_unsent", NoticeState.GIVEN_UP, NoticeState.DROPPED),
    ],
)
def test_an_action_moves_the_notice_and_is_told_once(client, office, action, before, after):
    row = notice(before)
    client.force_login(office)
    act(client, action, row)
    row.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (row.state, entry.changes, entry.actor_id) == (after, {"state": [before, after]}, office.pk)


@pytest.mark.parametrize("action", ["release_held", "retry_failed", "drop_unsent"])
def test_what_was_sent_stays_sent(client, office, action):
    row = notice(NoticeState.SENT)
    client.force_login(office)
    assert "邮件当前状态不允许此操作" in act(client, action, row).content.decode()
    row.refresh_from_db()
    assert (row.state, AuditEntry.objects.count()) == ("sent", 0)


def test_a_mail_that_is_just_leaving_is_left_alone(office):
    row = notice(NoticeState.WAITING)
    services.claim()
    with pytest.raises(Refused) as refused:
        services.drop(notice=row, by=office)
    assert refused.value.codes == ["leased"]


def test_a_retried_notice_has_all_its_attempts_again(office):
    row = notice(NoticeState.GIVEN_UP)
    Notice.objects.filter(pk=row.pk).update(attempts=5)
    services.retry(notice=row, by=office)
    assert Notice.objects.claimable().get().attempts == 0


def test_the_preview_shows_the_mail_as_text(client, office):
    row = notice(note="<b>请修改</b>")
    client.force_login(office)
    page = client.get(reverse("admin:notices_notice_change", args=[row.pk])).content.decode()
    assert "2024年调查：筼筜街道的填报内容需要修改" in page
    assert "&lt;b&gt;请修改&lt;/b&gt;" in page


def test_the_preview_hides_a_one_time_link(client, office):
    user = UserFactory()
    row = services.queue(kind=Kind.PASSWORD_RESET, subject=user, recipient=user)
    client.force_login(office)
    page = client.get(reverse("admin:notices_notice_change", args=[row.pk])).content.decode()
    assert "https://…" in page
    assert "/password/set/" not in page


def test_nothing_can_be_typed_into_a_notice(client, office):
    row = notice()
    client.force_login(office)
    change = reverse("admin:notices_notice_change", args=[row.pk])
    assert client.post(change, {"state": "sent"}).status_code == 403
    assert client.get(reverse("admin:notices_notice_add")).status_code == 403


def test_leadership_has_no_outbox(client, leadership):
    client.force_login(leadership)
    assert client.get(LIST).status_code == 403


def test_the_list_asks_as_often_for_fifty_as_for_one(client, office):
    client.force_login(office)
    counts = [queries_of(client, LIST, notice, count) for count in (1, 49)]
    assert counts[0] == counts[1] <= 10


def test_the_desk_says_that_mails_were_given_up(client, office):
    notice(NoticeState.GIVEN_UP)
    client.force_login(office)
    page = client.get(reverse("admin:index")).content.decode()
    assert "1 封邮件一整天都未能发出，请查看最后一次错误后重试。" in page


def test_staff_say_that_an_address_works_again(client, office):
    refused = RefusedAddress.objects.create(address="lin@example.org", answer="550 5.1.1")
    client.force_login(office)
    listed = reverse("admin:notices_refusedaddress_changelist")
    client.post(listed, {"action": "address_works", "_selected_action": [refused.pk]})
    entry = AuditEntry.objects.get()
    assert (RefusedAddress.objects.count(), entry.action) == (0, "notice.address_works")
    assert (entry.actor_id, "lin@" in str(entry.changes)) == (office.pk, False)
