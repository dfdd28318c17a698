"""The words of the mails: those of a kind, from the next mail on, and those of one held mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.admin_site import staff_context, staff_view
from core.errors import Refused
from core.pages import form_page
from notices import emails, kinds, services
from notices.enums import Kind, NoticeState
from notices.forms import WordsForm
from notices.models import Notice
from notices.selectors import kept_words, sample_of, waiting_of

LANGUAGES = dict(settings.LANGUAGES)


@staff_view("notice.view")
@never_cache
@require_GET
def texts(request: HttpRequest) -> HttpResponse:
    """Every kind of mail in both languages, and which has words of the office's own."""
    kept = kept_words()
    rows = [
        {
            "kind": kind,
            "languages": [
                {
                    "label": label,
                    "url": reverse("notices:text", args=[kind.value, language]),
                    "kept": kept.get((kind.value, language)),
                }
                for language, label in LANGUAGES.items()
            ],
        }
        for kind in Kind
    ]
    context = staff_context(request, title=_("Texts of mails"), rows=rows)
    return render(request, "admin/notices/texts.html", context)


@staff_view("notice.manage")
@never_cache
@form_page
def text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    if kind not in Kind or language not in LANGUAGES:
        raise Http404
    if "set_back" in request.POST:
        services.forget_words(kind=kind, language=language, by=request.user)
        messages.success(request, _("The words that ship with the platform hold again."))
        return redirect("notices:text", kind=kind, language=language)
    words = emails.words_of_kind(kind, language)
    form = _words_form(request, kind, words)
    if request.method == "POST" and form.is_valid() and (done := _act(request, kind, language, form)):
        return done
    shown = emails.Words(**form.cleaned_data) if form.is_bound and form.is_valid() else words
    sample = sample_of(kind, language)
    context = staff_context(
        request,
        title=Kind(kind).label,
        form=form,
        language=LANGUAGES[language],
        is_own=(kind, language) in kept_words(),
        preview=emails.preview_with(sample, shown),
        has_sample=sample.pk is not None,
        waiting=waiting_of(kind, language),
    )
    return render(request, "admin/notices/text.html", context, status=422 if form.errors else 200)


def _words_form(request: HttpRequest, kind: str, words: emails.Words) -> WordsForm:
    sent = request.POST if request.method == "POST" else None
    shown = {"subject": words.subject, "text": words.text}
    return WordsForm(sent, initial=shown, kind=kind, needs_link=kinds.has_one_time_link(kind))


def _act(request: HttpRequest, kind: str, language: str, form: WordsForm) -> HttpResponse | None:
    """None: only a preview was wanted."""
    said = form.cleaned_data
    if "save" in request.POST:
        services.keep_words(kind=kind, language=language, by=request.user, **said)
        messages.success(request, _("The text has been saved. It holds from the next mail on."))
        return redirect("notices:text", kind=kind, language=language)
    if "test" in request.POST:
        context = sample_of(kind, language).context
        services.send_test(kind=kind, context=context, to=request.user, language=language, **said)
        messages.success(request, _("The test mail is on its way to %(you)s.") % {"you": request.user.email})
    return None


@staff_view("notice.manage")
@never_cache
@form_page
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words for one held mail."""
    notice = get_object_or_404(Notice.objects.select_related("recipient"), pk=pk, kind__in=Kind.values)
    back = reverse("admin:notices_notice_change", args=[pk])
    if notice.state != NoticeState.HELD:
        messages.error(request, _("Only a held mail can be edited. Hold it back first."))
        return redirect(back)
    form = _words_form(request, notice.kind, emails.words_of_notice(notice))
    if request.method == "POST" and form.is_valid():
        try:
            services.edit(notice=notice, by=request.user, **form.cleaned_data)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The mail has been changed and is still held."))
        return redirect(back)
    context: dict[str, Any] = staff_context(request, title=_("Edit a held mail"), form=form, back=back)
    context |= {"notice": notice, "attachments": kinds.described(notice)}
    return render(request, "admin/notices/words.html", context, status=422 if form.errors else 200)
