"""The ledger of funds: of a community in its own pages, of an authority in those of the authority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.models import Authority, Community
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404, planning_authority_or_404
from projects.forms.funds import FundForm
from projects.models import FundEntry
from projects.selectors import funds as selectors
from projects.services import funds as services
from projects.services.evidence import check_files
from projects.views.activities import CHOOSE_AGAIN, year_of
from projects.views.pages import page_context


@dataclass(frozen=True, slots=True)
class Ledger:
    """Whose ledger a page shows, the frame around it, and where its list lies."""

    owner: Community | Authority
    context: dict[str, Any]
    list_url: str


def _ledger(
    request: HttpRequest, community_id: int | None, authority_id: int | None, *, writes: bool = False
) -> Ledger:
    if authority_id is not None:
        authority = planning_authority_or_404(request, authority_id)
        frame = {"frame": "projects/activities/above.html", "owner_name": authority.name, "may_record": True}
        return Ledger(authority, frame, reverse("projects:authority_funds", args=[authority_id]))
    permission = Permission.WORK_RECORD if writes else Permission.WORK_VIEW
    community = community_or_404(request, community_id or 0, permission)
    context = page_context(request, community, tab="shortcomings", part="funds", frame="projects/page.html")
    return Ledger(community, context, reverse("projects:funds", args=[community.pk]))


@login_required
@never_cache
@require_safe
def funds(
    request: HttpRequest, community_id: int | None = None, authority_id: int | None = None
) -> HttpResponse:
    ledger = _ledger(request, community_id, authority_id)
    year = year_of(request)
    context = ledger.context | {
        "page": selectors.page_of(selectors.of_year(ledger.owner, year), request.GET.get("page")),
        "sums": selectors.sums_of(ledger.owner, year),
        "year": year,
        "years": sorted({*selectors.years_of(ledger.owner), year}, reverse=True),
    }
    return render(request, "projects/funds/list.html", context)


@login_required
@never_cache
@form_page
def fund_add(
    request: HttpRequest, community_id: int | None = None, authority_id: int | None = None
) -> HttpResponse:
    ledger = _ledger(request, community_id, authority_id, writes=True)
    form = FundForm(request.POST or None, request.FILES or None, owner=ledger.owner)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter(
                owner=ledger.owner,
                fields=form.entered,
                checked=check_files(form.cleaned_data["files"]),
                form_key=form.cleaned_data["form_key"],
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Entered."))
            return redirect(ledger.list_url)
    return _form_page(request, ledger, form, _("Enter an amount"))


@login_required
@never_cache
@form_page
def fund(
    request: HttpRequest, fund_id: int, community_id: int | None = None, authority_id: int | None = None
) -> HttpResponse:
    ledger = _ledger(request, community_id, authority_id, writes=True)
    found: FundEntry = get_object_or_404(selectors.entries_of(ledger.owner), pk=fund_id)
    form = FundForm(request.POST or None, request.FILES or None, owner=ledger.owner, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                entry=found,
                fields=form.entered,
                seen=form.cleaned_data["seen"],
                checked=check_files(form.cleaned_data["files"]),
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(FundEntry.objects.get(pk=fund_id))
        else:
            return redirect(ledger.list_url)
    return _form_page(request, ledger, form, _("Amount"), entry=found)


@login_required
@require_POST
def fund_remove(
    request: HttpRequest, fund_id: int, community_id: int | None = None, authority_id: int | None = None
) -> HttpResponse:
    ledger = _ledger(request, community_id, authority_id, writes=True)
    services.remove(entry=get_object_or_404(selectors.entries_of(ledger.owner), pk=fund_id), by=request.user)
    return redirect(ledger.list_url)


def _form_page(
    request: HttpRequest, ledger: Ledger, form: FundForm, heading: str, **more: Any
) -> HttpResponse:
    if request.FILES and form.errors:
        form.add_error("files", CHOOSE_AGAIN)
    context = ledger.context | {"form": form, "heading": heading, "list_url": ledger.list_url, **more}
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/funds/form.html", context, status=status)
