"""An authority and the association record what they organise themselves, for nobody else to see or change."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Authority, Community
from core import clock
from projects.enums import ActivityKind, Organiser
from projects.models import Activity, Evidence
from projects.selectors.activities import Owner
from projects.services.activities import record
from tests.projects.factories import ActivityFactory
from tests.projects.test_evidence import photograph
from tests.queries import queries_of

SENT = {"kind": "training", "title": "区级培训", "on": "2026-03-05", "form_key": "k", "revision": "0"}


@pytest.fixture(autouse=True)
def in_march() -> object:
    with clock.frozen("2026-03-10"):
        yield


def test_an_authority_records_its_training_once_and_the_counter_turns(
    client: Client, district_authority: Authority, wang: User
) -> None:
    client.force_login(wang)
    address = reverse("projects:authority_activity_add", args=[district_authority.pk])
    for _press in range(2):
        assert client.post(address, SENT).status_code == 302
    training = Activity.objects.get()
    assert (training.organiser, training.authority, training.community) == (
        Organiser.AUTHORITY,
        district_authority,
        None,
    )
    page = client.get(reverse("projects:authority_activities", args=[district_authority.pk]))
    assert list(page.context["page"]) == [training]
    counter = page.context["counter"]
    assert (counter.number, counter.least, counter.is_met) == (1, 1, True)


def test_it_is_changed_and_removed(client: Client, district_authority: Authority, wang: User) -> None:
    client.force_login(wang)
    training = ActivityFactory(
        organiser=Organiser.AUTHORITY,
        community=None,
        authority=district_authority,
        kind=ActivityKind.TRAINING,
    )
    args = [district_authority.pk, training.pk]
    assert client.get(reverse("projects:authority_activity", args=args)).status_code == 200
    data = SENT | {"revision": "1"}
    assert client.post(reverse("projects:authority_activity_change", args=args), data).status_code == 302
    training.refresh_from_db()
    assert training.title == "区级培训"
    assert client.post(reverse("projects:authority_activity_remove", args=args)).status_code == 302
    assert Activity.objects.count() == 0


def test_only_who_has_a_post_there_or_above_comes_in(
    client: Client, district_authority: Authority, province_authority: Authority, li: User, wang: User
) -> None:
    below = reverse("projects:authority_activities", args=[district_authority.pk])
    above = reverse("projects:authority_activities", args=[province_authority.pk])
    client.force_login(wang)
    assert (client.get(below).status_code, client.get(above).status_code) == (200, 404)
    client.force_login(li)
    assert client.get(below).status_code == 404
    with pytest.raises(PermissionDenied):
        record(
            owner=Owner(authority=district_authority),
            fields={"kind": "training", "title": "x", "on": dt.date(2026, 3, 1)},
            by=li,
        )


def test_the_boards_lead_there(
    client: Client, community: Community, district_authority: Authority, office: User, wang: User
) -> None:
    client.force_login(wang)
    board = client.get(reverse("projects:board")).content.decode()
    assert reverse("projects:authority_activities", args=[district_authority.pk]) in board
    assert reverse("projects:association_activities") not in board
    client.force_login(office)
    assert (
        reverse("projects:association_activities") in client.get(reverse("projects:board")).content.decode()
    )


def test_a_community_s_activity_is_not_found_among_an_authority_s(
    client: Client, community: Community, district_authority: Authority, wang: User
) -> None:
    client.force_login(wang)
    own = ActivityFactory(community=community)
    for name in ("activity", "activity_change"):
        address = reverse(f"projects:authority_{name}", args=[district_authority.pk, own.pk])
        assert client.get(address).status_code == 404


def test_the_association_records_its_own(client: Client, office: User, wang: User) -> None:
    address = reverse("projects:association_activity_add")
    client.force_login(wang)
    assert client.post(address, SENT).status_code == 404
    client.force_login(office)
    for _press in range(2):
        assert client.post(address, SENT | {"kind": "exchange"}).status_code == 302
    exchange = Activity.objects.get()
    assert (exchange.organiser, exchange.authority, exchange.community) == (Organiser.ASSOCIATION, None, None)
    assert list(client.get(reverse("projects:association_activities")).context["page"]) == [exchange]


def test_an_authority_keeps_the_photographs_of_its_activities_for_itself(
    client: Client, district_authority: Authority, wang: User, li: User
) -> None:
    client.force_login(wang)
    address = reverse("projects:authority_activity_add", args=[district_authority.pk])
    form = client.get(address, {"kind": "meeting"}).context["form"]
    assert {"files", "papers", "project", "body"} & set(form.fields) == {"files", "papers"}
    for _press in range(2):
        client.post(address, SENT | {"files": photograph()})
    activity, picture = Activity.objects.get(), Evidence.objects.get()
    assert (picture.community, picture.authority) == (None, district_authority)
    assert list(activity.evidence.all()) == [picture]
    file, thumbnail = (
        reverse(f"projects:authority_{what}", args=[district_authority.pk, picture.pk])
        for what in ("file", "thumbnail")
    )
    page = client.get(reverse("projects:authority_activity", args=[district_authority.pk, activity.pk]))
    assert file in page.content.decode()
    assert (
        thumbnail
        in client.get(reverse("projects:authority_activities", args=[district_authority.pk])).content.decode()
    )
    assert [client.get(address).status_code for address in (file, thumbnail)] == [200, 200]
    client.force_login(li)
    assert [client.get(address).status_code for address in (file, thumbnail)] == [404, 404]


def test_the_association_keeps_its_own(client: Client, office: User, wang: User) -> None:
    client.force_login(office)
    client.post(reverse("projects:association_activity_add"), SENT | {"kind": "forum", "files": photograph()})
    picture = Evidence.objects.get()
    assert (picture.community, picture.authority) == (None, None)
    file = reverse("projects:association_file", args=[picture.pk])
    assert client.get(file).status_code == 200
    client.force_login(wang)
    assert client.get(file).status_code == 404


def test_the_list_of_an_authority_asks_the_same_for_many(
    client: Client, district_authority: Authority, wang: User
) -> None:
    client.force_login(wang)
    address = reverse("projects:authority_activities", args=[district_authority.pk])

    def make() -> None:
        ActivityFactory(organiser=Organiser.AUTHORITY, community=None, authority=district_authority)

    assert queries_of(client, address, make, 1) == queries_of(client, address, make, 12)
