"""What `make check` says of known weaknesses: a finding stops it, silence of the advisory service does not."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "bin" / "check-dependencies"
FINDING = "Found 1 known vulnerability in 1 package"


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ("exit 0", 0, "No known weakness"),
        (f"echo '{FINDING}'; exit 1", 1, FINDING),
        ("echo 'error sending request: dns error' >&2; exit 2", 0, "NOT audited"),
    ],
)
def test_a_finding_stops_the_checks_and_an_unreachable_service_is_said(tmp_path, answer, code, said) -> None:
    place = tmp_path / "bin"
    place.mkdir()
    shutil.copy(SCRIPT, place)
    tool = tmp_path / "var/tools/uv/bin/uv"
    tool.parent.mkdir(parents=True)
    tool.write_text(f'#!/bin/sh\n[ "$1" = audit ] || exit 0\n{answer}\n')
    tool.chmod(0o755)
    done = subprocess.run(
        [place / SCRIPT.name],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True)
