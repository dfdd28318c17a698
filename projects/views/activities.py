"""What a community does: a list by year, one activity, recording it on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from core.clock import today
from core.errors import Reason, Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404
from projects.enums import ActivityKind
from projects.forms.activities import ActivityForm
from projects.forms.decisions import DecisionForm
from projects.models import Activity
from projects.selectors import activities as selectors
from projects.selectors import trainees
from projects.selectors.activities import Owner
from projects.selectors.organisation import sees_names
from projects.selectors.shortcomings import entered_from
from projects.services import activities as services
from projects.services.evidence import Checked, check_files
from projects.services.organisation import STALE
from projects.views.pages import page_context

CHOOSE_AGAIN = gettext_lazy(
    "Choose the files again: those that were sent are not kept until the form is saved."
)


@dataclass(frozen=True, slots=True)
class Room:
    """Whose activities a page shows, the frame around it, and where its list lies."""

    owner: Owner
    context: dict[str, Any]
    list_url: str
    frame: str = "projects/page.html"


def community_room(request: HttpRequest, community_id: int, *, writes: bool = False) -> Room:
    community = community_or_404(
        request, community_id, Permission.WORK_RECORD if writes else Permission.WORK_VIEW
    )
    context = page_context(request, community, tab="activities")
    return Room(Owner(community), context, reverse("projects:activities", args=[community_id]))


@login_required
@never_cache
@require_safe
def activities(request: HttpRequest, community_id: int) -> HttpResponse:
    room = community_room(request, community_id)
    community = room.context["community"]
    waiting = {
        "open_decisions": selectors.open_decisions(community).count(),
        "unanswered": selectors.unanswered(community).count(),
    }
    return list_page(request, room, **waiting)


@login_required
@never_cache
@require_safe
def activity(request: HttpRequest, community_id: int, activity_id: int) -> HttpResponse:
    room = community_room(request, community_id)
    found = activity_or_404(room, activity_id)
    form = DecisionForm(community=room.context["community"])
    more = {"decisions": selectors.decisions_of(found), "decision_form": form, "today": today()}
    more["may_list"] = trainees.has_list(found) and trainees.is_own(request.user, found.community)
    return item_page(request, room, found, **more)


@login_required
@never_cache
@form_page
def add(request: HttpRequest, community_id: int) -> HttpResponse:
    return add_page(request, community_room(request, community_id, writes=True))


@login_required
@never_cache
@form_page
def change(request: HttpRequest, community_id: int, activity_id: int) -> HttpResponse:
    room = community_room(request, community_id, writes=True)
    return change_page(request, room, activity_or_404(room, activity_id))


@login_required
@require_POST
def remove(request: HttpRequest, community_id: int, activity_id: int) -> HttpResponse:
    room = community_room(request, community_id, writes=True)
    return removed(request, room, activity_or_404(room, activity_id))


# --- The same pages for whoever's activities they are ------------------------------------------------------


def activity_or_404(room: Room, activity_id: int) -> Activity:
    rows = room.owner.activities().select_related(
        "project", "body", "emergency_plan", "planned", "created_by"
    )
    return get_object_or_404(rows, pk=activity_id)


def list_page(request: HttpRequest, room: Room, **more: Any) -> HttpResponse:
    year = year_of(request)
    kind = request.GET.get("kind", "")
    kinds = selectors.kinds_of_year(room.owner, year)
    rows = selectors.of_year(room.owner, year, kind)
    context = room.context | {
        "frame": room.frame,
        "page": selectors.page_of(rows, request.GET.get("page")),
        "kinds": kinds,
        "all_kinds": sum(one.number for one in kinds),
        "kind": kind,
        "kind_label": selectors.filter_label(kind),
        "year": year,
        "years": sorted({*selectors.years_of(room.owner), year}, reverse=True),
        **more,
    }
    return render(request, "projects/activities/list.html", context)


def item_page(
    request: HttpRequest, room: Room, found: Activity, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = room.context | {
        "frame": room.frame,
        "activity": found,
        "entered": entered_from(found),
        "files": found.evidence.select_related("file", "thumbnail").order_by("pk"),
        "facts": selectors.facts_of(
            found, sees_names=found.community is None or sees_names(request.user, found.community)
        ),
        **more,
    }
    return render(request, "projects/activities/item.html", context, status=status)


def add_page(request: HttpRequest, room: Room) -> HttpResponse:
    """Without a kind: large buttons to choose one."""
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in ActivityKind.values:
        context = room.context | {"frame": room.frame, "kinds": ActivityKind.choices}
        return render(request, "projects/activities/choose.html", context)
    form = ActivityForm(request.POST or None, request.FILES or None, owner=room.owner, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.record(
                owner=room.owner,
                fields=form.cleaned_data | {"kind": kind},
                checked=_checked(form),
                form_key=form.cleaned_data["form_key"],
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Recorded."))
            return redirect(f"{room.list_url}{kept.pk}/")
    return _form_page(request, room, form, kind)


def change_page(request: HttpRequest, room: Room, found: Activity) -> HttpResponse:
    form = ActivityForm(
        request.POST or None, request.FILES or None, owner=room.owner, kind=found.kind, instance=found
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                activity=found,
                revision=form.cleaned_data["revision"],
                fields=form.cleaned_data,
                checked=_checked(form),
                dropped=form.cleaned_data.get("dropped", ()),
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
            if STALE.code in refused.codes:
                form.begin_again(room.owner.activities().values_list("revision", flat=True).get(pk=found.pk))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{room.list_url}{found.pk}/")
    return _form_page(request, room, form, found.kind, is_change=True)


def removed(request: HttpRequest, room: Room, found: Activity) -> HttpResponse:
    services.remove(activity=found, by=request.user)
    messages.success(request, _("Removed. Its files are still in the archive."))
    return redirect(room.list_url)


def _form_page(
    request: HttpRequest, room: Room, form: ActivityForm, kind: str, *, is_change: bool = False
) -> HttpResponse:
    if request.FILES and form.errors and "files" in form.fields:
        form.add_error("files", CHOOSE_AGAIN)
    context = room.context | {
        "frame": room.frame,
        "form": form,
        "kind": kind,
        "kind_label": ActivityKind(kind).label,
        "is_change": is_change,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/activities/form.html", context, status=status)


def _checked(form: ActivityForm) -> list[Checked]:
    """What came in either field, each refusal beside the field it came in."""
    checked: list[Checked] = []
    reasons: list[Reason] = []
    for name in ("files", "papers"):
        try:
            checked += check_files(form.cleaned_data.get(name) or [])
        except Refused as refused:
            reasons += [Reason(str(one), code=one.code, field=name) for one in refused.reasons]
    if reasons:
        raise Refused(reasons)
    return checked


def year_of(request: HttpRequest) -> int:
    """The year asked for, this one where nothing sensible is."""
    text = request.GET.get("year", "")
    known = text.isascii() and text.isdigit() and len(text) == 4 and 1990 <= int(text) <= 2100
    return int(text) if known else today().year
