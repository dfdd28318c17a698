"""The demonstration's settings on PostgreSQL, with the floor's pages beside the real ones."""

from config.settings.demo import *  # noqa: F403
from config.settings.demo import BASE_DIR, CELERY_BROKER_URL, TEMPLATES, VAR_DIR

ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")
ALLOWED_HOSTS = ["*"]
STATIC_ROOT = VAR_DIR / "static"
# A lock-out or a closed broker would measure something else.
CELERY_TASK_ALWAYS_EAGER = False

# Nobody listens: bells pile up in a folder of their own and go with it.
VAR_DIR = VAR_DIR / "bench"
if CELERY_BROKER_URL == "filesystem://":
    for folder in ("messages", "control"):
        (VAR_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "messages"),
        "data_folder_out": str(VAR_DIR / "messages"),
        "control_folder": str(VAR_DIR / "control"),
    }
MEDIA_ROOT = VAR_DIR / "files"
