"""The review queue and the desk: answers left, the sealed copy right, one decision. Looking changes nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.enums import Permission
from communities.authz import can
from core.admin_site import staff_context, staff_view
from core.errors import Refused
from documents.access import file_response
from surveys import scans
from surveys.enums import Decision
from surveys.forms.copies import StaffPageForm
from surveys.forms.reviews import TICKS, DecisionForm
from surveys.models import CopyPage, RegisterChange, Response, UploadedFile
from surveys.selectors import copies, reviews
from surveys.selectors.reviews import QueueFilter
from surveys.services import copies as copy_services
from surveys.services import register_changes as change_services
from surveys.services import reviews as services
from surveys.services.reviews import Ticks, Verdict
from surveys.views.refusals import succeeds

ROWS = 50
WIDTHS = (1000, 1500, 2000)  # pixels asked for at each step of the zoom
TURNS = (0, 90, 180, 270)
may_read = staff_view(permission=Permission.RESPONSE_VIEW)


@may_read
@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("list", QueueFilter.AWAITING)
    if chosen not in QueueFilter.values:
        chosen = QueueFilter.AWAITING
    code = request.GET.get("round", "")
    counts = reviews.queue_counts(request.user, code)
    page = Paginator(reviews.queue(request.user, chosen, code), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "chosen": chosen,
        "round_code": code,
        "filters": [
            {"value": each.value, "label": each.label, "count": counts[each.value]} for each in QueueFilter
        ],
    }
    return render(request, "surveys/review/queue.html", staff_context(request, title=_("Review"), **context))


@may_read
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, reference: str) -> HttpResponse:
    response = _response(request, reference)
    questions = reviews.questionnaire_of(response).questions
    if request.method != "POST":
        copy = copies.copy_under_review(response)
        form = DecisionForm(questions=questions, initial={"copy": copy.pk if copy else None})
        return _desk(request, response, form)
    _must(request, Permission.RESPONSE_REVIEW, response)
    form = DecisionForm(request.POST, questions=questions)
    if form.is_valid() and (next_page := _decide(request, response, form)):
        return next_page
    return _desk(request, response, form, status=422)


def _desk(request: HttpRequest, response: Response, form: DecisionForm, status: int = 200) -> HttpResponse:
    desk = reviews.desk(response, request.user)
    zoom = _number(request, "zoom", range(len(WIDTHS)))
    turn = _number(request, "turn", TURNS)
    context = {
        "desk": desk,
        "response": response,
        "form": form,
        "ticks": [form[name] for name in TICKS],
        "answers": _answers(desk, form),
        "place": reviews.place_in_queue(request.user, response.reference),
        "may_decide": can(request.user, Permission.RESPONSE_REVIEW, response.community),
        "zoom": zoom,
        "turn": turn,
        "width": WIDTHS[zoom],
        "next_turn": (turn + 90) % 360,
        "open_changes": reviews.open_change_count(response),
    }
    title = str(response.community)
    return render(
        request, "surveys/review/desk.html", staff_context(request, title=title, **context), status=status
    )


def _answers(desk: reviews.Desk, form: DecisionForm) -> list[dict[str, Any]]:
    """Each answer with its two inputs, section by section."""
    return [
        {
            "title": section.title,
            "rows": [
                (row, form[f"mark-{row.question.id}"], form[f"remark-{row.question.id}"])
                for row in section.rows
            ],
        }
        for section in desk.sections
    ]


def _decide(request: HttpRequest, response: Response, form: DecisionForm) -> HttpResponse | None:
    """Store the decision and open the next one; None when it was refused, with the reasons in the form."""
    before = reviews.references_in_queue(request.user)
    decision = Decision(form.cleaned_data["decision"])
    try:
        services.decide(
            response=response,
            seen_copy=form.cleaned_data["copy"],
            verdict=Verdict(decision, Ticks(**form.ticks), form.remarks, form.cleaned_data["note"]),
            by=request.user,
        )
    except Refused as refused:
        response.refresh_from_db()
        for reason in refused.reasons:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        return None
    _say_what_was_decided(request, response, decision)
    following = reviews.next_after(before, response.reference, request.user)
    return redirect("surveys:review", following) if following else redirect("surveys:review_queue")


def _say_what_was_decided(request: HttpRequest, response: Response, decision: Decision) -> None:
    said = {
        Decision.ACCEPTED: _("%(community)s: accepted."),
        Decision.ANSWERS_RETURNED: _("%(community)s: answers returned for changes."),
        Decision.COPY_RETURNED: _("%(community)s: a new sealed copy has been asked for."),
    }
    messages.success(request, said[decision] % {"community": response.community})
    count = reviews.open_change_count(response) if decision == Decision.ACCEPTED else 0
    if count:
        text = ngettext(
            "%(count)d difference to the register", "%(count)d differences to the register", count
        )
        url = reverse("surveys:register_changes", args=[response.reference])
        messages.info(request, format_html('<a href="{}">{}</a>', url, text % {"count": count}))


@may_read
@require_POST
def review_take(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that one has it; opening the page alone says nothing."""
    response = _response(request, reference)
    _must(request, Permission.RESPONSE_REVIEW, response)
    succeeds(request, lambda: services.take_up(response=response, by=request.user))
    return redirect("surveys:review", reference)


@may_read
@require_safe
def review_page(request: HttpRequest, reference: str, page_id: int) -> HttpResponse:
    """One page of the sealed copy as a picture, as wide and turned as asked."""
    page = _copy_page(request, reference, page_id)
    zoom = _number(request, "zoom", range(len(WIDTHS)))
    turn = _number(request, "turn", TURNS)
    try:
        with page.file.stored.file.open("rb") as content:
            picture = scans.preview(content, page.index, WIDTHS[zoom], turn)
    except (Refused, FileNotFoundError) as error:
        raise Http404 from error
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f'inline; filename="{reference}-{page.pk}.jpg"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@may_read
@require_safe
def review_file(request: HttpRequest, reference: str, file_id: int) -> HttpResponseBase:
    """The file as the unit uploaded it."""
    response = _response(request, reference)
    _must(request, Permission.CONTACT_VIEW, response)
    files: Any = copies.files_visible_to(request.user).filter(sealed_copy__response=response)
    file: UploadedFile = get_object_or_404(files, pk=file_id)
    return file_response(file.stored)


@may_read
@require_POST
def review_settle(request: HttpRequest, reference: str, page_id: int) -> HttpResponse:
    """Staff say which printed page an unreadable picture shows."""
    page = _copy_page(request, reference, page_id)
    _must(request, Permission.RESPONSE_REVIEW, page.file.sealed_copy.response)
    form = StaffPageForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["number"]
        succeeds(
            request, lambda: copy_services.settle_page_by_staff(page=page, number=number, by=request.user)
        )
    else:
        messages.error(request, _("Type the number of the page."))
    return redirect("surveys:review", reference)


@may_read
@never_cache
@require_GET
def register_changes(request: HttpRequest, reference: str) -> HttpResponse:
    response = _response(request, reference)
    context = {
        "response": response,
        "rows": reviews.change_rows(response, request.user),
        "may_change": can(request.user, Permission.REGISTER_CHANGE, response.community),
    }
    title = _("%(community)s: differences to the register") % {"community": response.community}
    return render(
        request, "surveys/review/register_changes.html", staff_context(request, title=title, **context)
    )


@may_read
@require_POST
def register_change_decide(request: HttpRequest, reference: str, change_id: int) -> HttpResponse:
    """Take one difference into the register, or leave the register as it is."""
    response = _response(request, reference)
    _must(request, Permission.REGISTER_CHANGE, response)
    visible = reviews.changes_visible_to(request.user).filter(response=response)
    change: RegisterChange = get_object_or_404(visible, pk=change_id)
    if request.POST.get("decision") == "apply":
        seen = request.POST.get("seen", "")
        if succeeds(request, lambda: change_services.apply_change(change=change, by=request.user, seen=seen)):
            messages.success(request, _("Taken into the register."))
    elif succeeds(request, lambda: change_services.dismiss_change(change=change, by=request.user)):
        messages.success(request, _("The register stays as it is."))
    return redirect("surveys:register_changes", reference)


def _response(request: HttpRequest, reference: str) -> Response:
    found: Response = get_object_or_404(reviews.desk_responses(request.user), reference=reference)
    return found


def _copy_page(request: HttpRequest, reference: str, pk: int) -> CopyPage:
    """A page of this response's papers. They show contact persons, so that right is asked for too."""
    response = _response(request, reference)
    _must(request, Permission.CONTACT_VIEW, response)
    pages = copies.pages_visible_to(request.user).filter(file__sealed_copy__response=response)
    found: CopyPage = get_object_or_404(pages, pk=pk)
    return found


def _must(request: HttpRequest, permission: Permission, response: Response) -> None:
    if not can(request.user, permission, response.community):
        raise PermissionDenied


def _number(request: HttpRequest, name: str, allowed: Any) -> int:
    """A small number from the address; anything else means the first that is allowed."""
    numbers = {str(number): number for number in allowed}
    return numbers.get(request.GET.get(name, ""), next(iter(numbers.values())))
