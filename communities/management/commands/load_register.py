"""``manage.py load_register``: the regions, the programmes and the association's list of 2024. May be repeated."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from communities.services.loading import load_register


class Command(BaseCommand):
    help = "Load the register from fixtures/; values that staff corrected are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            result = load_register(folder=folder)
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} is missing.") from error
        except KeyError as error:
            raise CommandError(f"The tables lack the column or region {error}.") from error
        self.stdout.write(f"Register: {result}.")
        for line in result.kept:
            self.stdout.write(f"  kept: {line}")
