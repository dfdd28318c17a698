"""No page asks the database more often because there is more in it: every GET route, at one row and at a dozen."""

from itertools import count

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit import services as audit
from communities.enums import NameKind
from communities.models import Community, CommunityName
from core.clock import now
from documents.models import Run
from notices.models import Notice
from surveys.enums import Stage
from surveys.models import RegisterChange, Response, Round, StageChange
from surveys.services.submissions import PRINT
from tests.architecture.routes import DOORS, Door, Route, all_routes
from tests.factories import (
    AccessGrantFactory,
    AuthorityFactory,
    AuthorityPostFactory,
    ContactFactory,
    CopyPageFactory,
    DesignationFactory,
    MembershipFactory,
    RegionFactory,
    RegisterEntryFactory,
    ResponseFactory,
    RoleGrantFactory,
    SealedCopyFactory,
    SectionHandoutFactory,
    SubmissionFactory,
    UploadedFileFactory,
)
from tests.injuries.scenes import one_more_of_the_injuries, things_of_the_injuries
from tests.projects.scenes import one_more_of_the_work, things_of_the_work

number = count(1)


def one_more_of_everything(community: Community, response: Response) -> None:
    """A row of every kind, some of them hanging on this very community and response."""
    entry = RegisterEntryFactory(community__supervisor=community.supervisor)
    other = ResponseFactory(community=entry.community, round=response.round, stage=Stage.UPLOADED)
    SubmissionFactory(response=other)
    for of in (entry.community, community):
        CommunityName.objects.create(community=of, kind=NameKind.ALIAS, name=f"又名{next(number)}")
        MembershipFactory(community=of)
        AccessGrantFactory(community=of)
    DesignationFactory(entry=entry)
    ContactFactory(community=entry.community)
    RegionFactory()
    AuthorityPostFactory(authority=AuthorityFactory(parent=community.supervisor))
    RoleGrantFactory()
    Notice.objects.create(
        kind="response_submitted", subject=f"surveys.submission:{next(number)}", address="a@example.org"
    )
    audit.record("community.change", by=None, target=community, changes={"address": ["", "新"]})
    copy = response.sealed_copies.get()
    CopyPageFactory(file=UploadedFileFactory(sealed_copy=copy))
    RegisterChange.objects.create(response=response, question="address", field=f"field{next(number)}")
    SectionHandoutFactory(response=response)
    one_more_of_the_work(community)
    one_more_of_the_injuries(community)
    StageChange.objects.create(
        response=response,
        move="submit",
        from_stage=Stage.DRAFT,
        to_stage=Stage.SUBMITTED,
        version=1,
        at=now(),
    )


@pytest.fixture
def response(community: Community) -> Response:
    response = ResponseFactory(community=community, stage=Stage.UPLOADED)
    SealedCopyFactory(submission=SubmissionFactory(response=response), sent_at=now())
    return response


@pytest.fixture
def things(community: Community, response: Response, administrator: User) -> dict[str, object]:
    entry = RegisterEntryFactory(community=community)
    work = things_of_the_work(community) | things_of_the_injuries(community)
    one_more_of_everything(community, response)
    page = response.sealed_copies.get().files.get().pages.get()
    return {
        **work,
        "reference": response.reference,
        "version": 1,
        "section": "work",
        "handout_id": response.handouts.first().pk,
        "file_id": page.file_id,
        "page_id": page.pk,
        "copy_id": page.file.sealed_copy_id,
        "run_id": Run.objects.create(handler=PRINT, requested_by=administrator).pk,
        "number": entry.number,
        "community_id": community.pk,
        "pk": community.pk,
        "code": response.round.code,
        "app_label": "communities",
    }


def objects_of_models() -> dict[str, object]:
    """``app_model`` → the key of its first row, for the change pages of the admin."""
    return {
        f"{model._meta.app_label}_{model._meta.model_name}": model._default_manager.order_by("pk")
        .values_list("pk", flat=True)
        .first()
        for model in admin.site._registry
    }


def address_of(route: Route, things: dict[str, object], first: dict[str, object]) -> str:
    model = route.name.removeprefix("admin:").rsplit("_", 1)[0]
    return route.url(things | {"object_id": first.get(model) or 1})


def asked(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def pages_of(client: Client, routes: list[Route], things: dict[str, object]) -> dict[str, int]:
    """Queries of every page that answers with 200, warm."""
    first = objects_of_models()
    addresses = {route.name: address_of(route, things, first) for route in routes}
    return {name: asked(client, url) for name, url in addresses.items() if client.get(url).status_code == 200}


def pages_with_more(
    client: Client, routes: list[Route], things: dict[str, object], before: dict[str, int]
) -> dict[str, tuple[int, int]]:
    """Pages that ask more often than before: what a first look asks for to keep it is not held against them."""
    first = objects_of_models()
    found = {}
    for route in routes:
        if (limit := before.get(route.name)) is None:
            continue
        url = address_of(route, things, first)
        if asked(client, url) > limit and (warm := asked(client, url)) > limit:
            found[route.name] = (limit, warm)
    return found


# Downloads, not pages; the stored files of the factories are rows without a file behind them.
FILES = {
    "communities:register_csv",
    "communities:register_xlsx",
    "surveys:review_page",
    "surveys:review_file",
    "surveys:copy_file",
    "surveys:copy_thumbnail",
    "projects:evidence_file",
    "projects:evidence_thumbnail",
}


@pytest.mark.parametrize("whose", ["staff", "portal"])
def test_no_page_asks_more_often_for_a_dozen_rows_than_for_one(
    whose: str,
    administrator: User,
    li: User,
    community: Community,
    response: Response,
    things: dict[str, object],
) -> None:
    client = Client()
    client.force_login(administrator if whose == "staff" else li)
    doors = {"staff": {Door.STAFF, Door.PUBLIC}, "portal": {Door.COMMUNITY, Door.SIGNED_IN}}[whose]
    routes = [route for route in all_routes() if DOORS.get(route.name) in doors and route.name not in FILES]
    at_one = pages_of(client, routes, things)
    for _row in range(11):
        one_more_of_everything(community, response)
    assert len(at_one) > {"staff": 50, "portal": 30}[whose]
    assert Round.objects.count() == 1
    assert pages_with_more(client, routes, things, at_one) == {}
