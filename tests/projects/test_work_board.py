"""The boards count what was due, what came in time, late or not at all, for one's own communities only."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Authority, Community
from core import clock
from core.clock import now
from projects.enums import Minimum, ReportKind, ReportStage
from projects.models import PeriodReport, ReportRule, YearlyMinimum
from projects.selectors.board import Tally
from tests.factories import AuthorityFactory, AuthorityPostFactory, CommunityFactory
from tests.projects.factories import PeriodReportFactory, SafetyWorkFactory

BOARD, QUEUE, OVERVIEW = (reverse(f"projects:{name}") for name in ("board", "board_queue", "overview"))
TODAY = "2026-05-20"


def month(community: Community, number: int, **fields: object) -> PeriodReport:
    begins = dt.date(2026, number, 1)
    return PeriodReportFactory(
        community=community,
        period_from=begins,
        period_to=dt.date(2026, number + 1, 1) - dt.timedelta(days=1),
        due_on=dt.date(2026, number + 1, 5),
        **fields,
    )


def sent(community: Community, number: int, stage: str = ReportStage.SUBMITTED, **fields: object):
    return month(community, number, stage=stage, first_submitted_at=now(), **fields)


@pytest.fixture
def work(community: Community) -> Community:
    """January in time, February late and returned, March missing, April not due yet."""
    SafetyWorkFactory(community=community)
    sent(community, 1, ReportStage.ACCEPTED)
    sent(community, 2, ReportStage.RETURNED, is_late=True)
    month(community, 3)
    month(community, 5)
    return community


def look(client: Client, address: str = BOARD, **query: str):
    with clock.frozen(TODAY):
        return client.get(address, query)


def names(page) -> list[str]:
    return [row.community.name_zh for row in page.context["page"].object_list]


def test_due_in_time_late_and_missing_are_told_apart(client: Client, work: Community, wang: User) -> None:
    client.force_login(wang)
    page = look(client)
    (row,) = page.context["page"].object_list
    assert row.tally == Tally(due=3, on_time=1, late=1, missing=1, returned=1, waiting=0)
    assert page.context["total"] == row.tally
    assert [kind.kind for kind in page.context["kinds"]] == ["monthly"]


def test_completeness_and_punctuality_are_two_figures(client: Client, work: Community, wang: User) -> None:
    client.force_login(wang)
    text = look(client).content.decode()
    assert ("66%" in text, "33%" in text) == (True, True)


def test_what_is_sent_before_its_day_counts_at_once(client: Client, work: Community, wang: User) -> None:
    sent(work, 4)
    client.force_login(wang)
    assert look(client).context["total"] == Tally(due=4, on_time=2, late=1, missing=1, returned=1, waiting=1)


def test_an_authority_counts_its_own_communities_only(
    client: Client, work: Community, elsewhere: Community, wang: User, province_authority: Authority
) -> None:
    SafetyWorkFactory(community=elsewhere)
    month(elsewhere, 1)
    client.force_login(wang)
    assert names(look(client)) == [work.name_zh]
    above = AuthorityPostFactory(authority=province_authority).user
    client.force_login(above)
    assert names(look(client)) == [work.name_zh]
    other = AuthorityPostFactory(authority=AuthorityFactory()).user
    client.force_login(other)
    assert (names(look(client)), look(client).context["total"]) == ([], Tally())


def test_who_records_nothing_here_is_counted_beside_the_board(
    client: Client, work: Community, wang: User
) -> None:
    CommunityFactory(supervisor=work.supervisor)
    client.force_login(wang)
    assert look(client).context["not_begun"] == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"standing": "missing"}, 1),
        ({"standing": "returned"}, 1),
        ({"standing": "waiting"}, 0),
        ({"standing": "nonsense"}, 1),
        ({"standing": "missing", "kind": "year_end"}, 0),
        ({"standing": "missing", "year": "2025"}, 1),
        ({"province": "nowhere"}, 1),
        ({"page": "99"}, 1),
        ({"year": "９９９"}, 1),
    ],
)
def test_the_list_is_narrowed_by_what_is_known(
    client: Client, work: Community, wang: User, query: dict[str, str], found: int
) -> None:
    client.force_login(wang)
    assert len(names(look(client, **query))) == found


def test_the_association_sees_all_and_narrows_by_province(
    client: Client, work: Community, elsewhere: Community, office: User, leadership: User
) -> None:
    SafetyWorkFactory(community=elsewhere)
    for user in (office, leadership):
        client.force_login(user)
        assert set(names(look(client, OVERVIEW))) == {work.name_zh, elsewhere.name_zh}
        assert names(look(client, OVERVIEW, province="北京市")) == [elsewhere.name_zh]


def test_a_kind_that_is_no_longer_asked_for_is_not_missing(
    client: Client, work: Community, wang: User
) -> None:
    ReportRule.objects.filter(kind=ReportKind.MONTHLY).update(is_on=False)
    client.force_login(wang)
    assert look(client).context["total"] == Tally(due=2, on_time=1, late=1, returned=1)


def test_the_board_is_for_posts_and_staff(
    client: Client, work: Community, li: User, expert: User, wang: User
) -> None:
    for user, status in ((li, 403), (expert, 403), (wang, 200)):
        client.force_login(user)
        assert (look(client).status_code, look(client, QUEUE).status_code) == (status, status)


def test_who_has_a_post_comes_from_the_menu_to_the_board(client: Client, work: Community, wang: User) -> None:
    client.force_login(wang)
    assert client.get(reverse("projects:own_work")).headers["Location"] == BOARD


def test_the_queue_shows_what_waits_the_oldest_first(
    client: Client, work: Community, elsewhere: Community, wang: User, leadership: User
) -> None:
    SafetyWorkFactory(community=elsewhere)
    sent(elsewhere, 1)
    later, first = sent(work, 6), sent(work, 4, stage_since=clock.start_of_day(dt.date(2026, 5, 1)))
    client.force_login(wang)
    assert [row for row, _period in look(client, QUEUE).context["page"].object_list] == [first, later]
    client.force_login(leadership)
    assert look(client, QUEUE).status_code == 403


def test_boards_ask_the_same_for_one_community_and_for_many(
    client: Client, work: Community, wang: User, office: User
) -> None:
    def asked() -> list[int]:
        counts = []
        for user, address in ((wang, BOARD), (wang, QUEUE), (office, OVERVIEW)):
            client.force_login(user)
            with CaptureQueriesContext(connection) as queries:
                look(client, address)
            counts.append(len(queries))
        return counts

    sent(work, 4)
    before = asked()
    for _count in range(6):
        other = SafetyWorkFactory(community__supervisor=work.supervisor).community
        sent(other, 1)
        month(other, 2)
    assert asked() == before


# --- What staff set ---------------------------------------------------------------------------------------

RULES = reverse("projects:rules")


def test_staff_change_the_day_of_a_report_with_its_source(
    client: Client, work: Community, office: User
) -> None:
    client.force_login(office)
    rule = ReportRule.objects.get(kind=ReportKind.MONTHLY)
    assert client.get(RULES).status_code == 200
    address = reverse("projects:rule_change", args=[rule.pk])
    data = {"is_on": "on", "months_after": "1", "day": "10", "source_zh": "协会通知", "source_en": ""}
    with clock.frozen(TODAY):
        assert client.post(address, data).headers["Location"] == RULES
    rule.refresh_from_db()
    assert (rule.day, rule.source_zh) == (10, "协会通知")
    due = PeriodReport.objects.get(period_from=dt.date(2026, 5, 1)).due_on
    assert due == dt.date(2026, 6, 10)
    assert AuditEntry.objects.get(action="report_rule.change").actor_id == office.pk


@pytest.mark.parametrize(
    ("field", "value"), [("day", "0"), ("day", "32"), ("months_after", "13"), ("source_zh", "")]
)
def test_a_rule_that_cannot_be_is_said_at_its_field(
    client: Client, office: User, field: str, value: str
) -> None:
    client.force_login(office)
    rule = ReportRule.objects.get(kind=ReportKind.MONTHLY)
    data = {"is_on": "on", "months_after": "1", "day": "10", "source_zh": "协会通知", field: value}
    answer = client.post(reverse("projects:rule_change", args=[rule.pk]), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_staff_change_a_yearly_minimum(client: Client, office: User) -> None:
    client.force_login(office)
    drills = YearlyMinimum.objects.get(code=Minimum.DRILLS)
    data = {"is_on": "on", "least": "6", "source_zh": "协会通知"}
    client.post(reverse("projects:minimum_change", args=[drills.pk]), data)
    drills.refresh_from_db()
    assert (drills.least, drills.source_zh) == (6, "协会通知")


def test_the_leadership_changes_nothing(client: Client, leadership: User) -> None:
    client.force_login(leadership)
    assert client.get(RULES).status_code == 403
    assert client.post(reverse("projects:rule_change", args=[1]), {"day": "1"}).status_code == 403
