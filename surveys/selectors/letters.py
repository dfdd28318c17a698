"""Whose letters can be printed now, and why others cannot."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import RegisterEntry
from core.clock import today
from core.file_names import file_name
from surveys.models import Invitation, Round
from surveys.selectors.file_names import NAME, PLACE

LETTER = "邀请函"


def has_working_code() -> Q:
    """As a condition on invitations: somebody could still open an account with the code."""
    return Q(revoked_at__isnull=True, used_at__isnull=True, valid_until__gte=today())


def why_no_letter(invitation: Invitation) -> str | Promise:
    """The reason in words, or nothing where a letter can be printed."""
    if invitation.revoked_at is not None:
        return _("the invitation has been revoked")
    if invitation.used_at is not None:
        return _("the code has been used already")
    if invitation.valid_until < today():
        return _("the code is no longer valid; issue a new one")
    return ""


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """``unopened`` are those of the printable ones whose letter nobody has answered yet."""

    asked: int
    printable: int
    unopened: int
    used: int
    revoked: int
    expired: int


def letter_counts(survey_round: Round) -> LetterCounts:
    """One query."""
    works = has_working_code()
    unrevoked = Q(revoked_at__isnull=True)
    return LetterCounts(
        **survey_round.invitations.aggregate(
            asked=Count("pk"),
            printable=Count("pk", filter=works),
            unopened=Count("pk", filter=works & Q(opened_at__isnull=True)),
            used=Count("pk", filter=unrevoked & Q(used_at__isnull=False)),
            revoked=Count("pk", filter=~unrevoked),
            expired=Count("pk", filter=unrevoked & Q(used_at__isnull=True, valid_until__lt=today())),
        )
    )


def wanted(survey_round: Round, *, unopened_only: bool) -> QuerySet[Invitation]:
    """Those a letter can be printed for, in no order yet."""
    rows = survey_round.invitations.filter(has_working_code())
    return rows.filter(opened_at__isnull=True) if unopened_only else rows


def for_print(keys: list[int]) -> list[Invitation]:
    """Invitations with all that a letter shows, in the order of the list: two queries for any number."""
    entries = RegisterEntry.objects.order_by("pk")
    rows = (
        Invitation.objects.filter(pk__in=keys)
        .select_related("round__notice", "round__edition", "community")
        .prefetch_related(Prefetch("community__entries", queryset=entries, to_attr="letter_entries"))
    )
    return sorted(rows, key=_place_in_list)


def _place_in_list(invitation: Invitation) -> tuple[int, int, int]:
    entry = entry_of(invitation)
    sequence = entry.sequence if entry and entry.sequence else 1_000_000
    return -invitation.round_id, sequence, invitation.pk


def entry_of(invitation: Invitation) -> RegisterEntry | None:
    """The unit's entry in the programme of the round. ``invitation`` comes from ``for_print``."""
    entries: list[RegisterEntry] = getattr(invitation.community, "letter_entries", [])
    programme = invitation.round.programme_id
    return next((entry for entry in entries if entry.programme_id == programme), None)


def letter_name(invitation: Invitation) -> str:
    """What its file is called. ``invitation`` comes from ``for_print``."""
    community, entry = invitation.community, entry_of(invitation)
    number = entry.number if entry else None
    place = [community.province_name[:PLACE], community.city_name[:PLACE]]
    return file_name([*place, number, community.name_zh[:NAME], LETTER], ".pdf")
