"""Injury records: a table of 100,000 × 20 in and out beside its floor, and dashboards over 5,000,000 records.

Import: dry run with validation, duplicate check and report, and taking over with its counts, beside python-calamine, a
bare COPY into the same table and the counts alone. Export beside openpyxl's write-only sheet with the same values.
"""

import gc
import io
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from django.core.files import File
from django.db import connection, transaction
from rustpy_xlsxwriter import write_worksheet

from accounts.models import Role, User
from bench import data
from bench.dashboards import bench_dashboards
from communities.models import Community, Membership
from core.clock import now
from documents import services as documents
from documents.models import Run
from injuries import rollups
from injuries.enums import ListName
from injuries.importers.columns import BY_FIELD, COLUMNS
from injuries.models import DataSet, Family, Record
from injuries.months import Month
from injuries.selectors.codes import all_codes
from injuries.services import export_files, exports, recounts
from injuries.services.imports import batches

ROWS = 100_000
TURNS = 3  # each is done so often, by turns, and the quicker counts: the machine has other work
IMPORT_GOAL, EXPORT_GOAL, MEMORY_GOAL = 2.2, 4.0, 250
FIELDS = (
    *(
        "key",
        "occurred_on",
        "occurred_hour",
        "treated_on",
        "age",
        "sex",
        "household",
        "education",
        "occupation",
    ),
    *("cause", "place", "activity", "intent", "alcohol", "nature", "body_part", "severity", "outcome"),
    *("icd10", "narrative"),
)


def bench_injuries() -> None:
    print(f"\n{ROWS} records × {len(FIELDS)} columns, from and to Excel, one process")
    data.fill(10)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "injuries.xlsx"
        _write_table(path)
        user = _member()
        _print_memory(path, user)
        _bench_import(path, user)
    _bench_export(user)
    bench_dashboards()


def _seconds(work: Callable[[], Any]) -> float:
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# --- In ---------------------------------------------------------------------------------------------------------


def _write_table(path: Path) -> None:
    titles = [BY_FIELD[field].title for field in FIELDS]
    write_worksheet(
        (dict(zip(titles, row, strict=True)) for row in _rows()), str(path), sheet_name="伤害记录"
    )


def _rows() -> Iterator[list[Any]]:
    """By chance, always the same: words as often as numbers, half of the stories told."""
    chance = random.Random(5)
    codes = all_codes()
    words = {
        name: [code.label_zh if number % 2 else code.number for number, code in enumerate(codes[name])]
        for name in ListName.values
        if name in FIELDS
    }
    for number in range(ROWS):
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(365))
        values = {
            "key": f"KH{number:07}",
            "occurred_on": day,
            "occurred_hour": chance.randrange(24),
            "treated_on": day,
            "age": chance.randrange(95),
            "icd10": chance.choice(["W01.0", "V23.4", "X10", "W19"]),
            "narrative": f"在第{number % 977}号楼下台阶时滑倒" if number % 2 else None,
        }
        yield [values[field] if field in values else chance.choice(words[field]) for field in FIELDS]


def _print_memory(path: Path, user: User) -> None:
    """Before anything else: the floors read a whole table into this process, and its memory never comes back."""
    _forget_memory()
    data_set = _data_set(user)
    _import(path, data_set, user)
    importing = _memory()
    _forget_memory()
    _done(exports.request_export(data_set, reason="bench", by=user, is_verified=True))
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    for name, most in (("import", importing), ("export", _memory())):
        verdict = "reached" if most <= MEMORY_GOAL else "MISSED"
        print(f"memory  {name}: this process {most} MB at most  <= {MEMORY_GOAL}  {verdict}")
    print(f"memory  of the import's reader, a process that ends with it: {child} MB")


def _bench_import(path: Path, user: User) -> None:
    ours, floors = [], []
    for _turn in range(TURNS):
        floors.append(_floor(path, _data_set(user)))
        ours.append(_import(path, _data_set(user), user))
    floor, own = min(floors, key=sum), min(ours, key=sum)
    ratio = sum(own) / sum(floor)
    print(f"import  dry run {own[0]:.2f} s + taking over {own[1]:.2f} s = {sum(own):.2f} s")
    print(
        f"floor   calamine {floor[0]:.2f} s + COPY {floor[1]:.2f} s + counts {floor[2]:.2f} s = {sum(floor):.2f} s"
    )
    print(f"ratio   {ratio:.2f}  <= {IMPORT_GOAL}  {'reached' if ratio <= IMPORT_GOAL else 'MISSED'}")
    print(f"cells that a recount finds wrong: {recounts.recount_all()}")


def _floor(path: Path, data_set: DataSet) -> tuple[float, float, float]:
    def read() -> None:
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()

    names, content = _as_copied(data_set)

    def copy() -> None:
        into = f"COPY injuries_record ({names}) FROM STDIN"
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(into) as target:
            target.write(content)

    def count() -> None:
        records = Record.objects.filter(data_set=data_set)
        with transaction.atomic():
            rollups.add(data_set.community, rollups.of_records(data_set, records))

    return _seconds(read), _seconds(copy), _seconds(count)


def _as_copied(data_set: DataSet) -> tuple[str, bytes]:
    """Columns and rows as COPY takes them, ready made."""
    chance, out = random.Random(6), io.StringIO()
    names = [*FIELDS, "month", "age_band", "data_set_id", "product", "follow_up", "follow_up_note"]
    names += ["form_key", "revision", "created_at"]
    moment = now().isoformat()
    for number in range(ROWS):
        codes = [str(chance.randrange(1, 3)) for _code in range(13)]
        row = [f"KH{number:07}", "2025-03-01", "8", "2025-03-01", "71", *codes, "W01.0", "在楼下台阶时滑倒"]
        month = str(Month.at(2025, 3 + number % 9))
        row += [month, "5", str(data_set.pk), "", "none", "", "", "1", moment]
        out.write("\t".join(row) + "\n")
    return ", ".join(names), out.getvalue().encode()


def _import(path: Path, data_set: DataSet, user: User) -> tuple[float, float]:
    with path.open("rb") as content:
        batch = batches.receive(data_set, File(content, name="injuries.xlsx"), by=user)
    dry_run = _seconds(lambda: _done(batch.run))
    batch.refresh_from_db()
    assert batch.state == "checked", (batch.state, batch.report)
    batch = batches.take(batch, by=user)
    taking = _seconds(lambda: _done(batch.run))
    assert Record.objects.filter(batch=batch).count() == ROWS
    return dry_run, taking


def _done(run: Run | None) -> None:
    assert run is not None
    documents.perform(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.error


def _member() -> User:
    user = User.objects.create_user("injuries-unit@example.org", name="李联络")
    role = Role.objects.get(code="community_liaison")
    Membership.objects.create(
        user=user, community=Community.objects.earliest("pk"), role=role, state="active"
    )
    return user


def _data_set(user: User) -> DataSet:
    community = user.memberships.get().community
    return DataSet.objects.create(
        community=community,
        family=Family.objects.earliest("number"),
        source_kind="hospital",
        form="records",
        first_month=Month.at(2025, 1),
        last_month=Month.at(2025, 12),
        is_counted=True,
    )


# --- Out --------------------------------------------------------------------------------------------------------


def _bench_export(user: User) -> None:
    data_set = DataSet.objects.filter(records__batch__isnull=False).latest("pk")
    ours, floors = [], []
    for _turn in range(TURNS):
        run = exports.request_export(data_set, reason="bench", by=user, is_verified=True)
        ours.append(_seconds(partial(_done, run)))
        floors.append(_seconds(lambda: _written_slowly(data_set)))
    ratio = min(floors) / min(ours)
    print(f"export  {min(ours):.2f} s with {len(COLUMNS)} columns, codes and check sheet")
    print(f"floor   openpyxl, write-only, the same rows: {min(floors):.2f} s")
    print(f"ratio   {ratio:.2f}  >= {EXPORT_GOAL}  {'reached' if ratio >= EXPORT_GOAL else 'MISSED'}")


def _written_slowly(data_set: DataSet) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("伤害记录")
    sheet.append([column.title for column in COLUMNS])
    for row in export_files.rows_of(data_set):
        sheet.append(row)
    book.save(io.BytesIO())


def _forget_memory() -> None:
    """From here on the most is counted anew."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def _memory() -> int:
    """The most resident megabytes since."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))
