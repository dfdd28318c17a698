"""The test suite: no file outside a temporary folder, no mail, quick password hashes."""

import tempfile
from pathlib import Path

from config.settings.base import *
from config.settings.base import REDIS_URL, STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105  (guards nothing)
VAR_DIR = Path(tempfile.gettempdir()) / "safe-communities-tests"
MEDIA_ROOT = VAR_DIR / "files"
STATIC_ROOT = VAR_DIR / "static"
EMAIL_FILE_PATH = VAR_DIR / "mail"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
# Without a broker a task runs where it is rung; with one a real worker does it.
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
