"""``manage.py expire_audit``: remove entries older than AUDIT_KEPT_YEARS; the chain of seals stays provable."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.services import expire_trail


class Command(BaseCommand):
    help = (
        "Remove sealed entries older than AUDIT_KEPT_YEARS (3 at least). Run it as the owner of the database."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = expire_trail(years=settings.AUDIT_KEPT_YEARS)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} entries removed.")
