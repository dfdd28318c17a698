"""Which blank forms are offered to everybody, and which can be had by an older link."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from surveys.enums import BlankFormat, Respondent, RoundStage
from surveys.models import BlankForm, QuestionnaireEdition, Round

# Raise when the files come out otherwise than before: they are then made again.
RECIPE = 1


def offered() -> list[Round]:
    """The open rounds, or the latest closed one, newest first, with the files of their forms. Three queries at most."""
    begun = (
        Round.objects.exclude(stage=RoundStage.PREPARING)
        # What needs no signature and no seal is filled in online; a paper of it would go nowhere.
        .filter(edition__published_at__isnull=False, edition__needs_sealed_copy=True)
        .select_related("notice", "edition")
        .prefetch_related(Prefetch("edition__blank_forms", BlankForm.objects.select_related("stored")))
        .order_by("-opens_on", "-pk")
    )
    return list(begun.filter(stage=RoundStage.OPEN)) or list(begun[:1])


def downloadable(code: str, format: str) -> BlankForm | None:  # noqa: A002 - the word of the field
    """The file of a published edition that a round has used; an older round's stays where links lead to it."""
    used = Round.objects.filter(edition=OuterRef("edition")).exclude(stage=RoundStage.PREPARING)
    return (
        BlankForm.objects.filter(Exists(used), edition__code=code, format=format)
        .select_related("stored", "edition")
        .first()
    )


def without_files() -> QuerySet[QuestionnaireEdition]:
    """Published editions that lack a file made by the present recipe."""
    present = BlankForm.objects.filter(edition=OuterRef("pk"), recipe=RECIPE)
    return (
        QuestionnaireEdition.objects.filter(published_at__isnull=False, asks=Respondent.UNITS)
        .annotate(
            has_pdf=Exists(present.filter(format=BlankFormat.PDF)),
            has_docx=Exists(present.filter(format=BlankFormat.DOCX)),
        )
        .exclude(has_pdf=True, has_docx=True)
        .order_by("pk")
    )
