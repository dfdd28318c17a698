"""What came in and what was spent stands in one ledger, counted once, with its sums by source and by use."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Authority, Community
from core import clock
from core.errors import Refused
from projects.models import Evidence, FundEntry
from projects.selectors.funds import SourceRow, UseRow, sums_of
from projects.services import funds as services
from tests.projects.factories import FundEntryFactory, ProjectFactory
from tests.projects.test_evidence import photograph

PRINTING = {
    "direction": "out",
    "amount": "1200.50",
    "on": "2026-06-10",
    "source": "special",
    "use": "training",
    "purpose": "印刷宣传册",
    "voucher": "2026-018",
    "form_key": "f1",
}


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


@pytest.fixture
def as_li(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


def address(name: str, owner: Community | Authority, *more: object) -> str:
    return reverse(f"projects:{name}", args=[owner.pk, *more])


def test_an_amount_is_entered_once_with_the_scan_of_its_voucher(as_li: Client, community: Community) -> None:
    project = ProjectFactory(community=community)
    for _press in range(2):
        answer = as_li.post(
            address("fund_add", community), PRINTING | {"project": project.pk, "files": photograph()}
        )
        assert answer.headers["Location"] == address("funds", community)
    entry = FundEntry.objects.get()
    assert (entry.amount, entry.on, entry.project, entry.voucher) == (
        Decimal("1200.50"),
        dt.date(2026, 6, 10),
        project,
        "2026-018",
    )
    assert entry.evidence.get() == Evidence.objects.get()
    page = as_li.get(address("funds", community)).content.decode()
    assert "1200.50" in page
    assert "2026-018" in page


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"use": ""}, "use", "请选择资金用途。"),
        ({"direction": "in"}, "use", "收入不填资金用途。"),
        ({"amount": "0"}, "amount", "确保该值大于或等于0.01。"),
        ({"amount": "三百"}, "amount", "输入一个数字。"),
        ({"on": "2026-06-16"}, "on", "该日期尚未到来。"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    as_li: Client, community: Community, more: dict[str, str], field: str, sentence: str
) -> None:
    answer = as_li.post(address("fund_add", community), PRINTING | more)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert FundEntry.objects.count() == 0


def test_the_year_is_summed_by_source_and_by_use(community: Community, elsewhere: Community) -> None:
    for direction, amount, source, use in (
        ("in", "50000.00", "special", ""),
        ("in", "3000.00", "donation", ""),
        ("out", "1200.50", "special", "training"),
        ("out", "800.00", "donation", "training"),
        ("out", "99.50", "special", "facilities"),
    ):
        FundEntryFactory(community=community, direction=direction, amount=amount, source=source, use=use)
    FundEntryFactory(community=community, on="2025-12-31")
    FundEntryFactory(community=elsewhere)
    sums = sums_of(community, 2026)
    assert sums.sources == [
        SourceRow("安全生产专项资金", Decimal("50000.00"), Decimal("1300.00")),
        SourceRow("社会捐赠", Decimal("3000.00"), Decimal("800.00")),
    ]
    assert sums.uses == [
        UseRow("安全宣传教育培训", Decimal("2000.50")),
        UseRow("安全设施与工程", Decimal("99.50")),
    ]
    assert (sums.received, sums.spent) == (Decimal("53000.00"), Decimal("2100.00"))
    assert sums_of(community, 2024).sources == []


def test_an_amount_is_changed_without_overwriting_and_removed(
    as_li: Client, li: User, community: Community
) -> None:
    entry = FundEntryFactory(community=community)
    services.change(entry=entry, fields={"voucher": "甲"}, seen="1", by=li)
    page = address("fund", community, entry.pk)
    assert as_li.post(page, PRINTING | {"seen": "1"}).status_code == 422
    assert as_li.post(page, PRINTING | {"seen": "2"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.voucher, entry.revision) == ("2026-018", 3)
    as_li.post(address("fund_remove", community, entry.pk))
    assert FundEntry.objects.count() == 0


def test_a_project_of_another_community_is_refused(
    li: User, community: Community, elsewhere: Community
) -> None:
    fields = {
        "direction": "in",
        "amount": Decimal(1),
        "source": "own",
        "purpose": "甲",
        "project": ProjectFactory(community=elsewhere),
    }
    with pytest.raises(Refused) as refused:
        services.enter(owner=community, fields=fields, by=li)
    assert refused.value.codes == ["foreign"]


def test_an_authority_keeps_its_own_ledger_out_of_the_sight_of_its_communities(
    client: Client, district_authority: Authority, wang: User, li: User, zhao: User
) -> None:
    client.force_login(wang)
    add = address("authority_fund_add", district_authority)
    assert "project" not in client.get(add).context["form"].fields
    for _press in range(2):
        client.post(add, PRINTING | {"files": photograph()})
    entry = FundEntry.objects.get()
    assert (entry.community, entry.authority) == (None, district_authority)
    listed = client.get(address("authority_funds", district_authority))
    file = reverse("projects:authority_file", args=[district_authority.pk, entry.evidence.get().pk])
    assert file in listed.content.decode()
    assert listed.context["sums"].spent == Decimal("1200.50")
    page = address("authority_fund", district_authority, entry.pk)
    client.post(page, PRINTING | {"seen": "1", "amount": "1300"})
    assert FundEntry.objects.get().amount == Decimal("1300.00")
    for user in (li, zhao):
        client.force_login(user)
        assert client.get(address("authority_funds", district_authority)).status_code == 404


def test_who_may_only_look_changes_nothing(client: Client, wang: User, community: Community) -> None:
    client.force_login(wang)
    entry = FundEntryFactory(community=community)
    assert client.get(address("funds", community)).context["may_record"] is False
    assert client.post(address("fund_add", community), PRINTING).status_code == 403
    assert client.post(address("fund_remove", community, entry.pk)).status_code == 403
