"""The public pages of a community's news, and the press that shows it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.models import Community
from documents.access import file_response
from projects.access import community_or_404
from projects.models import NewsItem
from projects.selectors import news as selectors
from projects.services import news as services


@require_safe
def news(request: HttpRequest, community_id: int) -> HttpResponse:
    """Not there before the community shows a piece, whoever asks."""
    community = get_object_or_404(Community, pk=community_id)
    page = selectors.news_page(community, request.GET.get("page"))
    if not page.object_list:
        raise Http404
    return render(request, "projects/news/list.html", {"community": community, "page": page})


@require_safe
def news_item(request: HttpRequest, community_id: int, news_id: int) -> HttpResponse:
    community = get_object_or_404(Community, pk=community_id)
    rows = selectors.with_pictures(selectors.shown_news(community))
    item = get_object_or_404(rows, pk=news_id)
    return render(request, "projects/news/item.html", {"community": community, "item": item})


@require_safe
def news_picture(request: HttpRequest, community_id: int, news_id: int, evidence_id: int) -> HttpResponseBase:
    """The small picture of a shown piece; the archive and what its files are called stay closed."""
    community = get_object_or_404(Community, pk=community_id)
    item = get_object_or_404(selectors.shown_news(community), pk=news_id)
    picture = get_object_or_404(selectors.shown_pictures().filter(news=item), pk=evidence_id)
    if picture.thumbnail is None:
        raise Http404
    place = selectors.shown_pictures().filter(news=item, pk__lte=picture.pk).count()
    return file_response(picture.thumbnail, name=f"picture-{place}.jpg")


@login_required
@require_POST
def news_show(request: HttpRequest, community_id: int, news_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_REVIEW)
    item = get_object_or_404(NewsItem, community=community, pk=news_id)
    shown = request.POST.get("shown") == "1"
    services.show_news(news=item, shown=shown, by=request.user)
    messages.success(request, _("Shown to the public.") if shown else _("No longer shown to the public."))
    return redirect("projects:register_row", community_id=community.pk, register="news", row_id=item.pk)
