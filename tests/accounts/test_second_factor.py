"""The second factor of staff: required in a real installation, spent by use, replaceable."""

import time

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services
from accounts.enums import RoleCode
from accounts.models import Authenticator, User
from audit.models import AuditEntry
from communities.services.members import appoint, end_post
from core.errors import Refused
from tests.accounts.conftest import PASSWORD
from tests.factories import AuthorityFactory, RoleFactory

LOGIN = reverse("accounts:login")
VERIFY = reverse("accounts:second_factor")
SET_UP = reverse("accounts:second_factor_set_up")
DESK = reverse("admin:index")
MINE = reverse("communities:mine")


def code_of(key: str, *, steps_later: int = 0) -> str:
    totp = TOTP(Authenticator.derived(key))
    totp.time = time.time() + 30 * steps_later
    return f"{totp.token():06d}"


@pytest.fixture
def required(settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def key(clerk) -> str:
    """The clerk has an app that knows this key."""
    key = services.new_key()
    services.set_up_second_factor(user=clerk, key=key, code=code_of(key, steps_later=-1), by=clerk)
    return key


def sign_in(client, user: User):
    return client.post(LOGIN, {"identifier": user.email, "password": PASSWORD})


def test_staff_without_one_are_led_to_set_it_up(client, required, clerk):
    assert sign_in(client, clerk).headers["Location"] == f"{VERIFY}?next=%2Fadmin%2F"
    assert client.get(f"{VERIFY}?next=/admin/").headers["Location"] == f"{SET_UP}?next=%2Fadmin%2F"
    page = client.get(SET_UP).content.decode()
    assert 'src="data:image/png;base64,' in page


def test_setting_up_shows_eight_codes_once_and_opens_the_desk(client, required, clerk):
    sign_in(client, clerk)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"code": code_of(client.session["second_factor_key"])})
    assert answer.content.decode().count("<code>") == 8
    assert client.get(DESK).status_code == 200
    assert StaticToken.objects.count() == 8
    assert "second_factor_key" not in client.session


def test_looking_at_the_set_up_page_stores_no_device(client, clerk):
    client.force_login(clerk)
    client.get(SET_UP)
    assert TOTPDevice.objects.count() == 0


@pytest.mark.parametrize("code", ["", "abc", "1", "１２３"])
def test_a_wrong_code_sets_nothing_up(client, clerk, code):
    client.force_login(clerk)
    assert client.post(SET_UP, {"code": code}).status_code == 422
    assert TOTPDevice.objects.count() == 0


def test_a_password_alone_opens_no_staff_page_and_no_other(client, required, clerk, key):
    sign_in(client, clerk)
    assert client.get(DESK).status_code == 302
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 302
    assert client.get(reverse("accounts:profile")).headers["Location"] == VERIFY
    assert client.get(reverse("core:help")).wsgi_request.user.is_anonymous is True


def test_the_code_opens_the_desk_and_changes_the_key_of_the_session(client, required, clerk, key):
    sign_in(client, clerk)
    before = client.session.session_key
    answer = client.post(f"{VERIFY}?next=/admin/accounts/user/", {"code": code_of(key)})
    assert answer.headers["Location"] == "/admin/accounts/user/"
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.session.session_key != before


def test_signing_in_in_two_steps_is_told_once(client, required, clerk, key):
    sign_in(client, clerk)
    client.post(VERIFY, {"code": code_of(key)})
    entry = AuditEntry.objects.get(action="account.sign_in")
    assert entry.changes["second_factor"] is True


def test_full_width_digits_and_spaces_are_read(client, clerk, key):
    client.force_login(clerk)
    code = code_of(key)
    typed = "".join(chr(ord(digit) + 0xFEE0) for digit in code[:3]) + " " + code[3:]
    assert client.post(VERIFY, {"code": typed}).status_code == 302


def test_a_code_works_once(clerk, key):
    code = code_of(key)
    assert services.check_second_factor(user=clerk, code=code) is not None
    assert services.check_second_factor(user=clerk, code=code) is None


def test_the_code_of_the_set_up_is_spent(clerk):
    key = services.new_key()
    code = code_of(key)
    services.set_up_second_factor(user=clerk, key=key, code=code, by=clerk)
    assert services.check_second_factor(user=clerk, code=code) is None


def test_guessing_makes_even_the_right_code_wait(clerk, key):
    wrong = "000000" if code_of(key) != "000000" else "111111"
    for _time in range(3):
        services.check_second_factor(user=clerk, code=wrong)
    assert services.check_second_factor(user=clerk, code=code_of(key)) is None


def test_a_foreign_next_page_is_refused(client, clerk, key):
    client.force_login(clerk)
    answer = client.post(f"{VERIFY}?next=//evil.example/", {"code": code_of(key)})
    assert answer.headers["Location"] == DESK


def test_a_recovery_code_works_once_in_any_writing(client, clerk):
    key = services.new_key()
    codes = services.set_up_second_factor(user=clerk, key=key, code=code_of(key), by=clerk)
    client.force_login(clerk)
    assert client.post(VERIFY, {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    assert services.check_second_factor(user=clerk, code=codes[0]) is None
    assert AuditEntry.objects.filter(action="account.recovery_code_used").count() == 1


def test_recovery_codes_are_kept_as_hashes(clerk):
    key = services.new_key()
    codes = services.set_up_second_factor(user=clerk, key=key, code=code_of(key), by=clerk)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert kept & {code.replace("-", "")[:16] for code in codes} == set()


def test_new_recovery_codes_void_the_old_ones(client, clerk):
    key = services.new_key()
    old = services.set_up_second_factor(user=clerk, key=key, code=code_of(key, steps_later=-1), by=clerk)
    client.force_login(clerk)
    renew = reverse("accounts:second_factor_codes")
    assert client.post(renew).headers["Location"].startswith(VERIFY)
    client.post(VERIFY, {"code": code_of(key)})
    assert client.post(renew).content.decode().count("<code>") == 8
    assert services.check_second_factor(user=clerk, code=old[0]) is None


def test_it_cannot_be_set_up_twice(clerk, key):
    other = services.new_key()
    with pytest.raises(Refused) as refused:
        services.set_up_second_factor(user=clerk, key=other, code=code_of(other), by=clerk)
    assert refused.value.codes == ["exists"]


def test_a_lost_phone_is_taken_away_by_an_administrator_only(clerk, key, administrator):
    junior = User.objects.create_user("junior@example.org", is_staff=True)
    with pytest.raises(Refused):
        services.remove_second_factor(user=clerk, by=junior)
    services.remove_second_factor(user=clerk, by=administrator, reason="手机遗失")
    assert TOTPDevice.objects.count() == 0
    assert AuditEntry.objects.get(action="account.second_factor_remove").reason == "手机遗失"


def test_a_liaison_may_set_one_up(client, person):
    """Asked for only where single records leave the platform."""
    client.force_login(person)
    assert client.get(VERIFY).headers["Location"].startswith(SET_UP)
    assert client.get(SET_UP).status_code == 200


def test_a_liaison_is_not_asked_for_one(client, required, person):
    sign_in(client, person)
    assert int(client.session[SESSION_KEY]) == person.pk
    assert client.get(reverse("core:help")).wsgi_request.user == person


def test_one_set_up_of_ones_own_will_guards_the_desk_too(client, clerk, key):
    assert sign_in(client, clerk).headers["Location"].startswith(VERIFY)
    assert client.get(DESK).status_code == 302
    client.post(VERIFY, {"code": code_of(key)})
    assert client.get(DESK).status_code == 200


def test_who_reads_the_table_alone_can_make_no_code(clerk, key):
    device = Authenticator.objects.get(user=clerk)
    by_the_row = TOTP(bytes.fromhex(device.key))
    by_the_row.time = time.time()
    assert services.check_second_factor(user=clerk, code=f"{by_the_row.token():06d}") is None
    assert TOTPDevice.objects.get().key == key


def test_an_app_set_up_before_keys_were_derived_still_works(clerk):
    old = TOTPDevice.objects.create(user=clerk, name="authenticator", key=services.new_key(), confirmed=True)
    totp = TOTP(bytes.fromhex(old.key))
    totp.time = time.time()
    assert services.check_second_factor(user=clerk, code=f"{totp.token():06d}") is not None


class TestAuthority:
    """Whoever has a post at an authority sees many communities, and signs in with a second factor too."""

    @pytest.fixture
    def appointed(self, person, district_authority):
        role = RoleFactory(code=RoleCode.AUTHORITY)
        return appoint(user=person, authority=district_authority, role=role, by=None)

    def test_with_the_post_comes_the_second_factor(self, client, required, person, appointed) -> None:
        assert sign_in(client, person).headers["Location"].startswith(VERIFY)
        assert "/login/" in client.get(MINE).headers["Location"]
        client.get(SET_UP)
        client.post(SET_UP, {"code": code_of(client.session["second_factor_key"])})
        assert client.get(MINE).status_code == 200

    def test_with_the_last_post_it_goes(self, client, required, person, appointed) -> None:
        end_post(post=appointed, by=None)
        sign_in(client, person)
        assert client.get(MINE).status_code == 200
        told = [entry.changes for entry in AuditEntry.objects.filter(action="account.guard").order_by("pk")]
        assert told == [{"is_guarded": [False, True]}, {"is_guarded": [True, False]}]

    def test_a_second_post_keeps_it(self, person, appointed) -> None:
        other = appoint(user=person, authority=AuthorityFactory(), role=appointed.role, by=None)
        end_post(post=other, by=None)
        assert User.objects.get(pk=person.pk).is_guarded
