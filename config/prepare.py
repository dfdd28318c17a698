"""Brings database, register, demonstration data and static files up to date before the web server starts.

One process for all steps: each start of Django costs as much as the steps themselves. Every step may be
repeated; a second run changes nothing.
"""

import os
import sys
from typing import Any

import django
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("check", {}),
    ("migrate", {"verbosity": 0, "interactive": False}),
    ("build_fonts", {}),
    ("collectstatic", {"verbosity": 0, "interactive": False}),
    ("load_register", {}),
    ("load_demonstration", {}),
)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    django.setup()
    for command, options in STEPS:
        try:
            call_command(command, **options)
        except SystemCheckError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except CommandError as error:
            sys.stderr.write(f"{command}: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
