"""The files of an authority and of the association: pictures of their activities, scans of their vouchers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from documents.access import file_response
from projects.access import recording_authority_or_404
from projects.models import Evidence


def _evidence_or_404(request: HttpRequest, authority_id: int | None, pk: int) -> Evidence:
    authority = recording_authority_or_404(request, authority_id)
    rows = Evidence.objects.filter(community=None, authority=authority)
    return get_object_or_404(rows.select_related("file", "thumbnail"), pk=pk)


@login_required
@require_safe
def file(request: HttpRequest, evidence_id: int, authority_id: int | None = None) -> HttpResponseBase:
    return file_response(_evidence_or_404(request, authority_id, evidence_id).file)


@login_required
@require_safe
def thumbnail(request: HttpRequest, evidence_id: int, authority_id: int | None = None) -> HttpResponseBase:
    evidence = _evidence_or_404(request, authority_id, evidence_id)
    if evidence.thumbnail is None:
        raise Http404
    return file_response(evidence.thumbnail)
