"""The audit trail on the staff site: for those who may read it, and only to read."""

import datetime as dt

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit import selectors
from audit.models import AuditEntry
from audit.services import record
from core import clock
from tests.factories import UserFactory
from tests.queries import queries_of

LIST = reverse("admin:audit_auditentry_changelist")


def page(client, address: str) -> str:
    return client.get(address).content.decode()


def test_old_and_new_stand_side_by_side(client, administrator):
    user = UserFactory(name="林")
    entry = record("account.change", by=administrator, target=user, changes={"language": ["zh-hans", "en"]})
    client.force_login(administrator)
    for address in (LIST, reverse("admin:audit_auditentry_change", args=[entry.pk])):
        text = page(client, address)
        assert "修改账号" in text
        assert "<s>zh-hans</s> → en" in text


def test_markup_in_an_entry_stays_text(client, administrator):
    record("account.change", by=administrator, changes={"note": ["", "<script>alert(1)</script>"]})
    client.force_login(administrator)
    assert "<script>alert(1)" not in page(client, LIST)


def test_nobody_writes_here(client, administrator):
    entry = record("account.change", by=administrator)
    client.force_login(administrator)
    assert client.get(reverse("admin:audit_auditentry_add")).status_code == 403
    assert client.post(reverse("admin:audit_auditentry_delete", args=[entry.pk])).status_code == 403
    change = reverse("admin:audit_auditentry_change", args=[entry.pk])
    assert client.post(change, {"reason": "x"}).status_code == 403
    assert AuditEntry.objects.get().reason == ""


def test_the_trail_is_for_those_who_may_read_it(client, leadership, office, li):
    answers = []
    for user in (leadership, office, li):
        client.force_login(user)
        answers.append(client.get(LIST).status_code)
    assert answers == [403, 200, 302]


def test_the_trail_can_be_narrowed_to_one_object_and_one_action(client, administrator):
    one, other = UserFactory(name="甲某"), UserFactory(name="乙某")
    record("account.create", by=None, target=one)
    record("account.deactivate", by=None, target=other)
    client.force_login(administrator)
    by_object = page(client, f"{LIST}?target_type=accounts.user&target_id={one.pk}")
    by_action = page(client, f"{LIST}?action=account.deactivate")
    assert ("甲**" in by_object, "乙**" in by_object) == (True, False)
    assert ("甲**" in by_action, "乙**" in by_action) == (False, True)


def test_the_trail_keeps_a_masked_name_and_the_page_says_whose_it_is_now(client, administrator):
    actor = UserFactory(name="欧阳明")
    entry = record("account.create", by=actor, target=UserFactory(name="甲某"))
    assert (entry.actor_label, entry.target_label) == ("欧**", "甲**")
    client.force_login(administrator)
    assert "欧阳明" in page(client, f"{LIST}?q=欧阳明")
    User.objects.filter(pk=actor.pk).update(name="")
    assert "欧**" in page(client, f"{LIST}?action=account.create")


def test_the_history_of_an_object_leads_into_the_trail(client, administrator):
    user = UserFactory()
    client.force_login(administrator)
    answer = client.get(reverse("admin:accounts_user_history", args=[user.pk]))
    assert answer.headers["Location"] == f"{LIST}?target_type=accounts.user&target_id={user.pk}"


def test_the_list_asks_as_often_for_fifty_as_for_one(client, administrator):
    def one_more() -> None:
        record("account.change", by=administrator, target=administrator, changes={"language": ["a", "b"]})

    client.force_login(administrator)
    counts = [queries_of(client, LIST, one_more, count) for count in (1, 49)]
    assert counts[0] == counts[1] <= 10


# --- long lists ---------------------------------------------------------------------------------------------


def labels(client, query: str) -> list[str]:
    return [entry.target_label for entry in client.get(LIST + query).context["cl"].result_list]


@pytest.fixture
def many(client, administrator) -> list[str]:
    """120 entries, a minute apart, newest first: 120, 119, … on three pages of fifty."""
    begin = clock.now()
    entries = [
        AuditEntry(
            at=begin + dt.timedelta(minutes=number),
            action="account.sign_in",
            actor_label="林",
            target_label=f"{number}",
        )
        for number in range(1, 121)
    ]
    AuditEntry.objects.bulk_create(entries)
    client.force_login(administrator)
    return [entry.target_label for entry in reversed(entries)]


def test_pages_from_either_end_make_one_list(client, many):
    found = [label for page in (1, 2, 3) for label in labels(client, f"?p={page}&action=account.sign_in")]
    assert found == many


def test_the_trail_is_counted_once_and_then_only_what_came_since(many):
    assert selectors.entry_count() == AuditEntry.objects.count()
    record("account.change", by=None)
    with CaptureQueriesContext(connection) as queries:
        counted = selectors.entry_count()
    assert counted == AuditEntry.objects.count()
    assert 'COUNT(*) AS "__count" FROM "audit_auditentry" WHERE' in queries[1]["sql"]


@pytest.mark.parametrize(
    ("period", "count"), [("2023", 1), ("2024", 2), ("2024-02", 1), ("2024-13", 3), ("x", 3)]
)
def test_a_year_or_a_month_narrows_the_trail(client, administrator, period, count):
    for day in ("2023-12-31 23:59", "2024-01-01 00:00", "2024-02-29 23:59"):
        with clock.frozen(day):
            record("account.change", by=None, target=administrator)
    client.force_login(administrator)
    with clock.frozen("2024-03-01"):
        client.force_login(administrator)
        found = client.get(f"{LIST}?period={period}&action=account.change").context["cl"]
    assert found.result_count == count


def test_no_list_of_the_trail_is_cut_into_days(client, many):
    """A million entries would be read for the years they fall into."""
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    assert [query for query in queries if "DISTINCT" in query["sql"]] == []


def test_the_history_component_shows_a_line_for_each_entry(administrator):
    record("account.change", by=administrator, target=administrator, changes={"language": ["zh-hans", "en"]})
    text = render_to_string("components/history.html", {"lines": selectors.history(administrator)})
    assert text.count("<li") == 1
    assert "<s>zh-hans</s> → en" in text
    assert "尚无修改记录" in render_to_string("components/history.html", {"lines": []})


def test_a_table_of_numbers_in_an_entry_can_be_read(client, administrator):
    record("reminder.write", by=None, changes={"mails": {"2024-02-29 -7d": 12, "2024-03-20 -7d": 1}})
    client.force_login(administrator)
    assert "2024-02-29 -7d: 12、2024-03-20 -7d: 1" in page(client, LIST)
