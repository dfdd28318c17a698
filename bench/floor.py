"""The floor: what bare Django needs for the same rows under the same middleware. No rule, no trail, no design."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from audit.models import AuditEntry
from communities.models import Community, RegisterEntry
from notices.models import Notice
from projects.models import Activity, Project
from surveys.models import Answer, Response, Submission

QUESTIONS = 18  # as many as the official form and its supplement ask
PAGE = 50


class PlainForm(forms.Form):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for number in range(QUESTIONS):
            self.fields[f"field{number}"] = forms.CharField(
                max_length=2000, required=False, label=f"问题{number}"
            )


def rows(request: HttpRequest) -> HttpResponse:
    entries = RegisterEntry.objects.select_related("community").order_by("-number")[:PAGE]
    return render(request, "bench/rows.html", {"entries": entries})


def row(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(RegisterEntry.objects.select_related("community"), number=pk)
    return render(request, "bench/row.html", {"entry": entry})


@login_required
def outbox(request: HttpRequest) -> HttpResponse:
    columns = ("created_at", "kind", "channel", "address", "recipient__name", "state", "attempts", "sent_at")
    return _plain(request, Notice.objects.order_by("-created_at", "-pk").values_list(*columns))


@login_required
def trail(request: HttpRequest) -> HttpResponse:
    columns = ("at", "actor_label", "action", "target_type", "target_label", "changes", "reason")
    return _plain(request, AuditEntry.objects.order_by("-at", "-pk").values_list(*columns))


@login_required
def activities(request: HttpRequest, pk: int) -> HttpResponse:
    columns = ("on", "kind", "title", "place", "people", "project__title")
    return _plain(request, Activity.objects.filter(community=pk).order_by("-on", "-pk").values_list(*columns))


def projects(request: HttpRequest, pk: int) -> HttpResponse:
    columns = ("title", "area", "stage", "starts_on", "ends_on", "lead__name")
    return _plain(request, Project.objects.filter(community=pk).order_by("-pk").values_list(*columns))


@login_required
def project(request: HttpRequest, pk: int) -> HttpResponse:
    columns = ("title", "area", "stage", "background", "starts_on", "ends_on")
    return _plain(request, Project.objects.filter(pk=pk).order_by("pk").values_list(*columns))


@login_required
def communities(request: HttpRequest) -> HttpResponse:
    columns = ("name_zh", "province_name", "city_name", "supervisor__name_zh")
    return _plain(request, Community.objects.order_by("pk").values_list(*columns))


def _plain(request: HttpRequest, found: QuerySet) -> HttpResponse:
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "bench/plain.html", {"page": page})


@login_required
def form_page(request: HttpRequest, pk: int) -> HttpResponse:
    response = get_object_or_404(Response, pk=pk)
    answers = Answer.objects.filter(response=response)
    initial = {f"field{number}": answer.value for number, answer in enumerate(answers)}
    return render(request, "bench/form.html", {"form": PlainForm(initial=initial), "response": response})


@login_required
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        Answer.objects.filter(response_id=pk, question="leader_name").update(value=request.POST["value"])
    return HttpResponse(status=204)


@login_required
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    form = PlainForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    with transaction.atomic():
        Submission.objects.create(
            response_id=pk, version=99, answers=form.cleaned_data, content_hash="0" * 64
        )
    return HttpResponse(status=302, headers={"Location": "/"})
