"""What a community's safety work is made of in tests."""

import datetime as dt
import json

import factory
from django.conf import settings

from documents.enums import FileKind
from projects.enums import (
    ActivityKind,
    Area,
    BodyKind,
    Element,
    Emergency,
    FindingKind,
    PlanKind,
    ReportKind,
    SeatRole,
    ShortcomingKind,
    ShortcomingSource,
    VenueKind,
)
from projects.models import (
    Activity,
    Body,
    Decision,
    Diagnosis,
    EmergencyEquipment,
    EmergencyPlan,
    EmergencyTeam,
    Evidence,
    Finding,
    FundEntry,
    NewsItem,
    Organisation,
    PeriodReport,
    Plan,
    Project,
    ResidentSurvey,
    ResponsibilityLetter,
    SafetyWork,
    Seat,
    Shortcoming,
    Venue,
)
from tests.factories import CommunityFactory, QuestionnaireEditionFactory, StoredFileFactory


class SafetyWorkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SafetyWork

    community = factory.SubFactory(CommunityFactory)
    started_on = dt.date(2026, 1, 1)


class EvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Evidence

    community = factory.SubFactory(CommunityFactory)
    file = factory.SubFactory(StoredFileFactory, kind=FileKind.EVIDENCE)
    element = Element.ARCHIVE
    title = factory.Sequence(lambda n: f"资料{n}")
    happened_on = dt.date(2026, 3, 1)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"单位{n}")


class BodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Body

    community = factory.SubFactory(CommunityFactory)
    kind = BodyKind.PROJECT_GROUP
    name = factory.Sequence(lambda n: f"工作组{n}")


class SeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Seat

    body = factory.SubFactory(BodyFactory)
    role = SeatRole.SUPPORT
    organisation = factory.SubFactory(
        OrganisationFactory, community=factory.SelfAttribute("..body.community")
    )


class ResponsibilityLetterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ResponsibilityLetter

    community = factory.SubFactory(CommunityFactory)
    year = 2026
    party = factory.Sequence(lambda n: f"责任单位{n}")


class DiagnosisFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Diagnosis

    community = factory.SubFactory(CommunityFactory)
    title = "2026年安全诊断"
    methods = ["experts", "data"]
    began_on = dt.date(2026, 2, 1)


class FindingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Finding

    diagnosis = factory.SubFactory(DiagnosisFactory)
    community = factory.SelfAttribute("diagnosis.community")
    kind = FindingKind.GROUP
    title = factory.Sequence(lambda n: f"诊断结论{n}")


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plan

    community = factory.SubFactory(CommunityFactory)
    kind = PlanKind.UNIT
    title = "安全社区建设实施方案"
    year_from = 2026
    year_to = 2028


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Project

    community = factory.SubFactory(CommunityFactory)
    title = factory.Sequence(lambda n: f"安全促进项目{n}")
    area = Area.HOME


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Activity

    community = factory.SubFactory(CommunityFactory)
    kind = ActivityKind.TRAINING
    title = factory.Sequence(lambda n: f"活动{n}")
    on = dt.date(2026, 3, 1)


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    activity = factory.SubFactory(ActivityFactory, kind=ActivityKind.MEETING)
    text = factory.Sequence(lambda n: f"决定事项{n}")


class EmergencyPlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EmergencyPlan

    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"应急预案{n}")
    emergency = Emergency.ACCIDENT


class EmergencyTeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EmergencyTeam

    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"应急队伍{n}")


class EmergencyEquipmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EmergencyEquipment

    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"器材{n}")


class FundEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FundEntry

    community = factory.SubFactory(CommunityFactory)
    direction = "out"
    on = dt.date(2026, 3, 1)
    amount = "1200.50"
    source = "special"
    use = "training"
    purpose = factory.Sequence(lambda n: f"宣传册印刷{n}")


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Venue

    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"小餐馆{n}")
    kind = VenueKind.RESTAURANT


class ShortcomingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Shortcoming

    community = factory.SubFactory(CommunityFactory)
    source = ShortcomingSource.SELF_CHECK
    kind = ShortcomingKind.BUSINESS
    description = factory.Sequence(lambda n: f"安全出口堵塞{n}")
    found_on = dt.date(2026, 3, 1)


class NewsItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NewsItem

    community = factory.SubFactory(CommunityFactory)
    title = factory.Sequence(lambda n: f"社区动态{n}")
    on = dt.date(2026, 3, 1)
    text = "全体居民参加了演练。"
    is_published = True


class PeriodReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PeriodReport

    community = factory.SubFactory(CommunityFactory)
    kind = ReportKind.MONTHLY
    period_from = dt.date(2026, 3, 1)
    period_to = dt.date(2026, 3, 31)
    due_on = dt.date(2026, 4, 5)


RESIDENTS = json.loads((settings.BASE_DIR / "fixtures/residents/residents-2026.json").read_text("utf-8"))


class ResidentSurveyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ResidentSurvey

    community = factory.SubFactory(CommunityFactory)
    edition = factory.SubFactory(
        QuestionnaireEditionFactory,
        code="residents-2026",
        asks="residents",
        needs_sealed_copy=False,
        definition=RESIDENTS,
    )
    title = "社区居民安全感受调查"
    token = factory.Sequence(lambda n: f"open-link-of-survey-{n:04d}")
    opens_on = dt.date(2026, 3, 1)
    closes_on = dt.date(2026, 3, 31)
