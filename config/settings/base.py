"""What every installation shares. Nothing here is secret; what differs is read from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()

# Everything the platform makes: database, stored files, mail, broker, logs. One folder to back up or delete.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

# The only source of absolute links (QR codes, letters, mail); the Host header is never believed.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or "127.0.0.1"

DEBUG = DEMONSTRATION = BEHIND_PROXY = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[PUBLIC_HOST])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "core",
    "audit",
    "notices",
    "accounts",
    "documents",
    "communities",
    "surveys",
    "injuries",
    "projects",
    "reports",
    "operations",
    "config.apps.PlatformAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Above WhiteNoise, so that static files carry the policy too.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "core.middleware.OutageMiddleware",
    "core.middleware.PlainAddressMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "core.middleware.GoneMiddleware",
    "accounts.access.SessionKeeper",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last, as its authors ask: it turns a lock-out raised by the log-in into an answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.platform",
            ],
        },
    },
]

# --- Who runs the platform ------------------------------------------------------------------------------

# Office lines only: the mobile numbers printed in notices are personal and never shown here.
ASSOCIATION = {
    "name": _("China Occupational Safety and Health Association"),
    "committee": _("Working Committee on Safe Communities"),
    "department": _("General Safety Department"),
    "phones": ["010-64464565", "010-64464566"],
    "email": "coshase@163.com",
    "address": _("Room 502, Keyan Building, 17 Huixin West Street, Chaoyang District, Beijing"),
    "postcode": "100029",
}
# Days that an invitation code outlasts its round, to mend what came back; the association's own choice, no rule.
INVITATION_CODE_DAYS = env.int("INVITATION_CODE_DAYS", default=30)
# Filing numbers that a public site in China shows in its footer, once the filing is done.
ICP_NUMBER = env.str("ICP_NUMBER", default="")
PUBLIC_SECURITY_NUMBER = env.str("PUBLIC_SECURITY_NUMBER", default="")

# --- Database -----------------------------------------------------------------------------------------

SQLITE_OPTIONS: dict[str, Any] = {
    # A transaction that will write takes the lock at once instead of failing when it upgrades.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA foreign_keys=ON;"
    ),
}
POSTGRESQL_OPTIONS: dict[str, Any] = {
    "connect_timeout": 2,  # seconds
    # A page waits a moment for a connection, then says that the database is away. Whoever comes after it has come
    # back connects anew: by itself the pool would try ever more seldom.
    "pool": {"min_size": 1, "max_size": 8, "timeout": 0.5, "reconnect_timeout": 0.5},
}
# Where a pooler stands in front of the database already.
if not env.bool("DATABASE_POOL", default=True):
    del POSTGRESQL_OPTIONS["pool"]


def database(default: str) -> dict[str, Any]:
    """Read DATABASE_URL and add what each engine needs under several processes."""
    config = env.db_url("DATABASE_URL", default=default)
    options = SQLITE_OPTIONS if config["ENGINE"].endswith("sqlite3") else POSTGRESQL_OPTIONS
    config["OPTIONS"] = {**options, **config.get("OPTIONS", {})}
    # A connection that a restart of the database has cut is replaced before a page uses it.
    config["CONN_HEALTH_CHECKS"] = "pool" in options
    return config


DATABASES = {"default": database(f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Accounts -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.IdentifierBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.backends.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/portal/"
LOGOUT_REDIRECT_URL = "/"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
# Staff screens open only after a one-time code; a demonstration and the tests do without.
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=False)

# Five wrong passwords from one address; accounts.backends adds a limit for the account from all addresses.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "identifier"
AXES_USERNAME_CALLABLE = "accounts.backends.counted_name"
AXES_HANDLER = "accounts.backends.GuessCounter"
AXES_LOCKOUT_CALLABLE = "accounts.views.door.locked_out"
AXES_SENSITIVE_PARAMETERS = ["identifier", "csrfmiddlewaretoken", "next"]
AXES_ENABLE_ACCESS_FAILURE_LOG = True
# Who signed in, when and from where stands in the audit trail.
AXES_DISABLE_ACCESS_LOG = True
AXES_CLIENT_IP_CALLABLE = "config.addresses.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- Sessions, headers --------------------------------------------------------------------------------

SESSION_ENGINE = "accounts.backends"
# A session ends so long after its last request: a working day, half an hour for staff (as 等保 level 2 asks).
IDLE_MINUTES = env.int("IDLE_MINUTES", default=12 * 60)
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
SESSION_COOKIE_AGE = IDLE_MINUTES * 60  # seconds
# An account nobody has used for so many days is closed; a mail says so a month before. Liaisons come once a round.
ACCOUNT_IDLE_DAYS = env.int("ACCOUNT_IDLE_DAYS", default=730)
STAFF_ACCOUNT_IDLE_DAYS = env.int("STAFF_ACCOUNT_IDLE_DAYS", default=180)
# Staff choose a new password after so many days (等保 8.1.4.1 asks for a change at intervals); 0: never.
STAFF_PASSWORD_DAYS = env.int("STAFF_PASSWORD_DAYS", default=180)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

# --- Language and time --------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
FORMAT_MODULE_PATH = ["core.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Stored files have no address of their own: each is handed out by a view that checks who asks.
MEDIA_ROOT = VAR_DIR / "files"
# An object storage that speaks S3, for several machines; needs the extra ``s3`` (docs/operations.md).
if S3_BUCKET := env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "addressing_style": env.str("S3_ADDRESSING_STYLE", default="path"),
            "signature_version": "s3v4",
            # Private whatever the bucket says, and never one file over another.
            "default_acl": "private",
            "file_overwrite": False,
            "location": "files",
        },
    }
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 40

# --- Links that open one thing without an account; no official source names their days ------------------

# The code on the screen: time to fetch a phone, not to lend one.
PHONE_LINK_MINUTES = env.int("PHONE_LINK_MINUTES", default=30)
# The code on the print, after the round has closed: as long as the codes in the letters.
PRINT_LINK_DAYS = env.int("PRINT_LINK_DAYS", default=30)
# A section handed out to another office: two of its working weeks.
SECTION_LINK_DAYS = env.int("SECTION_LINK_DAYS", default=14)

# --- Mail ---------------------------------------------------------------------------------------------

EMAIL_FILE_PATH = VAR_DIR / "mail"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_TO_FILES = False
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_TO_FILES = True
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"noreply@{PUBLIC_HOST}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Reminders leave between these hours of a working day, Beijing time. No official source; the association's choice.
OFFICE_HOURS = (9, 17)

# Shared by all web workers of the machine, and there when Redis is away: it counts wrong guesses at codes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "cache"),
    },
    # In the memory of each worker, for five minutes: what is counted once for each change (``communities.figures``).
    "counts": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 60}},
    # Pictures of uploaded pages, a place of their own: they are large, and must not push out what is counted.
    "previews": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "previews"),
        "TIMEOUT": 24 * 60 * 60,  # seconds
        "OPTIONS": {"MAX_ENTRIES": 600},  # about 150 MB
    },
}

if env.str("CACHE_URL", default=""):
    CACHES["default"] = env.cache_url("CACHE_URL")

# --- Background work ----------------------------------------------------------------------------------

BROKER_DIR = VAR_DIR / "broker"
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # A page never waits long for a broker that is away; visibility is longer than any task may run.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 1200,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        # A ring is tried twice and never waited for; Kombu by itself would try for seconds.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    }
else:
    CELERY_BROKER_URL = "filesystem://"
    (BROKER_DIR / "messages").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long the broker is away, the worker is there when it comes back.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 540  # seconds
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# kB; three times what a process holds that has done one of everything. The press is a process of its own.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- Backups ------------------------------------------------------------------------------------------

# On another disk than the database, best of all on another machine.
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups"))).resolve()
# At this hour of the night, in Beijing; -1: only when ``manage.py backup`` is called.
BACKUP_HOUR = env.int("BACKUP_HOUR", default=3)
# All backups of so many days; before them the newest of each month.
BACKUP_KEPT_DAYS = env.int("BACKUP_KEPT_DAYS", default=14)
BACKUP_KEPT_MONTHS = env.int("BACKUP_KEPT_MONTHS", default=6)
# A night missed is told on the next forenoon.
BACKUP_ALERT_HOURS = env.int("BACKUP_ALERT_HOURS", default=30)

# How long the audit trail is kept, in years; three at least. Nothing is removed by itself: ``manage.py expire_audit``.
AUDIT_KEPT_YEARS = env.int("AUDIT_KEPT_YEARS", default=10)

# --- Log: one stream, kept by whoever starts us ---------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {"()": "core.logs.JsonLines"},
    },
    "filters": {"hidden_links": {"()": "core.logs.HiddenLinks"}, "numbered": {"()": "core.logs.Numbered"}},
    "handlers": {
        "stream": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line"),
            "filters": ["hidden_links", "numbered"],
        }
    },
    "root": {"handlers": ["stream"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stream"], "level": "WARNING", "propagate": False},
        # One line for each request; the demonstration leaves them out.
        "core.requests": {"level": "INFO"},
        "celery": {"handlers": ["stream"], "level": "INFO", "propagate": False},
        # Words about a HEAD request and about a broker without a host name tell nobody anything.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        "kombu": {"level": "ERROR"},
        "axes": {"handlers": ["stream"], "level": "WARNING", "propagate": False},
    },
}
