"""Files beside a project, a finding, a diagnosis or a plan, by way of the archive."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Permission
from core.errors import Refused
from projects.access import community_or_404
from projects.forms.projects import AttachForm
from projects.models import Diagnosis, Evidence, Finding, Plan, Project
from projects.services.attachments import Shown, attach, detach
from projects.services.evidence import check_files
from projects.views.pages import add_refusals, page_context

form_page = require_http_methods(["GET", "HEAD", "POST"])
# What shows files: its model, its page, the key in that page's address, its tab.
THINGS: dict[str, tuple[type[Shown], str, str, str]] = {
    "project": (Project, "project", "project_id", "projects"),
    "finding": (Finding, "finding", "finding_id", "diagnosis"),
    "diagnosis": (Diagnosis, "diagnosis_page", "diagnosis_id", "diagnosis"),
    "plan": (Plan, "plan", "plan_id", "plans"),
}


def _thing_or_404(request: HttpRequest, community_id: int, kind: str, pk: int) -> tuple[Shown, str]:
    """The thing and the address of its page."""
    if kind not in THINGS:
        raise Http404
    model, page, key, _tab = THINGS[kind]
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    thing: Shown = get_object_or_404(model.objects.filter(community=community), pk=pk)
    thing.community = community
    return thing, reverse(f"projects:{page}", kwargs={"community_id": community.pk, key: pk})


@login_required
@never_cache
@form_page
def files_add(request: HttpRequest, community_id: int, kind: str, thing_id: int) -> HttpResponse:
    thing, address = _thing_or_404(request, community_id, kind, thing_id)
    archive = Evidence.objects.filter(community=thing.community).exclude(pk__in=thing.evidence.values("pk"))
    not_yet = archive.order_by("-happened_on", "-pk")
    form = AttachForm(request.POST or None, request.FILES or None, not_yet=not_yet)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            checked = check_files(data.pop("files"))
            attach(thing=thing, checked=checked, by=request.user, **data)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect(f"{address}#evidence")
    more = {"form": form, "thing": thing, "kind": kind, "back": address, "files": _files(thing)}
    context = page_context(request, thing.community, tab=THINGS[kind][3], **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/evidence/attach.html", context, status=status)


def _files(thing: Shown) -> list[Evidence]:
    return list(thing.evidence.order_by("-happened_on", "-pk"))


@login_required
@require_POST
def files_remove(
    request: HttpRequest, community_id: int, kind: str, thing_id: int, evidence_id: int
) -> HttpResponse:
    thing, address = _thing_or_404(request, community_id, kind, thing_id)
    detach(thing=thing, evidence=get_object_or_404(thing.evidence, pk=evidence_id), by=request.user)
    return redirect(f"{address}#evidence")
