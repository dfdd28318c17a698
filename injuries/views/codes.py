"""What staff set: the words of the card's lists and of the families, each with its source."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from core.pages import form_page
from injuries.enums import ListName
from injuries.forms.codes import CodeForm, FamilyForm
from injuries.models import Code, Family
from injuries.selectors.codes import all_codes
from injuries.services import codes as services


@staff_view(Permission.INJURY_MANAGE)
@never_cache
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    found = all_codes()
    lists = [(ListName(name).label, found[name]) for name in ListName.values if name in found]
    context = staff_context(
        request, title=_("Codes of injury records"), lists=lists, families=Family.objects.all()
    )
    return render(request, "injuries/staff/codes.html", context)


@staff_view(Permission.INJURY_MANAGE)
@never_cache
@form_page
def code(request: HttpRequest, code_id: int) -> HttpResponse:
    return _change(request, get_object_or_404(Code, pk=code_id), CodeForm)


@staff_view(Permission.INJURY_MANAGE)
@never_cache
@form_page
def family(request: HttpRequest, family_id: int) -> HttpResponse:
    return _change(request, get_object_or_404(Family, pk=family_id), FamilyForm)


def _change(request: HttpRequest, word: Any, form_class: Any) -> HttpResponse:
    title = str(word)
    form = form_class(request.POST or None, instance=word)
    if request.method == "POST" and form.is_valid():
        services.change(word, form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("injuries:codes")
    context = staff_context(request, title=title, form=form)
    return render(request, "injuries/staff/code.html", context, status=422 if form.errors else 200)
