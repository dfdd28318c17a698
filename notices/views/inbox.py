"""One's own messages on the site: a list, the way to the thing itself, and all of them read at once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from notices import emails, services
from notices.models import Notice
from notices.selectors import kept_words

PER_PAGE = 20


@login_required
@never_cache
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """In the language the reader has chosen now, whatever it was when the message was written."""
    page = Paginator(Notice.objects.inbox(request.user), PER_PAGE).get_page(request.GET.get("page"))
    kept = kept_words()
    rows = []
    for notice in page:
        notice.recipient, notice.language = request.user, get_language()
        rows.append({"notice": notice, "headline": emails.headline(notice, kept)})
    return render(request, "notices/inbox.html", {"page": page, "rows": rows})


@login_required
@require_POST
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Read, and on to what it tells of."""
    notice = get_object_or_404(Notice.objects.inbox(request.user), pk=pk)
    services.read(notice=notice, by=request.user)
    return redirect(notice.context.get("path") or "notices:inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.read_all(by=request.user)
    return redirect("notices:inbox")
