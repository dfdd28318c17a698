"""Files beside a project, a finding, a diagnosis or a plan, by way of the archive."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.enums import Permission
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404
from projects.forms.projects import AttachForm
from projects.models import Diagnosis, Evidence, Finding, Plan, Project, Shortcoming
from projects.services.attachments import Shown, attach, detach
from projects.services.evidence import check_files
from projects.views.pages import page_context


@dataclass(frozen=True, slots=True)
class Place:
    """What shows files: its model, its page, the key in its address, its tab; ``way``: the field that points."""

    model: type[Shown]
    page: str
    key: str
    tab: str
    way: str = "evidence"


PLACES = {
    "project": Place(Project, "project", "project_id", "projects"),
    "finding": Place(Finding, "finding", "finding_id", "diagnosis"),
    "diagnosis": Place(Diagnosis, "diagnosis_page", "diagnosis_id", "diagnosis"),
    "plan": Place(Plan, "plan", "plan_id", "plans"),
    "before": Place(Shortcoming, "shortcoming", "shortcoming_id", "shortcomings", "before"),
    "after": Place(Shortcoming, "shortcoming", "shortcoming_id", "shortcomings", "after"),
}


def _thing_or_404(request: HttpRequest, community_id: int, kind: str, pk: int) -> tuple[Shown, Place, str]:
    """The thing, its place, and where on its page the files stand."""
    if kind not in PLACES:
        raise Http404
    place = PLACES[kind]
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    thing: Shown = get_object_or_404(place.model.objects.filter(community=community), pk=pk)
    thing.community = community
    address = reverse(f"projects:{place.page}", kwargs={"community_id": community.pk, place.key: pk})
    return thing, place, f"{address}#{place.way}"


@login_required
@never_cache
@form_page
def files_add(request: HttpRequest, community_id: int, kind: str, thing_id: int) -> HttpResponse:
    thing, place, address = _thing_or_404(request, community_id, kind, thing_id)
    archive = Evidence.objects.filter(community=thing.community).exclude(
        pk__in=getattr(thing, place.way).values("pk")
    )
    not_yet = archive.order_by("-happened_on", "-pk")
    form = AttachForm(request.POST or None, request.FILES or None, not_yet=not_yet)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            checked = check_files(data.pop("files"))
            attach(thing=thing, checked=checked, way=place.way, by=request.user, **data)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect(address)
    more = {"form": form, "thing": thing, "kind": kind, "back": address, "files": _files(thing, place)}
    context = page_context(request, thing.community, tab=place.tab, **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/evidence/attach.html", context, status=status)


def _files(thing: Shown, place: Place) -> list[Evidence]:
    return list(getattr(thing, place.way).order_by("-happened_on", "-pk"))


@login_required
@require_POST
def files_remove(
    request: HttpRequest, community_id: int, kind: str, thing_id: int, evidence_id: int
) -> HttpResponse:
    thing, place, address = _thing_or_404(request, community_id, kind, thing_id)
    detach(
        thing=thing,
        evidence=get_object_or_404(getattr(thing, place.way), pk=evidence_id),
        way=place.way,
        by=request.user,
    )
    return redirect(address)
