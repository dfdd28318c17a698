"""Letters by mail: who has a mailbox gets the letter itself, once; who has none stays for paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEntry
from communities.models import Community
from core import clock
from documents import services as documents
from notices import kinds, tasks
from notices import services as notices
from notices.models import Notice
from surveys.enums import BlankFormat
from surveys.models import BlankForm, Invitation, Round
from surveys.services import invitations
from tests.factories import CommunityFactory, ContactFactory, StoredFileFactory
from tests.surveys.prints import codes_of, squeezed, text_of
from tests.surveys.rounds import named, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def january():
    with clock.frozen("2024-01-15 10:00"):
        yield


@pytest.fixture
def survey_round(community: Community) -> Round:
    """筼筜街道 has a mailbox, 天竺镇 has none."""
    ContactFactory(community=community, email="li@example.org", name="李联络")
    named(community)
    named(CommunityFactory(name_zh="天竺镇"), number=420, sequence=40)
    return opened()


def address(survey_round: Round, query: str = "") -> str:
    return reverse("surveys:letters_mail", args=[survey_round.code]) + query


def press(client: Client, survey_round: Round, query: str = "", button: str = "send", **more: str) -> Any:
    shown = client.get(address(survey_round, query)).content.decode()
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', shown)[1] for name in ("batch", "seen")}
    return client.post(address(survey_round, query), {**hidden, button: "1", **more}, follow=True)


def invitation_of(community: Community) -> Invitation:
    return Invitation.objects.select_related("round").get(community=community)


def post() -> list[Any]:
    while tasks.deliver_waiting():
        pass
    return mail.outbox


def test_who_has_a_mailbox_gets_the_letter_and_a_link(client, office, survey_round, community):
    client.force_login(office)
    press(client, survey_round)
    (message,) = post()
    code = invitations.code_of(invitation_of(community))
    ((name, content, kind),) = message.attachments
    assert (message.to, kind) == (["li@example.org"], "application/pdf")
    assert name.endswith("_362_筼筜街道_邀请函.pdf")
    assert code in squeezed(text_of(content))
    assert codes_of(content)[0] == [f"http://127.0.0.1:8000/join/{code}/"]
    assert f"/join/{code}/" in message.body


def test_who_has_none_is_named_and_stays_for_paper(client, office, survey_round):
    client.force_login(office)
    page = client.get(address(survey_round))
    assert [row.invitation.community.name_zh for row in page.context["found"].unreached] == ["天竺镇"]
    assert "天竺镇" in page.content.decode()


def test_every_mailed_code_is_recorded_and_lies_nowhere(client, office, survey_round, community):
    client.force_login(office)
    press(client, survey_round)
    batch = AuditEntry.objects.get(action="round.mail_letters")
    assert (batch.actor_id, batch.changes["units"], batch.changes["mails"]) == (office.pk, 1, 1)
    letter = AuditEntry.objects.get(action="invitation.mail_letter")
    assert letter.changes == {"issue": 1, "batch": batch.changes["batch"]}
    code = invitations.code_of(invitation_of(community))
    assert code not in str(Notice.objects.values())


def test_pressed_twice_it_is_one_batch(client, office, survey_round):
    client.force_login(office)
    shown = client.get(address(survey_round, "?choice=all")).context["form"].initial
    sent = {"batch": shown["batch"], "seen": shown["seen"], "send": "1"}
    for _time in range(2):
        page = client.post(address(survey_round, "?choice=all"), sent, follow=True)
    assert (len(post()), AuditEntry.objects.filter(action="round.mail_letters").count()) == (1, 1)
    assert "这些邀请函已写入" in page.content.decode()


def test_who_has_had_the_code_is_left_out_until_there_is_a_new_one(client, office, survey_round, community):
    client.force_login(office)
    press(client, survey_round)
    assert client.get(address(survey_round)).context["found"].mails == 0
    invitations.reissue_invitation(invitation=invitation_of(community), by=office)
    assert client.get(address(survey_round)).context["found"].mails == 1


@pytest.mark.parametrize("change", ["revoke_invitation", "reissue_invitation"])
def test_a_letter_whose_code_ended_meanwhile_does_not_leave(client, office, survey_round, community, change):
    client.force_login(office)
    press(client, survey_round)
    getattr(invitations, change)(invitation=invitation_of(community), by=office)
    assert (post(), Notice.objects.get().state) == ([], "dropped")


def test_a_draft_shows_what_goes_along_by_name_and_size(client, office, survey_round):
    stored = StoredFileFactory(original_name="调查表_空白表.pdf", size=204800)
    BlankForm.objects.create(edition=survey_round.edition, format=BlankFormat.PDF, recipe=1, stored=stored)
    client.force_login(office)
    press(client, survey_round, button="hold", with_blank_form="on")
    notice = Notice.objects.get()
    for page in ("admin:notices_notice_change", "notices:words"):
        shown = client.get(reverse(page, args=[notice.pk])).content.decode()
        assert "筼筜街道_邀请函.pdf" in shown
        assert re.search(r"调查表_空白表\.pdf <span[^>]*>200\.0\s*KB", shown)
        assert "https://…" in shown or "{link}" in shown
    assert (notice.state, post()) == ("held", [])


def test_chosen_units_only(client, office, survey_round, community, elsewhere):
    client.force_login(office)
    listed = reverse("admin:surveys_invitation_changelist")
    chosen = Invitation.objects.get(community__name_zh="天竺镇")
    page = client.post(listed, {"action": "letter_mails", "_selected_action": [chosen.pk]}, follow=True)
    found = page.context["found"]
    assert (found.mails, len(found.unreached)) == (0, 1)


def test_who_may_not_send_sees_no_button(
    client,
    office,
    survey_round,
):
    for grant in office.role_grants.select_related("role"):
        grant.role.permissions.remove("notice.manage")
        grant.role.save()
    client.force_login(office)
    assert 'name="send"' not in client.get(address(survey_round)).content.decode()
    assert client.post(address(survey_round), {"send": "1"}).status_code == 403


def test_the_page_asks_as_often_for_many_units_as_for_one(client, office, survey_round):
    client.force_login(office)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address(survey_round))
        return len(queries)

    few = asked()
    for number in range(20):
        community = CommunityFactory()
        ContactFactory(community=community, email=f"c{number}@example.org")
        Invitation.objects.create(
            round=survey_round,
            community=community,
            code_digest=str(number),
            valid_until=survey_round.closes_on,
        )
    assert asked() == few


def with_a_file(content: bytes) -> Notice:
    stored = documents.store_file(
        kind="blank_form",
        content=content,
        original_name="空白表.pdf",
        content_type="application/pdf",
        by=None,
    )
    along = [f"file:{stored.pk}"]
    return notices.queue(
        kind="response_accepted", subject="surveys.response:1", address="li@example.org", attachments=along
    )


def test_a_stored_file_goes_along_as_it_is():
    with_a_file(b"%PDF-1.7 blank")
    assert post()[0].attachments == [("空白表.pdf", b"%PDF-1.7 blank", "application/pdf")]


def test_what_no_mail_server_takes_is_given_up_with_its_size(monkeypatch):
    monkeypatch.setattr(kinds, "MOST_BYTES", 10)
    notice = with_a_file(b"%PDF-1.7 blank")
    assert post() == []
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("given_up", 1)
    assert notice.last_error == "attachments of 14 bytes, at most 10"
