"""``manage.py restore <archive>``: the way back, from a whole archive to an empty place."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.services import BackupError, check_backup, restore_backup


class Command(BaseCommand):
    help = "Check an archive and restore it; stop web, worker and beat first. Run it as the owner of the database."
    # The place may be empty: nothing may ask for its tables.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--check", action="store_true", help="read and compare the archive, touch nothing"
        )
        parser.add_argument("--replace", action="store_true", help="put it in the place of what is here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                manifest = check_backup(options["archive"])
                self.stdout.write(f"Whole, made {manifest.made_at}: {_said(manifest)}.")
                return
            restored = restore_backup(options["archive"], replace=options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored and compared: {_said(restored.manifest)}.")
        for note in restored.notes:
            self.stdout.write(note)


def _said(manifest: Any) -> str:
    return (
        f"{sum(manifest.tables.values())} rows in {len(manifest.tables)} tables, {len(manifest.files)} files"
    )
