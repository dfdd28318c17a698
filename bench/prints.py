"""127 forms and 127 letters as PDF, separate and as one file.

Where LibreOffice is installed, beside a mail merge of the same form. Each side runs in a process of its own, so that
its memory is its own.
"""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from bench import office
from bench.data import ANSWERS, DEFINITION
from core.clock import now
from documents import fonts, pdfs
from surveys.letters import LetterPrint, render_each, render_letters
from surveys.pdfs import render_form, render_forms
from surveys.printing import FormPrint

FORMS = 127


@dataclass(frozen=True)
class Prints:
    seconds: float  # of processor time: other work on the machine must not count
    kilobytes: float  # of one file
    megabytes: int  # resident, at most, of the process that prints
    asker_megabytes: int = 0  # of ours, which asks it

    @property
    def each(self) -> float:
        return self.seconds / FORMS * 1000


def measure_in_child(side: str) -> Prints:
    child = subprocess.run(
        [sys.executable, "-m", "bench.prints", side],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    return Prints(**json.loads(child.stdout.splitlines()[-1]))


# --- the sides: each makes FORMS prints and returns the size of every file ---------------------------------


def forms_to_print() -> list[FormPrint]:
    names = [f"第{number}街道" for number in range(FORMS)]
    return [
        FormPrint(
            definition=DEFINITION,
            notice_number="中安健协发〔2024〕12号",
            version=1,
            submitted_at=now(),
            answers={**ANSWERS, "community_name": name},
            community=name,
            reference=f"AQ24-{number:04d}-KHMT",
            content_hash=f"{number:064x}",
        )
        for number, name in enumerate(names)
    ]


def letters_to_print() -> list[LetterPrint]:
    return [
        LetterPrint(
            community=f"福建省厦门市第{number}街道",
            number=1000 + number,
            survey="2024年国际安全社区认证和复评调查",
            questionnaire=DEFINITION["title_zh"],
            notice_title="关于开展国际安全社区认证和复评调查工作的通知",
            notice_number="中安健协发〔2024〕12号",
            issuer="中国职业安全健康协会",
            department="综合安全部",
            phones=("010-64464565", "010-64464566"),
            email="coshase@163.com",
            postal_address="北京市朝阳区惠新西街17号科研大厦502室（邮编100029）",
            deadline_on=dt.date(2024, 2, 29),
            valid_until=dt.date(2024, 4, 30),
            dated=dt.date(2024, 1, 15),
            code=f"7KHM-34CF-{number:04d}",
            link=f"https://platform.example.org/join/7KHM-34CF-{number:04d}/",
            address="https://platform.example.org/join/",
        )
        for number in range(FORMS)
    ]


def ours() -> list[int]:
    return [len(render_form(form).pdf) for form in forms_to_print()]


def ours_as_one() -> list[int]:
    return [len(render_forms(forms_to_print()))]


def letters() -> list[int]:
    return [len(letter) for letter in render_each(letters_to_print())]


def letters_as_one() -> list[int]:
    return [len(render_letters(letters_to_print()))]


SIDES = {
    "ours": ours,
    "ours_as_one": ours_as_one,
    "letters": letters,
    "letters_as_one": letters_as_one,
}


def measured(side: str) -> Prints:
    if side == "office":
        seconds, sizes, memory = office.mail_merge(FORMS)
    else:
        fonts.folder()  # cut once a machine
        began = spent()
        sizes = SIDES[side]()
        pdfs.end_presses()
        seconds = spent() - began
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        asker = own_peak()
        return Prints(seconds, sum(sizes) / len(sizes) / 1024, memory, asker)
    return Prints(seconds, sum(sizes) / len(sizes) / 1024, memory)


def spent() -> float:
    """Processor seconds of this process and of the presses it has ended."""
    own, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime


def own_peak() -> int:
    """Megabytes; what ``getrusage`` tells begins with the memory of whoever started this process."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


# --- the table ----------------------------------------------------------------------------------------------

NAMES = {
    "ours": "forms, one file each",
    "ours_as_one": "forms, one file",
    "letters": "letters, one file each",
    "letters_as_one": "letters, one file",
    "office": "LibreOffice mail merge",
}


def bench_prints() -> None:
    print(f"\n{FORMS} forms of two pages and {FORMS} letters of one page as PDF, one process each")
    sides = [*SIDES, *(["office"] if office.is_there() else [])]
    found = {}
    for side in sides:
        found[side] = one = measure_in_child(side)
        print(
            f"{NAMES[side]:<24}{one.seconds:6.1f} s  {one.each:6.1f} ms each  {one.kilobytes:6.0f} kB a file"
            f"  {one.megabytes:5d} MB"
            + (f", and {one.asker_megabytes} MB of ours that asks for it" if one.asker_megabytes else "")
        )
    print("goals: a form <= 45 ms and <= 80 kB, <= 130 MB, all in one file <= 1024 kB")
    if "office" not in found:
        print("LibreOffice is not installed (soffice): no mail merge to measure against")
        return
    for side, goal in (("ours", 4.5), ("ours_as_one", 8), ("letters", 4.5), ("letters_as_one", 8)):
        ratio = found["office"].seconds / found[side].seconds
        verdict = "reached" if ratio >= goal else "MISSED"
        print(f"{NAMES['office']} / {NAMES[side]:<24}{ratio:5.2f}  >= {goal:3.1f}  {verdict}")


if __name__ == "__main__":
    print(json.dumps(asdict(measured(sys.argv[1]))))
