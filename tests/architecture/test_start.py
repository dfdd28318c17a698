"""Whoever starts a command or a web worker pays only for what every page needs."""

from __future__ import annotations

import subprocess
import sys

# Each takes a tenth of a second or more to load, or tens of megabytes: the work that needs one loads it.
HEAVY = {
    *("openpyxl", "rustpy_xlsxwriter", "python_calamine", "docx"),
    *("typst", "pikepdf", "pypdfium2", "uharfbuzz"),
    *("PIL", "pillow_heif", "cv2", "zxingcpp"),
    *("numpy", "scipy"),
}
START = """
import sys
from django.core.management import call_command
import django
django.setup()
call_command("check")
print(*sorted(set(sys.argv[1:]) & set(sys.modules)))
"""


def test_the_start_loads_nothing_that_only_some_work_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START, *sorted(HEAVY)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ""
