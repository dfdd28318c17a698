"""A unit joins with the code from its letter; every code that does not work gets the same sentence."""

import datetime as dt
import time

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEntry
from communities.enums import MembershipState
from communities.models import Membership
from core import clock
from core.errors import Refused
from surveys.codes import ALPHABET
from surveys.enums import Stage
from surveys.models import Invitation
from surveys.selectors.origins import origin_of
from surveys.services import invitations
from surveys.services.rounds import close_round, reopen_round, save_round
from tests.factories import UserFactory
from tests.surveys.rounds import asked, opened

SENTENCE = "邀请码不对或已失效。请核对邀请函上的邀请码，或者与协会联系。"
PERSON = {
    "name": "孙联络",
    "email": "sun@example.org",
    "mobile": "138 0000 0009",
    "password": "correct horse 47",
    "again": "correct horse 47",
}


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-01"):
        yield


@pytest.fixture
def invitation(community) -> Invitation:
    return asked(community).invitation


@pytest.fixture
def code(invitation) -> str:
    return invitations.code_of(invitation)


def test_a_code_is_three_groups_of_four_without_look_alikes(code) -> None:
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert set(code) <= {*ALPHABET, "-"}


def test_the_code_itself_is_never_stored(invitation, code) -> None:
    assert invitations.normal(code) not in str(Invitation.objects.values().get())
    assert Invitation.objects.get().code_digest == invitations.digest_of(code)


@pytest.mark.parametrize(
    "spell", [str, str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")]
)
def test_small_letters_blanks_and_dashes_do_not_matter(invitation, code, spell) -> None:
    assert invitations.find_by_code(spell(code)) == invitation


def test_full_width_letters_do_not_matter(invitation, code) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert invitations.find_by_code(f"　{wide} ") == invitation


def revoke(invitation, office) -> None:
    invitations.revoke_invitation(invitation=invitation, by=office)


def expire(invitation, office) -> None:
    Invitation.objects.update(valid_until=dt.date(2024, 1, 31))


def use(invitation, office) -> None:
    invitations.accept_invitation(invitation=invitation, user=UserFactory())


def reissue(invitation, office) -> None:
    invitations.reissue_invitation(invitation=invitation, by=office)


@pytest.mark.parametrize("spoil", [revoke, expire, use, reissue])
def test_a_code_that_no_longer_works_gets_the_one_sentence(client, invitation, code, office, spoil) -> None:
    spoil(invitation, office)
    page = client.get(f"/join/{code}/")
    assert page.status_code == 404
    assert SENTENCE in page.content.decode()


@pytest.mark.parametrize("typed", ["7777-7777-7777", "abc", "🎉", "'; drop table", "0" * 40])
def test_a_wrong_code_gets_the_same_sentence(client, invitation, typed) -> None:
    page = client.post("/join/", {"code": typed})
    assert (page.status_code, SENTENCE in page.content.decode()) == (404, True)


def test_a_new_code_works_after_reissue(invitation, code, office) -> None:
    again = invitations.reissue_invitation(invitation=invitation, by=office)
    fresh = invitations.code_of(again)
    assert fresh != code
    assert invitations.find_by_code(fresh) == invitation


def test_showing_a_code_is_kept_in_the_trail(invitation, code, office) -> None:
    assert invitations.show_code(invitation=invitation, by=office) == code
    entry = AuditEntry.objects.get(action="invitation.show_code")
    assert (entry.actor_id, code in str(entry.changes)) == (office.pk, False)


def test_the_code_opens_an_account_and_the_form_is_one_click_away(client, invitation, code) -> None:
    assert client.post("/join/", {"code": code.lower()}).url == f"/join/{code}/"
    page = client.get(f"/join/{code}/")
    assert "筼筜街道" in page.content.decode()
    assert client.post(f"/join/{code}/", PERSON).url == "/portal/"
    membership = Membership.objects.get(user__email="sun@example.org")
    assert (membership.community, membership.state, membership.origin) == (
        invitation.community,
        MembershipState.PROVISIONAL,
        "invitation",
    )
    duties = client.get("/portal/").content.decode()
    assert f"/portal/responses/{invitation.responses.get().reference}/" in duties
    invitation.refresh_from_db()
    assert invitation.used_at == invitation.opened_at == clock.now()


def test_looking_at_the_letter_changes_nothing(client, invitation, code) -> None:
    client.get(f"/join/{code}/")
    invitation.refresh_from_db()
    assert invitation.opened_at is None


@pytest.mark.parametrize("answer", [("/join/", True), ("/join/{code}/", False)])
def test_staff_see_that_a_letter_was_answered(client, invitation, code, answer) -> None:
    path, by_code = answer
    client.post(path.format(code=code), {"code": code} if by_code else {"name": ""})
    invitation.refresh_from_db()
    assert invitation.opened_at == clock.now()


def test_a_code_issued_again_opens_nothing_that_a_first_liaison_has_written(
    client, invitation, li, office
) -> None:
    reference = invitation.responses.get().reference
    again = invitations.reissue_invitation(invitation=invitation, by=office)
    path = f"/join/{invitations.code_of(again)}/"
    assert "须由同事或协会批准" in client.get(path).content.decode()
    client.post(path, PERSON)
    membership = Membership.objects.get(user__email="sun@example.org")
    assert (membership.state, membership.origin) == (MembershipState.REQUESTED, "invitation")
    assert client.get(f"/portal/responses/{reference}/").status_code == 404
    assert invitation.responses.get().answers.filter(question="contact_name").count() == 0
    for page in ("/portal/", "/portal/communities/"):
        text = client.get(page).content.decode()
        assert "您已申请为筼筜街道填报。" in text
        assert "经其中一位或协会批准后" in text


def test_who_is_a_member_already_waits_for_nobody(client, invitation, code, li, office) -> None:
    client.force_login(li)
    assert "批准" not in client.get(f"/join/{code}/").content.decode()
    client.post(f"/join/{code}/")
    assert li.memberships.get().state == MembershipState.ACTIVE


def test_what_the_new_liaison_told_us_is_filled_in(client, invitation, code) -> None:
    client.post(f"/join/{code}/", PERSON)
    rows = {row.question: row for row in invitation.responses.get().answers.all()}
    assert {name: rows[name].value for name in ("contact_name", "contact_mobile", "email")} == {
        "contact_name": "孙联络",
        "contact_mobile": "13800000009",
        "email": "sun@example.org",
    }
    assert origin_of(rows["email"]) == "您的账号，2024年2月1日登记"


def test_somebody_signed_in_joins_a_second_community_with_the_same_account(
    client, invitation, code, zhao
) -> None:
    client.force_login(zhao)
    assert client.post(f"/join/{code}/").url == "/portal/"
    assert zhao.memberships.filter(community=invitation.community).count() == 1
    assert User.objects.filter(email=PERSON["email"]).count() == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "这个字段是必填项。"),
        ("mobile", "1380000", "手机号码应为 11 位数字，以 13 至 19 开头。"),
        ("again", "something else 1", "两次输入的密码不一致。"),
        ("password", "1234567890", "密码只包含数字"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_beside_its_field(client, code, field, value, sentence) -> None:
    page = client.post(f"/join/{code}/", {**PERSON, field: value})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert User.objects.count() == 0


def test_an_address_that_has_an_account_is_refused_and_the_code_stays_good(client, code, li) -> None:
    page = client.post(f"/join/{code}/", {**PERSON, "email": li.email})
    assert page.status_code == 422
    assert invitations.find_by_code(code).used_at is None


def test_of_two_people_with_one_code_the_second_is_refused(invitation, li, zhao) -> None:
    stale = Invitation.objects.get(pk=invitation.pk)
    invitations.accept_invitation(invitation=invitation, user=zhao)
    with pytest.raises(Refused, match="邀请码不对或已失效"):
        invitations.accept_invitation(invitation=stale, user=li)


def test_guessing_is_stopped_by_address(community, code) -> None:
    guesser, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    for _attempt in range(10):
        assert guesser.post("/join/", {"code": "7777-7777-7777"}).status_code == 404
    stopped = guesser.get(f"/join/{code}/")
    assert stopped.status_code == 429
    assert "输错次数过多，请一刻钟后再试。" in stopped.content.decode()
    assert other.get(f"/join/{code}/").status_code == 200


def test_each_of_many_addresses_has_ten_guesses_each(community, code, monkeypatch) -> None:
    looked_up: list[str] = []
    find = invitations.find_by_code
    monkeypatch.setattr(invitations, "find_by_code", lambda typed: (looked_up.append(typed), find(typed))[1])
    for number in range(12):
        guesser = Client(REMOTE_ADDR=f"192.0.2.{number}", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        codes = [guesser.get(f"/join/7777-7777-{guess:04}/").status_code for guess in range(12)]
        assert codes == [404] * 10 + [429] * 2
    assert len(looked_up) == 120


def test_the_pause_is_a_quarter_of_an_hour_where_the_cache_is_kept_in_files(
    community, code, settings, tmp_path, monkeypatch
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path),
        }
    }
    guesser, began = Client(), time.time()
    for _attempt in range(10):
        guesser.post("/join/", {"code": "7777-7777-7777"})
    monkeypatch.setattr(time, "time", lambda: began + 14 * 60)
    assert guesser.get(f"/join/{code}/").status_code == 429
    monkeypatch.setattr(time, "time", lambda: began + 17 * 60)
    assert guesser.get(f"/join/{code}/").status_code == 200


def test_two_units_never_share_a_code(community, elsewhere) -> None:
    from_each = {invitations.code_of(asked(community).invitation)}
    opened(code="2025")
    from_each |= {invitations.code_of(row) for row in Invitation.objects.all()}
    assert len(from_each) == Invitation.objects.count()


def test_who_shows_the_codes_cannot_answer_for_a_unit(client, invitation, code, office) -> None:
    client.force_login(office)
    page = client.post(f"/join/{code}/")
    invitation.refresh_from_db()
    assert "协会工作人员账号不能代单位填报" in page.content.decode()
    assert (invitation.used_at, Membership.objects.count()) == (None, 0)


# --- how long a code lasts --------------------------------------------------------------------------------

LAST_DAY = dt.date(2024, 4, 30)  # the round closes on 31 March


@pytest.mark.parametrize(("moment", "works"), [("2024-04-30 23:59", True), ("2024-05-01 00:00", False)])
def test_a_code_lasts_thirty_days_longer_than_the_round(client, invitation, code, moment, works) -> None:
    assert invitation.valid_until == LAST_DAY
    with clock.frozen(moment):
        page = client.get(f"/join/{code}/")
    assert (page.status_code, SENTENCE in page.content.decode()) == ((200, False) if works else (404, True))


def test_how_long_is_a_setting(community, settings) -> None:
    settings.INVITATION_CODE_DAYS = 10
    assert asked(community).invitation.valid_until == dt.date(2024, 4, 10)


@pytest.mark.parametrize("change", ["save", "reopen"])
def test_codes_go_with_the_closing_day_and_never_become_shorter(invitation, office, change) -> None:
    survey_round = invitation.round
    if change == "reopen":
        close_round(survey_round=survey_round, by=office)
        reopen_round(survey_round=survey_round, closes_on=dt.date(2024, 4, 10), by=office)
    else:
        survey_round.closes_on = dt.date(2024, 4, 10)
        save_round(survey_round=survey_round, by=office)
    assert Invitation.objects.get().valid_until == dt.date(2024, 5, 10)
    survey_round.closes_on = dt.date(2024, 3, 1)
    save_round(survey_round=survey_round, by=office)
    assert Invitation.objects.get().valid_until == dt.date(2024, 5, 10)


def test_a_code_issued_again_lasts_thirty_days_from_then(invitation, office) -> None:
    with clock.frozen("2024-04-29"):
        again = invitations.reissue_invitation(invitation=invitation, by=office)
    assert again.valid_until == dt.date(2024, 5, 29)
    with clock.frozen("2024-02-02"):
        assert invitations.reissue_invitation(invitation=again, by=office).valid_until == again.valid_until


def test_after_closing_a_newcomer_still_gets_to_what_is_owed(client, invitation, code) -> None:
    """The first liaison has left, what was returned still has to be handed in again."""
    response = invitation.responses.get()
    response.__class__.objects.update(stage=Stage.RETURNED, first_submitted_at=clock.now())
    with clock.frozen("2024-04-10 09:00"):
        page = client.get(f"/join/{code}/").content.decode()
        assert "本次调查已经关闭" in page
        assert client.post(f"/join/{code}/", PERSON).url == "/portal/"
        assert f"/portal/responses/{response.reference}/" in client.get("/portal/").content.decode()
        assert client.get(f"/portal/responses/{response.reference}/").status_code == 200


def test_after_closing_nothing_is_written_into_a_form_that_nobody_began(client, invitation, code) -> None:
    before = set(invitation.responses.get().answers.values_list("question", flat=True))
    with clock.frozen("2024-04-10 09:00"):
        client.post(f"/join/{code}/", PERSON)
        assert "本次调查已经关闭" in client.get("/portal/").content.decode()
    assert set(invitation.responses.get().answers.values_list("question", flat=True)) == before


def test_an_open_round_says_nothing_of_closing(client, code) -> None:
    assert "本次调查已经关闭" not in client.get(f"/join/{code}/").content.decode()
