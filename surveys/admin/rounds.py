"""Rounds in the staff site: a form that a service stores, and links to what is done with a whole round."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveys.admin.editions import ManagedByOffice
from surveys.enums import RoundStage
from surveys.forms.rounds import RoundForm
from surveys.models import Round
from surveys.selectors import reminders
from surveys.selectors.audiences import audience_words
from surveys.selectors.rounds import AudienceFilter
from surveys.services import rounds


@admin.register(Round)
class RoundAdmin(ManagedByOffice):
    form = RoundForm
    change_form_template = "admin/surveys/round/change_form.html"
    list_display = ("title_zh", "stage", "asks", "opens_on", "deadline_on", "closes_on", "notice")
    list_select_related = ("notice",)
    list_filter = ("stage", "asks")
    search_fields = ("title_zh", "code")
    ordering = ("-opens_on", "-pk")
    fieldsets = (
        (None, {"fields": ("code", "title_zh", "title_en", "notice", "edition", "programme", "stage")}),
        (_("Days"), {"fields": ("opens_on", "deadline_on", "closes_on")}),
        (_("Who is asked"), {"fields": ("asks", "audience_words")}),
        (
            _("Options"),
            {"fields": ("has_precheck", "needs_second_look", "allows_page_reseal", "return_days")},
        ),
        (_("Origin"), {"fields": ("copied_from", "created_at", "created_by")}),
    )
    readonly_fields = ("stage", "audience_words", "copied_from", "created_at", "created_by")
    actions = ("open", "close", "reopen")

    @admin.display(description=_("only these units"))
    def audience_words(self, survey_round: Round) -> str:
        words = audience_words(AudienceFilter.read(survey_round.audience or {}))
        return "、".join(words) or gettext("all named communities of the programme")

    def more_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        return {"object_links": self._links(request, object_id)}

    def _links(self, request: HttpRequest, object_id: str) -> list[dict[str, Any]]:
        """What can be done with the round as it stands."""
        survey_round = self.get_object(request, object_id)
        if survey_round is None or not self.has_manage_permission(request):
            return []
        prepares, is_open = (survey_round.stage == stage for stage in (RoundStage.PREPARING, RoundStage.OPEN))
        wanted = [
            (_("Choose the units"), "surveys:round_audience", prepares),
            (_("Rehearsal"), "surveys:round_rehearsal", prepares),
            (_("Open the round"), "surveys:round_open", prepares),
            (_("Ask further units"), "surveys:round_ask", is_open),
            (_("Give more time"), "surveys:round_extension", is_open),
            (_("Letters"), "surveys:letters", is_open),
            (_("Copy"), "surveys:round_copy", True),
        ]
        links = [
            {"label": label, "url": reverse(name, args=[survey_round.code])}
            for label, name, is_possible in wanted
            if is_possible
        ]
        plan = reverse("notices:plan", args=[reminders.NAME, survey_round.pk])
        return [*links, {"label": _("Reminders"), "url": plan}]

    def store(self, request: HttpRequest, obj: Round, form: Any, *, change: bool) -> Model:
        if not change:
            obj.created_by = request.user
        return rounds.save_round(survey_round=obj, by=request.user)

    @admin.action(description=_("Open: first see who is asked"), permissions=["manage"])
    def open(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """On a page that shows the units and what the rehearsal found; one round at a time."""
        codes = list(queryset.values_list("code", flat=True)[:2])
        if len(codes) != 1:
            messages.error(request, gettext("Rounds are opened one by one. Choose one."))
            return None
        return redirect("surveys:round_open", code=codes[0])

    @admin.action(description=_("Close"), permissions=["manage"])
    def close(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d rounds are closed.")
        self.apply_to_each(
            request, queryset, lambda row: rounds.close_round(survey_round=row, by=request.user), done
        )

    @admin.action(description=_("Open again, until the closing day on the form"), permissions=["manage"])
    def reopen(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d rounds are open.")
        self.apply_to_each(
            request,
            queryset,
            lambda row: rounds.reopen_round(survey_round=row, closes_on=row.closes_on, by=request.user),
            done,
        )
