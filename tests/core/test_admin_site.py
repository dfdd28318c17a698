"""The one door to every staff screen."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from core import admin_site
from core.admin_site import staff_context, staff_view
from tests.factories import UserFactory, staff_user


def request_of(user: object, path: str = "/admin/"):
    request = RequestFactory().get(path)
    request.user = user
    return request


class Verified:
    """A user as the one-time code leaves it."""

    is_active = True
    is_staff = True
    is_authenticated = True

    def __init__(self, *, code_given: bool) -> None:
        self.code_given = code_given

    def is_verified(self) -> bool:
        return self.code_given


@pytest.mark.parametrize(
    ("user", "enters"),
    [
        (AnonymousUser(), False),
        (UserFactory.build(), False),
        (UserFactory.build(is_staff=True, is_active=False), False),
        (UserFactory.build(is_staff=True), True),
    ],
    ids=["nobody", "liaison", "former staff", "staff"],
)
def test_only_active_staff_enter(user: object, enters: bool) -> None:
    assert admin.site.has_permission(request_of(user)) is enters


@pytest.mark.parametrize("code_given", [True, False])
def test_where_a_second_factor_is_required_staff_need_it(settings, code_given: bool) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    assert admin.site.has_permission(request_of(Verified(code_given=code_given))) is code_given


def test_a_user_who_cannot_prove_a_second_factor_has_none(settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    assert admin.site.has_permission(request_of(UserFactory.build(is_staff=True))) is False


def test_strangers_are_sent_to_the_one_log_in(client) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/login/?next=%2Fadmin%2F"


def test_the_admin_has_no_log_in_form_of_its_own(client) -> None:
    response = client.post("/admin/login/", {"username": "x", "password": "x"})
    assert (response.status_code, response.headers["Location"]) == (302, "/login/?next=%2Fadmin%2F")


@pytest.mark.django_db
def test_a_liaison_is_told_that_staff_screens_are_not_theirs(client) -> None:
    client.force_login(UserFactory())
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "您的账号没有权限" in response.content.decode()


@pytest.mark.django_db
def test_the_home_page_shows_the_panels_of_the_apps(client, monkeypatch) -> None:
    monkeypatch.setattr(admin_site, "_panels", [])
    numbers = [{"label": "待审核", "value": 14, "url": "/admin/review/", "kind": "review"}]
    admin_site.register_home_panel(lambda _request: {"title": "2024年调查", "items": numbers}, order=20)
    admin_site.register_home_panel(lambda _request: {"title": "任务", "items": []}, order=10)
    admin_site.register_home_panel(lambda _request: None, order=30)
    client.force_login(staff_user("administrator"))
    page = client.get("/admin/").content.decode()
    assert page.index("任务") < page.index("2024年调查")
    assert '<a href="/admin/review/">' in page
    assert "演示系统" not in page


@pytest.mark.django_db
def test_staff_pages_hold_the_content_security_policy(client) -> None:
    client.force_login(staff_user("administrator"))
    for address in ("/admin/", "/admin/jsi18n/"):
        assert "unsafe" not in client.get(address).headers["Content-Security-Policy"]
    page = client.get("/admin/").content.decode()
    assert " style=" not in page
    assert "<style" not in page


@staff_view(permission="round.view")
def board(request) -> HttpResponse:
    return HttpResponse(staff_context(request, title="看板")["title"])


@pytest.mark.django_db
def test_a_staff_screen_opens_to_those_who_hold_its_permission() -> None:
    assert board(request_of(staff_user("case_officer"))).content.decode() == "看板"


@pytest.mark.django_db
def test_a_staff_screen_is_forbidden_without_its_permission() -> None:
    with pytest.raises(PermissionDenied):
        board(request_of(UserFactory(is_staff=True)))


def test_a_staff_screen_sends_strangers_to_the_log_in() -> None:
    response = board(request_of(AnonymousUser(), "/admin/rounds/"))
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/login/?next=/admin/rounds/")
