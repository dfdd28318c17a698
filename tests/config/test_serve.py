"""The supervisor behind ``make run``: what it says, and that it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import serve

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_taken_port_is_a_sentence_and_no_traceback(taken_port) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "config.serve"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(taken_port)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert f"Port {taken_port} on 127.0.0.1 is taken" in answer.stdout
    assert answer.stderr == ""


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", ""])
def test_a_port_must_be_a_port(text) -> None:
    with pytest.raises(SystemExit, match="PORT must be a number"):
        serve.read_port(text)


def test_ending_takes_the_children_of_children_along() -> None:
    """A worker that ignores its master's end must not live on."""
    inner = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
    outer = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {inner!r}]); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", outer],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout.readline() == "up\n"
    serve.end([child])
    assert child.returncode == -signal.SIGTERM
    assert child.stdout.read() == ""  # the pipe closes only when the grandchild is gone as well
    child.stdin.close()
    child.stdout.close()


def test_the_banner_shows_the_address_and_the_accounts(tmp_path, monkeypatch) -> None:
    (tmp_path / "demo-accounts.txt").write_text("联络员 liaison@example 口令\n", encoding="utf-8")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    text = serve.banner("http://127.0.0.1:8000")
    assert "演示 / demonstration" in text
    assert "http://127.0.0.1:8000" in text
    assert "联络员 liaison@example 口令" in text
