"""The one door to a data set that is to be changed: locked, and open or excepted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused
from injuries import authz
from injuries.enums import Stage
from injuries.models import DataSet

CLOSED = Reason(
    _("These data are closed. Take them back, or ask whoever approved them to open them again."),
    code="closed",
)


def locked_for_change(data_set: DataSet, by: Any, *, excepted: bool = False) -> DataSet:
    """The row under lock, so that closing and counting wait. Raises PermissionDenied or Refused.

    ``excepted``: what is written is a case or a month, which an exception from the lock allows.
    """
    row = (
        DataSet.objects.select_for_update(of=("self",))
        .select_related("community__supervisor", "family", "kept_by")
        .get(pk=data_set.pk)
    )
    authz.must_record(by, row)
    if row.stage != Stage.OPEN and not (excepted and authz.may_mend_locked(by, row)):
        raise Refused(CLOSED)
    return row
