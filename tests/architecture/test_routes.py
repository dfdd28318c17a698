"""Every route turns a stranger away, and every route is known."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.enums import RoleCode
from accounts.models import User
from communities.enums import MembershipState
from communities.models import Community
from core.clock import today
from documents.models import Run
from surveys.enums import Stage
from surveys.models import RegisterChange
from surveys.services.submissions import PRINT
from tests.architecture.routes import DOORS, ROUTES, Door, Route, all_routes
from tests.factories import (
    AccessGrantFactory,
    AuthorityFactory,
    AuthorityPostFactory,
    CopyPageFactory,
    MembershipFactory,
    RegisterEntryFactory,
    ResponseFactory,
    RoleFactory,
    SealedCopyFactory,
    SectionHandoutFactory,
    SubmissionFactory,
    UploadedFileFactory,
    UserFactory,
    staff_user,
)
from tests.injuries.scenes import things_of_the_injuries
from tests.projects.scenes import things_of_the_work

ALL = all_routes()
# 401 answers a script that saves while its session has ended.
REFUSED = {401, 403, 404, 405}
# 410: a link that no longer works. 503: no worker runs beside the suite.
ANSWERED = {200, 302, 404, 405, 410, 503}


def behind(*doors: Door) -> list[Route]:
    return [route for route in ALL if DOORS.get(route.name) in doors]


@pytest.fixture
def things(community: Community, li: User) -> dict[str, object]:
    """What exists and belongs to the community of 李."""
    entry = RegisterEntryFactory(community=community)
    response = ResponseFactory(community=community, stage=Stage.SUBMITTED)
    copy = SealedCopyFactory(submission=SubmissionFactory(response=response))
    file = UploadedFileFactory(sealed_copy=copy)
    return {
        **things_of_the_work(community),
        **things_of_the_injuries(community),
        "reference": response.reference,
        "version": 1,
        "section": "work",
        "handout_id": SectionHandoutFactory(response=response).pk,
        "file_id": file.pk,
        "page_id": CopyPageFactory(file=file).pk,
        "change_id": RegisterChange.objects.create(response=response, question="address", field="address").pk,
        "run_id": Run.objects.create(handler=PRINT, requested_by=li).pk,
        "number": entry.number,
        "community_id": community.pk,
        "membership_id": MembershipFactory(community=community, state=MembershipState.REQUESTED).pk,
        "pk": response.pk,
        "object_id": response.pk,
        "app_label": "communities",
        "code": response.round.code,
        "content_type_id": 1,
        "url": "none/",
        "token": "none",
    }


@pytest.fixture
def neighbour(zhao: User) -> Client:
    """赵 works for another community."""
    client = Client()
    client.force_login(zhao)
    return client


def is_refused(answer) -> bool:
    sent_to_sign_in = answer.status_code == 302 and "/login/" in answer.headers["Location"]
    return sent_to_sign_in or answer.status_code in REFUSED


def test_every_route_stands_in_the_table() -> None:
    assert sorted({route.name for route in ALL} - set(DOORS)) == []


def test_the_table_names_no_route_that_is_gone() -> None:
    assert sorted(set(ROUTES) - {route.name for route in ALL}) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_enters_unnamed(client, things, method: str) -> None:
    routes = behind(Door.SIGNED_IN, Door.COMMUNITY, Door.STAFF)
    assert [
        route.name for route in routes if not is_refused(getattr(client, method)(route.url(things)))
    ] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_neighbour_sees_nothing_of_another_community(neighbour, things, method: str) -> None:
    answers = {route.name: getattr(neighbour, method)(route.url(things)) for route in behind(Door.COMMUNITY)}
    assert {
        name: answer.status_code for name, answer in answers.items() if answer.status_code not in REFUSED
    } == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_liaison_enters_no_staff_page(neighbour, things, method: str) -> None:
    routes = behind(Door.STAFF)
    assert [
        route.name for route in routes if not is_refused(getattr(neighbour, method)(route.url(things)))
    ] == []


# Staff who have no second factor yet may do nothing but set one up.
OWN = "accounts:second_factor_set_up"
OUTSIDERS = (
    "authority of another region",
    "health department of another region",
    "expert for another community",
    "expert whose time is over",
    "centre that got another community",
    "staff without the second factor",
)


@pytest.fixture(params=OUTSIDERS)
def outsider(request, community: Community, elsewhere: Community, settings) -> tuple[Client, bool]:
    """Somebody with rights, but none here."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    user = UserFactory()
    match request.param:
        case "authority of another region" | "health department of another region":
            elsewhere.supervisor = AuthorityFactory()
            elsewhere.save()
            is_health = request.param.startswith("health")
            role = RoleFactory(code=RoleCode.HEALTH_DEPARTMENT if is_health else RoleCode.AUTHORITY)
            AuthorityPostFactory(user=user, authority=elsewhere.supervisor, role=role)
        case "expert for another community":
            AccessGrantFactory(user=user, community=elsewhere)
        case "expert whose time is over":
            AccessGrantFactory(user=user, community=community, until=today() - timedelta(days=1))
        case "centre that got another community":
            role = RoleFactory(code=RoleCode.CERTIFYING_CENTRE)
            AccessGrantFactory(user=user, community=elsewhere, role=role)
        case "staff without the second factor":
            user = staff_user(RoleCode.ADMINISTRATOR)
    client = Client()
    client.force_login(user)
    return client, user.is_staff


@pytest.mark.parametrize("method", ["get", "post"])
def test_rights_elsewhere_open_nothing_here(outsider, things, method: str) -> None:
    """Staff pages turn away by what somebody is, not where: a liaison has tried them all above."""
    client, is_staff = outsider
    doors = (Door.COMMUNITY, Door.STAFF) if is_staff else (Door.COMMUNITY,)
    answers = {
        route.name: getattr(client, method)(route.url(things))
        for route in behind(*doors)
        if route.name != OWN
    }
    assert [name for name, answer in answers.items() if not is_kept_out(answer)] == []


def is_kept_out(answer) -> bool:
    return is_refused(answer) or (
        answer.status_code == 302 and "/account/second-factor/" in answer.headers["Location"]
    )


def test_open_pages_answer(neighbour, things) -> None:
    answers = {route.name: neighbour.get(route.url(things)) for route in behind(Door.PUBLIC, Door.SIGNED_IN)}
    assert {
        name: answer.status_code for name, answer in answers.items() if answer.status_code not in ANSWERED
    } == {}


def test_every_view_says_which_methods_it_takes(client, administrator, things) -> None:
    """Asked before anything is looked for, and before anything is done. Django's choice of language just redirects."""
    client.force_login(administrator)
    routes = [route for route in ALL if route.name in ROUTES and not route.name.startswith("admin:")]
    answers = {route.name: client.generic("BREW", route.url(things)).status_code for route in routes}
    assert {name for name, status in answers.items() if status != 405} == {"set_language"}


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_route_takes_a_method_it_does_not_know(neighbour, things, method: str) -> None:
    routes = behind(Door.COMMUNITY, Door.SIGNED_IN)
    assert [
        route.name for route in routes if not is_refused(getattr(neighbour, method)(route.url(things)))
    ] == []


def test_no_page_behind_a_door_is_kept_by_a_browser_or_a_proxy(things, li: User, administrator: User) -> None:
    lasting = []
    for user, doors in ((li, (Door.COMMUNITY, Door.SIGNED_IN)), (administrator, (Door.STAFF,))):
        client = Client()
        client.force_login(user)
        answers = [(route.name, client.get(route.url(things))) for route in behind(*doors)]
        shown = [(name, answer) for name, answer in answers if answer.status_code == 200]
        assert len(shown) > 10
        lasting += [
            name for name, answer in shown if "no-store" not in answer.headers.get("Cache-Control", "")
        ]
    assert lasting == []
