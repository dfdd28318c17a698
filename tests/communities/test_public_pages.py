"""The public pages on a few rows: what each costs, whom they let in, where the root leads."""

import pytest
from django.test import Client

from tests.factories import DesignationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 50])
def test_queries_do_not_grow_with_the_register(count, programme, django_assert_num_queries):
    """The list asks for counts, rows and names; a page for its entry, names, cycles, neighbours and programmes."""
    first = DesignationFactory(entry__programme=programme).entry
    for _ in range(count - 1):
        DesignationFactory(entry__programme=programme, entry__community__parent=first.community)
    client = Client()
    with django_assert_num_queries(4):  # and counts what was changed
        client.get("/register/")
    with django_assert_num_queries(3):
        client.get("/register/")
    with django_assert_num_queries(4):
        client.get("/register/", {"q": "街道"})
    with django_assert_num_queries(8):  # and whether programmes, news and injury figures are shown
        client.get(f"/register/{first.number}/")
    with django_assert_num_queries(3):
        client.get("/register.csv")
    with django_assert_num_queries(3):
        client.get("/register.xlsx")


@pytest.mark.parametrize(
    ("person", "target"),
    [(None, "/register/"), ("li", "/portal/"), ("office", "/admin/")],
)
def test_the_root_leads_everybody_to_their_work(request, person, target):
    client = Client()
    if person:
        client.force_login(request.getfixturevalue(person))
    response = client.get("/")
    assert (response.status_code, response.url) == (302, target)


def test_my_communities_are_those_within_reach(li, zhao, community, elsewhere):
    client = Client()
    assert client.get("/portal/communities/").status_code == 302
    client.force_login(li)
    text = client.get("/portal/communities/").text
    assert ("筼筜街道" in text, "展览路街道" in text) == (True, False)


def test_an_unpublished_unit_has_a_page_for_its_own_people(li, wang, zhao, community):
    community.published = False
    community.save()
    client = Client()
    for person, answer in ((li, 200), (wang, 200), (zhao, 404)):
        client.force_login(person)
        assert client.get(f"/communities/{community.pk}/").status_code == answer


def test_an_empty_register_has_a_page(programme):
    response = Client().get("/register/")
    assert response.status_code == 200
    assert "没有符合条件的单位" in response.text
