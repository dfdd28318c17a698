"""The queue: four kinds of waiting work, the longest waiting first, and the way from one to the next."""

import pytest

from core import clock
from surveys.enums import Stage
from surveys.selectors import queues as selectors
from surveys.selectors.queues import QueueFilter, Way
from surveys.services.reviews import take_up
from tests.factories import CommunityFactory
from tests.surveys.scenes import awaiting_review, checked_first, looked_at_twice, submitted, to_check
from tests.surveys.verdicts import ACCEPT, PROPOSE, give

EVERYTHING = Way()


def queue_of(user, chosen=QueueFilter.AWAITING):
    return [row.reference for row in selectors.queue(user, Way(chosen), 1)]


@pytest.fixture
def one_of_each(office, administrator):
    """One response in every stage that waits, in the order of the lists."""
    twice = looked_at_twice()
    second = awaiting_review(CommunityFactory(), round=twice)
    give(PROPOSE, second, administrator)
    return {
        "to_check": to_check(CommunityFactory()),
        "new": awaiting_review(CommunityFactory(), round=twice, is_late=True),
        "in_review": take_up(response=awaiting_review(CommunityFactory(), round=twice), by=office),
        "second_look": second,
    }


def test_the_longest_waiting_stands_first_whatever_it_waits_for(office) -> None:
    arrivals = {"2024-02-23 10:00": awaiting_review, "2024-02-21 10:00": awaiting_review}
    rows = {}
    for moment, arrange in arrivals.items():
        with clock.frozen(moment):
            rows[moment] = arrange(CommunityFactory())
    with clock.frozen("2024-02-22 10:00"):
        rows["2024-02-22 10:00"] = to_check(CommunityFactory())
    submitted(CommunityFactory())
    assert queue_of(office) == [rows[moment].reference for moment in sorted(rows)]


def test_every_kind_of_waiting_work_has_its_list(office, one_of_each) -> None:
    lists = {chosen: queue_of(office, chosen) for chosen in one_of_each}
    assert lists == {chosen: [response.reference] for chosen, response in one_of_each.items()}
    assert sorted(queue_of(office)) == sorted(response.reference for response in one_of_each.values())


def test_the_lists_and_their_counts_agree(office, one_of_each) -> None:
    counts = selectors.queue_counts(office)
    assert counts == {
        "awaiting": 4,
        "to_check": 1,
        "new": 1,
        "in_review": 1,
        "second_look": 1,
        "mine": 1,
        "late": 1,
        "changes": 0,
    }
    assert {key: len(queue_of(office, key)) for key in QueueFilter.values} == counts
    assert selectors.waiting_count(office) == 4


def test_one_round_alone(office, one_of_each) -> None:
    way = Way(round_code="twice")
    assert selectors.queue_counts(office, "twice")["awaiting"] == 3
    assert len(selectors.references_in_queue(office, way)) == 3
    assert (way.query, Way(QueueFilter.LATE, "twice").query, EVERYTHING.query) == (
        "?round=twice",
        "?list=late&round=twice",
        "",
    )


def test_the_next_one_skips_what_colleagues_decided_meanwhile(office) -> None:
    first, second, third = (awaiting_review(CommunityFactory()) for _ in range(3))
    before = selectors.references_in_queue(office, EVERYTHING)
    give(ACCEPT, first, office)
    give(ACCEPT, second, office)
    assert selectors.next_after(before, first.reference, office, EVERYTHING) == third.reference
    give(ACCEPT, third, office)
    assert selectors.next_after(before, third.reference, office, EVERYTHING) is None


def test_the_last_one_leads_back_to_the_first(office) -> None:
    first, last = awaiting_review(CommunityFactory()), awaiting_review(CommunityFactory())
    before = selectors.references_in_queue(office, EVERYTHING)
    give(ACCEPT, last, office)
    assert selectors.next_after(before, last.reference, office, EVERYTHING) == first.reference


def test_nobody_is_led_to_what_he_proposed_himself(office, administrator, one_of_each) -> None:
    own = one_of_each["second_look"].reference
    assert own in selectors.references_in_queue(office, EVERYTHING)
    assert own not in selectors.references_in_queue(administrator, EVERYTHING)
    assert own in queue_of(administrator)


def test_a_place_counts_within_the_list(office) -> None:
    with clock.frozen("2024-02-21 10:00"):
        to_check(CommunityFactory())
    with clock.frozen("2024-02-22 10:00"):
        late = awaiting_review(CommunityFactory(), is_late=True)
    everything = selectors.place_in_queue(office, late.reference, EVERYTHING)
    among_late = selectors.place_in_queue(office, late.reference, Way(QueueFilter.LATE))
    assert (everything.position, everything.total, everything.next) == (2, 2, None)
    assert (among_late.position, among_late.total, among_late.previous) == (1, 1, None)


def test_nobody_sees_a_queue_beyond_his_reach(community, zhao, wang, stranger) -> None:
    response = to_check(community, round=checked_first())
    assert queue_of(wang) == [response.reference]
    assert queue_of(zhao) == []
    assert queue_of(stranger) == []


def test_what_is_decided_waits_no_more(community, office) -> None:
    response = awaiting_review(community)
    give(ACCEPT, response, office)
    assert (response.stage, queue_of(office)) == (Stage.ACCEPTED, [])
