"""The safety work that a demonstration shows: a made-up year on real communities, by role labels, never by persons.

The same community always gets the same content; what is there already is left alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import random
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from communities.models import Community, RegisterEntry
from core.clock import today
from projects.enums import IndicatorKind
from projects.lifecycle.projects import advance_project
from projects.lifecycle.shortcomings import advance_shortcoming
from projects.models import Activity, Body, Diagnosis, Finding, Indicator, Measure, Project, SafetyWork
from projects.selectors.activities import Owner
from projects.selectors.shelves import REGISTERS
from projects.selectors.templates import template
from projects.services import activities, decisions, diagnosis, projects, registers, shortcomings
from projects.services.evidence import THUMBNAIL, Checked
from projects.services.organisation_templates import fill
from projects.services.rhythm import plan_reports

CONTENT = "fixtures/demonstration/safety_work.json"
PROGRAMME = "international"
# 天竺镇, whose liaison and authority have accounts, and two more.
UNITS = (420, 139, 422)
TEMPLATE = "jinjiang-2014"
MONTHS = 11
# Reports are asked for since last month: a year of them unwritten would bury the first page of the liaison.
REPORTED_FOR = 1
PICTURED = frozenset({"drill", "training", "publicity"})
DAYS = frozenset({"on", "since", "starts_on", "ends_on"})
REVIEWED_BY = "领导小组会议评审通过（演示）"


def load_safety_work() -> int:
    """How many communities were filled now."""
    content = json.loads((settings.BASE_DIR / CONTENT).read_text(encoding="utf-8"))
    entries = RegisterEntry.objects.filter(programme__code=PROGRAMME, number__in=UNITS)
    units = [entry.community for entry in entries.select_related("community").order_by("number")]
    filled = [
        _fill(unit, content) for unit in units if not SafetyWork.objects.filter(community=unit).exists()
    ]
    if filled:
        # As if the clock had asked last month and this month.
        for months in range(REPORTED_FOR, -1, -1):
            plan_reports(today() - relativedelta(months=months))
    return len(filled)


@transaction.atomic
def _fill(unit: Community, content: dict[str, Any]) -> None:
    chance = random.Random(f"{PROGRAMME}-{unit.pk}")  # noqa: S311 - the same content at every start
    fill(community=unit, template=template(TEMPLATE), by=None)
    began_on = today() - relativedelta(months=MONTHS)
    asked_since = (today() - relativedelta(months=REPORTED_FOR)).replace(day=1)
    SafetyWork.objects.filter(community=unit).update(started_on=asked_since)
    found = _diagnose(unit, content["diagnosis"], began_on)
    made = [_propose(unit, data, found[data["finding"]], began_on, chance) for data in content["projects"]]
    for number, data in enumerate(content["activities"]):
        on = min(
            began_on + relativedelta(months=1 + number) + dt.timedelta(days=chance.randrange(20)), today()
        )
        _record(unit, data, on, chance.choice(made), chance)
    for number, data in enumerate(content["shortcomings"], start=1):
        _find_wanting(unit, data, today() - dt.timedelta(days=3 * number))
    for code, rows in content["registers"].items():
        for row in rows:
            fields = {name: _moved(name, value) for name, value in row.items()}
            registers.add(register=REGISTERS[code], owner=unit, by=None, **fields)


def _moved(name: str, value: Any) -> Any:
    """Days and years stand in the file as so many from today."""
    if name in DAYS:
        return today() + dt.timedelta(days=value)
    return today().year + value if name == "year" else value


def _diagnose(unit: Community, data: dict[str, Any], began_on: dt.date) -> list[Finding]:
    fields = {name: data[name] for name in ("title", "methods", "participants", "summary")}
    days = {"began_on": began_on, "ended_on": began_on + dt.timedelta(days=20)}
    made: Diagnosis = diagnosis.record_diagnosis(community=unit, fields=fields | days, by=None)
    return [diagnosis.record_finding(diagnosis=made, fields=one, by=None) for one in data["findings"]]


def _propose(
    unit: Community, data: dict[str, Any], finding: Finding, began_on: dt.date, chance: random.Random
) -> Project:
    names = ("title", "area", "groups", "ages", "environments", "six_settings")
    starts_on = began_on + dt.timedelta(days=30 + chance.randrange(40))
    fields = {name: data[name] for name in names} | {
        "finding": finding,
        "body": Body.objects.filter(community=unit, area=data["area"]).first()
        or Body.objects.filter(community=unit).order_by("position").first(),
        "background": finding.description,
        "starts_on": starts_on,
        "budget": 10_000 * chance.randrange(1, 9),
        "volunteers": chance.randrange(5, 40),
    }
    project = projects.propose(community=unit, fields=fields, by=None)
    for means, text in data["means"].items():
        projects.add_part(project=project, model=Measure, fields={"means": means, "text": text}, by=None)
    _add_indicators(project, data, chance)
    _move_on(project, chance)
    return project


def _add_indicators(project: Project, data: dict[str, Any], chance: random.Random) -> None:
    for kind in IndicatorKind:
        target = 10 * chance.randrange(2, 12)
        fields = {
            "kind": kind,
            "name": data[kind],
            "unit": data["unit"] if kind == IndicatorKind.PROCESS else "",
            "baseline": None if kind == IndicatorKind.PROCESS else target + chance.randrange(5, 30),
            "target": target,
            "actual": None if kind == IndicatorKind.OUTCOME else target - chance.randrange(0, 20),
        }
        projects.add_part(project=project, model=Indicator, fields=fields, by=None)


def _move_on(project: Project, chance: random.Random) -> None:
    """Most run, one in five is still to be reviewed."""
    if chance.randrange(5) == 0:
        return
    advance_project(project, "review", by=None, note=REVIEWED_BY)
    advance_project(project, "start", by=None)


def _record(
    unit: Community, data: dict[str, Any], on: dt.date, project: Project, chance: random.Random
) -> None:
    fields = {name: value for name, value in data.items() if name != "decision"}
    if data["kind"] == "meeting":
        fields["body"] = Body.objects.filter(community=unit, kind="leading_group").first()
    elif data["kind"] != "inspection":
        fields["project"] = project
    pictures = [_picture(chance) for _number in range(2)] if data["kind"] in PICTURED else []
    activity: Activity = activities.record(
        owner=Owner(unit), fields=fields | {"on": on, "place": "社区服务中心"}, checked=pictures, by=None
    )
    if "decision" in data:
        due_on = on + dt.timedelta(days=30)
        decisions.add(activity=activity, text=data["decision"], due_on=due_on, by=None)


def _find_wanting(unit: Community, data: dict[str, Any], on: dt.date) -> None:
    """Open, waiting to be verified, or closed, as the content says; nothing of it overdue."""
    names = ("description", "kind", "source", "post")
    days = {"found_on": on, "due_on": today() + relativedelta(months=1)}
    fields = {name: data[name] for name in names} | {"element": data.get("element", "")} | days
    found = shortcomings.enter(community=unit, fields=fields, by=None)
    if data["done"]:
        done = {"corrective": "", "preventive": "", **data["done"], "rectified_on": today()}
        found = shortcomings.rectify(shortcoming=found, fields=done, seen=None, by=None)
    if data.get("verified"):
        advance_shortcoming(found, "close", by=None)


def _picture(chance: random.Random) -> Checked:
    """Drawn, not photographed: houses under a sky, so that nobody takes it for a record."""
    picture = Image.new("RGB", (1280, 960), (206, 226, 236))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 700, 1280, 960), fill=(150, 178, 138))
    for left in range(60, 1180, 180):
        height = chance.randrange(180, 460)
        grey = chance.randrange(150, 220)
        pen.rectangle((left, 700 - height, left + 140, 700), fill=(grey, grey - 20, grey - 40))
        for floor in range(700 - height + 30, 670, 60):
            pen.rectangle((left + 25, floor, left + 55, floor + 30), fill=(245, 240, 205))
            pen.rectangle((left + 85, floor, left + 115, floor + 30), fill=(245, 240, 205))
    content = _jpeg(picture)
    name = f"演示图片-{chance.randrange(10_000):04d}.jpg"
    picture.thumbnail((THUMBNAIL, THUMBNAIL))
    return Checked(
        SimpleUploadedFile(name, content, "image/jpeg"),
        "image/jpeg",
        hashlib.sha256(content).hexdigest(),
        _jpeg(picture),
    )


def _jpeg(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=82)
    return target.getvalue()
