"""The official notice, the questionnaire it attaches, and the round in which units are asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.clock import end_of_day, now
from core.fields import Bilingual, only_choices
from surveys.enums import Asked, Publicity, Respondent, RoundStage


class OfficialNotice(models.Model):
    """A 通知 as issued on paper. Fields follow 中安健协发〔2024〕12号; the number keeps its 〔〕."""

    number = models.CharField(_("document number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    issuer = models.CharField(_("issuer"), max_length=100)
    issued_on = models.DateField(_("date"))
    body = models.TextField(_("text"))
    addressees = models.CharField(_("addressed to"), max_length=300)
    circulated_to = models.CharField(_("circulated to"), max_length=300, blank=True)
    department = models.CharField(_("department in charge"), max_length=100, blank=True)
    handler = models.CharField(_("handled by"), max_length=60, blank=True)
    handler_phone = models.CharField(_("handler's phone"), max_length=40, blank=True)
    print_count = models.PositiveSmallIntegerField(_("copies printed"), null=True, blank=True)
    publicity = models.CharField(_("publicity"), max_length=12, choices=Publicity, default=Publicity.PUBLIC)
    contacts = models.JSONField(_("contact persons"), default=list, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_address = models.CharField(_("postal address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("official notice")
        verbose_name_plural = _("official notices")
        ordering = ("-issued_on", "-pk")
        constraints = (only_choices("publicity", Publicity, "official_notice_publicity_known"),)

    class Privacy:
        personal = frozenset({"handler", "handler_phone", "contacts"})
        plain = frozenset(
            {
                "id",
                "number",
                "title",
                "issuer",
                "issued_on",
                "body",
                "addressees",
                "circulated_to",
                "department",
                "print_count",
                "publicity",
                "contact_email",
                "contact_address",
                "postcode",
            }
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class QuestionnaireEdition(models.Model):
    """A questionnaire as data. Once published it never changes; a new edition is a copy.

    ``definition``: sections of questions; its form is checked by ``surveys.questionnaires``.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    definition = models.JSONField(_("definition"))
    needs_sealed_copy = models.BooleanField(_("needs a sealed copy"), default=True)
    asks = models.CharField(
        _("written for"),
        max_length=10,
        choices=Respondent,
        default=Respondent.UNITS,
        # What the code of the last release writes during an upgrade is written for units.
        db_default=Respondent.UNITS,
        editable=False,
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    title = Bilingual("title")

    class Meta:
        verbose_name = _("questionnaire edition")
        verbose_name_plural = _("questionnaire editions")
        ordering = ("-pk",)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "code",
                "title_zh",
                "title_en",
                "definition",
                "needs_sealed_copy",
                "asks",
                "source",
                "published_at",
            }
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Round(models.Model):
    """One survey round. A day named as deadline or closing means its end in Beijing time."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    notice = models.ForeignKey(
        OfficialNotice, models.PROTECT, related_name="rounds", verbose_name=_("official notice")
    )
    edition = models.ForeignKey(
        QuestionnaireEdition, models.PROTECT, related_name="rounds", verbose_name=_("questionnaire edition")
    )
    programme = models.ForeignKey(
        "communities.Programme",
        models.PROTECT,
        related_name="rounds",
        verbose_name=_("programme whose units are asked"),
    )
    opens_on = models.DateField(_("opens on"))
    deadline_on = models.DateField(_("deadline"))
    closes_on = models.DateField(_("closes on"))
    stage = models.CharField(
        _("state"), max_length=12, choices=RoundStage, default=RoundStage.PREPARING, editable=False
    )
    asks = models.CharField(_("asks"), max_length=10, choices=Asked, default=Asked.NAMED)
    # Which of the named communities; keys of ``selectors.rounds.AudienceFilter``, empty: all of them.
    audience = models.JSONField(_("only these units"), default=dict, blank=True)
    has_precheck = models.BooleanField(
        _("answers are checked before sealing"),
        default=False,
        help_text=_("Staff read the answers first and return them before anybody signs and seals."),
    )
    needs_second_look = models.BooleanField(
        _("second pair of eyes"),
        default=False,
        help_text=_("What one reviewer wants to accept, another one confirms."),
    )
    allows_page_reseal = models.BooleanField(
        _("only changed pages are sealed again"),
        default=False,
        help_text=_(
            "After a return pages with the same content keep their seal and date."
            " Off until the association agrees to mixed dates."
        ),
    )
    return_days = models.PositiveSmallIntegerField(
        _("days to answer a return"),
        default=14,
        help_text=_(
            "Proposed when something is returned; the reviewer may choose another day. No official source."
        ),
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("copied from")
    )
    created_at = models.DateTimeField(_("created"), default=now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    title = Bilingual("title")

    class Meta:
        verbose_name = _("survey round")
        verbose_name_plural = _("survey rounds")
        ordering = ("-opens_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(deadline_on__gte=F("opens_on")) & Q(closes_on__gte=F("deadline_on")),
                name="round_dates_in_order",
            ),
            only_choices("stage", RoundStage, "round_stage_known"),
            only_choices("asks", Asked, "round_asks_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "code",
                "title_zh",
                "title_en",
                "notice",
                "edition",
                "programme",
                "opens_on",
                "deadline_on",
                "closes_on",
                "stage",
                "asks",
                "audience",
                "has_precheck",
                "needs_second_look",
                "allows_page_reseal",
                "return_days",
                "copied_from",
                "created_at",
                "created_by",
            }
        )

    def __str__(self) -> str:
        return str(self.title)

    @property
    def closes_at(self) -> datetime:
        return end_of_day(self.closes_on)

    @property
    def codes_end_on(self) -> date:
        """The last day of an invitation code of this round; see the setting for why it outlives the round."""
        return self.closes_on + timedelta(days=settings.INVITATION_CODE_DAYS)

    @property
    def is_taking_answers(self) -> bool:
        return self.stage == RoundStage.OPEN and now() < self.closes_at


class Invitation(models.Model):
    """One unit asked in one round.

    The code is never stored: it is derived from the secret key, this row and its generation, so that a
    letter can be printed again; only its digest is kept, to find the row by a typed code.
    """

    round = models.ForeignKey(
        Round, models.CASCADE, related_name="invitations", verbose_name=_("survey round")
    )
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="invitations", verbose_name=_("community")
    )
    generation = models.PositiveSmallIntegerField(_("issue of the code"), default=1)
    code_digest = models.CharField(
        _("digest of the code"), max_length=64, unique=True, null=True, editable=False
    )
    valid_until = models.DateField(_("code valid until"))
    due_on = models.DateField(
        _("own deadline"), null=True, blank=True, help_text=_("empty: the round's deadline")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    used_at = models.DateTimeField(_("first used"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("round", "pk")
        constraints = (models.UniqueConstraint(fields=("round", "community"), name="invited_once_per_round"),)
        indexes = (
            models.Index(
                fields=("round", "due_on"),
                condition=models.Q(due_on__isnull=False),
                name="invitation_own_deadline",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "round",
                "community",
                "generation",
                "code_digest",
                "valid_until",
                "due_on",
                "revoked_at",
                "opened_at",
                "used_at",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return f"{self.community} – {self.round}"

    @property
    def deadline_on(self) -> date:
        return self.due_on or self.round.deadline_on

    @property
    def deadline_at(self) -> datetime:
        return end_of_day(self.deadline_on)
