"""A shipped organisation: what it would add, and one button that adds it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from projects.access import community_or_404
from projects.selectors import templates as selectors
from projects.services.organisation_templates import fill
from projects.views.organisation import organisation_context


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, community_id: int, template: str) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    try:
        chosen = selectors.template(template)
    except KeyError as error:
        raise Http404 from error
    if request.method == "POST":
        found = fill(community=community, template=chosen, by=request.user)
        if found.is_empty:
            messages.info(request, _("Everything of this template was there already."))
        else:
            text = _("%(organisations)d organisations and %(bodies)d working bodies were added.")
            messages.success(request, text % {"organisations": len(found.units), "bodies": len(found.groups)})
        name = "projects:organisation" if chosen.groups else "projects:units"
        return redirect(name, community_id=community.pk)
    found = selectors.filling(community, chosen)
    context = organisation_context(request, community, part="organisation", template=chosen, filling=found)
    return render(request, "projects/organisation/template.html", context)
