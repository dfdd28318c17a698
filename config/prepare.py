"""Brings database, register, demonstration data and static files up to date before the web server starts.

One process for all steps: each start of Django costs as much as the steps themselves. Every step may be
repeated; a second run changes nothing.
"""

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("check", {}),
    ("migrate", {"verbosity": 0, "interactive": False}),
    ("collectstatic", {"verbosity": 0, "interactive": False}),
    ("load_register", {}),
    ("load_demonstration", {}),
    ("load_safety_work", {}),
    ("load_injuries", {}),
)


def static_fingerprint() -> str:
    """What is to be collected: every path with its size and time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            about = Path(storage.path(path)).stat()
            digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static(**options: Any) -> None:
    """Compressing takes eight seconds, and most starts have nothing new to compress."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", **options)
    stamp.write_text(fingerprint)


def take(command: str, options: dict[str, Any]) -> None:
    if command == "collectstatic":
        collect_static(**options)
    else:
        call_command(command, **options)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    django.setup()
    for command, options in STEPS:
        try:
            take(command, options)
        except (CommandError, SystemCheckError) as error:
            sys.stderr.write(f"{command}: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
