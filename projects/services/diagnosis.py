"""Recording a diagnosis and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.errors import Reason, Refused
from projects.models import Diagnosis, Finding
from projects.services import records

USED = Reason(_("A project answers this finding. Give the project another one first."), code="finding_used")
HAS_FINDINGS = Reason(_("This diagnosis has findings. Remove them first."), code="has_findings")


@transaction.atomic
def record_diagnosis(*, community: Community, fields: Mapping[str, Any], by: Any) -> Diagnosis:
    """The same words sent twice are one diagnosis."""
    records.may_record(by, community)
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    same = Diagnosis.objects.filter(
        community=community, title=fields["title"], began_on=fields["began_on"], summary=fields["summary"]
    )
    known = same.first()
    if known is not None:
        return known
    return records.add(
        Diagnosis(community=community, **fields), owner=community, action="diagnosis.add", by=by
    )


def change_diagnosis(
    *, diagnosis: Diagnosis, fields: Mapping[str, Any], seen: str | None, by: Any
) -> Diagnosis:
    return records.change(
        diagnosis,
        owner=diagnosis.community,
        fields=fields,
        seen=seen,
        action="diagnosis.change",
        by=by,
    )


@transaction.atomic
def remove_diagnosis(*, diagnosis: Diagnosis, by: Any) -> None:
    """Only an empty one: what was found does not vanish by the way."""
    Diagnosis.objects.select_for_update(of=("self",)).get(pk=diagnosis.pk)
    if diagnosis.findings.exists():
        raise Refused(HAS_FINDINGS)
    records.remove(diagnosis, owner=diagnosis.community, action="diagnosis.remove", by=by)


@transaction.atomic
def record_finding(*, diagnosis: Diagnosis, fields: Mapping[str, Any], by: Any) -> Finding:
    """The same words sent twice are one finding."""
    community = diagnosis.community
    records.may_record(by, community)
    Diagnosis.objects.select_for_update(of=("self",)).get(pk=diagnosis.pk)
    known = Finding.objects.filter(diagnosis=diagnosis, **fields).first()
    if known is not None:
        return known
    finding = Finding(community=community, diagnosis=diagnosis, **fields)
    return records.add(finding, owner=community, action="finding.add", by=by)


def change_finding(*, finding: Finding, fields: Mapping[str, Any], seen: str | None, by: Any) -> Finding:
    return records.change(
        finding, owner=finding.community, fields=fields, seen=seen, action="finding.change", by=by
    )


@transaction.atomic
def remove_finding(*, finding: Finding, by: Any) -> None:
    """One that no longer holds is settled, not removed; removed is what was recorded by mistake."""
    Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if finding.projects.exists():
        raise Refused(USED)
    records.remove(finding, owner=finding.community, action="finding.remove", by=by)
