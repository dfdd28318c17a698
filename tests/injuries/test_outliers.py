"""An unusual month is asked about once, of the community alone, where the same source has told for years."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from communities.models import Community
from core import clock
from injuries.enums import Completeness, Dimension, SourceKind, Stage
from injuries.lifecycle import advance
from injuries.models import DataSet
from injuries.months import Month
from injuries.selectors import scopes
from injuries.selectors.dashboards import dashboard
from injuries.selectors.datasets import months_of
from injuries.selectors.outliers import unusual_months
from injuries.services import totals as writing
from tests.injuries.factories import DataSetFactory
from tests.injuries.test_figures import record

MARCH = Month.at(2025, 3)
BEFORE = (2022, 2023, 2024)


@pytest.fixture(autouse=True)
def early_in_2026():
    with clock.frozen("2026-03-10"):
        yield


def year_of(community: Community, year: int, march: int, **values: object) -> DataSet:
    data_set = DataSetFactory(
        community=community, first_month=Month.at(year, 1), last_month=Month.at(year, 12), **values
    )
    record(data_set, march, month=Month.at(year, 3))
    return data_set


def asked(data_set: DataSet) -> list[tuple[int, int, tuple[int, ...], bool]]:
    found = unusual_months(data_set, months_of(data_set))
    return [(one.month, one.cases, one.before, one.is_many) for one in found]


@pytest.fixture
def many(community: Community) -> DataSet:
    """Thirty cases in a March that has five otherwise."""
    for year in BEFORE:
        year_of(community, year, 5)
    return year_of(community, 2025, 30)


def test_unusually_many_and_unusually_few_are_asked_about_and_the_usual_is_not(community: Community) -> None:
    for year in BEFORE:
        year_of(community, year, 12)
    assert asked(year_of(community, 2025, 40)) == [(MARCH, 40, (12, 12, 12), True)]
    emptied = DataSet.objects.get(first_month=Month.at(2025, 1))
    emptied.records.all().delete()
    assert asked(emptied) == [(MARCH, 0, (12, 12, 12), False)]
    record(emptied, 14, month=MARCH)
    assert asked(emptied) == []


@pytest.mark.parametrize(
    "change",
    [
        {"family__number": 2},
        {"source_kind": SourceKind.POLICE},
        {"is_counted": False},
        {"completeness": Completeness.PARTIAL},
    ],
)
def test_a_year_of_another_source_or_told_in_part_is_no_history(community: Community, change: dict) -> None:
    for year in BEFORE[1:]:
        year_of(community, year, 5)
    year_of(community, BEFORE[0], 5, **change)
    assert asked(year_of(community, 2025, 30)) == []


def test_data_that_were_begun_and_say_nothing_are_no_history(community: Community) -> None:
    earlier = [year_of(community, year, 0) for year in BEFORE]
    data_set = year_of(community, 2025, 6)
    assert asked(data_set) == []
    for one in earlier:
        advance(one, "close", by=None)
    assert asked(data_set) == [(MARCH, 6, (0, 0, 0), True)]


@pytest.mark.parametrize("change", [{"is_counted": False}, {"completeness": Completeness.PARTIAL}])
def test_what_is_not_counted_or_says_that_it_is_incomplete_is_not_asked(many: DataSet, change: dict) -> None:
    for name, value in change.items():
        setattr(many, name, value)
    assert asked(many) == []


def test_a_month_that_is_not_over_is_not_asked_about(community: Community) -> None:
    for year in BEFORE:
        year_of(community, year, 20)
    data_set = year_of(community, 2025, 0)
    with clock.frozen("2025-03-31"):
        assert asked(data_set) == []
    with clock.frozen("2025-04-01"):
        assert asked(data_set) == [(MARCH, 0, (20, 20, 20), False)]


def test_totals_are_asked_about_and_a_month_they_never_told_is_no_history(community: Community) -> None:
    for year, cases in zip((*BEFORE, 2025), (5, 5, 5, 30), strict=True):
        totals = DataSetFactory(
            community=community,
            totals=True,
            first_month=Month.at(year, 1),
            last_month=Month.at(year, 12),
        )
        writing.write(totals, Month.at(year, 3), {(Dimension.ALL, 0): cases}, by=None)
        if year != 2022:
            writing.write(totals, Month.at(year, 4), {(Dimension.ALL, 0): cases}, by=None)
    assert asked(totals) == [(MARCH, 30, (5, 5, 5), True)]


def test_closing_asks_once_and_then_closes(client: Client, many: DataSet, li: User) -> None:
    client.force_login(li)
    address = reverse("injuries:data_set_move", args=[many.pk, "close"])
    page = client.post(address, {"revision": many.revision})
    assert page.status_code == 422
    assert [str(one) for one in page.context["form"].asked] == [
        "2025-03：异常偏多，本月30例，此前3年同月平均5.0例。请再核对。"
    ]
    many.refresh_from_db()
    assert many.stage == Stage.OPEN
    form = page.context["form"]
    sent = {name: form[name].value() for name in ("revision", "doubts_seen")}
    assert client.post(address, sent).status_code == 302
    many.refresh_from_db()
    assert many.stage == Stage.CLOSED


def test_what_changed_since_it_was_asked_is_asked_anew(client: Client, many: DataSet, li: User) -> None:
    client.force_login(li)
    address = reverse("injuries:data_set_move", args=[many.pk, "close"])
    sent = {"revision": many.revision}
    seen = client.post(address, sent).context["form"]["doubts_seen"].value()
    record(many, month=MARCH)
    assert client.post(address, {**sent, "doubts_seen": seen}).status_code == 422


def test_nobody_is_asked_before_what_forbids_the_closing(client: Client, many: DataSet, li: User) -> None:
    DataSet.objects.filter(pk=many.pk).update(completeness=Completeness.UNKNOWN)
    client.force_login(li)
    sent = {"revision": many.revision}
    answer = client.post(reverse("injuries:data_set_move", args=[many.pk, "close"]), sent)
    assert answer.status_code == 302


def test_the_page_of_open_data_asks_the_community_and_nobody_else(
    client: Client, many: DataSet, li: User, wang: User
) -> None:
    address = reverse("injuries:data_set", args=[many.pk])
    press, sent = reverse("injuries:data_set_move", args=[many.pk, "close"]), {"revision": many.revision}
    client.force_login(li)
    assert [one.month for one in client.get(address).context["unusual"]] == [MARCH]
    client.force_login(wang)
    assert client.get(address).context["unusual"] == []
    assert client.post(press, sent).status_code == 403
    DataSet.objects.filter(pk=many.pk).update(stage=Stage.CLOSED)
    client.force_login(li)
    assert client.get(address).context["unusual"] == []


def test_the_months_of_the_figures_ask_the_community_and_nobody_else(
    many: DataSet, li: User, wang: User
) -> None:
    def months(user: User) -> tuple[int, list]:
        board = dashboard(scopes.of_community(many.community, user), 2025)
        table = next(table for table in board.tables if table.code == "months")
        return len(table.heads), [line.values for line in table.lines[1:3]]

    with translation.override("en"):
        assert months(li) == (3, [[0, "0.0", ""], [30, "5.0", "unusually many"]])
        assert months(wang) == (2, [[0, "0.0"], [30, "5.0"]])


def test_the_figures_ask_nothing_of_years_with_other_sources(
    community: Community, many: DataSet, li: User
) -> None:
    year_of(community, 2023, 2, family__number=2)
    board = dashboard(scopes.of_community(community, li), 2025)
    assert [len(table.heads) for table in board.tables if table.code == "months"] == [2]


def test_a_long_history_asks_the_database_no_more_often(community: Community) -> None:
    numbers = []
    for years in (BEFORE, (2018, 2019, 2020, 2021)):
        for year in years:
            year_of(community, year, 5)
        row = DataSet.objects.select_related("family").earliest("-first_month")
        months = months_of(row)
        with CaptureQueriesContext(connection) as queries:
            unusual_months(row, months)
        numbers.append(len(queries))
    assert numbers == [3, 3]
