"""What the mails say: in the reader's language, with one absolute link, whatever is in the texts."""

import pytest
from django.conf import settings as project

from notices import emails, services
from notices.enums import Kind
from notices.models import Notice
from tests.factories import UserFactory
from tests.notices.test_outbox import CONTEXT

FOLDER = project.BASE_DIR / "templates" / "notices"


# They say what happened to an account, and to call if it was somebody else.
LEAD_NOWHERE = {Kind.ADDRESS_CHANGED, Kind.PASSWORD_CHANGED}


def written(kind: str, language: str = "zh-hans", **changes: str) -> Notice:
    recipient = UserFactory(email="lin@example.org", name="林", language=language)
    return services.queue(
        kind=kind, subject="surveys.response:7", recipient=recipient, context=CONTEXT | changes
    )


def test_every_kind_has_its_folder_and_every_folder_its_kind():
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(Kind.values)


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_mail_can_be_written_in_both_languages(db, kind, language):
    mail = emails.render(written(kind, language))
    assert "\n" not in mail.subject
    assert ("您好" in mail.text) is (language == "zh-hans")
    assert mail.text.count("http://127.0.0.1:8000/") == (1 if kind in LEAD_NOWHERE else 2)
    assert 'href="http://127.0.0.1:8000/' in mail.page


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.RESPONSE_SUBMITTED, "2024年调查：筼筜街道的填报内容已收到"),
        (Kind.COPY_RECEIVED, "2024年调查：筼筜街道的盖章件已收到"),
        (Kind.RESPONSE_RETURNED, "2024年调查：筼筜街道的填报内容需要修改"),
        (Kind.COPY_RETURNED, "2024年调查：请重新上传筼筜街道的盖章件"),
        (Kind.RESPONSE_ACCEPTED, "2024年调查：筼筜街道的材料已审核通过"),
    ],
)
def test_the_subject_says_what_happened_to_whom(db, kind, subject):
    assert emails.render(written(kind)).subject == subject


def test_a_return_tells_remark_reference_and_date(db):
    text = emails.render(written(Kind.RESPONSE_RETURNED)).text
    for part in ("请补充下一步工作计划。", "AQ24-0420-7KHM", "2024年2月29日", CONTEXT["path"]):
        assert part in text


def test_the_link_comes_from_the_public_address(db, settings):
    settings.PUBLIC_URL = "https://platform.example"
    text = emails.render(written(Kind.RESPONSE_ACCEPTED)).text
    assert "https://platform.example/portal/responses/AQ24-0420-7KHM/" in text


def test_markup_in_a_text_stays_text(db):
    mail = emails.render(written(Kind.RESPONSE_RETURNED, note="<script>alert('甲 & 乙')</script>"))
    assert "<script>alert('甲 & 乙')</script>" in mail.text
    assert "<script>" not in mail.page
    assert "&lt;script&gt;" in mail.page


def test_a_line_break_in_a_name_cannot_add_a_header(db, mailoutbox):
    written(Kind.RESPONSE_ACCEPTED, community="甲街道\r\nBcc: thief@example.org")
    assert services.deliver_waiting(send=emails.send) == 1
    assert mailoutbox[0].recipients() == ["lin@example.org"]
    assert mailoutbox[0].subject == "2024年调查：甲街道 Bcc: thief@example.org的材料已审核通过"


def test_rare_characters_arrive_as_typed(db, mailoutbox):
    written(Kind.RESPONSE_RETURNED, note="𬭎 \uf92c 👍")
    services.deliver_waiting(send=emails.send)
    assert "𬭎 \uf92c 👍" in mailoutbox[0].body
