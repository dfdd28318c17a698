"""``make run``: the whole platform on one machine with nothing set up, marked as a demonstration."""

import os
import secrets

from config.settings.base import *
from config.settings.base import ALLOWED_HOSTS, LOGGING, VAR_DIR, env

DEMONSTRATION = True
BACKUP_HOUR = env.int("BACKUP_HOUR", default=-1)
# The terminal shows the banner and what goes wrong.
for quiet in ("celery", "core.requests"):
    LOGGING["loggers"][quiet]["level"] = "WARNING"  # type: ignore[index]
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "127.0.0.1", "localhost", "[::1]"]


def kept_secret_key() -> str:
    """Make the key once and keep it readable to its owner only, so that sessions survive a restart."""
    path = VAR_DIR / "secret-key"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        fresh.rename(path)
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key()
