"""Hazards and shortcomings are entered on a phone, given to somebody with a day, and stay in sight until closed."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.models import Authority, Community
from core import clock
from core.duties import cards_of
from core.errors import Refused
from projects.enums import Element
from projects.models import Evidence, Shortcoming
from projects.selectors.board import BoardFilter, page_of, reports_of
from projects.selectors.shortcomings import Tally, tally_of
from projects.services import shortcomings as services
from tests.factories import MembershipFactory, UserFactory
from tests.projects.factories import (
    ActivityFactory,
    BodyFactory,
    EvidenceFactory,
    OrganisationFactory,
    SafetyWorkFactory,
    ShortcomingFactory,
    VenueFactory,
)
from tests.projects.test_activities import photograph

SEEN = {
    "description": "三楼安全出口被杂物堵塞",
    "kind": "business",
    "source": "self_check",
    "found_on": "2026-06-10",
    "form_key": "k1",
}


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


@pytest.fixture
def as_li(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


@pytest.fixture
def clerk(community: Community) -> User:
    user = UserFactory(name="钱")
    MembershipFactory(user=user, community=community, role__code=RoleCode.COMMUNITY_CLERK)
    return user


def address(name: str, community: Community, *more: object, **query: str) -> str:
    return reverse(f"projects:{name}", args=[community.pk, *more], query=query)


def shown(client: Client, community: Community, **query: str) -> list[str]:
    page = client.get(address("shortcomings", community, **query)).context["page"]
    return [line.row.description for line in page.object_list]


def test_what_was_seen_is_enough_to_enter_it_and_the_photograph_lies_in_the_archive(
    as_li: Client, community: Community
) -> None:
    answer = as_li.post(address("shortcoming_add", community), SEEN | {"files": photograph()})
    found = Shortcoming.objects.get()
    assert answer.headers["Location"] == address("shortcoming", community, found.pk)
    assert (found.stage, found.kind, found.source, found.found_on) == (
        "found",
        "business",
        "self_check",
        dt.date(2026, 6, 10),
    )
    picture = Evidence.objects.get()
    assert (list(found.before.all()), picture.element, picture.happened_on) == (
        [picture],
        Element.CORRECTION,
        dt.date(2026, 6, 10),
    )
    page = as_li.get(address("shortcoming", community, found.pk)).content.decode()
    assert "三楼安全出口被杂物堵塞" in page
    assert address("evidence_thumbnail", community, picture.pk) in page


def test_the_same_form_sent_twice_enters_it_once(as_li: Client, community: Community) -> None:
    first = as_li.post(address("shortcoming_add", community), SEEN)
    second = as_li.post(address("shortcoming_add", community), SEEN)
    assert first.headers["Location"] == second.headers["Location"]
    assert Shortcoming.objects.count() == 1


def test_who_and_when_gives_it_to_somebody_at_once(as_li: Client, community: Community) -> None:
    organisation = OrganisationFactory(community=community, name="物业公司")
    more = {"organisation": organisation.pk, "post": "经理", "due_on": "2026-06-30"}
    as_li.post(address("shortcoming_add", community), SEEN | more)
    found = Shortcoming.objects.get()
    assert (found.stage, [step.move for step in found.stage_changes.all()]) == ("assigned", ["assign"])
    line = as_li.get(address("shortcoming", community, found.pk)).context["line"]
    assert line.who == "物业公司 · 经理"


def test_it_is_rectified_with_photographs_and_closed_by_another_person(
    client: Client, li: User, clerk: User, community: Community
) -> None:
    found = ShortcomingFactory(community=community, stage="assigned", post="经理", due_on="2026-06-30")
    client.force_login(clerk)
    done = {
        "seen": "1",
        "corrective": "清空楼梯间",
        "preventive": "每周检查一次",
        "rectified_on": "2026-06-14",
    }
    client.post(address("shortcoming_rectify", community, found.pk), done | {"files": photograph()})
    found.refresh_from_db()
    assert (found.stage, found.corrective, found.after.count()) == ("rectified", "清空楼梯间", 1)
    assert client.post(address("shortcoming_move", community, found.pk, "close")).status_code == 403
    client.force_login(li)
    page = client.get(address("shortcoming", community, found.pk))
    assert [move["name"] for move in page.context["moves"]] == ["close", "give_back"]
    refused = client.post(address("shortcoming_move", community, found.pk, "give_back"), {"note": ""})
    assert (refused.status_code, refused.context["form"].errors["note"]) == (422, ["请说明还需做什么。"])
    client.post(address("shortcoming_move", community, found.pk, "close"))
    found.refresh_from_db()
    assert (found.stage, found.closed_on) == ("closed", dt.date(2026, 6, 15))
    steps = client.get(address("shortcoming", community, found.pk)).context["timeline"]
    assert [step["title"] for step in steps] == ["已报整改完成", "已复查销号"]


def test_who_rectified_it_reads_that_somebody_else_verifies(as_li: Client, community: Community) -> None:
    found = ShortcomingFactory(community=community, stage="assigned", post="经理", due_on="2026-06-30")
    done = {"seen": "1", "corrective": "清空楼梯间", "rectified_on": "2026-06-14"}
    as_li.post(address("shortcoming_rectify", community, found.pk), done)
    page = as_li.get(address("shortcoming", community, found.pk))
    assert [move["name"] for move in page.context["moves"]] == ["give_back"]
    assert "等待他人复查。" in page.content.decode()
    answer = as_li.post(address("shortcoming_move", community, found.pk, "close"))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "须由整改人以外的人复查：本社区的另一个账号，或主管部门。"
    ]


def test_days_before_it_was_found_are_refused_at_their_field(as_li: Client, community: Community) -> None:
    more = {"post": "经理", "due_on": "2026-06-09"}
    answer = as_li.post(address("shortcoming_add", community), SEEN | more)
    assert answer.context["form"].errors == {"due_on": ["请填写发现之后、十年以内的日期。"]}
    found = ShortcomingFactory(community=community, stage="assigned", post="经理", due_on="2026-06-30")
    done = {"seen": "1", "corrective": "清空", "rectified_on": "2026-02-01"}
    answer = as_li.post(address("shortcoming_rectify", community, found.pk), done)
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {"rectified_on": ["请填写发现之日至今天之间的日期。"]},
    )
    found.refresh_from_db()
    assert (found.stage, found.corrective) == ("assigned", "")


def test_files_of_the_archive_are_shown_before_and_after_apart(as_li: Client, community: Community) -> None:
    found = ShortcomingFactory(community=community)
    pictures = EvidenceFactory.create_batch(2, community=community)
    for way, picture in zip(("before", "after"), pictures, strict=True):
        sent = {"kept": [picture.pk], "happened_on": "2026-06-15"}
        answer = as_li.post(address("attach", community, way, found.pk), sent)
        assert answer.headers["Location"] == f"{address('shortcoming', community, found.pk)}#{way}"
    assert ([*found.before.all()], [*found.after.all()]) == (pictures[:1], pictures[1:])
    as_li.post(address("detach", community, "after", found.pk, pictures[1].pk))
    assert ([*found.before.all()], [*found.after.all()]) == (pictures[:1], [])


def test_the_day_is_moved_later_with_a_reason_and_the_first_one_stays_in_sight(
    as_li: Client, community: Community
) -> None:
    found = ShortcomingFactory(community=community, stage="assigned", post="经理", due_on="2026-06-14")
    at, page = address("shortcoming_edit", community, found.pk), address("shortcoming", community, found.pk)
    sent = {**SEEN, "seen": "1", "post": "经理"}
    for day, field in (("2026-07-01", "reason"), ("", "due_on")):
        refused = as_li.post(at, sent | {"due_on": day, "reason": " "})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert as_li.post(at, sent | {"due_on": "2026-07-01", "reason": "配件未到"}).status_code == 302
    assert as_li.post(at, sent | {"due_on": "2026-06-20", "seen": "2"}).status_code == 302
    found.refresh_from_db()
    assert (found.stage, found.due_on, found.first_due_on) == (
        "assigned",
        dt.date(2026, 6, 20),
        dt.date(2026, 6, 14),
    )
    shown = as_li.get(page)
    assert "2026年6月14日" in shown.content.decode()
    assert [step["note"] for step in shown.context["timeline"]] == ["配件未到"]
    entries = AuditEntry.objects.filter(action="shortcoming.change").order_by("pk")
    assert list(entries.values_list("reason", flat=True)) == ["配件未到", ""]


def test_of_many_the_latest_are_offered_and_the_one_that_was_named(
    as_li: Client, community: Community, elsewhere: Community
) -> None:
    for factory, name in (
        (VenueFactory, "venue"),
        (OrganisationFactory, "organisation"),
        (BodyFactory, "body"),
    ):
        old, older, *latest = factory.create_batch(52, community=community)
        foreign = factory(community=elsewhere)

        def offered(name: str = name, **query: str) -> set[object]:
            page = as_li.get(address("shortcoming_add", community, **query))
            return set(page.context["form"].fields[name].queryset)

        assert offered() == set(latest)
        assert offered(**{name: str(old.pk)}) == {old, *latest}
        assert offered(**{name: str(foreign.pk)}) == set(latest)
        sent = SEEN | {"form_key": name, "post": "经理", name: older.pk}
        as_li.post(address("shortcoming_add", community), sent)
        found = Shortcoming.objects.get(form_key=name)
        assert getattr(found, name) == older
        page = as_li.get(address("shortcoming_edit", community, found.pk))
        assert set(page.context["form"].fields[name].queryset) == {older, *latest}


def test_words_of_another_are_not_overwritten(as_li: Client, li: User, community: Community) -> None:
    found = ShortcomingFactory(community=community)
    services.change(shortcoming=found, fields={"place": "三楼"}, seen="1", by=li)
    answer = as_li.post(address("shortcoming_edit", community, found.pk), SEEN | {"seen": "1"})
    assert answer.status_code == 422
    found.refresh_from_db()
    assert found.place == "三楼"
    again = as_li.post(address("shortcoming_edit", community, found.pk), SEEN | {"seen": "2"})
    assert again.status_code == 302


def test_what_waits_to_be_verified_is_not_changed(li: User, community: Community) -> None:
    found = ShortcomingFactory(community=community, stage="rectified")
    with pytest.raises(Refused) as refused:
        services.change(shortcoming=found, fields={"place": "三楼"}, seen="1", by=li)
    assert refused.value.codes == ["not_open"]


def test_what_belongs_to_another_community_is_refused(
    li: User, community: Community, elsewhere: Community
) -> None:
    fields: dict[str, Any] = {
        "organisation": OrganisationFactory(community=elsewhere),
        "body": BodyFactory(community=elsewhere),
        "venue": VenueFactory(community=elsewhere),
        "activity": ActivityFactory(community=elsewhere, kind="inspection"),
        "description": "甲",
        "kind": "other",
        "source": "inspection",
    }
    with pytest.raises(Refused) as refused:
        services.enter(community=community, fields=fields, by=li)
    assert [reason.field for reason in refused.value.reasons] == ["organisation", "body", "venue", "activity"]


def test_only_what_nobody_was_given_is_removed(as_li: Client, community: Community) -> None:
    new = ShortcomingFactory(community=community)
    given = ShortcomingFactory(community=community, stage="assigned")
    for found in (new, given):
        as_li.post(address("shortcoming_remove", community, found.pk))
    assert list(Shortcoming.objects.all()) == [given]


def five(community: Community) -> None:
    rows = (
        ("逾期", "assigned", "business", "inspection", "2026-06-14", ""),
        ("今天到期", "assigned", "household", "residents", "2026-06-15", ""),
        ("待复查", "rectified", "public_facility", "drill", "2026-06-01", ""),
        ("已销号", "closed", "business", "outside", "2026-06-01", ""),
        ("缺资料", "found", "other", "indicator", None, "risks"),
    )
    for text, stage, kind, source, due_on, element in rows:
        ShortcomingFactory(
            community=community,
            description=text,
            stage=stage,
            kind=kind,
            source=source,
            due_on=due_on,
            element=element,
            closed_on="2026-06-10" if stage == "closed" else None,
        )


def test_the_list_shows_what_is_due_first_and_narrows(
    as_li: Client, community: Community, elsewhere: Community
) -> None:
    five(community)
    ShortcomingFactory(community=elsewhere)
    assert shown(as_li, community) == ["待复查", "逾期", "今天到期", "缺资料", "已销号"]
    assert shown(as_li, community, state="open") == ["待复查", "逾期", "今天到期", "缺资料"]
    assert shown(as_li, community, state="overdue") == ["逾期"]
    assert shown(as_li, community, state="rectified") == ["待复查"]
    assert shown(as_li, community, state="closed", kind="business") == ["已销号"]
    assert shown(as_li, community, source="indicator") == ["缺资料"]
    assert len(shown(as_li, community, state="'; drop", kind="7")) == 5


def test_home_and_boards_count_the_same(as_li: Client, community: Community) -> None:
    SafetyWorkFactory(community=community)
    five(community)
    counted = Tally(open=4, overdue=1, to_verify=1, gaps=1)
    assert tally_of(community) == counted
    assert as_li.get(address("work", community)).context["shortcomings"] == counted
    own = Community.objects.filter(pk=community.pk)
    wanted = BoardFilter(year=2026)
    row = page_of(own, reports_of(own, wanted), wanted, "1").object_list[0]
    assert row.shortcomings == counted


def test_what_is_overdue_is_a_duty_of_those_who_record(
    li: User, zhao: User, wang: User, community: Community
) -> None:
    five(community)
    ShortcomingFactory(community=community, stage="found", due_on="2026-06-01")
    own = [card for card in cards_of(li) if card.tag == "late"]
    assert [(card.over, card.title, card.due_on, card.url) for card in own] == [
        (
            "筼筜街道",
            "2项隐患待整改",
            dt.date(2026, 6, 1),
            address("shortcomings", community, state="overdue"),
        )
    ]
    assert [card for user in (zhao, wang) for card in cards_of(user) if card.tag == "late"] == []


def test_what_waits_is_a_duty_of_those_who_verify_it_and_not_of_who_rectified_it(
    li: User, clerk: User, wang: User, community: Community, district_authority: Authority
) -> None:
    for by, authority in ((clerk, None), (li, None), (clerk, district_authority)):
        found = ShortcomingFactory(community=community, stage="rectified", authority=authority)
        found.stage_changes.create(move="rectify", from_stage="assigned", to_stage="rectified", by=by)
    cards = {
        user: [(card.over, card.title[:1], card.url) for card in cards_of(user)] for user in (li, clerk, wang)
    }
    waiting = ("筼筜街道", "1", address("shortcomings", community, state="rectified"))
    assert cards == {li: [waiting], clerk: [], wang: []}


def test_the_authority_above_reads_and_may_verify_but_not_record(
    client: Client, wang: User, clerk: User, community: Community, district_authority: Authority
) -> None:
    found = ShortcomingFactory(community=community, stage="rectified", corrective="清空", post="经理")
    found.stage_changes.create(move="rectify", from_stage="assigned", to_stage="rectified", by=clerk)
    client.force_login(wang)
    page = client.get(address("shortcoming", community, found.pk))
    assert [move["name"] for move in page.context["moves"]] == ["close_above", "give_back_above"]
    assert client.get(address("shortcoming_add", community)).status_code == 403
    client.post(address("shortcoming_move", community, found.pk, "close_above"))
    found.refresh_from_db()
    assert found.stage == "closed"
