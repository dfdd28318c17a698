"""What is fixed about injury records: the lists of the card, the bands of age, the stages of a data set.

What a code is called is data (``injuries.models.Code``); which lists there are, and what depends on a code's number, is
code. Source of the lists: the card of the national injury surveillance as programs of about 2014 to 2017 knew it, with
the branches of a district of Shanghai; ``fixtures/injuries/codes.json`` keeps the source of each.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

NOT_GIVEN = 0  # in every count: the card was silent here, which is not the same as its own "unclear"


class ListName(models.TextChoices):
    """Each is the name of the field of a record that holds its numbers."""

    SEX = "sex", _("sex")
    HOUSEHOLD = "household", _("household registration")
    EDUCATION = "education", _("education")
    OCCUPATION = "occupation", _("occupation")
    CAUSE = "cause", _("cause")
    PLACE = "place", _("place of the injury")
    ACTIVITY = "activity", _("activity at the time")
    INTENT = "intent", _("intent")
    ALCOHOL = "alcohol", _("alcohol")
    NATURE = "nature", _("nature of the injury")
    BODY_PART = "body_part", _("part of the body")
    BODY_SYSTEM = "body_system", _("system of the body")
    SEVERITY = "severity", _("severity")
    OUTCOME = "outcome", _("outcome of the injury")
    PRODUCT_RELATION = "product_relation", _("how a product was concerned")
    TRAFFIC_MEANS = "traffic_means", _("means of transport")
    TRAFFIC_ROLE = "traffic_role", _("role in traffic")
    TRAFFIC_COUNTERPART = "traffic_counterpart", _("other party in traffic")
    TRAFFIC_PROTECTION = "traffic_protection", _("protection in traffic")
    FALL_TYPE = "fall_type", _("kind of fall")
    FALL_REASON = "fall_reason", _("reason of the fall")
    POISONING_ROUTE = "poisoning_route", _("way of the poison")


class Cause(models.IntegerChoices):
    """The numbers of causes that rules speak of."""

    MOTOR_VEHICLE = 1
    OTHER_VEHICLE = 2
    FALL = 3
    BLUNT = 4
    FIREARM = 5
    SHARP = 6
    BURN = 7
    SUFFOCATION = 8
    DROWNING = 9
    POISONING = 10
    ANIMAL = 11
    SEXUAL_ASSAULT = 12
    OTHER = 13
    UNCLEAR = 14


# What a cause opens beside the card. Source: card of Songjiang, Shanghai.
BRANCHES: dict[int, tuple[str, ...]] = {
    Cause.MOTOR_VEHICLE: (
        ListName.TRAFFIC_MEANS,
        ListName.TRAFFIC_ROLE,
        ListName.TRAFFIC_COUNTERPART,
        ListName.TRAFFIC_PROTECTION,
    ),
    Cause.OTHER_VEHICLE: (
        ListName.TRAFFIC_MEANS,
        ListName.TRAFFIC_ROLE,
        ListName.TRAFFIC_COUNTERPART,
        ListName.TRAFFIC_PROTECTION,
    ),
    Cause.FALL: (ListName.FALL_TYPE, ListName.FALL_REASON),
    Cause.POISONING: (ListName.POISONING_ROUTE,),
}
BRANCH_FIELDS = tuple(dict.fromkeys(field for fields in BRANCHES.values() for field in fields))

PLACE_ROAD = 5
ACTIVITY_DRIVING = 7
INTENT_ACCIDENT, INTENT_SELF, INTENT_VIOLENCE = 1, 2, 3
NATURE_BURN = 5
BODY_WHOLE = 6
OUTCOME_DEATH = 5
SCHOOL_AGE = 6
OLDEST = 120


class Sex(models.IntegerChoices):
    MALE = 1, _("male")
    FEMALE = 2, _("female")


class AgeBand(models.IntegerChoices):
    """Exclusive bands, so that 25 to 64, 60 and older and 65 and older are sums of them.

    ``ADULTS_UNDIVIDED`` is for sources that know no closer than 25 to 64.
    """

    CHILDREN = 1, _("0 to 14 years")
    YOUTH = 2, _("15 to 24 years")
    ADULTS = 3, _("25 to 59 years")
    AGEING = 4, _("60 to 64 years")
    OLDER = 5, _("65 years and older")
    ADULTS_UNDIVIDED = 6, _("25 to 64 years")

    @classmethod
    def of(cls, age: int) -> "AgeBand":
        return next(band for band, last in LAST_YEAR.items() if age <= last)


# As forms offer them: what is not divided beside what it covers.
OFFERED_BANDS: tuple[tuple[int, Any], ...] = (
    (AgeBand.CHILDREN, AgeBand.CHILDREN.label),
    (AgeBand.YOUTH, AgeBand.YOUTH.label),
    (AgeBand.ADULTS, AgeBand.ADULTS.label),
    (AgeBand.AGEING, AgeBand.AGEING.label),
    (AgeBand.ADULTS_UNDIVIDED, _("25 to 64 years, not divided")),
    (AgeBand.OLDER, AgeBand.OLDER.label),
)
LAST_YEAR = {
    AgeBand.CHILDREN: 14,
    AgeBand.YOUTH: 24,
    AgeBand.ADULTS: 59,
    AgeBand.AGEING: 64,
    AgeBand.OLDER: 10_000,
}
# The bands in which rates are given, as the bands of which they consist.
RATE_BANDS: dict[str, tuple[AgeBand, ...]] = {
    "0-14": (AgeBand.CHILDREN,),
    "15-24": (AgeBand.YOUTH,),
    "25-64": (AgeBand.ADULTS, AgeBand.AGEING, AgeBand.ADULTS_UNDIVIDED),
    "65+": (AgeBand.OLDER,),
}


class Form(models.TextChoices):
    RECORDS = "records", _("single records")
    TOTALS = "totals", _("totals")


class SourceKind(models.TextChoices):
    """Who gives a community its figures. Source: 渝办发〔2010〕93号 and 成都市锦江区2014, the departments they name."""

    COMMUNITY = "community", _("the community itself")
    HOSPITAL = "hospital", _("hospital or clinic")
    DISEASE_CONTROL = "disease_control", _("centre for disease control")
    POLICE = "police", _("police")
    TRAFFIC_POLICE = "traffic_police", _("traffic police")
    FIRE = "fire", _("fire brigade")
    EMERGENCY = "emergency", _("emergency management")
    SCHOOL = "school", _("school or kindergarten")
    ENTERPRISE = "enterprise", _("enterprise")
    SURVEY = "survey", _("household survey")
    OTHER = "other", _("other source")


# What a health department may give. Source: 成都市锦江区2014, the department that leads the monitoring of injuries.
HEALTH_SOURCES = (SourceKind.HOSPITAL, SourceKind.DISEASE_CONTROL)


class Completeness(models.TextChoices):
    COMPLETE = "complete", _("complete")
    PARTIAL = "partial", _("incomplete")
    UNKNOWN = "unknown", _("not known")


class Stage(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed by the community")
    ENDORSED = "endorsed", _("approved by the district")
    LOCKED = "locked", _("approved by the province")


class Dimension(models.TextChoices):
    """By what a total is divided; ``ALL`` is the whole month."""

    ALL = "all", _("all")
    CAUSE = "cause", _("by cause")
    AGE = "age_band", _("by age")
    SEVERITY = "severity", _("by severity")
    OUTCOME = "outcome", _("by outcome")


class FollowUp(models.TextChoices):
    NONE = "none", _("no question open")
    WANTED = "wanted", _("to be asked again")
    DONE = "done", _("asked again")


class ScopeKind(models.TextChoices):
    NATION = "nation", _("the whole country")
    PROVINCE = "province", _("a province")
    COMMUNITY = "community", _("a community")


class Question(models.IntegerChoices):
    """What the dashboards ask; each has its own counts. ``injuries.rollups`` says what they are counted by."""

    CAUSE_AGE = 1, _("cause and age, by month")
    AGE_SEX = 2, _("age and sex")
    CAUSE_INTENT = 3, _("cause and intent")
    PLACE_ACTIVITY = 4, _("place and activity")
    SEVERITY_CAUSE = 5, _("severity and cause")
    OUTCOME_AGE = 6, _("outcome and age")
    HOUR_WEEKDAY = 7, _("hour and day of the week")
    FAMILY_FORM = 8, _("family and kind of data, by month")
    CAUSE_SEX = 9, _("cause and sex")


class BatchState(models.TextChoices):
    """An uploaded table is first looked through; only what has no fault can be taken."""

    UPLOADED = "uploaded", _("table uploaded")
    FAULTY = "faulty", _("has faults")
    CHECKED = "checked", _("looked through")
    TAKEN = "taken", _("imported")
    UNDONE = "undone", _("taken back")
