"""``manage.py load_injuries``: made-up injuries for a demonstration. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from injuries.services.demonstration import load_injuries


class Command(BaseCommand):
    help = "Write made-up injuries on three communities; what is there already stays."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is no demonstration; made-up injuries are not written here.")
        self.stdout.write(f"Demonstration: injuries of {load_injuries()} communities written.")
