"""The public register, the page of a community, the files of the whole list, and where the root leads."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities import selectors
from communities.access import community_or_404
from communities.forms import RegisterFilterForm
from communities.models import Membership, RegisterEntry
from communities.services.members import welcome_colleague
from communities.workbooks.columns import register_csv
from core.clock import today
from core.errors import Refused
from core.xlsx import XLSX


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Staff to their desk, a liaison to what is owed, everybody else to the register."""
    if not request.user.is_authenticated:
        return redirect("communities:register")
    return redirect("admin:index") if request.user.is_staff else redirect(settings.LOGIN_REDIRECT_URL)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterFilterForm(request.GET)
    found = selectors.register_page(form.filters, request.GET.get("page"))
    context = {"found": found, "filters": found.filters, "page": found.page, "today": today()}
    return render(request, "communities/register.html", context)


@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    found = selectors.entry_by_number(number)
    if found is None:
        raise Http404
    return render(request, "communities/community.html", _entry_context(found))


@require_safe
def community(request: HttpRequest, pk: int) -> HttpResponse:
    """A community with an international number has its page there; the others have it here."""
    found = community_or_404(request.user, pk)
    entries = selectors.community_entries(found)
    first = entries[0] if entries else None
    if first and found.published and first.number and first.programme.code == selectors.INTERNATIONAL:
        return redirect("communities:entry", number=first.number)
    context = _entry_context(first) if first else {"community": found, "entry": None}
    return render(request, "communities/community.html", {**context, "entries": entries})


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    context = {
        "communities": selectors.communities_of(request.user),
        "filled_in": selectors.filled_in_by(request.user),
        "requests": selectors.requests_of(request.user),
        "colleagues": selectors.requests_to(request.user),
    }
    return render(request, "communities/mine.html", context)


@login_required
@require_POST
def welcome(request: HttpRequest, membership_id: int) -> HttpResponse:
    """A colleague approves who came with a code after them."""
    membership = get_object_or_404(Membership.objects.visible_to(request.user), pk=membership_id)
    try:
        welcomed = welcome_colleague(membership=membership, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        sentence = _("%(user)s now fills in for %(community)s with you.")
        messages.success(request, sentence % {"user": welcomed.user, "community": welcomed.community})
    return redirect("communities:mine")


@require_safe
def download_csv(request: HttpRequest) -> HttpResponse:
    entries = selectors.export_rows(RegisterFilterForm(request.GET).filters)
    return _file(register_csv(entries), "text/csv; charset=utf-8", "csv")


@require_safe
def download_xlsx(request: HttpRequest) -> HttpResponse:
    filters = RegisterFilterForm(request.GET).filters
    entries = selectors.export_rows(filters)
    # Loaded by the first who asks: what writes workbooks is a fifth of a web worker's memory and start.
    register_workbook = import_string("communities.workbooks.excel.register_workbook")
    content = register_workbook(entries, as_of=today(), filters="，".join(filters.words))
    return _file(content, XLSX, "xlsx")


def _entry_context(found: RegisterEntry) -> dict[str, object]:
    return {
        "entry": found,
        "community": found.community,
        "sentence": selectors.status_sentence(found),
        "timeline": selectors.designation_timeline(found),
        "renewals": sum(cycle.cycle > 0 for cycle in found.designations.all()),
        "neighbours": selectors.neighbours(found),
        "parts": selectors.published_parts(found.community),
    }


def _file(content: bytes, content_type: str, ending: str) -> HttpResponse:
    name = f"safe-communities-{today():%Y%m%d}.{ending}"
    return HttpResponse(
        content,
        headers={"Content-Type": content_type, "Content-Disposition": f'attachment; filename="{name}"'},
    )
