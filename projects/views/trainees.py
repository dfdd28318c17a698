"""The list of those who were trained, for their own community."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.enums import Permission
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404
from projects.forms.trainees import TraineesForm
from projects.models import Activity
from projects.selectors import trainees as selectors
from projects.services import trainees as services
from projects.services.organisation import STALE
from projects.views.pages import page_context


def _activity_or_404(request: HttpRequest, community_id: int, activity_id: int) -> Activity:
    community = community_or_404(request, community_id)
    found = get_object_or_404(Activity, community=community, pk=activity_id)
    if not selectors.has_list(found):
        raise Http404
    if not selectors.is_own(request.user, community):
        raise PermissionDenied
    found.community = community
    return found


@login_required
@never_cache
@form_page
def trainees(request: HttpRequest, community_id: int, activity_id: int) -> HttpResponse:
    found = _activity_or_404(request, community_id, activity_id)
    if request.method == "POST":
        return _written(request, found)
    form = TraineesForm(initial={"revision": found.revision, "lines": selectors.as_lines(found)})
    return _page(request, found, form)


def _written(request: HttpRequest, found: Activity) -> HttpResponse:
    community_or_404(request, found.community_id, Permission.WORK_RECORD)
    form = TraineesForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.write_list(
                activity=found, people=data["lines"], revision=data["revision"], by=request.user
            )
        except Refused as refused:
            add_refusals(form, refused)
            if STALE.code in refused.codes:
                form.begin_again(Activity.objects.values_list("revision", flat=True).get(pk=found.pk))
        else:
            messages.success(request, _("Saved."))
            return redirect("projects:activity", community_id=found.community_id, activity_id=found.pk)
    return _page(request, found, form, status=422)


def _page(request: HttpRequest, found: Activity, form: TraineesForm, *, status: int = 200) -> HttpResponse:
    rows = selectors.trainees_of(found)
    context = page_context(
        request, found.community, tab="activities", activity=found, form=form, trainees=rows
    )
    return render(request, "projects/activities/trainees.html", context, status=status)
