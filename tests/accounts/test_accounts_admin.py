"""Accounts and roles on the staff site: stored by services, bounded by what one holds."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import Role, User
from audit.models import AuditEntry
from core.clock import today
from notices.models import Notice
from tests.factories import UserFactory
from tests.queries import queries_of

USERS = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")


def change_page(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def form(**changes: object) -> dict[str, object]:
    person = {"name": "林", "email": "lin@example.org", "mobile": "", "language": "zh-hans"}
    return person | changes


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def act(client, action: str, user: User):
    return client.post(USERS, {"action": action, "_selected_action": [user.pk]}, follow=True)


def test_a_new_colleague_gets_an_invitation_and_no_password(client, administrator):
    client.force_login(administrator)
    leadership = role(RoleCode.LEADERSHIP)
    answer = client.post(ADD, form(mobile="138 1234 9689", is_staff="on", roles=[leadership.pk]))
    user = User.objects.get(email="lin@example.org")
    assert answer.headers["Location"] == USERS
    assert (user.mobile, user.is_staff, user.has_usable_password()) == ("13812349689", True, False)
    assert list(user.role_grants.values_list("role__code", flat=True)) == ["leadership"]
    assert Notice.objects.get().kind == "account_invitation"
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["account.create", "account.invite", "role.grant"]


def test_a_change_is_stored_and_told_once(client, administrator):
    user = UserFactory(email="lin@example.org", name="林")
    client.force_login(administrator)
    client.post(change_page(user), form(name="林小明"))
    user.refresh_from_db()
    assert user.name == "林小明"
    assert AuditEntry.objects.get().action == "account.change"


def test_roles_are_given_and_taken_by_ticks(client, administrator):
    user = UserFactory(email="lin@example.org", name="林")
    client.force_login(administrator)
    client.post(change_page(user), form(roles=[role(RoleCode.CASE_OFFICER).pk]))
    client.post(change_page(user), form(roles=[role(RoleCode.LEADERSHIP).pk]))
    assert list(user.role_grants.values_list("role__code", flat=True)) == ["leadership"]


def test_a_case_officer_cannot_make_an_administrator(client, office):
    user = UserFactory(email="lin@example.org", name="林")
    client.force_login(office)
    answer = client.post(
        change_page(user), form(name="改名", roles=[role(RoleCode.ADMINISTRATOR).pk]), follow=True
    )
    user.refresh_from_db()
    assert "该角色含有您没有的权限" in answer.content.decode()
    assert (user.name, user.role_grants.count(), AuditEntry.objects.count()) == ("林", 0, 0)


def test_a_case_officer_cannot_take_an_administrators_account_over(client, office, administrator):
    client.force_login(office)
    before = administrator.email
    client.post(change_page(administrator), form(email="mine@example.org"))
    administrator.refresh_from_db()
    assert administrator.email == before


def test_extra_fields_are_ignored(client, administrator):
    user = UserFactory(email="lin@example.org", name="林")
    client.force_login(administrator)
    client.post(change_page(user), form(is_superuser="on", password="x", is_active=""))
    user.refresh_from_db()
    assert (user.is_superuser, user.is_active, user.password) == (False, True, "!")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "TAKEN@example.org"}, "已存在"),
        ({"mobile": "123"}, "手机号应为11位数字"),
        ({"email": ""}, "必填"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(client, administrator, changes, sentence):
    UserFactory(email="taken@example.org")
    client.force_login(administrator)
    assert sentence in client.post(ADD, form(**changes)).content.decode()


def test_accounts_are_closed_and_opened_by_actions(client, administrator):
    user = UserFactory()
    client.force_login(administrator)
    act(client, "deactivate", user)
    user.refresh_from_db()
    assert user.is_active is False
    act(client, "reactivate", user)
    user.refresh_from_db()
    assert user.is_active is True


def test_a_refused_action_says_why(client, administrator):
    client.force_login(administrator)
    page = act(client, "deactivate", administrator).content.decode()
    assert "不能停用自己的账号" in page


@pytest.mark.parametrize("typed", ["林小明", "LIN@example", "1381234"])
def test_people_are_found_by_name_mail_and_mobile(client, administrator, typed):
    UserFactory(email="lin@example.org", name="林小明", mobile="13812349689")
    UserFactory(name="另一人")
    client.force_login(administrator)
    page = client.get(USERS, {"q": typed}).content.decode()
    assert ("林小明" in page, "另一人" in page) == (True, False)


def test_accounts_are_for_those_who_look_after_them(client, leadership, administrator, li):
    answers = []
    for user in (administrator, leadership, li):
        client.force_login(user)
        answers.append(client.get(USERS).status_code)
    assert answers == [200, 403, 302]


def test_no_account_is_deleted(client, administrator):
    user = UserFactory()
    client.force_login(administrator)
    assert client.post(reverse("admin:accounts_user_delete", args=[user.pk])).status_code == 403


def test_a_role_is_described_and_ticked(client, administrator):
    leadership = role(RoleCode.LEADERSHIP)
    client.force_login(administrator)
    address = reverse("admin:accounts_role_change", args=[leadership.pk])
    assert "查看名录、调查进度" in client.get(address).content.decode()
    texts = {field: getattr(leadership, field) for field in ("name_en", "description_zh", "description_en")}
    client.post(address, {"name_zh": "协会领导", "permissions": ["round.view"], **texts})
    leadership.refresh_from_db()
    assert (leadership.name_zh, leadership.permissions) == ("协会领导", ["round.view"])


def test_the_list_asks_as_often_for_fifty_as_for_one(client, administrator):
    client.force_login(administrator)
    counts = [queries_of(client, USERS, UserFactory, count) for count in (1, 49)]
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize("field", ["password", "mobile"])
def test_nobody_guesses_a_secret_letter_by_letter(client, administrator, field):
    client.force_login(administrator)
    assert client.get(USERS, {f"{field}__startswith": "1"}).status_code == 400


def test_a_role_that_has_run_out_is_not_given_again_by_saving(client, administrator):
    user = UserFactory(email="lin@example.org", name="林")
    user.role_grants.create(role=role(RoleCode.LEADERSHIP), until=today() - timedelta(days=1))
    client.force_login(administrator)
    page = client.get(change_page(user))
    assert list(page.context["adminform"].form.fields["roles"].initial) == []
