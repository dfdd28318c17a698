"""``make run``: prepare everything, start web and worker, watch them, and end them together.

Run as ``python -m config.serve``. It exits with 0 after Ctrl-C or SIGTERM and with 1 when a child dies by itself.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

BASE_DIR = Path(__file__).resolve().parents[1]
PATIENCE = 10  # seconds a child has to finish its work before it is killed
# For gunicorn, where browsers come to it themselves: they keep their connections open, also those they do not use yet.
WITHOUT_NGINX = ["--keep-alive", "5", "--worker-connections", "100", "--threads", "4"]


class Stop(Exception):  # noqa: N818  (not an error: somebody asked us to end)
    """Raised by a signal, so that every way out passes through the same clearing up."""


def say(line: str) -> None:
    print(line, flush=True)


def is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def read_port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    sys.exit(f"PORT must be a number between 1 and 65535, not {text!r}.")


def start(*command: str) -> subprocess.Popen[bytes]:
    """Each child leads its own session: Ctrl-C reaches us alone, and we end the child with all of its workers."""
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}  # Celery's about root, on somebody's own machine
    return subprocess.Popen([sys.executable, *command], cwd=BASE_DIR, env=quiet, start_new_session=True)


def end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            say(f"Process {child.pid} did not end in {PATIENCE} s and is killed.")
        try:
            os.killpg(child.pid, signal.SIGKILL)  # whatever it left behind
        except ProcessLookupError:
            continue
        child.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  (our own loopback address)
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_until_ready(url: str, children: list[subprocess.Popen[bytes]], pause: threading.Event) -> bool:
    """Up to 30 s; False when a child died or nothing answers."""
    for _attempt in range(150):
        if any(child.poll() is not None for child in children):
            return False
        if answers(url):
            return True
        pause.wait(0.2)
    return False


def banner(url: str) -> str:
    accounts = BASE_DIR / "var" / "demo-accounts.txt"
    accounts = Path(os.environ.get("VAR_DIR", accounts.parent)) / accounts.name
    lines = [
        "",
        "=" * 78,
        "  安全社区认证管理平台 · Safe Communities platform — 演示 / demonstration",
        f"  {url}",
        "=" * 78,
    ]
    if accounts.exists():
        lines += [accounts.read_text(encoding="utf-8").rstrip(), "=" * 78]
    return "\n".join([*lines, "  Ctrl-C ends it.", ""])


def watch(children: list[subprocess.Popen[bytes]], pause: threading.Event) -> int:
    while True:
        for child in children:
            if child.poll() is not None:
                say(f"A process ended by itself with code {child.returncode}; the others are ended too.")
                return 1
        pause.wait(0.5)


def serve(host: str, port: int, children: list[subprocess.Popen[bytes]]) -> int:
    prepared = start("-m", "config.prepare")
    children.append(prepared)
    if code := prepared.wait():
        return code
    children.remove(prepared)
    pause = threading.Event()
    var_dir = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
    beat = str(var_dir / "celerybeat-schedule")
    gunicorn = ["-m", "gunicorn", "-c", "deploy/gunicorn.py", *WITHOUT_NGINX]
    children.append(start(*gunicorn, "--log-level", "warning", "config.wsgi"))
    children.append(
        start("-m", "celery", "-q", "-A", "config", "worker", "-B", "-s", beat, "-c", "2", "-l", "warning")
    )
    local = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104  (compared, not bound)
    if not wait_until_ready(f"http://{local}:{port}/health/", children, pause):
        say("The web server did not answer within 30 s; see the lines above.")
        return 1
    say(banner(os.environ["PUBLIC_URL"]))
    return watch(children, pause)


def stop(signum: int, frame: FrameType | None) -> None:
    raise Stop


def main() -> int:
    host = os.environ.setdefault("HOST", "127.0.0.1")
    port = read_port(os.environ.setdefault("PORT", "8000"))
    os.environ.setdefault("WEB_WORKERS", "2")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    if not is_free(host, port):
        say(
            f"Port {port} on {host} is taken or not allowed. Choose another one, for example: make run PORT={port + 1}"
        )
        return 1
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children: list[subprocess.Popen[bytes]] = []
    try:
        return serve(host, port, children)
    except Stop:
        say("Ending.")
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end(children)


if __name__ == "__main__":
    sys.exit(main())
