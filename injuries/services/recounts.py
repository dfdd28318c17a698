"""Counting all cases anew. What is found wrong is made right and told to the log."""

from __future__ import annotations

import logging
from collections import Counter

from django.db import transaction

from communities.models import Community
from injuries.enums import ScopeKind
from injuries.models import DataSet, Scope, Tally
from injuries.rollups import (
    BATCH,
    Cell,
    Counts,
    kept,
    nation_scope,
    of_data_set,
    province_scope,
    wait_for_writers,
)

logger = logging.getLogger(__name__)


@transaction.atomic
def recount_all() -> int:
    """How many cells were wrong. Nobody writes meanwhile: what is kept and what is counted are of one moment."""
    wait_for_writers()
    wanted = counted_anew()
    wrong = 0
    for scope in Scope.objects.order_by("pk"):
        wrong += _mend(scope, wanted.get(scope.pk, Counter()))
    if wrong:
        logger.warning("%s counts of injuries were wrong", wrong)
    return wrong


def counted_anew() -> dict[int, Counts]:
    """Every cell of every scope, from the data sets themselves; scopes that are missing are made."""
    sums: dict[int, Counts] = {nation_scope().pk: Counter()}
    communities = Community.objects.filter(injury_data__is_counted=True).distinct().order_by("pk")
    for community in communities.iterator(chunk_size=BATCH):
        counts: Counts = Counter()
        for data_set in DataSet.objects.filter(community=community, is_counted=True).select_related("family"):
            counts.update(of_data_set(data_set))
        for scope in _scopes_of(community):
            sums.setdefault(scope, Counter()).update(counts)
    return sums


def _scopes_of(community: Community) -> list[int]:
    """As the community lies now, wherever it was counted before."""
    province = province_scope(community.province_name)
    own, _ = Scope.objects.update_or_create(
        community=community,
        defaults={"counted_in": province},
        create_defaults={"kind": ScopeKind.COMMUNITY, "counted_in": province},
    )
    return [own.pk, *([province.pk] if province else []), nation_scope().pk]


def _mend(scope: Scope, wanted: Counts) -> int:
    found = kept(scope)
    rows = [
        Tally(scope=scope, cases=wanted[cell] - found[cell], **Cell(*cell)._asdict())
        for cell in sorted({*wanted, *found})
        if wanted[cell] != found[cell]
    ]
    Tally.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)
