"""Every register that a community keeps, shelf by shelf."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from core.clock import today
from projects.enums import Age, Element, TargetGroup
from projects.models import (
    Appraisal,
    Award,
    EmergencyEquipment,
    EmergencyPlan,
    EmergencyTeam,
    Expert,
    MediaReport,
    NewsItem,
    PlannedTeaching,
    PurchasedService,
    SafetyStaff,
)
from projects.selectors.registers import Register, Shelf, Tag

MOST_ABOVE = 200

EMERGENCY = Shelf("emergency", _("Emergency plans, teams and equipment"), "activities")
PEOPLE = Shelf("people", _("Safety staff, appraisals, experts and services"), "organisation")
HONOURS = Shelf("honours", _("News, media and honours"), "evidence")
TEACHING = Shelf("teaching", _("Planned training and publicity"), "plans")

REVISED_EARLY = _("A plan is revised after it was issued.")
ENDED_EARLY = _("This lies before the beginning.")


def _is_held(entry: Any) -> Tag | None:
    """Whether a planned entry has an activity; without one it is late once its months are over."""
    if entry.held:
        return Tag("passed", _("held"))
    day = today()
    if (entry.year, entry.month_to) < (day.year, day.month):
        return Tag("returned", _("not held"))
    return Tag("draft", _("no activity yet"))


def _is_shown(news: Any) -> Tag | None:
    return Tag("passed", _("shown to the public")) if news.is_published else None


def _has_ended(row: Any) -> Tag | None:
    return Tag("draft", _("ended")) if row.until is not None and row.until < today() else None


def _is_evaluated(service: Any) -> Tag | None:
    return None if service.evaluation else Tag("draft", _("not evaluated yet"))


_ALL = (
    Register(
        code="plans",
        shelf=EMERGENCY,
        model=EmergencyPlan,
        label=_("Emergency plans"),
        add_label=_("Add an emergency plan"),
        empty=_("What is ready for an emergency stands here, so that it is found at once."),
        fields=("name", "emergency", "issued_on", "revised_on"),
        unique=("name",),
        order=("emergency", "name", "pk"),
        shown=("emergency", "issued_on", "revised_on"),
        plain=frozenset({"emergency"}),
        in_order=(("issued_on", "revised_on", REVISED_EARLY),),
        element=Element.EMERGENCY,
        days=("revised_on", "issued_on"),
        action="emergency",
    ),
    Register(
        code="teams",
        shelf=EMERGENCY,
        model=EmergencyTeam,
        label=_("Emergency teams"),
        add_label=_("Add an emergency team"),
        empty=_("What is ready for an emergency stands here, so that it is found at once."),
        fields=("name", "members", "lead_post", "phone"),
        unique=("name",),
        order=("name", "pk"),
        shown=("members", "lead_post", "phone"),
        action="emergency",
    ),
    Register(
        code="equipment",
        shelf=EMERGENCY,
        model=EmergencyEquipment,
        label=_("Emergency equipment"),
        add_label=_("Add emergency equipment"),
        empty=_("What is ready for an emergency stands here, so that it is found at once."),
        fields=("name", "quantity", "place", "checked_on"),
        unique=("name", "place"),
        order=("place", "name", "pk"),
        shown=("quantity", "place", "checked_on"),
        plain=frozenset({"place"}),
        missing={"checked_on": _("never checked yet")},
        action="emergency",
    ),
    Register(
        code="staff",
        shelf=PEOPLE,
        model=SafetyStaff,
        label=_("Safety staff"),
        add_label=_("Add to the safety staff"),
        empty=_(
            "Who looks after safety full-time or part-time: a post or a name, in which body, since when."
        ),
        fields=("post", "person", "work_time", "body", "training", "since", "until"),
        unique=("post", "person", "since"),
        order=("work_time", "-since", "pk"),
        called=("post", "person"),
        shown=("work_time", "body", "training", "since", "until"),
        plain=frozenset({"work_time", "body"}),
        ahead=frozenset({"until"}),
        in_order=(("since", "until", ENDED_EARLY),),
        reads=("body",),
        tag=_has_ended,
    ),
    Register(
        code="appraisals",
        shelf=PEOPLE,
        model=Appraisal,
        label=_("Yearly appraisals"),
        add_label=_("Record an appraisal"),
        empty=_("What came of the letters of responsibility, year by year, by the rules that you name."),
        fields=("year", "letter", "body", "organisation", "subject", "result", "basis", "on", "remark"),
        unique=("subject", "year"),
        order=("-year", "-on", "-pk"),
        called=("year", "subject"),
        shown=("result", "basis", "on"),
        plain=frozenset({"result"}),
    ),
    Register(
        code="experts",
        shelf=PEOPLE,
        model=Expert,
        label=_("Pool of experts"),
        add_label=_("Add an expert"),
        empty=_("Who is asked for advice: the field of work, a role or a name, where to reach them."),
        fields=("person", "field", "employer", "phone", "since", "until"),
        unique=("person", "field"),
        order=("field", "pk"),
        called=("person",),
        shown=("field", "employer", "phone", "since", "until"),
        plain=frozenset({"field", "employer"}),
        ahead=frozenset({"until"}),
        in_order=(("since", "until", ENDED_EARLY),),
        tag=_has_ended,
    ),
    Register(
        code="services",
        shelf=PEOPLE,
        model=PurchasedService,
        label=_("Purchased services"),
        add_label=_("Record a purchased service"),
        empty=_(
            "What was bought from social organisations and others: the contract, its project, its worth."
        ),
        fields=(
            "provider",
            "service",
            "starts_on",
            "ends_on",
            "amount",
            "project",
            "evaluated_on",
            "evaluation",
        ),
        unique=("provider", "service", "starts_on"),
        order=("-starts_on", "-pk"),
        called=("service",),
        shown=("provider", "starts_on", "ends_on", "amount", "project", "evaluation"),
        plain=frozenset({"provider"}),
        ahead=frozenset({"starts_on", "ends_on"}),
        in_order=(("starts_on", "ends_on", ENDED_EARLY), ("starts_on", "evaluated_on", ENDED_EARLY)),
        element=Element.PROJECTS,
        days=("starts_on",),
        reads=("project",),
        tag=_is_evaluated,
    ),
    Register(
        code="news",
        shelf=HONOURS,
        model=NewsItem,
        label=_("News"),
        add_label=_("Write news"),
        empty=_("What happened, with its day and pictures. Everybody reads it once you show it."),
        fields=("title", "on", "text"),
        unique=("title", "on"),
        order=("-on", "-pk"),
        called=("title",),
        shown=("on",),
        plain=frozenset({"on"}),
        element=Element.PARTICIPATION,
        days=("on",),
        tag=_is_shown,
    ),
    Register(
        code="media",
        shelf=HONOURS,
        model=MediaReport,
        label=_("Media reports"),
        add_label=_("Record a media report"),
        empty=_("What newspapers, television and others reported, with a link or a scan."),
        fields=("title", "medium", "on", "link"),
        unique=("title", "medium", "on"),
        order=("-on", "-pk"),
        called=("title",),
        shown=("medium", "on", "link"),
        plain=frozenset({"medium", "on"}),
        element=Element.PARTICIPATION,
        days=("on",),
    ),
    Register(
        code="awards",
        shelf=HONOURS,
        model=Award,
        label=_("Awards and honours"),
        add_label=_("Record an award"),
        empty=_("Awards and honours of the community and of its people, by level and year."),
        fields=("kind", "title", "level", "year", "given_to", "person", "given_by", "basis", "amount"),
        unique=("title", "level", "year", "given_to", "person"),
        order=("-year", "-pk"),
        called=("title",),
        shown=("level", "year", "kind", "given_to", "person", "given_by", "basis", "amount"),
        plain=frozenset({"level", "year", "kind"}),
        element=Element.ARCHIVE,
    ),
    Register(
        code="teaching",
        shelf=TEACHING,
        model=PlannedTeaching,
        label=_("Planned training and publicity"),
        add_label=_("Plan a training or publicity"),
        empty=_(
            "Which months, which ages, which audience: an activity recorded later says what it was planned as."
        ),
        fields=("topic", "kind", "year", "month_from", "month_to", "ages", "groups", "plan"),
        unique=("topic", "kind", "year", "month_from", "month_to"),
        order=("-year", "month_from", "pk"),
        called=("topic",),
        shown=("kind", "when", "ages", "groups", "plan"),
        plain=frozenset({"kind", "when", "ages", "groups"}),
        words={"ages": Age, "groups": TargetGroup},
        reads=("plan",),
        counts={"held": Count("activities")},
        tag=_is_held,
    ),
)
REGISTERS = {register.code: register for register in _ALL}


def experts_above(community: Community) -> QuerySet[Expert]:
    """Those of today in the pools of the authorities above, whom their communities may ask too."""
    if community.supervisor is None:
        return Expert.objects.none()
    above = Authority.objects.alias(own_path=Value(community.supervisor.path)).filter(
        own_path__startswith=F("path")
    )
    rows = Expert.objects.filter(authority__in=above).exclude(until__lt=today())
    return rows.select_related("authority").order_by("authority__path", "field", "pk")[:MOST_ABOVE]


def beside(register: Register) -> list[Register]:
    """The registers of the same shelf."""
    return [one for one in _ALL if one.shelf is register.shelf]
