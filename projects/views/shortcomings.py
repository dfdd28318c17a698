"""The register of hazards and shortcomings: list, one of them, entering, rectifying, verifying."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.authz import can
from communities.models import Community
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404
from projects.enums import Element, ShortcomingKind, ShortcomingSource, ShortcomingStage
from projects.forms.shortcomings import GapForm, RectifyForm, ShortcomingForm, VerifyForm
from projects.lifecycle.shortcomings import (
    CLOSES,
    SHORTCOMING_LIFECYCLE,
    advance_shortcoming,
    may_move,
    rectified_by,
)
from projects.models import Shortcoming
from projects.selectors import shortcomings as selectors
from projects.services import shortcomings as services
from projects.services.evidence import check_files
from projects.views.activities import CHOOSE_AGAIN
from projects.views.pages import page_context

TAB = "shortcomings"
GAP = ShortcomingSource.INDICATOR
# The steps that somebody else takes, in the order of the buttons; the others are forms of their own.
VERIFYING = {
    "close": gettext_noop("Verified: close it"),
    "give_back": gettext_noop("Give it back"),
    "reopen": gettext_noop("Open it again"),
}


def shortcoming_or_404(request: HttpRequest, community_id: int, pk: int) -> Shortcoming:
    community = community_or_404(request, community_id)
    found: Shortcoming = get_object_or_404(selectors.with_parts(community), pk=pk)
    found.community = community
    return found


@login_required
@never_cache
@require_safe
def shortcomings(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    wanted = selectors.Wanted.read(request.GET)
    context = page_context(
        request,
        community,
        tab=TAB,
        part="register",
        page=selectors.page_of(selectors.shortcomings_of(community, wanted), request.GET.get("page")),
        wanted=wanted,
        tally=selectors.tally_of(community),
        states=selectors.STATES.items(),
        kinds=ShortcomingKind.choices,
        sources=ShortcomingSource.choices,
    )
    return render(request, "projects/shortcomings/list.html", context)


@login_required
@never_cache
@require_safe
def shortcoming(request: HttpRequest, community_id: int, shortcoming_id: int) -> HttpResponse:
    return _page(request, shortcoming_or_404(request, community_id, shortcoming_id), VerifyForm())


def _page(request: HttpRequest, found: Shortcoming, form: VerifyForm) -> HttpResponse:
    may_change = services.may_change(request.user, found)
    moves = _moves(request.user, found)
    context = page_context(
        request,
        found.community,
        tab=TAB,
        shortcoming=found,
        line=selectors.line_of(found),
        timeline=selectors.timeline(found),
        form=form,
        moves=moves,
        may_close=any(move["name"] in CLOSES for move in moves),
        is_to_rectify=found.stage in selectors.TO_RECTIFY,
        may_change=may_change and found.stage in services.MAY_CHANGE,
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/shortcomings/shortcoming.html", context, status=status)


def _moves(user: Any, found: Shortcoming) -> list[dict[str, str]]:
    """Of the two rights to verify the nearer one is offered; who rectified it is not asked to verify it."""
    own = found.stage == ShortcomingStage.RECTIFIED and rectified_by(found) == user.pk
    offered: dict[str, dict[str, str]] = {}
    for move in SHORTCOMING_LIFECYCLE:
        word = VERIFYING.get(move.name.removesuffix("_above"))
        if own and move.name in CLOSES:
            continue
        if word and not move.refusals(found) and may_move(user, move, found):
            offered.setdefault(word, {"name": move.name, "label": _(word)})
    return list(offered.values())


def _form_of(
    request: HttpRequest, community: Community, *, is_gap: bool, **more: Any
) -> ShortcomingForm | GapForm:
    form = GapForm if is_gap else ShortcomingForm
    return form(request.POST or None, request.FILES or None, community=community, **more)


@login_required
@never_cache
@form_page
def shortcoming_add(request: HttpRequest, community_id: int) -> HttpResponse:
    """``?element=``: a gap against an indicator; ``?venue=`` and its like: with what it hangs on filled in."""
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    is_gap = request.GET.get("element", "") in Element.values
    form = _form_of(request, community, is_gap=is_gap, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.enter(
                community=community,
                fields=form.entered,
                checked=check_files(data.get("files") or []),
                form_key=data["form_key"],
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Entered."))
            return redirect("projects:shortcoming", community_id=community.pk, shortcoming_id=made.pk)
    heading = _("Enter a gap") if is_gap else _("Enter a shortcoming")
    return _form_page(request, community, form, heading)


def _first(request: HttpRequest) -> dict[str, Any]:
    numbers = {name: request.GET.get(name, "") for name in ("activity", "venue", "organisation", "body")}
    first: dict[str, Any] = {
        name: int(text) for name, text in numbers.items() if text.isdecimal() and len(text) < 10
    }
    known = {"element": Element, "source": ShortcomingSource, "kind": ShortcomingKind}
    return first | {name: request.GET[name] for name in known if request.GET.get(name) in known[name].values}


def _form_page(
    request: HttpRequest, community: Community, form: Any, heading: str, **more: Any
) -> HttpResponse:
    if request.FILES and form.errors and "files" in form.fields:
        form.add_error("files", CHOOSE_AGAIN)
    context = page_context(request, community, tab=TAB, form=form, heading=heading, **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/shortcomings/form.html", context, status=status)


@login_required
@never_cache
@form_page
def shortcoming_edit(request: HttpRequest, community_id: int, shortcoming_id: int) -> HttpResponse:
    found = shortcoming_or_404(request, community_id, shortcoming_id)
    if not services.may_change(request.user, found):
        raise PermissionDenied(Permission.WORK_RECORD)
    stands = services.stands(request.user, found)
    form = _form_of(request, found.community, is_gap=found.source == GAP, instance=found, stands=stands)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.change(
                shortcoming=found,
                fields=form.entered,
                seen=data["seen"],
                checked=check_files(data.get("files") or []),
                reason=data.get("reason", ""),
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Shortcoming.objects.get(pk=found.pk))
        else:
            return redirect("projects:shortcoming", community_id=community_id, shortcoming_id=found.pk)
    return _form_page(request, found.community, form, _("Change"), shortcoming=found)


@login_required
@never_cache
@form_page
def shortcoming_rectify(request: HttpRequest, community_id: int, shortcoming_id: int) -> HttpResponse:
    found = shortcoming_or_404(request, community_id, shortcoming_id)
    if not can(request.user, Permission.WORK_RECORD, found.community):
        raise PermissionDenied(Permission.WORK_RECORD)
    form = RectifyForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.rectify(
                shortcoming=found,
                fields=form.entered,
                seen=form.cleaned_data["seen"],
                checked=check_files(form.cleaned_data["files"]),
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Shortcoming.objects.get(pk=found.pk))
        else:
            messages.success(request, _("Saved. It waits for another person to verify it."))
            return redirect("projects:shortcoming", community_id=community_id, shortcoming_id=found.pk)
    return _form_page(request, found.community, form, _("Say that it is rectified"), shortcoming=found)


@login_required
@require_POST
def shortcoming_move(request: HttpRequest, community_id: int, shortcoming_id: int, step: str) -> HttpResponse:
    """Verify, give back, open again; a refused one keeps the remark."""
    if step.removesuffix("_above") not in VERIFYING:
        raise Http404
    found = shortcoming_or_404(request, community_id, shortcoming_id)
    if not may_move(request.user, SHORTCOMING_LIFECYCLE.find(step), found):
        raise PermissionDenied
    form = VerifyForm(request.POST)
    if form.is_valid():
        try:
            advance_shortcoming(found, step, by=request.user, note=form.cleaned_data["note"])
        except Refused as refused:
            found = shortcoming_or_404(request, community_id, shortcoming_id)
            add_refusals(form, refused)
        else:
            return redirect("projects:shortcoming", community_id=community_id, shortcoming_id=found.pk)
    return _page(request, found, form)


@login_required
@require_POST
def shortcoming_remove(request: HttpRequest, community_id: int, shortcoming_id: int) -> HttpResponse:
    found = shortcoming_or_404(request, community_id, shortcoming_id)
    if not services.may_change(request.user, found):
        raise PermissionDenied(Permission.WORK_RECORD)
    try:
        services.remove(shortcoming=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("projects:shortcoming", community_id=community_id, shortcoming_id=found.pk)
    return redirect("projects:shortcomings", community_id=community_id)
