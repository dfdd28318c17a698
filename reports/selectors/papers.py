"""The sealed copies of a round, one for each unit: the last one that was sent."""

from __future__ import annotations

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from reports.selectors.units import UnitFilter, units
from surveys.models import Round, SealedCopy


def sent_copies(survey_round: Round, wanted: UnitFilter) -> QuerySet[SealedCopy]:
    """With ``unit_number``, the unit's number for life; in the order of the register."""
    newer = SealedCopy.objects.filter(
        response=OuterRef("response"), sent_at__isnull=False, pk__gt=OuterRef("pk")
    )
    programme = Q(response__community__entries__programme=survey_round.programme_id)
    responses = units(survey_round, wanted).order_by().values("pk")
    return (
        SealedCopy.objects.filter(sent_at__isnull=False, response__in=responses)
        .filter(~Exists(newer))
        .annotate(
            entry=FilteredRelation("response__community__entries", condition=programme),
            unit_number=F("entry__number"),
        )
        .select_related("submission__response__community", "stamped")
        .prefetch_related("files__stored")
        .order_by(F("entry__sequence").asc(nulls_last=True), "pk")
    )
