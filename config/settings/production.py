"""A real installation. Everything that has no safe default must be named, and its absence is a loud error."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import LOGGING, PUBLIC_HOST, PUBLIC_URL, env

REQUIRED = {
    "SECRET_KEY": "a long random text, kept secret",
    "DATABASE_URL": "postgres://user:password@host:5432/name",
    "REDIS_URL": "redis://host:6379/0",
    "PUBLIC_URL": "the https address that people type",
    "EMAIL_URL": "smtp+tls://user:password@host:587",
}
if missing := [f"{name} ({what})" for name, what in REQUIRED.items() if not env.str(name, default="")]:
    raise ImproperlyConfigured(f"Set these in the environment first: {'; '.join(missing)}.")
if not PUBLIC_URL.startswith("https://"):
    raise ImproperlyConfigured("PUBLIC_URL must begin with https:// in production.")

SECRET_KEY = env.str("SECRET_KEY")
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[PUBLIC_HOST])

# nginx in front sets both headers itself and drops what a client sent (deploy/nginx.conf).
BEHIND_PROXY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"

# For whatever collects the log; LOG_FORMAT=line is for people.
LOGGING["handlers"]["stream"]["formatter"] = env.str("LOG_FORMAT", default="json")  # type: ignore[index]
