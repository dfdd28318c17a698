import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from core import navigation
from tests.factories import UserFactory, staff_user


def words(user: object, path: str = "/help/") -> list[str]:
    request = RequestFactory().get(path)
    request.user = user
    return [str(link["label"]) for link in navigation.links_for(request)]


@pytest.fixture
def own_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_staff_links", [])


def test_the_public_finds_help_and_about() -> None:
    assert words(AnonymousUser())[-2:] == ["关于", "帮助"]


def test_a_link_to_a_page_that_does_not_exist_is_left_out(own_links: None) -> None:
    navigation.register_staff_link("没有的页面", "no:such")
    assert "没有的页面" not in words(UserFactory.build(is_staff=True))


def test_staff_links_stand_in_their_order_and_can_be_replaced(own_links: None) -> None:
    navigation.register_staff_link("第二", "core:about", order=90)
    navigation.register_staff_link("说明", "core:help", order=80)
    navigation.register_staff_link("第一", "core:about", order=70)
    assert words(UserFactory.build(is_staff=True))[-2:] == ["第一", "说明"]


@pytest.mark.django_db
def test_a_staff_link_needs_its_permission(own_links: None) -> None:
    navigation.register_staff_link("调查轮次", "core:about", permission="round.view")
    assert "调查轮次" in words(staff_user("case_officer"))
    assert "调查轮次" not in words(UserFactory(is_staff=True))


def test_the_page_one_is_on_is_marked_once() -> None:
    request = RequestFactory().get("/help/about/")
    request.user = AnonymousUser()
    assert [link["url"] for link in navigation.links_for(request) if link["current"]] == ["/help/about/"]
