"""A real installation as nginx speaks to it, only without TLS: cookies and redirects must do without it."""

from pathlib import Path

from config.settings.production import *  # noqa: F403
from config.settings.production import DATABASES, env
from tests.faults.moved_clock import install

ALLOWED_HOSTS = ["127.0.0.1"]
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "sessionid", "csrftoken", "language"

if shift := env.str("CLOCK_SHIFT", default=""):
    install(Path(shift))
# For a control run: the pool as it is by itself.
if "pool" in env.str("GUARDS_OFF", default="").split(","):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
