"""127 forms as PDF, ours beside plain WeasyPrint: the same words with the system's fonts and nothing kept warm.

Each side runs in a process of its own, so that its memory is its own.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import django

if __name__ == "__main__":
    django.setup()

from django.template.loader import render_to_string
from weasyprint import HTML

from bench.data import ANSWERS, DEFINITION
from core.clock import now
from surveys.pdfs import render_form
from surveys.printing import FormPrint

FORMS = 127


@dataclass(frozen=True)
class Prints:
    seconds: float  # of processor time: other work on the machine must not count
    kilobytes: float  # of one file
    megabytes: int  # resident, at most

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


def ours() -> list[int]:
    sizes = []
    for number in range(FORMS):
        answers = {**ANSWERS, "community_name": f"第{number}街道"}
        printed = FormPrint(
            definition=DEFINITION,
            notice_number="中安健协发〔2024〕12号",
            version=1,
            submitted_at=now(),
            answers=answers,
            community=answers["community_name"],
            reference=f"AQ24-{number:04d}-KHMT",
            content_hash=f"{number:064x}",
        )
        sizes.append(len(render_form(printed).pdf))
    return sizes


def plain() -> list[int]:
    questions = [question for section in DEFINITION["sections"] for question in section["questions"]]
    sizes = []
    for number in range(FORMS):
        answers = {**ANSWERS, "community_name": f"第{number}街道"}
        rows = [(question["label_zh"], answers.get(question["id"], "")) for question in questions]
        sizes.append(len(HTML(string=render_to_string("bench/annex.html", {"rows": rows})).write_pdf()))
    return sizes


if __name__ == "__main__":
    work = {"ours": ours, "plain": plain}[sys.argv[1]]
    began = time.process_time()
    sizes = work()
    taken = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(asdict(Prints(taken, sum(sizes) / len(sizes) / 1024, memory))))
