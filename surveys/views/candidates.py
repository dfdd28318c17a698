"""Staff find that a unit which came by the open link is one the register knows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from core.errors import Refused
from surveys.forms.candidates import CandidateForm
from surveys.models import ProspectApplication
from surveys.services import prospects

LIST = "admin:surveys_prospectapplication_changelist"


@staff_view(permission=Permission.REGISTER_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def prospect_merge(request: HttpRequest, application_id: int) -> HttpResponse:
    applications = ProspectApplication.objects.filter(community__isnull=False).select_related("community")
    application = get_object_or_404(applications, pk=application_id)
    form = CandidateForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and application.community is not None:
        into = form.cleaned_data["into"]
        try:
            prospects.merge_candidate(community=application.community, into=into, by=request.user)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        else:
            messages.success(request, _("Merged into %(community)s.") % {"community": into})
            return redirect(LIST)
    title = _("Merge: %(unit)s") % {"unit": application.unit_name}
    context = staff_context(request, title=title, form=form, application=application)
    return render(request, "surveys/prospects/merge.html", context, status=422 if form.errors else 200)
