"""The commands of the containers, as they stand in the compose file, on this machine: production settings, PostgreSQL,
Redis, and in the end a platform that says it is ready."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml

from tests.e2e.server import free_port

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"]
STATIC = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
SERVER = urlsplit(os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"))
DATABASE = f"installation_{os.getpid()}"

pytestmark = pytest.mark.faults


def command(name: str, folder: Path) -> list[str]:
    """A service's command with this machine's interpreter and folder."""
    words = [word.replace("/var/lib/safe-communities", str(folder)) for word in SERVICES[name]["command"]]
    return [sys.executable, *words[1:]]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    root = f"postgres://{SERVER.netloc}"
    with psycopg.connect(f"{root}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")
        yield {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": "k" * 60,
            "DATABASE_URL": f"{root}/{DATABASE}",
            "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/12"),
            "PUBLIC_URL": "https://platform.example",
            "EMAIL_URL": "smtp://127.0.0.1:25",
            "VAR_DIR": str(tmp_path),
            "HOST": "127.0.0.1",
            "PORT": str(free_port()),
        }
        server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture
def services(environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    for prepare in (command("migrate", tmp_path), STATIC):
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    logs = {name: (tmp_path / f"{name}.log").open("wb") for name in ("web", "worker", "beat")}
    running = {
        name: subprocess.Popen(
            command(name, tmp_path), cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        for name, log in logs.items()
    }
    yield running
    for process in running.values():
        os.killpg(process.pid, signal.SIGTERM)
    for process in running.values():
        process.wait(30)
    for log in logs.values():
        log.close()


def asked(port: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
    connection.request("GET", path, headers={"Host": "platform.example", "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def is_well(environment: dict[str, str]) -> int:
    test = SERVICES["web"]["healthcheck"]["test"]
    return subprocess.run([sys.executable, *test[2:]], cwd=ROOT, env=environment, check=False).returncode


def wait_for(status: int, port: str, path: str, seconds: float) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found, content = asked(port, path)
        except OSError:
            found, content = 0, ""
        if found == status:
            return content
        time.sleep(0.5)
    raise AssertionError(f"{path} did not answer {status} within {seconds} s: {found} {content}")


def test_the_commands_of_the_containers_make_a_platform_that_is_ready(
    services, environment, tmp_path
) -> None:
    port = environment["PORT"]
    assert wait_for(200, port, "/healthz", 30) == "ok\n"
    assert is_well(environment) == 0
    parts = json.loads(wait_for(200, port, "/readyz", 100))["parts"]
    assert set(parts.values()) == {"ok"}
    status, page = asked(port, "/login/")
    assert status == 200
    assert "/static/css/base." in page
    told = [
        json.loads(line) for line in (tmp_path / "web.log").read_text().splitlines() if line.startswith("{")
    ]
    assert "GET /login/ 200" in {line["message"] for line in told}

    os.killpg(services["worker"].pid, signal.SIGKILL)
    psycopg.connect(environment["DATABASE_URL"], autocommit=True).execute(
        "UPDATE operations_pulse SET at = at - interval '4 minutes' WHERE name = 'worker'"
    )
    assert json.loads(wait_for(503, port, "/readyz", 20))["parts"]["worker"] == "failed"
    assert is_well(environment) == 0  # the web server itself lives
