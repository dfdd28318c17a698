"""The test suite: no file outside a temporary folder, no mail, quick password hashes."""

import os
import tempfile
from pathlib import Path

from config.settings.base import *
from config.settings.base import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, LOGGING, REDIS_URL, STORAGES, env

SECRET_KEY = "only-for-tests"  # noqa: S105  (guards nothing)
VAR_DIR = Path(tempfile.gettempdir()) / "safe-communities-tests"
# A real worker in another process must find the files of the test that rang it.
MEDIA_ROOT = Path(env.str("TEST_MEDIA_ROOT", default=str(VAR_DIR / "files")))
STATIC_ROOT = VAR_DIR / "static"
EMAIL_FILE_PATH = VAR_DIR / "mail"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "counts", "previews")
}
LOGGING["loggers"]["core.requests"]["level"] = "WARNING"  # type: ignore[index]
# Test databases are made and dropped; a pool would hold on to them.
DATABASES["default"]["OPTIONS"].pop("pool", None)

# A task runs where it is rung, except under the ``worker`` fixture, where a real worker does it.
CELERY_TASK_ALWAYS_EAGER = not env.bool("TEST_WORKER", default=False)
CELERY_TASK_EAGER_PROPAGATES = True
# Two test processes on one Redis must not answer each other's bell.
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CELERY_BROKER_TRANSPORT_OPTIONS,
        "global_keyprefix": env.str("TEST_KEY_PREFIX", default=f"test-{os.getpid()}-"),
    }
