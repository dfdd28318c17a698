"""The trail only grows, is sealed in batches, and shows every change."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from audit import selectors, services
from audit.models import AuditEntry
from audit.querysets import AppendOnly
from audit.services import SETTLED_AFTER, record, seal_trail, verify_trail
from core import clock
from tests.factories import UserFactory

START = dt.datetime(2024, 2, 1, 10, 0, tzinfo=clock.ZONE)
LATER = START + SETTLED_AFTER + dt.timedelta(minutes=1)


@pytest.fixture
def entries(db: None) -> list[AuditEntry]:
    with clock.frozen(START):
        return [record("account.change", by=None, changes={"number": number}) for number in range(5)]


@pytest.fixture
def sealed(entries: list[AuditEntry]) -> list[AuditEntry]:
    with clock.frozen(LATER):
        assert seal_trail() == 5
    return entries


def behind_the_models(statement: str, *values: object) -> None:
    """What somebody with a database client could do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- It only grows ------------------------------------------------------------------------------------------


def test_what_is_written_is_not_changed(entries):
    entries[0].reason = "later thought"
    for attempt in (
        entries[0].save,
        lambda: AuditEntry.objects.update(reason="x"),
        lambda: AuditEntry.objects.filter(pk=1).update(reason="x"),
        lambda: AuditEntry.objects.bulk_update(entries, ["reason"]),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    assert set(AuditEntry.objects.values_list("reason", flat=True)) == {""}


def test_what_is_written_is_not_deleted(entries):
    for attempt in (entries[0].delete, AuditEntry.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    assert AuditEntry.objects.count() == 5


def test_an_entry_goes_with_a_change_that_is_rolled_back(db):
    with transaction.atomic():
        record("account.change", by=None)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 0


def test_personal_values_enter_masked_and_comparable(db):
    first = record("account.change", by=None, personal={"mobile": ("13812349689", "13900000000")})
    second = record("account.change", by=None, personal={"mobile": (None, "13812349689")})
    assert "13812349689" not in str(first.changes)
    assert first.changes["mobile"][0] == second.changes["mobile"][1]


def test_dates_and_translated_words_can_be_told(db):
    label = User._meta.verbose_name
    entry = record("x.y", by=None, changes={"on": [None, dt.date(2024, 2, 29)], "what": label})
    entry.refresh_from_db()
    assert entry.changes == {"on": [None, "2024-02-29"], "what": str(label)}


# --- The chain ------------------------------------------------------------------------------------------------


def test_fresh_entries_are_not_sealed_yet(entries):
    with clock.frozen(START + SETTLED_AFTER - dt.timedelta(seconds=1)):
        assert seal_trail() == 0


def test_a_sealed_trail_fits_together(sealed):
    verdict = verify_trail()
    assert (verdict.holds, verdict.sealed, verdict.waiting) == (True, 5, 0)


def test_later_entries_continue_the_chain(sealed):
    with clock.frozen(LATER):
        record("account.change", by=None)
    with clock.frozen(LATER + SETTLED_AFTER):
        assert seal_trail() == 1
        assert seal_trail() == 0
    assert (verify_trail().holds, verify_trail().sealed) == (True, 6)


@pytest.mark.parametrize("column", ["reason", "actor_label", "target_id", "action"])
def test_a_changed_entry_is_found(sealed, column):
    behind_the_models(f"UPDATE audit_auditentry SET {column} = 'x' WHERE id = %s", sealed[2].pk)  # noqa: S608
    assert verify_trail().broken == [sealed[2].pk]


def test_a_removed_entry_is_found(sealed):
    behind_the_models("DELETE FROM audit_auditentry WHERE id = %s", sealed[2].pk)
    assert verify_trail().broken == [sealed[3].pk]


def test_entries_cut_off_the_end_are_found_by_the_head_in_the_log(sealed):
    head = verify_trail().head
    behind_the_models("DELETE FROM audit_auditentry WHERE id = %s", sealed[-1].pk)
    assert verify_trail().holds is True
    assert verify_trail(expected_head=head).holds is False


def test_an_entry_slipped_in_behind_the_seals_is_found(sealed):
    behind_the_models("UPDATE audit_auditentry SET seal = '' WHERE id = %s", sealed[1].pk)
    verdict = verify_trail()
    assert (verdict.holds, verdict.slipped_in) == (False, [sealed[1].pk])


def test_the_command_says_whether_it_holds(sealed, capsys):
    call_command("verify_audit")
    assert capsys.readouterr().out.startswith("5 sealed entries fit together, 0 wait")
    behind_the_models("UPDATE audit_auditentry SET reason = 'x' WHERE id = %s", sealed[0].pk)
    with pytest.raises(CommandError, match=f"entries {sealed[0].pk}"):
        call_command("verify_audit")


def test_an_empty_trail_holds(db):
    assert verify_trail().holds is True


def test_large_trails_are_sealed_in_batches(entries, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    with clock.frozen(LATER):
        assert [seal_trail() for _batch in range(4)] == [2, 2, 1, 0]
    assert verify_trail().holds is True


# --- As people read it ----------------------------------------------------------------------------------------


def test_a_history_tells_who_what_old_new_and_why(administrator):
    user = UserFactory(name="林")
    record(
        "account.deactivate",
        by=administrator,
        target=user,
        changes={"is_active": [True, False]},
        personal={"mobile": ("13812349689", None)},
        reason="调离",
    )
    (line,) = selectors.history(user)
    told = [(change.label, change.old, change.new) for change in line.changes]
    assert (line.who, line.what, line.why) == ("吴管理", "停用账号", "调离")
    assert told == [("启用", "是", "否"), ("手机号", "138****89", "（空）")]


def test_the_system_has_a_name(db):
    user = UserFactory()
    record("account.create", by=None, target=user)
    assert selectors.history(user)[0].who == "系统"


def test_the_history_of_one_is_not_that_of_another(db):
    one, other = UserFactory(), UserFactory()
    record("account.create", by=None, target=one)
    assert selectors.history(other) == []


def test_an_entry_about_a_table_that_is_gone_can_still_be_read(db):
    entry = record("old.thing", by=None, changes={"field": [1, 2]})
    entry.target_type = "gone.model"
    assert selectors.line(entry).changes == [selectors.Change("field", "1", "2")]


def test_a_person_with_a_long_address_and_no_name_can_be_told_of(db):
    person = UserFactory(name="", email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example")
    assert len(record("test", by=person).actor_label) == 150


def test_the_address_of_a_person_without_a_name_is_not_kept_for_ever(db):
    person = UserFactory(name="", email="lianluo@example.org")
    entry = record("account.change", by=person, target=person)
    assert (entry.actor_label, entry.target_label) == ("l***@example.org", "l***@example.org")
