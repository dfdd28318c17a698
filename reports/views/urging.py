"""Urging: choose by state, see whom it touches, edit the words, send; the rest goes on the phone list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from core.clock import now
from core.errors import Refused
from core.xlsx import XLSX
from notices.emails import words_of_kind
from notices.enums import Kind
from reports import selectors
from reports.access import round_or_404, wanted_units
from reports.forms import UrgeForm
from reports.selectors.urging import URGED, Chosen, Touched, touched
from reports.services import urging
from surveys.models import Round
from surveys.selectors.letter_mails import blank_form_of

# What is ticked when the page is opened without a choice.
FIRST = tuple(column.value for column in URGED[:3])


@staff_view(Permission.ROUND_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def urge(request: HttpRequest, code: str) -> HttpResponse:
    survey_round, chosen = round_or_404(code), chosen_units(request)
    found = touched(survey_round, chosen)
    form = _form(request, found)
    if request.method == "POST":
        if not request.user.has_perm(Permission.NOTICE_MANAGE):
            raise PermissionDenied
        if form.is_valid():
            return _act(request, survey_round, chosen, form)
    context = staff_context(
        request,
        title=_("Urging"),
        round=survey_round,
        found=found,
        form=form,
        blank=blank_form_of(survey_round),
        states=_states(survey_round, chosen),
        query=_query(request, chosen),
        hidden=[(name, value) for name, value in request.GET.items() if name not in {"state", "column"}],
        may_urge=request.user.has_perm(Permission.NOTICE_MANAGE),
        may_see_numbers=request.user.has_perm(Permission.CONTACT_VIEW),
    )
    return render(request, "reports/urge.html", context, status=422 if form.errors else 200)


def chosen_units(request: HttpRequest) -> Chosen:
    """States ticked on the page, else the one that the list of units was narrowed to, else who has not handed in."""
    ticked = tuple(column for column in URGED if column in request.GET.getlist("state"))
    narrowed = wanted_units(request)
    if not ticked:
        ticked = (narrowed.column,) if narrowed.column in URGED else FIRST
    places = {name: getattr(narrowed, name) for name in ("province", "city", "kind", "authority", "late")}
    return Chosen(tuple(str(column) for column in ticked), selectors.UnitFilter(**places))


def _form(request: HttpRequest, found: Touched) -> UrgeForm:
    if request.method == "POST":
        return UrgeForm(request.POST)
    words = words_of_kind(Kind.ROUND_URGED, "zh-hans")
    shown = {"subject": words.subject, "text": words.text, "batch": uuid4().hex, "seen": found.seen}
    return UrgeForm(initial=shown)


def _act(request: HttpRequest, survey_round: Round, chosen: Chosen, form: UrgeForm) -> HttpResponse:
    said = form.cleaned_data
    words = {"subject": said["subject"], "text": said["text"], "by": request.user}
    try:
        if "test" in request.POST:
            urging.send_test(survey_round=survey_round, chosen=chosen, **words)
            messages.success(
                request, _("The test mail is on its way to %(you)s.") % {"you": request.user.email}
            )
        else:
            shown = {name: said[name] for name in ("batch", "seen", "with_letter", "with_blank_form")}
            shown["hold"] = "hold" in request.POST
            done = urging.urge(survey_round=survey_round, chosen=chosen, **words, **shown)
            messages.success(request, _done(len(done.written), is_held=shown["hold"]))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{request.path}?{_query(request, chosen)}")


def _done(count: int, *, is_held: bool) -> str:
    if is_held:
        return _("The mails to %(count)d units are held. Release them among the outgoing mail.") % {
            "count": count
        }
    sentence = ngettext("%(count)d unit is written to.", "%(count)d units are written to.", count)
    return sentence % {"count": count}


def _states(survey_round: Round, chosen: Chosen) -> list[dict[str, Any]]:
    counts = selectors.board(survey_round).total.counts
    return [
        {
            "value": column.value,
            "label": column.label,
            "count": counts[column],
            "is_ticked": column.value in chosen.columns,
        }
        for column in URGED
    ]


def _query(request: HttpRequest, chosen: Chosen) -> str:
    kept = [(name, value) for name, value in request.GET.items() if name not in {"state", "column"}]
    return urlencode([*kept, *(("state", column) for column in chosen.columns)])


@staff_view(Permission.ROUND_VIEW)
@require_POST
def phone_list(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = round_or_404(code)
    content = urging.phone_list(
        survey_round=survey_round,
        chosen=chosen_units(request),
        only_unreached=request.POST.get("scope") != "all",
        unmasked="unmasked" in request.POST,
        by=request.user,
    )
    name = _("%(round)s phone list %(day)s.xlsx") % {
        "round": survey_round.title_zh,
        "day": f"{now():%Y%m%d-%H%M}",
    }
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = "no-store"
    return answer
