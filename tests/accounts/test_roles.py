"""Roles are rows: shipped once, given and taken by those who hold as much, editable, told in the trail."""

from importlib import import_module

import pytest
from django.apps import apps

from accounts import services
from accounts.enums import Permission, RoleCode, RoleScope
from accounts.models import Role, RoleGrant
from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from tests.factories import staff_user

shipped = import_module("accounts.migrations.0002_shipped_roles")


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def test_ten_roles_ship_with_known_permissions(db):
    rows = Role.objects.in_bulk(field_name="code")
    assert set(rows) == set(RoleCode.values)
    unknown = {code for row in rows.values() for code in row.permissions} - set(Permission.values)
    assert unknown == set()
    assert set(rows[RoleCode.ADMINISTRATOR].permissions) == set(Permission.values)
    assert [
        row.code for row in rows.values() if not (row.name_zh and row.name_en and row.description_zh)
    ] == []


@pytest.mark.parametrize(
    ("code", "scope", "permissions"),
    [
        (
            RoleCode.LEADERSHIP,
            RoleScope.PLATFORM,
            {"register.view", "round.view", "response.view", "work.view", "injury.view", "result.export"},
        ),
        (
            RoleCode.AUTHORITY,
            RoleScope.AUTHORITY,
            {"response.view", "work.view", "work.judge", "injury.view", "injury.approve"},
        ),
        (RoleCode.HEALTH_DEPARTMENT, RoleScope.AUTHORITY, {"injury.view", "injury.record"}),
        (RoleCode.EXPERT, RoleScope.COMMUNITY, {"response.view", "work.view", "injury.view"}),
        (RoleCode.CERTIFYING_CENTRE, RoleScope.COMMUNITY, {"response.view"}),
        (
            RoleCode.COMMUNITY_CLERK,
            RoleScope.COMMUNITY,
            {"response.view", "response.fill", "work.view", "work.record", "injury.view", "injury.record"},
        ),
    ],
)
def test_what_a_shipped_role_allows(db, code, scope, permissions):
    assert (role(code).scope, set(role(code).permissions)) == (scope, permissions)


def test_shipping_again_overwrites_nothing(db):
    Role.objects.filter(code=RoleCode.EXPERT).update(name_zh="评审专家", permissions=[])
    shipped.ship_roles(apps, None)
    assert (role(RoleCode.EXPERT).name_zh, role(RoleCode.EXPERT).permissions) == ("评审专家", [])
    assert Role.objects.count() == 10


def test_a_role_is_given_once_and_told_once(person, administrator):
    for _time in range(2):
        services.grant_role(user=person, role=role(RoleCode.LEADERSHIP), by=administrator)
    assert person.has_perm(Permission.ROUND_VIEW) is True
    assert (RoleGrant.objects.filter(user=person).count(), AuditEntry.objects.count()) == (1, 1)


def test_a_role_taken_away_allows_nothing_any_more(person, administrator):
    services.grant_role(user=person, role=role(RoleCode.LEADERSHIP), by=administrator)
    services.revoke_role(user=person, role=role(RoleCode.LEADERSHIP), by=administrator, reason="离任")
    services.revoke_role(user=person, role=role(RoleCode.LEADERSHIP), by=administrator)
    assert person.has_perm(Permission.ROUND_VIEW) is False
    assert AuditEntry.objects.filter(action="role.revoke").count() == 1


def test_a_role_ends_with_its_last_day(person):
    with clock.frozen("2024-02-29"):
        services.grant_role(user=person, role=role(RoleCode.LEADERSHIP), by=None, until=clock.today())
        assert person.has_perm(Permission.ROUND_VIEW) is True
    services.roles.forget_permissions(person)
    with clock.frozen("2024-03-01"):
        assert person.has_perm(Permission.ROUND_VIEW) is False


def test_nobody_gives_more_than_they_hold(person, office):
    with pytest.raises(Refused) as refused:
        services.grant_role(user=person, role=role(RoleCode.ADMINISTRATOR), by=office)
    assert refused.value.codes == ["above"]
    with pytest.raises(Refused):
        services.grant_role(user=office, role=role(RoleCode.ADMINISTRATOR), by=office)
    assert AuditEntry.objects.count() == 0


def test_a_community_role_is_not_given_everywhere(person, administrator):
    with pytest.raises(Refused) as refused:
        services.grant_role(user=person, role=role(RoleCode.COMMUNITY_LIAISON), by=administrator)
    assert refused.value.codes == ["scope"]


def test_the_last_administrator_keeps_the_role(administrator):
    with pytest.raises(Refused) as refused:
        services.revoke_role(user=administrator, role=role(RoleCode.ADMINISTRATOR), by=administrator)
    assert refused.value.codes == ["last_administrator"]
    second = staff_user(RoleCode.ADMINISTRATOR)
    services.revoke_role(user=administrator, role=role(RoleCode.ADMINISTRATOR), by=second)
    assert RoleGrant.objects.filter(user=administrator).count() == 0


def test_several_roles_are_set_or_none(person, office):
    roles = [role(RoleCode.LEADERSHIP), role(RoleCode.ADMINISTRATOR)]
    with pytest.raises(Refused):
        services.set_roles(user=person, roles=roles, by=office)
    assert RoleGrant.objects.filter(user=person).count() == 0


def test_a_changed_role_is_told_old_and_new(administrator):
    leadership = role(RoleCode.LEADERSHIP)
    services.change_role(role=leadership, by=administrator, permissions=["round.view"], name_zh="协会领导")
    entry = AuditEntry.objects.get()
    assert entry.changes["name_zh"] == ["领导", "协会领导"]
    assert entry.changes["permissions"][1] == ["round.view"]


def test_a_case_officer_cannot_widen_a_role_beyond_their_own(office):
    with pytest.raises(Refused):
        services.change_role(
            role=role(RoleCode.LEADERSHIP), by=office, permissions=["round.view", "response.fill"]
        )


def test_the_administrators_role_stays_whole(administrator):
    with pytest.raises(Refused) as refused:
        services.change_role(role=role(RoleCode.ADMINISTRATOR), by=administrator, permissions=["audit.view"])
    assert refused.value.codes == ["administrator"]
