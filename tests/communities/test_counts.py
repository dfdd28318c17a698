"""The counts beside the register's filters are kept in memory, and are what a recount finds after every change."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from communities import figures
from communities.enums import EntryEnd, Standing, Status
from communities.models import Community, RegisterEntry, Touch
from communities.selectors import RegisterFilters, register_page
from communities.services import designations, register
from core import clock
from tests.factories import CommunityFactory, RegisterEntryFactory

pytestmark = pytest.mark.django_db
Counts = dict[tuple[str, str], int]


@pytest.fixture(autouse=True)
def in_march():
    with clock.frozen("2024-03-10 09:00"):
        yield


@pytest.fixture
def entries(programme) -> list[RegisterEntry]:
    found = [
        RegisterEntryFactory(
            programme=programme,
            first_year=2015 + number,
            ends_earliest=dt.date(2022 + number, 3, 1),
            ends_latest=dt.date(2022 + number, 12, 31),
            community__province_name=("福建省", "上海市")[number % 2],
            community__kind=("town", "subdistrict")[number % 2],
            community__published=True,
        )
        for number in range(5)
    ]
    assert shown() == counted_anew()
    return found


def shown() -> Counts:
    page = register_page(RegisterFilters(), None)
    return {
        (facet.name, link.value): link.count
        for facet in page.facets
        for link in facet.links
        if facet.name != "years"
    } | {("all", ""): page.count, ("listed", ""): len(page.page.object_list)}


def counted_anew() -> Counts:
    counts: Counter[tuple[str, str]] = Counter()
    rows = RegisterEntry.objects.with_status().filter(
        programme__code="international", community__published=True
    )
    for entry in rows.select_related("community"):
        unit = entry.community
        for key in (("status", entry.status), ("province", unit.province_name), ("kind", unit.kind)):
            counts[key] += 1
        counts["all", ""] += 1
        counts["listed", ""] += 1
    return dict(counts)


def one_more(office) -> None:
    RegisterEntryFactory(programme=RegisterEntry.objects.first().programme, community__published=True)


def end_one(office) -> None:
    register_entry = RegisterEntry.objects.order_by("pk").last()
    designations.end_entry(
        entry=register_entry, kind=EntryEnd.WITHDRAWN, on=clock.today(), basis="公告", by=office
    )


def designate_again(office) -> None:
    designations.record_designation(
        entry=RegisterEntry.objects.order_by("pk").first(),
        cycle=0,
        date_text="2024-03-01",
        source="公告",
        by=office,
    )


def hide_one(office) -> None:
    register.change_community(community=Community.objects.order_by("pk").first(), by=office, published=False)


def move_one(office) -> None:
    register.change_community(
        community=Community.objects.order_by("pk").first(), by=office, province_name="浙江省"
    )


def merge_one(office) -> None:
    register.merge_community(
        community=Community.objects.order_by("pk").first(), into=CommunityFactory(), by=office, reason="合并"
    )


def many_at_once(office) -> None:
    RegisterEntry.objects.update(ends_latest=dt.date(2030, 1, 1), ends_earliest=dt.date(2030, 1, 1))


def many_new(office) -> None:
    programme = RegisterEntry.objects.first().programme
    units = Community.objects.bulk_create(
        Community(
            name_zh=f"第{number}街道",
            kind="park",
            province_name="浙江省",
            published=True,
            standing=Standing.NAMED,
        )
        for number in range(3)
    )
    RegisterEntry.objects.bulk_create(RegisterEntry(community=unit, programme=programme) for unit in units)


def many_changed(office) -> None:
    units = list(Community.objects.all())
    for unit in units:
        unit.kind = "county"
    Community.objects.bulk_update(units, ["kind"])


def one_gone(office) -> None:
    RegisterEntry.objects.order_by("pk").first().delete()


def many_gone(office) -> None:
    RegisterEntry.objects.filter(first_year__gte=2017).delete()


CHANGES = (
    one_more,
    end_one,
    designate_again,
    hide_one,
    move_one,
    merge_one,
    many_at_once,
    many_new,
    many_changed,
    one_gone,
    many_gone,
)


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_the_counts_are_right_at_once_after(change: Callable, entries, office) -> None:
    before = shown()
    change(office)
    assert shown() == counted_anew() != before


def test_a_day_that_passes_changes_the_status(entries) -> None:
    for day in ("2024-12-31", "2025-03-02", "2031-01-01"):
        with clock.frozen(f"{day} 09:00"):
            assert shown() == counted_anew()
    with clock.frozen("2031-01-01 09:00"):
        assert shown()["status", Status.UNKNOWN] == 5


def test_what_is_taken_back_was_never_counted(entries, office) -> None:
    before = shown()
    for change in (many_new, move_one):
        with transaction.atomic():
            change(office)
            assert shown() == counted_anew() != before
            transaction.set_rollback(True)
        assert shown() == before


def test_a_change_that_began_earlier_and_is_done_later_is_seen(entries) -> None:
    """Its touch has a lower number than the newest; the number of all tells it."""
    known = figures.stamp()
    Touch.objects.create(pk=-1)
    assert Touch.objects.order_by("-pk").values_list("token", flat=True).first() == known[0]
    assert figures.stamp() != known


def test_touches_are_summed_up_to_a_new_one(entries) -> None:
    known = figures.stamp()
    figures.sum_up()
    assert Touch.objects.count() == 1
    assert figures.stamp() != known
    last = figures.stamp()
    figures.sum_up()
    assert figures.stamp() == last
    assert shown() == counted_anew()


def test_what_counts_nothing_leaves_no_touch(entries) -> None:
    known = figures.stamp()
    Community.objects.update(note="备注", revision=7)
    Community.objects.filter(pk=-1).update(kind="park")
    entries[0].community.save(update_fields=["note"])
    assert figures.stamp() == known


def test_the_register_is_counted_once_for_each_change(entries, django_assert_num_queries) -> None:
    client = Client()
    with django_assert_num_queries(3):
        client.get("/register/")
    with django_assert_num_queries(3):
        client.get("/register/", {"province": "福建省"})
    Community.objects.update(kind="park")
    with django_assert_num_queries(4):
        client.get("/register/")
