"""Letters of responsibility: one a year with each party, and the scans of what was signed and sealed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from core.errors import Refused
from core.pages import form_page
from projects.access import community_or_404
from projects.forms.organisation import LetterForm
from projects.models import ResponsibilityLetter
from projects.selectors import organisation as selectors
from projects.services import organisation_letters as services
from projects.services.evidence import check_files
from projects.views.organisation import form_answer, organisation_context, refused


def _letter_or_404(request: HttpRequest, community_id: int, pk: int) -> ResponsibilityLetter:
    community = community_or_404(request, community_id)
    letter = get_object_or_404(ResponsibilityLetter, community=community, pk=pk)
    letter.community = community
    return letter


def _values(form: LetterForm) -> dict[str, Any]:
    """Raises Refused for a file that the archive does not take."""
    data = dict(form.cleaned_data)
    return data | {"scans": check_files(data.pop("files"))}


@login_required
@never_cache
@require_safe
def letters(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    year = request.GET.get("year", "")
    rows = selectors.letters(community, year=int(year) if year.isdecimal() and len(year) == 4 else None)
    context = organisation_context(
        request,
        community,
        part="letters",
        page=selectors.letters_page(rows, request.GET.get("page")),
        years=selectors.letter_years(community),
        year=year,
    )
    return render(request, "projects/organisation/letters.html", context)


@login_required
@never_cache
@form_page
def letter_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    empty = ResponsibilityLetter(community=community)
    form = LetterForm(request.POST or None, request.FILES or None, instance=empty, community=community)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_letter(community=community, by=request.user, **_values(form))
        except Refused as refusal:
            refused(form, refusal)
        else:
            return redirect("projects:letters", community_id=community_id)
    context = organisation_context(request, community, part="letters", form=form)
    return form_answer(request, "projects/organisation/letter.html", context)


@login_required
@never_cache
@form_page
def letter(request: HttpRequest, community_id: int, letter_id: int) -> HttpResponse:
    found = _letter_or_404(request, community_id, letter_id)
    community, title = found.community, str(found)
    scans = list(found.evidence.select_related("file", "thumbnail").order_by("happened_on", "pk"))
    context = organisation_context(request, community, part="letters", letter=found, name=title, scans=scans)
    context["appraisals"] = found.appraisals.order_by("-year", "-pk")
    if not context["may_record"]:
        if request.method == "POST":
            raise PermissionDenied(Permission.WORK_RECORD)
        return render(request, "projects/organisation/letter.html", context)
    form = LetterForm(request.POST or None, request.FILES or None, instance=found, community=community)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_letter(letter=found, by=request.user, **_values(form))
        except Refused as refusal:
            refused(form, refusal)
        else:
            return redirect("projects:letter", community_id=community_id, letter_id=letter_id)
    return form_answer(request, "projects/organisation/letter.html", context | {"form": form})


@login_required
@require_POST
def letter_remove(request: HttpRequest, community_id: int, letter_id: int) -> HttpResponse:
    services.remove_letter(letter=_letter_or_404(request, community_id, letter_id), by=request.user)
    return redirect("projects:letters", community_id=community_id)
