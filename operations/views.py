"""Whether the platform is alive, whether it can do its work, and the same for people."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Permission
from core import retention
from core.admin_site import staff_context, staff_view
from operations import probes, selectors, services
from operations.enums import PulseName
from operations.forms import PeriodsForm


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing: a supervisor must not restart us because the database is away."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Everything that the work needs is there: 200, or 503 and which part is not. Details are for staff."""
    found = probes.recent()
    is_ready = all(finding.is_well for finding in found)
    parts = {finding.name: "ok" if finding.is_well else "failed" for finding in found}
    content: dict[str, Any] = {"status": "ready" if is_ready else "not ready", "parts": parts}
    return JsonResponse(content, status=200 if is_ready else 503)


@staff_view(Permission.ACCOUNT_MANAGE)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    context = staff_context(
        request,
        title=_("State of the system"),
        findings=probes.findings(probes.EVERYTHING),
        backups=services.kept_backups(),
        may_set_periods=request.user.has_perm(Permission.RETENTION_MANAGE),
    )
    return render(request, "operations/health.html", context)


@staff_view(Permission.RETENTION_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def retention_periods(request: HttpRequest) -> HttpResponse:
    """What is kept for how long; a change is stored with its reason."""
    form = PeriodsForm(request.POST or None, rules=retention.rules(), periods=retention.periods())
    if request.method == "POST" and form.is_valid():
        changed = services.keep_periods(days=form.days(), by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("%(count)d periods were changed.") % {"count": len(changed)})
        return redirect("operations:retention")
    context = staff_context(
        request,
        title=_("How long data are kept"),
        form=form,
        last=selectors.last_pulse(PulseName.EXPIRY),
        audit_years=settings.AUDIT_KEPT_YEARS,
    )
    return render(request, "operations/retention.html", context, status=422 if form.errors else 200)


def state_of_the_system(request: HttpRequest) -> dict[str, Any] | None:
    """What staff who run the platform see at once; only what one question to the database tells."""
    if not request.user.has_perm(Permission.ACCOUNT_MANAGE):
        return None
    states = (selectors.worker_is_silent(), selectors.backup_is_late())
    kept = _("up to date") if selectors.backups_are_made() else _("none in a demonstration")
    words = (
        (_("Background worker"), _("silent"), _("at work")),
        (_("Backup"), _("too old"), kept),
    )
    return {
        "title": _("State of the system"),
        "url": reverse("operations:health"),
        "items": [
            {"label": label, "value": bad if is_bad else good, "kind": "late" if is_bad else ""}
            for is_bad, (label, bad, good) in zip(states, words, strict=True)
        ],
    }
