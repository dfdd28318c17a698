"""Alive, ready, and which part is not."""

import datetime as dt
import json

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from core import clock
from documents.models import Run
from notices.enums import Kind
from notices.models import Notice
from operations import probes, services
from operations.enums import PulseName
from operations.models import Pulse
from operations.tasks import beat_worker

WELL = {
    "database": "ok",
    "broker": "ok",
    "storage": "ok",
    "worker": "ok",
    "outbox": "ok",
    "work": "ok",
}


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch) -> None:
    monkeypatch.setattr(probes, "EVERY", -1)
    monkeypatch.setattr(probes, "_recent", probes._Recent())


@pytest.fixture
def broker(settings, tmp_path) -> None:
    """A folder, as without REDIS_URL: the probes must not depend on who runs the suite."""
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {
        name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")
    }


@pytest.fixture
def well(db, broker) -> None:
    beat_worker()


def asked(client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, json.loads(answer.content)["parts"]


def without(part: str) -> tuple[int, dict[str, str]]:
    return 503, {**WELL, part: "failed"}


def test_a_platform_that_is_well_is_ready(client, well) -> None:
    assert asked(client) == (200, WELL)


def gone(*args: object) -> None:
    raise OperationalError("the server is away")


def test_without_a_database_the_process_is_alive_and_not_ready(client, well) -> None:
    with connection.execute_wrapper(gone):
        assert client.get("/healthz").status_code == 200
        status, parts = asked(client)
    told = {name for name, state in parts.items() if state == "failed"}
    assert (status, told) == (503, {"database", "worker", "outbox", "work"})


def test_being_alive_asks_nothing(client, django_assert_num_queries, db) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_without_a_broker_it_is_not_ready(client, well, settings) -> None:
    settings.CELERY_BROKER_URL, settings.CELERY_BROKER_TRANSPORT_OPTIONS = "redis://127.0.0.1:1/0", {}
    assert asked(client) == without("broker")


def test_a_storage_that_cannot_be_written_is_not_ready(client, well, settings, tmp_path) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "below"
    assert asked(client) == without("storage")


def test_a_full_disk_is_not_ready(client, well, monkeypatch) -> None:
    monkeypatch.setattr(probes, "ROOM", 10**18)
    assert asked(client) == without("storage")


def test_a_probe_of_the_storage_leaves_nothing_there(client, well, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    assert asked(client) == (200, WELL)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(("minutes", "expected"), [(2, (200, WELL)), (4, without("worker"))])
def test_a_worker_that_has_been_silent_for_minutes_is_lost(client, well, minutes, expected) -> None:
    Pulse.objects.update(at=clock.now() - dt.timedelta(minutes=minutes))
    assert asked(client) == expected


def test_a_worker_never_heard_of_is_lost(client, db, broker) -> None:
    assert asked(client) == without("worker")


@pytest.mark.parametrize(("minutes", "expected"), [(10, (200, WELL)), (16, without("outbox"))])
def test_mail_that_nobody_takes_is_told(client, well, minutes, expected) -> None:
    waiting = clock.now() - dt.timedelta(minutes=minutes)
    Notice.objects.create(
        kind=Kind.PASSWORD_RESET, address="a@example.org", subject="a:1", not_before=waiting
    )
    assert asked(client) == expected


def test_work_that_nobody_takes_is_told(client, well) -> None:
    Run.objects.create(handler="tests.none", created_at=clock.now() - dt.timedelta(minutes=16))
    assert asked(client) == without("work")


def test_a_stranger_learns_no_detail(client, well) -> None:
    page = client.get("/readyz").content.decode()
    assert json.loads(page) == {"status": "ready", "parts": WELL}


def test_everybody_may_ask_but_the_parts_are_asked_seldom(client, well, monkeypatch) -> None:
    monkeypatch.setattr(probes, "EVERY", 60)
    assert asked(client) == (200, WELL)
    Pulse.objects.all().delete()
    assert asked(client) == (200, WELL)


# --- The page ---------------------------------------------------------------------------------------------


def test_staff_read_the_state_of_every_part(client, administrator, well) -> None:
    client.force_login(administrator)
    page = client.get(reverse("operations:health")).content.decode()
    assert "系统状态" in page
    assert page.count("正常</span>") == len(probes.EVERYTHING)
    assert "本机没有备份" in page


def test_a_case_officer_does_not_run_the_system(client, leadership, stranger) -> None:
    client.force_login(leadership)
    assert client.get(reverse("operations:health")).status_code == 403
    client.force_login(stranger)
    assert client.get(reverse("operations:health")).status_code == 302


def test_the_home_page_says_what_is_silent(client, administrator, db) -> None:
    client.force_login(administrator)
    assert "无响应" in client.get("/admin/").content.decode()
    services.beat(PulseName.WORKER)
    assert "运行中" in client.get("/admin/").content.decode()


def test_a_demonstration_says_that_it_keeps_no_backup(client, administrator, well, settings) -> None:
    settings.DEMONSTRATION = True
    client.force_login(administrator)
    for page in (reverse("operations:health"), reverse("admin:index")):
        assert "演示系统不备份" in client.get(page).content.decode()
