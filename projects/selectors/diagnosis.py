"""What was found to endanger people, and which projects answer it."""

from __future__ import annotations

from django.core.paginator import Page
from django.db.models import Count, Prefetch, Q, QuerySet

from communities.models import Community
from core.paging import BothEndsPaginator
from projects.enums import FindingKind
from projects.models import Diagnosis, Evidence, Finding, Project

PER_PAGE = 20
FILES = Prefetch("evidence", Evidence.objects.select_related("file").order_by("-happened_on", "-pk"))
ANSWERS = Prefetch("projects", Project.objects.order_by("pk"))


def diagnoses_of(community: Community) -> QuerySet[Diagnosis]:
    held = Count("findings", filter=Q(findings__settled_on__isnull=True))
    rows = Diagnosis.objects.filter(community=community)
    return rows.annotate(findings_held=held, findings_all=Count("findings")).order_by("-began_on", "-pk")


def diagnoses_page(community: Community, number: str | None) -> Page[Diagnosis]:
    return BothEndsPaginator(
        diagnoses_of(community), PER_PAGE, total=Diagnosis.objects.filter(community=community).count()
    ).get_page(number)


def findings_by_kind(diagnosis: Diagnosis) -> list[tuple[str, list[Finding]]]:
    """All five kinds, those without a finding too: that nothing was found is an answer."""
    rows = list(diagnosis.findings.prefetch_related(ANSWERS).order_by("pk"))
    return [
        (str(label), [finding for finding in rows if finding.kind == kind])
        for kind, label in FindingKind.choices
    ]


def with_files(rows: QuerySet[Diagnosis]) -> QuerySet[Diagnosis]:
    return rows.prefetch_related(FILES)


def findings_of(community: Community) -> QuerySet[Finding]:
    rows = Finding.objects.filter(community=community).select_related("diagnosis")
    return rows.prefetch_related(ANSWERS, FILES)
