"""Fixtures for every test. Each app's people and things are made by ``tests/factories.py``."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from config.celery import app as celery_app
from tests.worker import running_worker, wait_until

hypothesis_settings.register_profile("suite", database=None, deadline=None, max_examples=50)
hypothesis_settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def stored_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Files that tests store land in a folder of this run and are forgotten with it."""
    folder = tmp_path_factory.mktemp("files")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture(scope="session")
def worker_process(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One for the whole run: starting it costs seconds."""
    with django_db_blocker.unblock(), running_worker(celery_app):
        yield


@pytest.fixture
def worker(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """Work rung in the test is done by a worker; the fixture waits: ``worker(lambda: …, what="…")``.

    With REDIS_URL on PostgreSQL it is a real one in another process; otherwise the task runs where it is rung.
    """
    if not (settings.REDIS_URL and connection.vendor == "postgresql"):
        yield partial(wait_until, seconds=1)
        return
    request.getfixturevalue("worker_process")
    celery_app.conf.task_always_eager = False
    yield wait_until
    celery_app.conf.task_always_eager = True
