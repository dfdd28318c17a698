"""Staff pages of the register that are more than a form on one row: dates, the end, a merger, contacts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.enums import Permission
from communities.enums import ContactRole
from communities.forms import ContactForm, DesignationDateForm, EntryEndForm, MergerForm
from communities.models import Community, RegisterEntry
from communities.selectors.access import ways_in
from communities.services import register as services
from core.admin_site import staff_context, staff_view
from core.errors import Refused
from core.pages import form_page

ENTRY_PAGE = "admin:communities_registerentry_change"
COMMUNITY_PAGE = "admin:communities_community_change"


@staff_view(Permission.REGISTER_CHANGE)
@form_page
def first_date(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(RegisterEntry.objects.select_related("community"), pk=pk)
    service = partial(services.record_first_designation_date, entry=entry)
    title = _("Date of designation: %(community)s") % {"community": entry.community}
    return _by_service(request, DesignationDateForm, service, title=title, back=(ENTRY_PAGE, pk))


@staff_view(Permission.REGISTER_CHANGE)
@form_page
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(RegisterEntry.objects.select_related("community"), pk=pk)
    service = partial(services.record_renewal, entry=entry)
    title = _("Re-designation: %(community)s") % {"community": entry.community}
    return _by_service(request, DesignationDateForm, service, title=title, back=(ENTRY_PAGE, pk))


@staff_view(Permission.REGISTER_CHANGE)
@form_page
def end(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(RegisterEntry.objects.select_related("community"), pk=pk)
    service = partial(services.end_entry, entry=entry)
    title = _("End of the designation: %(community)s") % {"community": entry.community}
    return _by_service(request, EntryEndForm, service, title=title, back=(ENTRY_PAGE, pk))


@staff_view(Permission.ACCOUNT_VIEW)
@require_safe
def access(request: HttpRequest, pk: int) -> HttpResponse:
    community = get_object_or_404(Community.objects.select_related("supervisor"), pk=pk)
    title = _("Who has access: %(community)s") % {"community": community}
    context = staff_context(request, title=title, ways=ways_in(community), back=(COMMUNITY_PAGE, pk))
    return render(request, "admin/communities/access.html", context)


@staff_view(Permission.REGISTER_CHANGE)
@form_page
def merger(request: HttpRequest, pk: int) -> HttpResponse:
    community = get_object_or_404(Community, pk=pk)
    service = partial(services.merge_community, community=community)
    title = _("Merger: %(community)s") % {"community": community}
    return _by_service(request, MergerForm, service, title=title, back=(COMMUNITY_PAGE, pk))


@staff_view(Permission.CONTACT_VIEW)
@form_page
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing personal before the button is pressed; pressing it is recorded."""
    community = get_object_or_404(Community, pk=pk)
    title = _("Contacts: %(community)s") % {"community": community}
    context = staff_context(request, title=title, community=community, back=(COMMUNITY_PAGE, pk))
    if request.method != "POST":
        return render(request, "admin/communities/contacts.html", context)
    if "save" in request.POST:
        return _save_contacts(request, community, context)
    known = {row.role: row for row in services.reveal_contact(community=community, by=request.user)}
    context["forms"] = _contact_forms(None, known)
    return render(request, "admin/communities/contacts.html", context)


def _save_contacts(request: HttpRequest, community: Community, context: dict[str, Any]) -> HttpResponse:
    if not request.user.has_perm(Permission.REGISTER_CHANGE):
        raise PermissionDenied
    forms = _contact_forms(request.POST, {})
    if not all(form.is_valid() for _label, form in forms):
        return render(request, "admin/communities/contacts.html", {**context, "forms": forms})
    for _label, form in forms:
        if any(form.cleaned_data.values()) or community.contacts.filter(role=form.prefix).exists():
            services.set_contact(
                community=community, role=str(form.prefix), by=request.user, source="", **form.cleaned_data
            )
    messages.success(request, _("The contacts have been saved."))
    return redirect(COMMUNITY_PAGE, community.pk)


def _contact_forms(data: Any, known: dict[str, Any]) -> list[tuple[str, ContactForm]]:
    fields = ("name", "phone", "mobile", "email")
    return [
        (
            str(role.label),
            ContactForm(
                data,
                prefix=role.value,
                initial={field: getattr(known.get(role.value), field, "") for field in fields},
            ),
        )
        for role in ContactRole
    ]


def _by_service(
    request: HttpRequest,
    form_class: type[Form],
    service: Callable[..., object],
    *,
    title: str,
    back: tuple[str, int],
) -> HttpResponse:
    """A form whose cleaned values a service takes; a refusal comes back as errors of the form."""
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(by=request.user, **form.cleaned_data)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        else:
            messages.success(request, _("The change has been saved."))
            return redirect(back[0], back[1])
    context = staff_context(request, title=title, form=form, back=back)
    return render(request, "admin/communities/service_form.html", context)
