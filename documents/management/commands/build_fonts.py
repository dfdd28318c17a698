from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents import fonts


class Command(BaseCommand):
    help = "Cut the Chinese fonts of printed matter down to what forms need (a second; done by itself when needed)."
    # The fonts are looked for here; the start-up check would only say the same thing first.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            faces = fonts.build()
        except fonts.FontsMissing as error:
            raise CommandError(str(error)) from error
        for face in faces if options["verbosity"] else ():
            self.stdout.write(f"{face.path} {face.path.stat().st_size // 1024} kB")
