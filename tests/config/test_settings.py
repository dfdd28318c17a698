"""What production refuses to start without, and what every answer carries."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.addresses import client_address

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgres://nobody@127.0.0.1/nothing",
    "REDIS_URL": "redis://127.0.0.1:6379/15",
    "PUBLIC_URL": "https://platform.example",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def load_production(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Only the settings module, in a process of its own: settings cannot be loaded twice in one."""
    clean = {name: value for name, value in os.environ.items() if name not in COMPLETE}
    command = [
        sys.executable,
        "-c",
        "import importlib; importlib.import_module('config.settings.production')",
    ]
    return subprocess.run(
        command, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, check=False
    )


def test_production_names_every_missing_variable_at_once() -> None:
    answer = load_production({"SECRET_KEY": "k" * 60})
    assert answer.returncode == 1
    assert "ImproperlyConfigured: Set these in the environment first: DATABASE_URL" in answer.stderr
    assert all(name in answer.stderr for name in ("REDIS_URL", "PUBLIC_URL", "EMAIL_URL"))


def test_production_refuses_an_address_without_encryption() -> None:
    answer = load_production({**COMPLETE, "PUBLIC_URL": "http://platform.example"})
    assert "PUBLIC_URL must begin with https://" in answer.stderr


def test_production_starts_with_everything_named() -> None:
    assert load_production(COMPLETE).returncode == 0


def test_files_go_to_an_object_storage_when_one_is_named() -> None:
    command = "import json; from config.settings import production; print(json.dumps(production.STORAGES['default']))"
    named = {"S3_BUCKET": "platform", "S3_ENDPOINT_URL": "https://s3.example", "S3_ACCESS_KEY": "a"}
    answer = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT,
        env={**os.environ, **COMPLETE, **named},
        capture_output=True,
        text=True,
        check=True,
    )
    storage = json.loads(answer.stdout)
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    assert storage["OPTIONS"] == {
        "bucket_name": "platform",
        "endpoint_url": "https://s3.example",
        "region_name": None,
        "access_key": "a",
        "secret_key": None,
        "addressing_style": "path",
        "signature_version": "s3v4",
        "default_acl": "private",
        "file_overwrite": False,
        "location": "files",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/", "/no-such-page/", "/jsi18n/"])
def test_every_answer_carries_the_policy(client, path) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {"frame-ancestors 'none'", "object-src 'none'", "base-uri 'self'"} <= set(policy.split("; "))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_absolute_links_never_come_from_the_request() -> None:
    assert settings.USE_X_FORWARDED_HOST is False


def test_a_forged_address_header_is_not_believed(rf) -> None:
    request = rf.get("/", HTTP_X_REAL_IP="203.0.113.9", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert client_address(request) == "127.0.0.1"
