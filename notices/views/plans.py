"""The reminder plan of one round or programme: its steps, the days they fall on, and whom they reach."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.admin_site import staff_context, staff_view
from core.pages import form_page
from notices import plans, services
from notices.forms import PlanForm
from notices.models import ReminderPlan
from notices.selectors import plan_outlook

LONGEST_KEY = 9


@staff_view("notice.view")
@never_cache
@form_page
def plan(request: HttpRequest, name: str, key: int) -> HttpResponse:
    source = plans.find(name)
    if source is None or len(str(key)) > LONGEST_KEY or not source.exists(key):
        raise Http404
    kept = ReminderPlan.objects.filter(about=f"{name}:{key}").first()
    shown = kept or services.proposed_plan(name=name, key=key)
    form = PlanForm(request.POST or None, initial=_typed(shown), tells_authorities=bool(source.told_kind))
    if request.method == "POST":
        if not request.user.has_perm("notice.manage"):
            raise PermissionDenied
        if form.is_valid():
            kept = services.ensure_plan(name=name, key=key, by=request.user)
            services.change_plan(plan=kept, by=request.user, **form.cleaned_data)
            messages.success(request, _("The plan has been saved."))
            return redirect("notices:plan", name=name, key=key)
    context = staff_context(
        request,
        title=_("Reminders"),
        plan=shown,
        form=form,
        label=source.label(key),
        back=source.back(key),
        outlook=plan_outlook(shown, source, key),
        may_manage=request.user.has_perm("notice.manage"),
    )
    return render(request, "admin/notices/plan.html", context, status=422 if form.errors else 200)


def _typed(plan: ReminderPlan) -> dict[str, Any]:
    return {
        "is_active": plan.is_active,
        "steps": "，".join(f"{step:+d}" for step in plan.steps),
        "escalates_from": plan.escalates_from,
        "most_mails": plan.most_mails,
    }
