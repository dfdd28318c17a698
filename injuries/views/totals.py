"""The totals of one month."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.errors import Refused
from core.pages import add_refusals, form_page
from injuries.access import own_data_set_or_404
from injuries.enums import Form
from injuries.forms.datasets import TotalsForm
from injuries.months import Month
from injuries.selectors.codes import all_codes
from injuries.services import totals as services
from injuries.views.pages import page_context


@login_required
@never_cache
@form_page
def month(request: HttpRequest, data_set_id: int, month: int) -> HttpResponse:
    data_set = own_data_set_or_404(request, data_set_id)
    if data_set.form != Form.TOTALS or not data_set.first_month <= month <= data_set.last_month:
        raise Http404
    totals = list(data_set.totals.filter(month=month))
    version = services.version_of(totals)
    form = TotalsForm(request.POST or None, codes=all_codes(), totals=totals, version=version)
    if request.method == "POST" and form.is_valid():
        try:
            services.write(data_set, month, form.cells, by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refused:
            add_refusals(form, refused)
            if "stale" in refused.codes:
                there = list(data_set.totals.filter(month=month))
                form.look_again(there, services.version_of(there))
        else:
            messages.success(request, _("Saved."))
            return redirect("injuries:data_set", data_set_id=data_set.pk)
    context = page_context(
        request, data_set.community, tab="data_sets", data_set=data_set, form=form, month=Month.text(month)
    )
    return render(request, "injuries/totals/month.html", context, status=422 if form.errors else 200)
