"""Opening, changing and closing accounts; each change is told once."""

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import User
from audit.models import AuditEntry
from core.errors import Refused
from tests.accounts.conftest import PASSWORD
from tests.factories import UserFactory

PROFILE = reverse("accounts:profile")


def told(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action))


def test_an_account_is_stored_in_plain_writing(administrator):
    user = services.create_user(
        email="ＬＩＮ@Example.org", mobile="+86 138-1234-9689", name=" 林 ", by=administrator
    )
    assert (user.email, user.mobile, user.name) == ("lin@example.org", "13812349689", "林")
    assert user.has_usable_password() is False


def test_opening_an_account_is_told_once_without_the_address(administrator):
    services.create_user(email="lin@example.org", mobile="13812349689", by=administrator)
    (entry,) = told("account.create")
    assert "lin@example.org" not in str(entry.changes)
    assert "13812349689" not in str(entry.changes)
    assert entry.changes["mobile"][1]["shown"] == "138****89"


def test_a_refusal_names_every_field(person):
    with pytest.raises(Refused) as refused:
        services.create_user(email="LIN@example.org", mobile="123", by=None)
    assert [reason.field for reason in refused.value.reasons] == ["email", "mobile"]
    assert User.objects.count() == 1
    assert AuditEntry.objects.count() == 0


def test_two_accounts_share_no_mobile(person):
    with pytest.raises(Refused) as refused:
        services.create_user(email="other@example.org", mobile="138 1234 9689", by=None)
    assert [reason.field for reason in refused.value.reasons] == ["mobile"]


def test_changing_nothing_is_not_told(person):
    services.change_user(user=person, by=person, name=person.name, email="LIN@example.org")
    assert AuditEntry.objects.count() == 0


def test_a_change_is_told_old_and_new(person):
    services.change_user(user=person, by=person, name="林小明", language="en")
    (entry,) = told("account.change")
    assert entry.changes["language"] == ["zh-hans", "en"]
    assert [value["shown"] for value in entry.changes["name"]] == ["林", "林**"]


def test_a_new_address_is_not_confirmed(person):
    person.email_confirmed_at = person.date_joined
    person.save()
    assert services.change_user(user=person, by=person, email="n@example.org").email_confirmed_at is None


def test_an_account_is_closed_and_opened_again(person, administrator):
    services.deactivate_user(user=person, by=administrator, reason="调离")
    services.deactivate_user(user=person, by=administrator)
    person.refresh_from_db()
    assert person.is_active is False
    services.reactivate_user(user=person, by=administrator)
    assert [entry.reason for entry in told("account.deactivate")] == ["调离"]
    assert len(told("account.reactivate")) == 1


def test_nobody_closes_their_own_account(administrator):
    with pytest.raises(Refused) as refused:
        services.deactivate_user(user=administrator, by=administrator)
    assert refused.value.codes == ["self"]


def test_the_last_administrator_stays(administrator):
    with pytest.raises(Refused) as refused:
        services.deactivate_user(user=administrator, by=None)
    assert refused.value.codes == ["last_administrator"]


def test_a_case_officer_cannot_touch_an_administrator(office, administrator):
    for change in (
        lambda: services.change_user(user=administrator, by=office, email="mine@example.org"),
        lambda: services.deactivate_user(user=administrator, by=office),
        lambda: services.invite_user(user=administrator, by=office),
        lambda: services.remove_second_factor(user=administrator, by=office),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.codes == ["above"]
    assert AuditEntry.objects.count() == 0


def test_only_a_superuser_manages_a_superuser(administrator):
    root = UserFactory(is_superuser=True)
    with pytest.raises(Refused):
        services.change_user(user=root, by=administrator, name="x")


def profile(user: User, **changes: str) -> dict[str, str]:
    form = {"name": user.name, "email": user.email, "mobile": user.mobile or "", "language": user.language}
    return form | changes


def test_people_change_their_own_name_and_language(client, person):
    client.force_login(person)
    answer = client.post(PROFILE, profile(person, name="林小明", language="en"))
    assert answer.headers["Location"] == PROFILE
    person.refresh_from_db()
    assert (person.name, person.language) == ("林小明", "en")


@pytest.mark.parametrize("field", ["email", "mobile"])
def test_an_open_screen_is_not_enough_to_take_an_account_over(client, person, field):
    value = {"email": "thief@example.org", "mobile": "13900000000"}[field]
    client.force_login(person)
    answer = client.post(PROFILE, profile(person, **{field: value}))
    assert "请先输入当前密码" in answer.content.decode()
    assert client.post(PROFILE, profile(person, **{field: value}, current=PASSWORD)).status_code == 302
    person.refresh_from_db()
    assert getattr(person, field) == value


def test_extra_fields_in_the_form_are_ignored(client, person):
    client.force_login(person)
    client.post(PROFILE, profile(person, name="林", is_staff="on", is_superuser="on", roles="1"))
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.role_grants.count()) == (False, False, 0)


@pytest.mark.parametrize(
    ("mobile", "sentence"),
    [("1381234", "手机号应为11位数字"), ("13812349680", "该手机号已被其他账号使用")],
)
def test_a_wrong_or_taken_mobile_is_named(client, person, mobile, sentence):
    UserFactory(mobile="13812349680")
    client.force_login(person)
    answer = client.post(PROFILE, profile(person, mobile=mobile))
    assert sentence in answer.content.decode()


def test_the_profile_is_for_those_signed_in(client, db):
    assert client.get(PROFILE).headers["Location"] == f"/login/?next={PROFILE}"
