"""The pages of every register: its list, one row to read or to change, a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.authz import can
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404
from projects.forms.registers import RegisterForm, form_of
from projects.selectors.organisation import sees_names
from projects.selectors.registers import Owner, Register, facts_of, listed, title_of
from projects.selectors.shelves import REGISTERS, beside, experts_above
from projects.services import registers as services
from projects.services.evidence import check_files
from projects.services.organisation import STALE
from projects.views.activities import CHOOSE_AGAIN
from projects.views.pages import page_context


@dataclass(frozen=True, slots=True)
class Room:
    """Whose register a page shows, the frame around it, and where its list lies."""

    owner: Owner
    register: Register
    context: dict[str, Any]
    list_url: str
    whole: bool


def community_room(request: HttpRequest, community_id: int, code: str, *, writes: bool = False) -> Room:
    permission = Permission.WORK_RECORD if writes else Permission.WORK_VIEW
    community = community_or_404(request, community_id, permission)
    if code not in REGISTERS:
        raise Http404
    register = REGISTERS[code]
    context = page_context(
        request,
        community,
        tab=register.shelf.tab,
        frame="projects/page.html",
        register=register,
        part=register.code,
        registers=beside(register),
        may_show=can(request.user, Permission.WORK_REVIEW, community),
    )
    address = reverse("projects:register", args=[community.pk, code])
    return Room(community, register, context, address, sees_names(request.user, community))


@login_required
@never_cache
@require_safe
def rows(request: HttpRequest, community_id: int, register: str) -> HttpResponse:
    room = community_room(request, community_id, register)
    community = room.context["community"]
    above = experts_above(community) if register == "experts" else ()
    return list_page(request, room, above=listed(room.register, above, whole=room.whole))


@login_required
@never_cache
@form_page
def add(request: HttpRequest, community_id: int, register: str) -> HttpResponse:
    return add_page(request, community_room(request, community_id, register, writes=True))


@login_required
@never_cache
@form_page
def row(request: HttpRequest, community_id: int, register: str, row_id: int) -> HttpResponse:
    """To be changed by who records the work, to be read by who sees it."""
    room = community_room(request, community_id, register)
    found = get_object_or_404(room.register.rows(room.owner), pk=row_id)
    if room.context["may_record"]:
        return change_page(request, room, found)
    if request.method == "POST":
        raise PermissionDenied(Permission.WORK_RECORD)
    return read_page(request, room, found)


@login_required
@require_POST
def remove(request: HttpRequest, community_id: int, register: str, row_id: int) -> HttpResponse:
    room = community_room(request, community_id, register, writes=True)
    return removed(request, room, get_object_or_404(room.register.rows(room.owner), pk=row_id))


# --- The same pages for whoever's register it is -----------------------------------------------------------


def list_page(request: HttpRequest, room: Room, **more: Any) -> HttpResponse:
    page = room.register.page(room.owner, request.GET.get("page"))
    shown = {"page": page, "rows": listed(room.register, page.object_list, whole=room.whole)}
    return render(request, "projects/registers/list.html", room.context | shown | more)


def read_page(request: HttpRequest, room: Room, found: Any) -> HttpResponse:
    rest = tuple(name for name in room.register.fields if name not in room.register.called)
    shown = {
        "heading": title_of(room.register, found, whole=room.whole),
        "facts": facts_of(room.register, found, rest, whole=room.whole, labelled=True),
        "files": _files(room, found),
    }
    return render(request, "projects/registers/row.html", room.context | shown)


def add_page(request: HttpRequest, room: Room) -> HttpResponse:
    form = _form(request, room)
    if request.method == "POST" and form.is_valid():
        try:
            services.add(register=room.register, owner=room.owner, by=request.user, **_values(form, room))
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return _saved(request, room)
    return _form_page(request, room, form, heading=room.register.add_label)


def change_page(request: HttpRequest, room: Room, found: Any) -> HttpResponse:
    heading, files = title_of(room.register, found, whole=room.whole), _files(room, found)
    form = _form(request, room, instance=found)
    if request.method == "POST" and form.is_valid():
        more = {"seen": form.cleaned_data["seen"], "dropped": form.cleaned_data.get("dropped", ())}
        try:
            kept = services.change(
                register=room.register, row=found, by=request.user, **more, **_values(form, room)
            )
        except Refused as refused:
            add_refusals(form, refused)
            if STALE.code in refused.codes:
                form.begin_again()
        else:
            return _saved(request, room, is_hidden=_is_shown(found) and not _is_shown(kept))
    return _form_page(request, room, form, heading=heading, row=found, files=files)


def _is_shown(row: Any) -> bool:
    return bool(getattr(row, "is_published", False))


def removed(request: HttpRequest, room: Room, found: Any) -> HttpResponse:
    services.remove(register=room.register, row=found, by=request.user)
    messages.success(request, _("Removed."))
    return redirect(room.list_url)


def _form(request: HttpRequest, room: Room, **more: Any) -> RegisterForm:
    """What the address names is filled in already: a letter leads to its appraisal. The form checks it when sent."""
    kind = form_of(room.register)
    if "instance" not in more:
        more["initial"] = {name: request.GET[name] for name in room.register.fields if name in request.GET}
    return kind(request.POST or None, request.FILES or None, register=room.register, owner=room.owner, **more)


def _files(room: Room, found: Any) -> Any:
    if not room.register.has_files:
        return []
    return found.evidence.select_related("file", "thumbnail").order_by("pk")


def _values(form: RegisterForm, room: Room) -> dict[str, Any]:
    values = {name: form.cleaned_data[name] for name in room.register.fields}
    return values | {"checked": check_files(form.cleaned_data.get("files") or [])}


def _saved(request: HttpRequest, room: Room, *, is_hidden: bool = False) -> HttpResponse:
    messages.success(request, _("Saved."))
    if is_hidden:
        sentence = _("No longer shown to the public: who may show it looks at what has changed first.")
        messages.warning(request, sentence)
    return redirect(room.list_url)


def _form_page(request: HttpRequest, room: Room, form: RegisterForm, **more: Any) -> HttpResponse:
    if request.FILES and form.errors and "files" in form.fields:
        form.add_error("files", CHOOSE_AGAIN)
    status = 422 if request.method == "POST" else 200
    context = room.context | {"form": form, "back": room.list_url, **more}
    return render(request, "projects/registers/form.html", context, status=status)
