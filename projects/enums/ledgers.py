"""Words of the registers of shortcomings, venues and funds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShortcomingSource(models.TextChoices):
    """By what it was found. Source: 安监总政法〔2009〕11号, points 19 and 24; 安政发〔2013〕8号 (gaps)."""

    INSPECTION = "inspection", _("inspection")
    DRILL = "drill", _("drill")
    SELF_CHECK = "self_check", _("self-check")
    OUTSIDE = "outside", _("inspection from outside")
    RESIDENTS = "residents", _("report from residents")
    INDICATOR = "indicator", _("gap against an indicator")


class ShortcomingKind(models.TextChoices):
    """Where the hazard lies. Source: 渝办发〔2010〕93号: businesses of all kinds and public facilities."""

    BUSINESS = "business", _("business (hazard)")
    PUBLIC_FACILITY = "public_facility", _("public facility")
    HOUSEHOLD = "household", _("household")
    OTHER = "other", _("other")


class ShortcomingStage(models.TextChoices):
    """发现 → 交办 → 整改 → 复查销号. Source: 安监总政法〔2009〕11号, point 19: hazards are found and rectified."""

    FOUND = "found", _("found, nobody named yet")
    ASSIGNED = "assigned", _("being rectified")
    RECTIFIED = "rectified", _("rectified, to be verified")
    CLOSED = "closed", _("verified and closed")


class VenueKind(models.TextChoices):
    """Small businesses and venues. Source: 安监总政法〔2009〕11号, point 18: nine kinds."""

    SHOP = "shop", _("small shopping centre or shop")
    SCHOOL = "school", _("school or nursery")
    HOSPITAL = "hospital", _("hospital or clinic")
    RESTAURANT = "restaurant", _("restaurant")
    HOTEL = "hotel", _("hotel or guest house")
    ENTERTAINMENT = "entertainment", _("singing and dancing venue")
    INTERNET = "internet", _("internet café")
    BEAUTY = "beauty", _("beauty salon or bath house")
    WORKSHOP = "workshop", _("workshop")
    OTHER = "other", _("other")


class CheckResult(models.TextChoices):
    """What the last check of a venue came to; empty as long as nobody has looked."""

    IN_ORDER = "in_order", _("in order")
    SHORTCOMINGS = "shortcomings", _("shortcomings found")
    NOT_CHECKED = "not_checked", _("closed, could not be checked")


class FundDirection(models.TextChoices):
    IN = "in", _("received")
    OUT = "out", _("spent")


class FundSource(models.TextChoices):
    """Where the money comes from. Source: 渝办发〔2010〕93号 asks for special funds; the list is the platform's own."""

    SPECIAL = "special", _("special fund for safety")
    BUDGET = "budget", _("budget of the government")
    OWN = "own", _("own funds of the unit")
    ENTERPRISE = "enterprise", _("enterprises")
    DONATION = "donation", _("donations")
    OTHER = "other", _("other")


class FundUse(models.TextChoices):
    """What it is spent on; the list is the platform's own."""

    TRAINING = "training", _("publicity, education and training")
    FACILITIES = "facilities", _("safety facilities and engineering")
    EMERGENCY = "emergency", _("emergency equipment and drills")
    MONITORING = "monitoring", _("monitoring and assessment")
    AWARDS = "awards", _("awards")
    OFFICE = "office", _("running expenses")
    OTHER = "other", _("other")
