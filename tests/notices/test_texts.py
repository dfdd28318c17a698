"""Words of the office's own: of a kind of mail, and of one held mail."""

import pytest
from django.urls import reverse

from accounts.services import passwords
from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from notices import emails, kinds, services
from notices.enums import Kind, NoticeState
from notices.models import MailText, Notice
from tests.factories import CommunityFactory, UserFactory
from tests.notices.test_outbox import CONTEXT

PAGE = reverse("notices:text", args=["response_accepted", "zh-hans"])
WORDS = {"subject": "{community}：审核通过", "text": "{round}的材料已通过。\n\n详见 {link}"}


def written(kind: str = Kind.RESPONSE_ACCEPTED, **more) -> Notice:
    recipient = UserFactory(email="lin@example.org", name="林")
    values = {"subject": "surveys.response:7", "recipient": recipient, "context": CONTEXT}
    return services.queue(kind=kind, **(values | more))


def keep(office, **changes) -> MailText:
    values = {"kind": Kind.RESPONSE_ACCEPTED, "language": "zh-hans", **WORDS}
    return services.keep_words(by=office, **(values | changes))


def test_own_words_stand_between_greeting_and_signature(office):
    keep(office)
    mail = emails.render(written())
    assert mail.subject == "筼筜街道：审核通过"
    body = "2024年调查的材料已通过。\n\n详见 http://127.0.0.1:8000/portal/responses/AQ24-0420-7KHM/"
    assert f"林，您好：\n\n{body}\n\n中国职业安全健康协会" in mail.text
    assert '<a href="http://127.0.0.1:8000/portal/responses/AQ24-0420-7KHM/"' in mail.page


def test_words_of_one_language_leave_the_other_alone(office):
    keep(office)
    assert emails.render(written(language="en")).subject == (
        "2024年调查: the papers of 筼筜街道 have been accepted"
    )


def test_markup_in_own_words_or_values_stays_text(office):
    keep(office, text="<b>{community}</b> {link}")
    mail = emails.render(written(context=CONTEXT | {"community": "<script>甲</script>"}))
    assert "<b><script>甲</script></b>" in mail.text
    assert "<script>" not in mail.page
    assert "<b>" not in mail.page


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_shipped_words_can_be_taken_as_a_beginning(db, office, kind, language):
    """Kept as they are offered, they make the same mail but for its conditions."""
    words = emails.shipped_words(kind, language)
    found = set(emails.PLACEHOLDER.findall(words.subject + words.text))
    assert found <= set(kinds.PLACEHOLDERS[kind])
    assert "您好" not in words.text
    services.keep_words(kind=kind, language=language, subject=words.subject, text=words.text, by=office)
    assert "{" not in emails.preview(written(kind, language=language)).text


def test_the_page_previews_with_real_data_and_counts_what_waits(client, office):
    written()
    client.force_login(office)
    answer = client.post(PAGE, {**WORDS, "look": "1"})
    page = answer.content.decode()
    for part in (
        "筼筜街道：审核通过",
        "有 1 封等待中或待核对的邮件将使用此文本。",
        "采用最近一封同类邮件的数据",
    ):
        assert part in page
    assert MailText.objects.count() == 0


def test_saved_words_are_told_and_can_be_set_back(client, office):
    client.force_login(office)
    client.post(PAGE, {**WORDS, "save": "1"})
    assert MailText.objects.get().subject == "{community}：审核通过"
    client.post(PAGE, {"set_back": "1"})
    assert MailText.objects.count() == 0
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "mail_text.change",
        "mail_text.remove",
    ]


def test_a_test_mail_goes_to_oneself(client, office, mailoutbox):
    written()
    Notice.objects.update(state=NoticeState.DROPPED)
    client.force_login(office)
    client.post(PAGE, {**WORDS, "test": "1"})
    services.deliver_waiting(send=emails.send)
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([office.email], "【测试】筼筜街道：审核通过")
    ]


def test_a_mail_with_a_one_time_link_must_keep_it(client, office):
    kinds.register(Kind.PASSWORD_RESET, prepare=passwords.link_for)
    client.force_login(office)
    address = reverse("notices:text", args=["password_reset", "zh-hans"])
    answer = client.post(address, {"subject": "新密码", "text": "请设置新密码。", "save": "1"})
    assert (answer.status_code, "正文必须包含 {link}。" in answer.content.decode()) == (422, True)


def test_a_test_of_a_one_time_link_holds_none(client, office, mailoutbox):
    kinds.register(Kind.PASSWORD_RESET, prepare=passwords.link_for)
    client.force_login(office)
    address = reverse("notices:text", args=["password_reset", "zh-hans"])
    client.post(address, {"subject": "新密码", "text": "请设置新密码：{link}", "test": "1"})
    services.deliver_waiting(send=emails.send)
    assert "https://…" in mailoutbox[0].body
    assert "/password/set/" not in mailoutbox[0].body


@pytest.mark.parametrize("path", [("nothing", "zh-hans"), ("response_accepted", "fr")])
def test_there_are_no_words_of_an_unknown_mail(client, office, path):
    client.force_login(office)
    assert client.get(reverse("notices:text", args=path)).status_code == 404


def test_leadership_edits_no_words(client, leadership):
    client.force_login(leadership)
    assert client.get(PAGE).status_code == 403


# --- one held mail --------------------------------------------------------------------------------------------


def test_a_held_mail_is_edited_and_leaves_when_it_is_released(client, office, mailoutbox):
    row = written(hold=True)
    client.force_login(office)
    address = reverse("notices:words", args=[row.pk])
    begun = client.get(address).context["form"].initial
    assert begun["subject"] == "2024年调查：筼筜街道的材料已审核通过"
    assert "{link}" in begun["text"]
    client.post(address, {"subject": "恭喜筼筜街道", "text": "材料已通过，详见 {link}"})
    services.deliver_waiting(send=emails.send)
    assert mailoutbox == []
    row.refresh_from_db()
    services.release(notice=row, by=office)
    services.deliver_waiting(send=emails.send)
    assert mailoutbox[0].subject == "恭喜筼筜街道"
    assert "详见 http://127.0.0.1:8000/portal/responses/" in mailoutbox[0].body
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "notice.edit",
        "notice.release",
    ]


def test_only_a_held_mail_is_edited(client, office):
    row = written()
    client.force_login(office)
    answer = client.get(reverse("notices:words", args=[row.pk]), follow=True)
    assert "只能修改待核对的邮件，请先将其改为待核对。" in answer.content.decode()
    with pytest.raises(Refused):
        services.edit(notice=row, subject="x", text="x", by=office)
    services.hold(notice=row, by=office)
    assert client.get(reverse("notices:words", args=[row.pk])).status_code == 200


# --- the log --------------------------------------------------------------------------------------------------


def test_the_communitys_page_lists_its_mails(client, office, leadership):
    community = CommunityFactory()
    written(community_id=community.pk)
    address = reverse("admin:communities_community_change", args=[community.pk])
    client.force_login(office)
    page = client.get(address).content.decode()
    assert "l***@example.org" in page
    assert "lin@example.org" not in page
    assert f"/admin/notices/notice/?community_id__exact={community.pk}" in page
    assert client.get(f"/admin/notices/notice/?community_id__exact={community.pk}").status_code == 200
    client.force_login(leadership)
    assert 'id="mails"' not in client.get(address).content.decode()


def test_the_days_left_are_told_by_the_last_day_the_mail_names(office):
    services.keep_words(
        kind=Kind.ROUND_URGED, language="zh-hans", subject="催办", text="{deadline}（{days_left}）", by=office
    )
    with clock.frozen("2024-02-26 10:00"):
        assert "2024年2月29日（还有 3 天）" in emails.preview(written(Kind.ROUND_URGED)).text
