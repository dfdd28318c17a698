"""Differences to the register through the door: told after an acceptance, settled one by one."""

import pytest
from django.urls import reverse

from surveys.models import RegisterChange
from surveys.selectors.responses import digest
from tests.factories import CommunityFactory, RegisterEntryFactory
from tests.surveys.scenes import awaiting_review

TICKS = {"signed": "on", "sealed": "on", "dated": "on", "same_version": "on", "legible": "on"}


@pytest.fixture
def reviewer(client, office):
    client.force_login(office)
    return client


def desk(response, name="review", *more):
    return reverse(f"surveys:{name}", args=[response.reference, *more])


@pytest.fixture
def accepted(reviewer, community):
    RegisterEntryFactory(community=community)
    response = awaiting_review(community, answers={"address": "厦门市新址"})
    copy = response.sealed_copies.get()
    reviewer.post(desk(response), {"version": 1, "copy": copy.pk, "decision": "accepted", **TICKS})
    return response


def test_an_acceptance_says_how_many_differences_wait(reviewer, accepted) -> None:
    page = reviewer.get(reverse("surveys:review_queue")).content.decode()
    count = RegisterChange.objects.count()
    assert f"与名录有 {count} 处不同" in page
    assert (
        accepted.reference
        in reviewer.get(reverse("surveys:review_queue"), {"list": "changes"}).content.decode()
    )


@pytest.mark.parametrize(("decision", "state"), [("apply", "applied"), ("dismiss", "dismissed")])
def test_one_difference_at_a_time(reviewer, accepted, community, decision, state) -> None:
    change = RegisterChange.objects.get(field="community.address")
    sent = {"decision": decision, "seen": digest(change.old_value)}
    reviewer.post(desk(accepted, "register_change_decide", change.pk), sent)
    change.refresh_from_db()
    community.refresh_from_db()
    assert change.state == state
    assert community.address == ("厦门市新址" if decision == "apply" else "")
    assert RegisterChange.objects.filter(state="open").count() == RegisterChange.objects.count() - 1


def test_the_leadership_sees_differences_and_settles_none(client, accepted, leadership) -> None:
    client.force_login(leadership)
    change = RegisterChange.objects.get(field="contact.liaison.mobile")
    page = client.get(desk(accepted, "register_changes")).content.decode()
    assert "138****0001" in page
    assert "13800000001" not in page
    url = desk(accepted, "register_change_decide", change.pk)
    assert client.post(url, {"decision": "apply"}).status_code == 403


def test_a_difference_is_settled_only_under_its_own_response(reviewer, accepted) -> None:
    other = awaiting_review(CommunityFactory())
    change = RegisterChange.objects.get(field="community.address")
    assert reviewer.post(desk(other, "register_change_decide", change.pk)).status_code == 404
