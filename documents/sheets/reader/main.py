"""One question: this file, within these limits, as JSON."""

import datetime as dt
import json
import resource
import sys
from typing import Any

from .excel import check_old_container, read_xls, read_xlsx
from .limits import NOT_A_WORKBOOK, OLD_XLS, OLE, PACKAGE, TOO_MUCH, Unusable
from .lines import pour
from .opendocument import ODS_TYPE, read_ods
from .text import read_csv


def main(arguments: list[str]) -> int:
    limits = json.loads(arguments[0])
    confine(limits)
    if limits.get("lines"):
        return answer_in_lines(limits)
    try:
        answer = read(sys.stdin.buffer.read(limits["size"] + 1), limits)
    except Unusable as reason:
        answer = {"refused": reason.why, "detail": reason.detail}
    except MemoryError:
        answer = {"refused": TOO_MUCH, "detail": ""}
    sys.stdout.write(json.dumps(answer, default=moment))
    return 0


def answer_in_lines(limits: dict[str, Any]) -> int:
    """What is wrong is said in the first line; nothing is found wrong after it."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
    try:
        pour(sys.stdin.buffer.read(limits["size"] + 1), limits, sys.stdout)
    except Unusable as reason:
        sys.stdout.write(json.dumps({"refused": reason.why, "detail": reason.detail}) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps({"refused": TOO_MUCH, "detail": ""}) + "\n")
    return 0


def confine(limits: dict[str, Any]) -> None:
    """Address space bounds what is resident, too; no file is written, no core dumped."""
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read(content: bytes, limits: dict[str, Any]) -> dict[str, Any]:
    kinds = limits["kinds"]
    if "ods" in kinds and content.startswith(PACKAGE) and ODS_TYPE in content[:200]:
        return {"kind": "ods", "sheets": read_ods(content, limits)}
    if "xlsx" in kinds and content.startswith(PACKAGE):
        return {"kind": "xlsx", "sheets": read_xlsx(content, limits)}
    if content.startswith(OLE):
        check_old_container(content)
        if "xls" not in kinds:
            raise Unusable(OLD_XLS)
        return {"kind": "xls", "sheets": read_xls(content, limits)}
    if "csv" in kinds:
        return {"kind": "csv", "sheets": [["", read_csv(content, limits)]]}
    raise Unusable(NOT_A_WORKBOOK)


def moment(value: Any) -> dict[str, str] | str:
    """How JSON carries what it has no form for. A length of time becomes text: no form of ours asks for one."""
    if isinstance(value, dt.timedelta):
        return str(value)
    return {type(value).__name__: value.isoformat()}
