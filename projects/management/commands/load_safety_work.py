"""``manage.py load_safety_work``: a made-up year of safety work for a demonstration. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from projects.services.demonstration import load_safety_work


class Command(BaseCommand):
    help = "Fill three communities of a demonstration with a made-up year; what is there is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is no demonstration; made-up work is not written here.")
        self.stdout.write(f"Demonstration: safety work of {load_safety_work()} communities written.")
