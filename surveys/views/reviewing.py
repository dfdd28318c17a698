"""The review queue and the desk: answers left, the sealed copy right, one decision. Looking changes nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from communities.authz import can
from core.admin_site import staff_context
from core.dates import format_date
from core.errors import Refused
from surveys.access import may_read_responses, must_hold, staff_response
from surveys.enums import Decision
from surveys.forms.reviews import TICKS, DecisionForm
from surveys.models import Response
from surveys.selectors import queues, reviews
from surveys.selectors.queues import QueueFilter, Way
from surveys.services import reviews as services
from surveys.services.reviews import Ticks, Verdict
from surveys.services.verdicts import usual_due_day
from surveys.views.asked import chosen_number, way_of
from surveys.views.papers import TURNS, WIDTHS
from surveys.views.refusals import succeeds


@may_read_responses
@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    way = way_of(request)
    counts = queues.queue_counts(request.user, way.round_code)
    page = queues.queue(request.user, way, request.GET.get("page"), counts[way.chosen])
    context = {
        "page": page,
        "way": way,
        "filters": [
            {"way": Way(each, way.round_code), "label": each.label, "count": counts[each.value]}
            for each in QueueFilter
        ],
    }
    return render(request, "surveys/review/queue.html", staff_context(request, title=_("Review"), **context))


@may_read_responses
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, reference: str) -> HttpResponse:
    response = staff_response(request, reference)
    if request.method != "POST":
        return _desk(request, response)
    must_hold(request, Permission.RESPONSE_REVIEW, response)
    form = _form(response, reviews.desk(response, request.user), request.POST)
    if form.is_valid() and (next_page := _decide(request, response, form)):
        return next_page
    return _desk(request, response, form)


def _form(response: Response, desk: reviews.Desk, data: Any = None) -> DecisionForm:
    seen = {"version": desk.submission.version, "copy": desk.copy.pk if desk.copy else None}
    return DecisionForm(
        data,
        questions=reviews.questionnaire_of(response).questions,
        reasons=reviews.return_reasons() if desk.awaits_decision else [],
        pages=desk.submission.print_pages if desk.copy else 0,
        initial={**seen, "due_on": usual_due_day(response)},
    )


def _desk(request: HttpRequest, response: Response, refused: DecisionForm | None = None) -> HttpResponse:
    """The page; ``refused`` is the form that could not be taken, with its reasons."""
    desk = reviews.desk(response, request.user)
    form = refused or _form(response, desk)
    if form.has_error(NON_FIELD_ERRORS, code="other"):
        form.look_again(version=desk.submission.version, copy=desk.copy.pk if desk.copy else None)
    way = way_of(request)
    may_decide = can(request.user, Permission.RESPONSE_REVIEW, response.community)
    context = {
        "desk": desk,
        "response": response,
        "form": form,
        "ticks": [form[name] for name in TICKS] if desk.copy else [],
        "answers": _answers(desk, form),
        "way": way,
        "place": queues.place_in_queue(request.user, response.reference, way),
        "may_decide": may_decide,
        "decides": may_decide and desk.awaits_decision,
        "offered": [str(decision) for decision in services.possible_decisions(response)],
        "open_changes": reviews.open_change_count(response),
        **_view_of_papers(request, way),
    }
    title = str(response.community)
    status = 422 if refused else 200
    return render(
        request, "surveys/review/desk.html", staff_context(request, title=title, **context), status=status
    )


def _view_of_papers(request: HttpRequest, way: Way) -> dict[str, Any]:
    """How large and how turned the papers are shown, and the addresses that change it without a script."""
    zoom, turn = chosen_number(request, "zoom", range(len(WIDTHS))), chosen_number(request, "turn", TURNS)

    def address(zoom: int, turn: int) -> str:
        given = {"list": way.chosen, "round": way.round_code, "zoom": zoom, "turn": turn}
        return f"?{urlencode({key: value for key, value in given.items() if value})}"

    return {
        "zoom": zoom,
        "turn": turn,
        "smaller": address(max(zoom - 1, 0), turn),
        "larger": address(min(zoom + 1, len(WIDTHS) - 1), turn),
        "turned": address(zoom, (turn + 90) % 360),
    }


def _answers(desk: reviews.Desk, form: DecisionForm) -> list[dict[str, Any]]:
    """Each answer with its inputs, section by section."""
    return [
        {
            "title": section.title,
            "rows": [
                (row, *(form[f"{name}-{row.question.id}"] for name in ("mark", "reason", "remark")))
                for row in section.rows
            ],
        }
        for section in desk.sections
    ]


def _decide(request: HttpRequest, response: Response, form: DecisionForm) -> HttpResponse | None:
    """Store the decision and open the next one; None when it was refused, with the reasons in the form."""
    way = way_of(request)
    before = queues.references_in_queue(request.user, way)
    verdict = Verdict(ticks=Ticks(**form.ticks), **form.verdict)
    try:
        services.decide(
            response=response,
            seen_version=form.cleaned_data["version"],
            seen_copy=form.cleaned_data["copy"],
            verdict=verdict,
            by=request.user,
        )
    except Refused as refused:
        response.refresh_from_db()
        for reason in refused.reasons:
            place = reason.field if reason.field in form.fields else None
            form.add_error(place, ValidationError(str(reason), code=reason.code))
        return None
    _say_what_was_decided(request, response, verdict.decision)
    following = queues.next_after(before, response.reference, request.user, way)
    page = reverse("surveys:review", args=[following]) if following else reverse("surveys:review_queue")
    return redirect(f"{page}{way.query}")


def _say_what_was_decided(request: HttpRequest, response: Response, decision: Decision) -> None:
    said = {
        Decision.CLEARED: _("%(community)s: checked; the unit may print and seal."),
        Decision.PROPOSED: _("%(community)s: first look passed; now another person looks at it."),
        Decision.ACCEPTED: _("%(community)s: accepted."),
        Decision.ANSWERS_RETURNED: _(
            "%(community)s: answers returned for changes, to be answered by %(day)s."
        ),
        Decision.COPY_RETURNED: _("%(community)s: a new sealed copy has been asked for by %(day)s."),
    }
    facts = {"community": response.community, "day": format_date(response.return_due_on)}
    messages.success(request, said[decision] % facts)
    count = reviews.open_change_count(response) if decision == Decision.ACCEPTED else 0
    if count:
        text = ngettext(
            "%(count)d difference to the register", "%(count)d differences to the register", count
        )
        url = reverse("surveys:register_changes", args=[response.reference])
        messages.info(request, format_html('<a href="{}">{}</a>', url, text % {"count": count}))


@may_read_responses
@require_POST
def review_take(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that one has it; opening the page alone says nothing."""
    response = staff_response(request, reference)
    must_hold(request, Permission.RESPONSE_REVIEW, response)
    succeeds(request, lambda: services.take_up(response=response, by=request.user))
    return redirect(f"{reverse('surveys:review', args=[reference])}{way_of(request).query}")
