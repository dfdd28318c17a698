"""Background work always ends: every task has a time limit, and none says more than a few lines."""

import pytest

from config.celery import app
from tests.architecture.sources import APPS, ROOT, functions, named

TEN_MINUTES = 600
VISIBILITY = 1200

app.loader.import_default_modules()
OURS = sorted(name for name in app.tasks if name.split(".")[0] in APPS)


def test_there_are_tasks() -> None:
    assert OURS != []


@pytest.mark.parametrize("name", OURS)
def test_every_task_has_a_time_limit(name: str) -> None:
    task = app.tasks[name]
    hard = task.time_limit or app.conf.task_time_limit
    soft = task.soft_time_limit or app.conf.task_soft_time_limit
    assert 0 < soft < hard <= TEN_MINUTES < VISIBILITY


def test_the_clock_rings_only_for_tasks_that_exist() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()


def test_tasks_only_load_and_delegate() -> None:
    long = [
        f"{named(path)}:{node.name}"
        for path in ROOT.glob("*/tasks.py")
        for node in functions(path)
        if len(node.body) > 6
    ]
    assert long == []
