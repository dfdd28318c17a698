"""``manage.py verify_audit``: prove that the sealed trail is as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.services import verify_trail


class Command(BaseCommand):
    help = "Walk the chain of seals over the audit trail; fails when an entry was changed, removed or slipped in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="a head from an old log line, which must still occur")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_trail(expected_head=options["head"])
        if verdict.broken == [0]:
            raise CommandError("The expected head does not occur: entries were cut off or replaced.")
        if not verdict.holds:
            numbers = ", ".join(str(number) for number in (*verdict.broken, *verdict.slipped_in)[:20])
            raise CommandError(f"The trail is broken at entries {numbers}.")
        self.stdout.write(
            f"{verdict.sealed} sealed entries fit together, {verdict.waiting} wait for their seal, "
            f"head {verdict.head or '-'}."
        )
