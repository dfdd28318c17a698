"""Single records leave the platform: only for members, with a second factor and a reason, noted in the trail."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.errors import Reason, Refused
from documents import services as documents
from documents.models import Run
from injuries import authz
from injuries.models import DataSet, Record

EXPORT = "injuries.export"


def register_works() -> None:
    documents.register_handler(
        EXPORT,
        "injuries.services.export_files.make_export",
        label=_("Export of injury records"),
        allowed=may_export,
        back=lambda run: reverse("injuries:data_set", args=[run.parameters["data_set"]]),
        is_told=True,
    )


def may_export(user: Any, run: Run) -> bool:
    """Asked before the work starts, and at the door of the file, where the session must have shown its code."""
    data_set = DataSet.objects.select_related("community").filter(pk=run.parameters["data_set"]).first()
    is_verified = getattr(user, "is_verified", None)  # of a session; a worker has none
    if is_verified is not None and not is_verified():
        return False
    return data_set is not None and authz.is_of(user, data_set.community)


@transaction.atomic
def request_export(data_set: DataSet, *, reason: str, by: Any, is_verified: bool) -> Run:
    """``is_verified``: a second factor was shown in this session. Raises Refused or PermissionDenied."""
    authz.must_be_of(by, data_set.community)
    reasons = []
    if not is_verified:
        reasons.append(Reason(_("Sign in with your second factor first."), code="second_factor"))
    if not reason.strip():
        reasons.append(Reason(_("Say what it is needed for."), code="reason", field="reason"))
    if reasons:
        raise Refused(reasons)
    number = Record.objects.filter(data_set=data_set).count()
    run = documents.request_run(
        handler=EXPORT, parameters={"data_set": data_set.pk}, by=by, total=number, is_first=True
    )
    audit.record(
        "injury_rows.export", by=by, target=data_set, changes={"rows": number}, reason=reason.strip()
    )
    return run
