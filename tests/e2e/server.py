"""The demonstration as ``make run`` starts it, for browsers: on a port of its own, in a folder of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.serve import answers
from tests.worker import wait_until

ROOT = Path(__file__).resolve().parents[2]
# What the shell around the tests has set must not reach the server.
FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "WEB_WORKERS",
    "DJANGO_SETTINGS_MODULE",
)
LAST_LINE = "print('answer:' + json.dumps(answer))"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True, slots=True)
class Account:
    identifier: str
    password: str


@dataclass(frozen=True, slots=True)
class Demonstration:
    url: str
    var_dir: Path
    environment: dict[str, str]

    @property
    def log(self) -> Path:
        return self.var_dir / "server.log"

    def run(self, code: str) -> Any:
        """Python in the server's own database, for what only time or another person could bring about.

        ``code`` leaves what it found in ``answer``, as JSON can hold it; every model is imported already.
        """
        done = subprocess.run(
            [
                sys.executable,
                "manage.py",
                "shell",
                "-v",
                "0",
                "-c",
                f"import json\nanswer = None\n{code}\n{LAST_LINE}",
            ],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.rsplit("answer:", 1)[1])

    def account(self, word: str) -> Account:
        """A demonstration account, by a word of its line in the list that the terminal prints."""
        lines = (self.var_dir / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
        line = next(line for line in lines if word in line and "@" in line)
        found = re.search(r"(\S+@\S+)\s+(\S+)", line)
        assert found, line
        return Account(found[1], found[2])

    def invitation_code(self, number: int) -> str:
        """The code in the letter to the unit with this designation number."""
        return self.run(
            "from surveys.services.invitations import code_of\n"
            f"answer = code_of(Invitation.objects.get(community__entries__number={number}))"
        )

    def confirm_address(self, account: Account) -> None:
        """As if the link in the mail to this address had been opened."""
        self.run(
            "from accounts.services.confirmations import mark_confirmed\n"
            f"mark_confirmed(user=User.objects.get(email={account.identifier!r}))"
        )


@contextmanager
def running_demonstration(var_dir: Path) -> Iterator[Demonstration]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment |= {"PORT": str(port), "HOST": "127.0.0.1", "PUBLIC_URL": url, "VAR_DIR": str(var_dir)}
    demonstration = Demonstration(
        url, var_dir, {**environment, "DJANGO_SETTINGS_MODULE": "config.settings.demo"}
    )
    with demonstration.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.serve"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            wait_until(lambda: is_up(process, demonstration), what="the start of the server", seconds=120)
            yield demonstration
        finally:
            process.send_signal(signal.SIGTERM)
            ended = process.wait(40)
    said = demonstration.log.read_text(encoding="utf-8")
    assert ended == 0, said
    assert "Traceback" not in said, said


def is_up(process: subprocess.Popen[bytes], demonstration: Demonstration) -> bool:
    assert process.poll() is None, demonstration.log.read_text(encoding="utf-8")
    return answers(f"{demonstration.url}/health/")
