"""Decisions of meetings, and everything that is still open."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.clock import today
from core.errors import Refused
from core.pages import add_refusals, form_page
from core.paging import BothEndsPaginator
from projects.access import community_or_404
from projects.forms.decisions import DecisionForm
from projects.models import Activity, Decision
from projects.selectors import activities as selectors
from projects.services import decisions as services
from projects.services.organisation import STALE
from projects.views.activities import activity_or_404, community_room, item_page
from projects.views.pages import page_context


@login_required
@never_cache
@require_safe
def open_matters(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    waiting = BothEndsPaginator(selectors.open_decisions(community), selectors.PER_PAGE)
    context = page_context(
        request,
        community,
        tab="activities",
        page=waiting.get_page(request.GET.get("page")),
        unanswered=selectors.with_pictures(selectors.unanswered(community))[: selectors.PER_PAGE],
        list_url=reverse("projects:activities", args=[community.pk]),
        today=today(),
    )
    return render(request, "projects/activities/open.html", context)


@login_required
@require_POST
def add(request: HttpRequest, community_id: int, activity_id: int) -> HttpResponse:
    room = community_room(request, community_id, writes=True)
    meeting = activity_or_404(room, activity_id)
    form = DecisionForm(request.POST, community=room.context["community"])
    if form.is_valid():
        try:
            services.add(activity=meeting, by=request.user, **form.cleaned_data)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect("projects:activity", community_id=community_id, activity_id=activity_id)
    more = {"decisions": selectors.decisions_of(meeting), "decision_form": form, "form": form}
    return item_page(request, room, meeting, status=422, today=today(), **more)


@login_required
@never_cache
@form_page
def change(request: HttpRequest, community_id: int, activity_id: int, decision_id: int) -> HttpResponse:
    room = community_room(request, community_id, writes=True)
    meeting = activity_or_404(room, activity_id)
    decision = _decision_or_404(meeting, decision_id)
    form = DecisionForm(request.POST or None, community=room.context["community"], instance=decision)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(decision=decision, by=request.user, **form.cleaned_data)
        except Refused as refused:
            add_refusals(form, refused)
            if STALE.code in refused.codes:
                form.begin_again()
        else:
            messages.success(request, _("Saved."))
            return redirect("projects:activity", community_id=community_id, activity_id=activity_id)
    context = room.context | {"form": form, "meeting": meeting, "decision": decision}
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/activities/decision.html", context, status=status)


@login_required
@require_POST
def remove(request: HttpRequest, community_id: int, activity_id: int, decision_id: int) -> HttpResponse:
    room = community_room(request, community_id, writes=True)
    decision = _decision_or_404(activity_or_404(room, activity_id), decision_id)
    services.remove(decision=decision, by=request.user)
    return redirect("projects:activity", community_id=community_id, activity_id=activity_id)


def _decision_or_404(meeting: Activity, decision_id: int) -> Decision:
    return get_object_or_404(selectors.decisions_of(meeting), pk=decision_id)
