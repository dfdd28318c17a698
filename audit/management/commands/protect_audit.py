"""``manage.py protect_audit --role <application's role>``: on PostgreSQL the trail can only be added to.

Run once after each restore, and after the role was made, by the owner of the database; the platform itself then
connects as the role. Migrations stay the owner's. It may be run again and changes nothing then.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from audit.models import AuditEntry

TABLE = AuditEntry._meta.db_table  # noqa: SLF001 - Django's public _meta
# A seal is written once; nothing else of an entry is ever changed.
ONCE = f"""
CREATE OR REPLACE FUNCTION audit_seal_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seal <> '' THEN RAISE EXCEPTION 'a seal of the audit trail is never changed'; END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS audit_seal_once ON {TABLE};
CREATE TRIGGER audit_seal_once BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_seal_once();
"""


class Command(BaseCommand):
    help = "Give the application's role what it needs everywhere, and on the audit trail only to read and to add."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", required=True, help="the role the platform connects as; not the owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError(
                "Only PostgreSQL knows roles; on SQLite the seals alone show what was changed."
            )
        role = options["role"]
        with transaction.atomic(), connection.cursor() as cursor:
            _check(cursor, role)
            for statement in _grants(connection.ops.quote_name(role)):
                cursor.execute(statement)
            cursor.execute(ONCE)
        self.stdout.write(f"{role} can read and add to {TABLE}, and set a seal once; nothing else.")


def _check(cursor: Any, role: str) -> None:
    cursor.execute("SELECT rolsuper, rolname = current_user FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found is None:
        raise CommandError(f"There is no role {role}; make it first: createuser --pwprompt {role}")
    if found[0]:
        raise CommandError(f"{role} is a superuser; no right can be taken from it.")
    cursor.execute(
        "SELECT pg_has_role(%s, tableowner, 'USAGE') FROM pg_tables WHERE tablename = %s", [role, TABLE]
    )
    if cursor.fetchone()[0]:
        raise CommandError(
            f"{role} owns the trail and could give itself every right; connect as another role."
        )


def _grants(role: str) -> list[str]:
    everything = "SELECT, INSERT, UPDATE, DELETE"
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT {everything} ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        # Tables that later migrations make.
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {everything} ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        f"REVOKE ALL ON {TABLE} FROM {role}, PUBLIC",
        f"GRANT SELECT, INSERT, UPDATE (seal) ON {TABLE} TO {role}",
    ]
