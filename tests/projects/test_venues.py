"""Small businesses and venues stand in one ledger: who answers for them, when they were checked, what is open."""

import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.models import Venue
from projects.services import venues as services
from tests.projects.factories import ShortcomingFactory, VenueFactory

EATERY = {
    "name": "老街面馆",
    "kind": "restaurant",
    "address": "和平街3号",
    "person": "陈大明",
    "phone": "13812349689",
    "staff": "4",
    "form_key": "v1",
}


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


@pytest.fixture
def as_li(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


def address(page: str, community: Community, *more: object, **query: str) -> str:
    return reverse(f"projects:{page}", args=[community.pk, *more], query=query)


def names(client: Client, community: Community, **query: str) -> list[str]:
    page = client.get(address("venues", community, **query)).context["page"]
    return [venue.name for venue in page.object_list]


def test_a_venue_is_added_once_however_often_it_is_pressed(as_li: Client, community: Community) -> None:
    for _press in range(2):
        answer = as_li.post(address("venue_add", community), EATERY)
    venue = Venue.objects.get()
    assert answer.headers["Location"] == address("venue", community, venue.pk)
    assert (venue.name, venue.kind, venue.phone, venue.staff, venue.checked_on) == (
        "老街面馆",
        "restaurant",
        "13812349689",
        4,
        None,
    )
    answer = as_li.post(address("venue_add", community), EATERY | {"form_key": "v2"})
    assert answer.context["form"].errors == {"name": ["该地址已有同名单位。"]}


def test_persons_are_whole_for_who_records_and_masked_for_the_authority_above(
    client: Client, li: User, wang: User, community: Community
) -> None:
    venue = VenueFactory(community=community, person="陈大明", phone="13812349689", checker="王网格")
    seen = {}
    for user in (li, wang):
        client.force_login(user)
        pages = client.get(address("venues", community)), client.get(address("venue", community, venue.pk))
        seen[user.name] = [page.context.get("people") or page.context["rows"][0][1] for page in pages]
    whole = {"person": "陈大明", "phone": "13812349689", "checker": "王网格"}
    masked = {"person": "陈**", "phone": "138****9689", "checker": "王**"}
    assert seen == {"李": [whole, whole], "王": [masked, masked]}


def test_a_check_notes_its_day_its_result_and_who_checked(as_li: Client, community: Community) -> None:
    venue = VenueFactory(community=community)
    page = address("venue_check", community, venue.pk)
    answer = as_li.post(page, {"seen": "1", "checked_on": "2026-06-15", "checker": "王网格"})
    assert list(answer.context["form"].errors) == ["result"]
    as_li.post(page, {"seen": "1", "checked_on": "2026-06-15", "result": "in_order", "checker": "王网格"})
    venue.refresh_from_db()
    assert (venue.checked_on, venue.result, venue.checker) == (dt.date(2026, 6, 15), "in_order", "王网格")
    answer = as_li.post(page, {"seen": "1", "checked_on": "2026-06-15", "result": "shortcomings"})
    assert answer.status_code == 422
    entry = AuditEntry.objects.get(action="venue.change")
    assert "王网格" not in str(entry.changes)


def test_a_result_has_its_day(as_li: Client, community: Community) -> None:
    answer = as_li.post(address("venue_add", community), EATERY | {"result": "in_order"})
    assert answer.context["form"].errors == {"checked_on": ["请填写检查日期。"]}


def test_many_are_pasted_from_a_table_or_typed_with_commas(as_li: Client, community: Community) -> None:
    VenueFactory(community=community, name="老街面馆", address="和平街3号")
    lines = "老街面馆\t和平街3号\n新桥网吧，新桥路1号，李某，13900001111\n\n红星旅馆\n红星旅馆"
    as_li.post(address("venue_paste", community), {"kind": "hotel", "lines": lines})
    added = Venue.objects.filter(kind="hotel").values_list("name", "address", "person", "phone")
    assert list(added) == [("新桥网吧", "新桥路1号", "李某", "13900001111"), ("红星旅馆", "", "", "")]


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_added(
    as_li: Client, community: Community
) -> None:
    lines = f"，和平街3号\n甲,乙,丙,丁,戊\n{'长' * 121}\n好店"
    answer = as_li.post(address("venue_paste", community), {"kind": "shop", "lines": lines})
    assert (answer.status_code, answer.context["form"].errors["lines"]) == (
        422,
        ["第1行：缺少名称。", "第2行：多于四列。", "第3行：名称超过120个字符。"],
    )
    many = "\n".join(f"店{number}" for number in range(201))
    answer = as_li.post(address("venue_paste", community), {"kind": "shop", "lines": many})
    assert answer.context["form"].errors["lines"] == ["一次最多200行。"]
    assert Venue.objects.count() == 0


def test_the_list_narrows_and_puts_what_is_closed_last(as_li: Client, community: Community) -> None:
    VenueFactory(
        community=community, name="甲网吧", kind="internet", checked_on="2026-01-01", result="in_order"
    )
    VenueFactory(community=community, name="乙餐馆", address="新桥路")
    VenueFactory(community=community, name="丙餐馆", closed_on="2026-01-01", checked_on="2025-01-01")
    assert names(as_li, community)[-1] == "丙餐馆"
    assert names(as_li, community, kind="internet") == ["甲网吧"]
    assert names(as_li, community, result="in_order") == ["甲网吧"]
    assert names(as_li, community, result="never") == ["乙餐馆"]
    assert names(as_li, community, name="新桥") == ["乙餐馆"]
    assert len(names(as_li, community, kind="casino", result="'; drop")) == 3
    there = as_li.get(address("venues", community)).context["there"]
    assert [(value, number) for value, _label, number in there] == [("restaurant", 1), ("internet", 1)]


def test_hazards_hang_on_a_venue_which_then_stays(as_li: Client, li: User, community: Community) -> None:
    venue = VenueFactory(community=community)
    ShortcomingFactory(community=community, venue=venue, description="消防栓被挡")
    ShortcomingFactory(community=community, venue=venue, stage="closed", closed_on="2026-04-01")
    page = as_li.get(address("venue", community, venue.pk))
    assert [line.row.stage for line in page.context["lines"]] == ["found", "closed"]
    listed = as_li.get(address("venues", community)).context["page"].object_list
    assert [one.open_shortcomings for one in listed] == [1]
    with pytest.raises(Refused) as refused:
        services.remove(venue=venue, by=li)
    assert refused.value.codes == ["venue_used"]
    other = VenueFactory(community=community)
    as_li.post(address("venue_remove", community, other.pk))
    assert list(Venue.objects.all()) == [venue]


def test_the_ledger_leaves_as_excel_as_its_reader_may_see_it(
    client: Client, li: User, wang: User, community: Community
) -> None:
    VenueFactory(community=community, name="=老街", person="陈大明", phone="13812349689", staff=4)
    rows = {}
    for user in (li, wang):
        client.force_login(user)
        answer = client.post(address("venue_workbook", community))
        sheet = load_workbook(io.BytesIO(answer.content)).active
        rows[user.name] = [cell.value for cell in sheet[2]][:7]
    assert rows == {
        "李": [1, "=老街", "餐馆", None, "陈大明", "13812349689", 4],
        "王": [1, "=老街", "餐馆", None, "陈**", "138****9689", 4],
    }
    taken = AuditEntry.objects.filter(action="venue.export").order_by("pk")
    assert [entry.changes for entry in taken] == [
        {"rows": 1, "unmasked": True},
        {"rows": 1, "unmasked": False},
    ]
