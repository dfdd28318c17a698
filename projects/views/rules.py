"""What staff set: by which day reports are due, and the numbers of a year; each with its source."""

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
from projects.forms.reports import MinimumForm, RuleForm
from projects.models import ReportRule, YearlyMinimum
from projects.services import rhythm as services


@staff_view(Permission.WORK_MANAGE)
@never_cache
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    context = staff_context(
        request,
        title=_("Days of reports and yearly minima"),
        rules=ReportRule.objects.order_by("pk"),
        minima=YearlyMinimum.objects.order_by("pk"),
        may_see_reminders=request.user.has_perm(Permission.NOTICE_VIEW),
    )
    return render(request, "projects/board/rules.html", context)


@staff_view(Permission.WORK_MANAGE)
@never_cache
@form_page
def rule_change(request: HttpRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(ReportRule, pk=rule_id)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        services.change_rule(rule=rule, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. What is still to come and not yet due has its new day."))
        return redirect("projects:rules")
    return _page(request, form, str(rule))


@staff_view(Permission.WORK_MANAGE)
@never_cache
@form_page
def minimum_change(request: HttpRequest, minimum_id: int) -> HttpResponse:
    minimum = get_object_or_404(YearlyMinimum, pk=minimum_id)
    form = MinimumForm(request.POST or None, instance=minimum)
    if request.method == "POST" and form.is_valid():
        services.change_minimum(minimum=minimum, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("projects:rules")
    return _page(request, form, str(minimum))


def _page(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    context = staff_context(request, title=title, form=form)
    return render(request, "projects/board/rule.html", context, status=422 if form.errors else 200)
