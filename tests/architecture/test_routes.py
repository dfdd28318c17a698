"""Every route turns a stranger away, and every route is known."""

import pytest
from django.test import Client

from surveys.enums import Stage
from tests.architecture.routes import DOORS, ROUTES, Door, Route, all_routes
from tests.factories import MembershipFactory, RegisterEntryFactory, ResponseFactory, UserFactory

ALL = all_routes()
ANY_METHOD = ("get", "post")
REFUSED = {403, 404, 405}


def behind(*doors: Door) -> list:
    return [pytest.param(route, id=route.name) for route in ALL if DOORS.get(route.name) in doors]


@pytest.fixture
def things(db: None) -> dict[str, object]:
    """What exists and belongs to another community than the stranger's."""
    entry = RegisterEntryFactory()
    response = ResponseFactory(community=entry.community, stage=Stage.DRAFT)
    MembershipFactory(community=entry.community)
    return {
        "reference": response.reference,
        "number": entry.number,
        "community_id": entry.community_id,
        "pk": response.pk,
        "object_id": response.pk,
        "app_label": "surveys",
        "question": "leader_name",
        "section": "leader",
        "round": response.round.code,
        "code": response.round.code,
        "content_type_id": 1,
        "url": "none/",
    }


@pytest.fixture
def stranger(db: None) -> Client:
    """A liaison of some other community."""
    client = Client()
    client.force_login(MembershipFactory(user=UserFactory()).user)
    return client


def is_sent_to_sign_in(answer) -> bool:
    return answer.status_code == 302 and "/login/" in answer.headers["Location"]


def test_every_route_stands_in_the_table() -> None:
    assert sorted({route.name for route in ALL} - set(DOORS)) == []


def test_the_table_names_no_route_that_is_gone() -> None:
    assert sorted(set(ROUTES) - {route.name for route in ALL}) == []


@pytest.mark.parametrize("method", ANY_METHOD)
@pytest.mark.parametrize("route", behind(Door.SIGNED_IN, Door.COMMUNITY, Door.STAFF))
def test_nobody_enters_unnamed(client, things, route: Route, method: str) -> None:
    answer = getattr(client, method)(route.url(things))
    assert is_sent_to_sign_in(answer) or answer.status_code in REFUSED


@pytest.mark.parametrize("method", ANY_METHOD)
@pytest.mark.parametrize("route", behind(Door.COMMUNITY))
def test_a_stranger_sees_nothing_of_another_community(stranger, things, route: Route, method: str) -> None:
    assert getattr(stranger, method)(route.url(things)).status_code in REFUSED


@pytest.mark.parametrize("method", ANY_METHOD)
@pytest.mark.parametrize("route", behind(Door.STAFF))
def test_a_liaison_enters_no_staff_page(stranger, things, route: Route, method: str) -> None:
    answer = getattr(stranger, method)(route.url(things))
    assert is_sent_to_sign_in(answer) or answer.status_code in REFUSED


@pytest.mark.parametrize("route", behind(Door.PUBLIC, Door.SIGNED_IN))
def test_an_open_page_answers(stranger, things, route: Route) -> None:
    assert stranger.get(route.url(things)).status_code in {200, 302, 404, 405}


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("route", behind(Door.COMMUNITY, Door.SIGNED_IN))
def test_no_route_takes_a_method_it_does_not_know(stranger, things, route: Route, method: str) -> None:
    answer = getattr(stranger, method)(route.url(things))
    assert is_sent_to_sign_in(answer) or answer.status_code in REFUSED
