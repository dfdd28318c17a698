"""The demonstration's settings on PostgreSQL, with the floor's pages beside the real ones."""

from config.settings.demo import *  # noqa: F403
from config.settings.demo import BASE_DIR, TEMPLATES, VAR_DIR

ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")
ALLOWED_HOSTS = ["*"]
STATIC_ROOT = VAR_DIR / "static"
# A lock-out or a closed broker would measure something else.
CELERY_TASK_ALWAYS_EAGER = False
