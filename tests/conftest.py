"""Fixtures for every test. Each app's people and things are made by ``tests/factories.py``."""

import gc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.enums import RoleCode
from accounts.models import User
from communities.models import Authority, Community, Programme
from config.celery import app as celery_app
from tests import template
from tests.factories import (
    AccessGrantFactory,
    AuthorityFactory,
    AuthorityPostFactory,
    CommunityFactory,
    MembershipFactory,
    ProgrammeFactory,
    UserFactory,
    staff_user,
)
from tests.worker import running_worker, wait_until

# Until all tests are found hardly anything is waste.
gc.disable()

hypothesis_settings.register_profile("suite", database=None, deadline=None, max_examples=50)
hypothesis_settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes will test, the tables are made while they still look for their tests."""
    if config.getoption("numprocesses", None) and connection.vendor == "sqlite":
        Thread(target=template.migrated, daemon=True).start()


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking through it again and again for waste took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


def with_room(call: Callable[..., object], *arguments: object) -> object:
    """Python keeps the frames of its calls in pieces of 16 kB: at the edge of one, every call asks the system for a
    piece and gives it back, a tenth of the suite's time. A frame that claims half a megabyte brings a piece as large
    again, in which all calls below have their place; what is claimed and never used costs nothing.
    """
    return call(*arguments)


with_room.__code__ = with_room.__code__.replace(co_stacksize=2**16)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    runner = item.config.pluginmanager.get_plugin("runner")
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """What pytest-django calls before it makes the test database: on SQLite it finds all tables there already."""
    if connection.vendor != "sqlite":
        yield
        return
    with django_db_blocker.unblock():
        name = connection.creation._get_test_db_name()
    with template.copied(name):
        yield


@pytest.fixture(scope="session", autouse=True)
def stored_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Files that tests store land in a folder of this run and are forgotten with it."""
    folder = tmp_path_factory.mktemp("files")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def chinese_at_first() -> None:
    """A page asked for in English leaves its thread reading English."""
    translation.activate(settings.LANGUAGE_CODE)


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


# --- The people of every access test ----------------------------------------------------------------------


@pytest.fixture
def programme(db: None) -> Programme:
    return ProgrammeFactory()


@pytest.fixture
def province_authority(db: None) -> Authority:
    return AuthorityFactory(name_zh="福建省应急管理厅")


@pytest.fixture
def district_authority(province_authority: Authority) -> Authority:
    return AuthorityFactory(name_zh="思明区应急管理局", parent=province_authority)


@pytest.fixture
def community(district_authority: Authority) -> Community:
    """The community that 李 works for and 王 supervises."""
    return CommunityFactory(name_zh="筼筜街道", supervisor=district_authority)


@pytest.fixture
def elsewhere(db: None) -> Community:
    """The community of 赵, in another province."""
    return CommunityFactory(name_zh="展览路街道", province_name="北京市", city_name="西城区")


@pytest.fixture
def li(community: Community) -> User:
    """李 is the liaison of the community."""
    user = UserFactory(name="李")
    MembershipFactory(user=user, community=community)
    return user


@pytest.fixture
def wang(district_authority: Authority) -> User:
    """王 has a post at the district authority above the community."""
    user = UserFactory(name="王")
    AuthorityPostFactory(user=user, authority=district_authority)
    return user


@pytest.fixture
def zhao(elsewhere: Community) -> User:
    """赵 is the liaison of a community in another province."""
    user = UserFactory(name="赵")
    MembershipFactory(user=user, community=elsewhere)
    return user


@pytest.fixture
def expert(community: Community) -> User:
    user = UserFactory(name="陈专家")
    AccessGrantFactory(user=user, community=community)
    return user


@pytest.fixture
def stranger(db: None) -> User:
    """Signed in, and nothing else."""
    return UserFactory(name="陌生人")


@pytest.fixture
def office(db: None) -> User:
    """A case officer of the association."""
    return staff_user(RoleCode.CASE_OFFICER, name="周经办")


@pytest.fixture
def administrator(db: None) -> User:
    return staff_user(RoleCode.ADMINISTRATOR, name="吴管理")


@pytest.fixture
def leadership(db: None) -> User:
    return staff_user(RoleCode.LEADERSHIP, name="郑领导")
