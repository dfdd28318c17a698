"""What the database itself refuses, how long the trail is kept, and how it is taken along."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from audit import services
from audit.models import AuditEntry
from core import clock

pytestmark = pytest.mark.django_db
ROLE = "safe_communities_app_of_the_suite"
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows roles")


def entry(day: str, action: str = "community.change") -> AuditEntry:
    with clock.frozen(day):
        return services.record(action, by=None)


def sealed(*days: str) -> None:
    for day in days:
        entry(day)
    with clock.frozen("2024-06-01"):
        services.seal_trail()


# --- PostgreSQL -----------------------------------------------------------------------------------------------


@pytest.fixture
def as_application():
    """The suite's connection under the application's role, until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        call_command("protect_audit", role=ROLE, verbosity=0)
        cursor.execute(f"SET ROLE {ROLE}")
        yield cursor
        cursor.execute("RESET ROLE")


def refused(cursor, statement: str) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


@on_postgresql
def test_the_application_adds_seals_and_reads(as_application) -> None:
    sealed("2024-03-01", "2024-03-02")
    assert services.verify_trail().holds
    assert AuditEntry.objects.sealed().count() == 2


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET actor_label = 'nobody'",
        "UPDATE audit_auditentry SET seal = 'another'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "DROP TRIGGER audit_seal_once ON audit_auditentry",
        "GRANT ALL ON audit_auditentry TO PUBLIC",
        "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
    ],
)
def test_the_application_changes_nothing(as_application, statement) -> None:
    sealed("2024-03-01")
    before = list(AuditEntry.objects.values())
    connection.cursor().execute(f"SET ROLE {ROLE}")
    did_nothing = refused(as_application, statement) or statement.startswith("GRANT")
    assert did_nothing
    assert list(AuditEntry.objects.values()) == before
    assert (has_right("UPDATE"), has_right("DELETE")) == (False, False)


def has_right(right: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'audit_auditentry', %s)", [ROLE, right])
        return cursor.fetchone()[0]


@on_postgresql
def test_everything_else_goes_on_as_before(as_application, django_user_model) -> None:
    user = django_user_model.objects.create_user("a@example.org")
    user.name = "林"
    user.save()
    user.delete()


@on_postgresql
def test_it_may_be_run_again() -> None:
    connection.cursor().execute(f"CREATE ROLE {ROLE}")
    for _time in range(2):
        call_command("protect_audit", role=ROLE, verbosity=0)


@on_postgresql
@pytest.mark.parametrize(("role", "words"), [("nobody_knows", "There is no role"), ("postgres", "superuser")])
def test_a_role_from_which_nothing_can_be_taken_is_refused(role, words) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("protect_audit", role=role)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="says why not elsewhere")
def test_sqlite_knows_no_roles() -> None:
    with pytest.raises(CommandError, match="Only PostgreSQL knows roles"):
        call_command("protect_audit", role="app")


# --- Keeping --------------------------------------------------------------------------------------------------


def test_old_entries_go_and_the_chain_still_proves(settings) -> None:
    settings.AUDIT_KEPT_YEARS = 3
    sealed("2019-03-01", "2020-03-01", "2023-03-01", "2024-03-01")
    with clock.frozen("2024-06-02"):
        assert services.expire_trail(years=3) == 2
        assert services.expire_trail(years=3) == 0
    assert services.verify_trail().holds
    assert [entry.at.year for entry in AuditEntry.objects.order_by("pk")] == [2023, 2024, 2024]
    with clock.frozen("2024-06-03"):
        services.seal_trail()
    verdict = services.verify_trail()
    assert (verdict.holds, verdict.sealed) == (True, 3)


def test_what_is_cut_off_without_saying_so_shows() -> None:
    sealed("2019-03-01", "2023-03-01", "2024-03-01")
    AuditEntry.objects.filter(at__year=2019)._raw_delete(using="default")
    assert not services.verify_trail().holds


def test_what_has_no_seal_yet_stays_and_all_after_it() -> None:
    entry("2019-03-01")
    with clock.frozen("2024-06-02"):
        assert services.expire_trail(years=3) == 0


def test_less_than_three_years_is_refused(settings) -> None:
    settings.AUDIT_KEPT_YEARS = 2
    with pytest.raises(CommandError, match="3 years at least"):
        call_command("expire_audit")


# --- Taking along ---------------------------------------------------------------------------------------------


def test_what_was_found_is_taken_as_csv_and_that_is_an_entry(client, administrator) -> None:
    ours = services.record(
        "community.change", by=administrator, changes={"address": ["=1+1", "新"]}, reason="更正"
    )
    services.record("account.create", by=None)
    client.force_login(administrator)
    data = {"action": "export", "_selected_action": [ours.pk]}
    answer = client.post(reverse("admin:audit_auditentry_changelist"), data)
    head, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.startswith("ID,时间,")
    assert row.startswith(f"{ours.pk},")
    assert "吴管理" in row
    assert row.endswith(",更正,")
    assert "网络地址: =1+1 → 新" in row
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor_id, entry.changes) == ("audit.export", administrator.pk, {"entries": 1})


def test_who_may_not_read_the_trail_takes_nothing(client, leadership) -> None:
    client.force_login(leadership)
    data = {"action": "export", "_selected_action": [1]}
    assert client.post(reverse("admin:audit_auditentry_changelist"), data).status_code == 403


def test_a_long_trail_leaves_in_a_stream(django_assert_max_num_queries, administrator) -> None:
    AuditEntry.objects.bulk_create(AuditEntry(action="a.b", actor_label="x") for _entry in range(1500))
    with django_assert_max_num_queries(12):
        rows = services.export_trail(entries=AuditEntry.objects.all(), by=administrator)
        assert sum(1 for _row in rows) == 1501
