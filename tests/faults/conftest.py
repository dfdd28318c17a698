"""Real processes, real faults. ``make faults`` names PostgreSQL; the figures stand at the end of the run."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from tests.faults.jobs import Background, running_background
from tests.faults.processes import Postgres, database_of_its_own
from tests.faults.server import collect_static_files, running_platform

RUNS = int(os.environ.get("RUNS") or 3)  # every test so many times: what held once may have held by luck
_figures: list[str] = []

Platform = Callable[..., AbstractContextManager[int]]
OwnDatabase = Callable[..., AbstractContextManager[Postgres]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("run", range(1, RUNS + 1), indirect=True)


@pytest.fixture(autouse=True)
def run(request: pytest.FixtureRequest) -> int:
    return request.param


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _figures:
        terminalreporter.section("figures")
        for line in _figures:
            terminalreporter.write_line(line)


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say what was measured."""
    return lambda text: _figures.append(f"{request.node.name}: {text}")


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Path:
    """Where the servers keep what they make, with the static files in it."""
    folder = tmp_path_factory.mktemp("platform")
    collect_static_files(folder)
    return folder


@pytest.fixture
def platform(server_folder: Path, transactional_db: None) -> Platform:
    """``with platform() as port``: gunicorn on this test's database; ``without="lock"`` for a control."""
    assert connection.vendor == "postgresql", "name PostgreSQL in DATABASE_URL, as make faults does"
    return partial(running_platform, server_folder)


@pytest.fixture
def port(platform: Platform) -> Iterator[int]:
    with platform() as found:
        yield found


@pytest.fixture
def own_database(transactional_db: None, tmp_path: Path) -> OwnDatabase:
    """``with own_database() as cluster``: a PostgreSQL that may be killed, with the tables of the suite."""
    return partial(database_of_its_own, tmp_path)


@pytest.fixture
def background(server_folder: Path, transactional_db: None) -> Iterator[Background]:
    """Broker and mail server of this test's own; worker and clock are started by ``background.at_work()``."""
    assert connection.vendor == "postgresql", "name PostgreSQL in DATABASE_URL, as make faults does"
    folder = server_folder / uuid4().hex
    folder.mkdir()
    with running_background(folder) as found:
        yield found
