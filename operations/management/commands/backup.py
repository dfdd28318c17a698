"""``manage.py backup``: database and files in one archive that proves itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations.services import BackupError, make_backup


class Command(BaseCommand):
    help = "Write database and files into one archive under BACKUP_DIR, and drop archives that are too old."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = make_backup()
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{backup.path} ({backup.size / 1_000_000:.1f} MB)")
