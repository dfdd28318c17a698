"""What an authority's inspection finds goes into the register of the community it was found in (S4-9)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from core.pages import add_refusals
from projects.access import recording_authority_or_404
from projects.enums import INSPECTED
from projects.forms.shortcomings import SupervisionForm
from projects.selectors.activities import Owner
from projects.selectors.shortcomings import recording_below
from projects.services import shortcomings as services
from projects.services.evidence import check_files
from projects.views.activities import CHOOSE_AGAIN


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shortcoming_add(request: HttpRequest, authority_id: int, activity_id: int) -> HttpResponse:
    authority = recording_authority_or_404(request, authority_id)
    if authority is None:
        raise Http404
    held = Owner(authority=authority).activities().filter(kind__in=INSPECTED)
    activity = get_object_or_404(held, pk=activity_id)
    form = SupervisionForm(
        request.POST or None, request.FILES or None, activity=activity, below=recording_below(authority)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.enter(
                community=data["community"],
                fields=form.entered | {"activity": activity},
                checked=check_files(data["files"]),
                form_key=data["form_key"],
                authority=authority,
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Entered in the register of the community."))
            return redirect("projects:authority_activity", authority.pk, activity.pk)
    if request.FILES and form.errors:
        form.add_error("files", CHOOSE_AGAIN)
    context = {"form": form, "activity": activity, "owner_name": authority.name}
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/shortcomings/above_form.html", context, status=status)
