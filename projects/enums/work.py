"""The words in which a community's safety work is recorded. Each list names its source."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Element(models.TextChoices):
    """The twelve elements, in the order of the indicator tables. Source: AQ/T 9001-2006."""

    ORGANISATION = "organisation", _("1 organisation and duties")
    PARTICIPATION = "participation", _("2 exchange of information and participation of all")
    RISKS = "risks", _("3 identification and assessment of risks")
    GOALS = "goals", _("4 goals and plans")
    PROJECTS = "projects", _("5 safety promotion projects")
    TRAINING = "training", _("6 publicity, education and training")
    EMERGENCY = "emergency", _("7 emergency plans and response")
    MONITORING = "monitoring", _("8 monitoring and supervision")
    RECORDS = "records", _("9 records of accidents and injuries")
    ARCHIVE = "archive", _("10 archive")
    CORRECTION = "correction", _("11 prevention and correction")
    REVIEW = "review", _("12 review and continuous improvement")


class Area(models.TextChoices):
    """The twelve areas of promotion projects. Source: AQ/T 9001-2006, element 5; the last from memory."""

    TRAFFIC = "traffic", _("traffic safety")
    FIRE = "fire", _("fire safety")
    WORKPLACE = "workplace", _("workplace safety")
    HOME = "home", _("home safety")
    OLDER_PEOPLE = "older_people", _("safety of older people")
    CHILDREN = "children", _("safety of children")
    SCHOOL = "school", _("school safety")
    PUBLIC_PLACES = "public_places", _("safety in public places")
    SPORTS = "sports", _("sports safety")
    WATER = "water", _("water safety")
    PUBLIC_ORDER = "public_order", _("public order")
    DISASTER = "disaster", _("disaster prevention and the environment")


class Setting(models.TextChoices):
    """六进, the six settings. Source: 安监总政法〔2009〕11号, point 8."""

    COMMUNITY = "community", _("community (setting)")
    ENTERPRISE = "enterprise", _("enterprise (setting)")
    SCHOOL = "school", _("school (setting)")
    VILLAGE = "village", _("village (setting)")
    BUILDING_SITE = "building_site", _("building site (setting)")
    FAMILY = "family", _("family (setting)")


class RuralTopic(models.TextChoices):
    """Topics of rural communities. Source: 安监总政法〔2009〕11号, point 17."""

    ELECTRICITY = "electricity", _("use of electricity")
    MACHINERY = "machinery", _("farm machinery")
    WATER = "water", _("waters")
    PESTICIDES = "pesticides", _("pesticide poisoning")
    FIRE = "fire", _("fire")


class Means(models.TextChoices):
    """By what a project works. Source: 安监总政法〔2009〕11号, point 22."""

    MANAGEMENT = "management", _("safety management")
    EDUCATION = "education", _("publicity, education and training")
    SERVICE = "service", _("safety services")
    FACILITIES = "facilities", _("safety facilities and products")
    ENGINEERING = "engineering", _("safety engineering")


class Age(models.TextChoices):
    """The age groups of the international programme pages; years, both ends included."""

    CHILDREN = "0-14", _("0 to 14 years")
    YOUTH = "15-24", _("15 to 24 years")
    ADULTS = "25-64", _("25 to 64 years")
    OLDER = "65+", _("65 years and older")


class Environment(models.TextChoices):
    """The environments of the international programme pages."""

    HOME = "home", _("home (environment)")
    TRAFFIC = "traffic", _("traffic (environment)")
    WORK = "work", _("work (environment)")
    SCHOOL = "school", _("school and nursery (environment)")
    SPORTS = "sports", _("sports (environment)")
    LEISURE = "leisure", _("leisure and public places (environment)")
    OTHER = "other", _("other (environment)")


class TargetGroup(models.TextChoices):
    """Whom a project is for. 锦江区 2014: older and disabled people; 渝办发〔2010〕93号: women, minors at work."""

    EVERYBODY = "everybody", _("all residents")
    CHILDREN = "children", _("children and pupils")
    OLDER_PEOPLE = "older_people", _("older people")
    DISABLED = "disabled", _("people with disabilities")
    WOMEN = "women", _("women")
    YOUNG_WORKERS = "young_workers", _("minors at work")
    MIGRANTS = "migrants", _("migrants")
    LOW_INCOME = "low_income", _("households in hardship")
    RISKY_WORK = "risky_work", _("workers in dangerous jobs")
    ROAD_USERS = "road_users", _("road users")


# Those that the matrix shows as vulnerable groups.
VULNERABLE = (
    TargetGroup.CHILDREN,
    TargetGroup.OLDER_PEOPLE,
    TargetGroup.DISABLED,
    TargetGroup.WOMEN,
    TargetGroup.YOUNG_WORKERS,
    TargetGroup.MIGRANTS,
    TargetGroup.LOW_INCOME,
)


class PartnerKind(models.TextChoices):
    """Source: 安监总政法〔2009〕11号, point 3; 渝办发〔2010〕93号, part four."""

    DEPARTMENT = "department", _("government department")
    ENTERPRISE = "enterprise", _("enterprise")
    MASS_ORGANISATION = "mass_organisation", _("mass organisation")
    NEIGHBOURHOOD = "neighbourhood", _("residents' or villagers' committee")
    SCHOOL = "school", _("school")
    MEDICAL = "medical", _("medical institution")
    INTERMEDIARY = "intermediary", _("intermediary organisation")
    INSURER = "insurer", _("insurer")
    SOCIAL = "social", _("social organisation")
    VOLUNTEERS = "volunteers", _("volunteers")
    OTHER = "other", _("other")


class BodyKind(models.TextChoices):
    """Source: 成都市锦江区 2014: a leading group, an office, functional and project groups."""

    LEADING_GROUP = "leading_group", _("leading group")
    OFFICE = "office", _("office of the leading group")
    FUNCTIONAL_GROUP = "functional_group", _("functional group")
    PROJECT_GROUP = "project_group", _("project group")
    CONFERENCE = "conference", _("joint conference")


class SeatRole(models.TextChoices):
    """``NAMED_LEADER`` is 包抓: the leader who answers for this unit (安政发〔2013〕8号)."""

    HEAD = "head", _("head")
    DEPUTY = "deputy", _("deputy head")
    NAMED_LEADER = "named_leader", _("leader answering for the unit")
    LEAD = "lead", _("lead body")
    SUPPORT = "support", _("supporting body")
    MEMBER = "member", _("member")


class Method(models.TextChoices):
    """How a diagnosis was made. Source: 成都市锦江区 2014; the survey of residents: element 3."""

    EXPERTS = "experts", _("discussion with experts")
    DATA = "data", _("analysis of data")
    VISIT = "visit", _("assessment on site")
    RESIDENTS = "residents", _("survey of residents")


class FindingKind(models.TextChoices):
    """Source: 渝办发〔2010〕93号 (groups, places, major hazards), 成都市锦江区 2014 (vulnerable groups)."""

    GROUP = "group", _("high-risk group")
    PLACE = "place", _("high-risk place")
    VULNERABLE = "vulnerable", _("vulnerable group")
    HAZARD = "hazard", _("major hazard")
    NEED = "need", _("safety need")


class PlanKind(models.TextChoices):
    """Source: 渝办发〔2010〕93号: the district's overall plan and the unit's own, each hanging on the other."""

    OVERALL = "overall", _("overall plan of a district")
    UNIT = "unit", _("plan of the unit")
    YEARLY = "yearly", _("plan of the year")


class Horizon(models.TextChoices):
    LONG_TERM = "long_term", _("long-term")
    YEARLY = "yearly", _("of the year")


class GoalFigure(models.TextChoices):
    """Which figure of the injury records a goal is about."""

    CASES = "cases", _("number of injuries")
    DEATHS = "deaths", _("number of deaths by injuries")
    RATE = "rate", _("injuries per 100,000 people")


class ProjectStage(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    REVIEWED = "reviewed", _("reviewed")
    RUNNING = "running", _("running (project)")
    COMPLETED = "completed", _("completed")
    STOPPED = "stopped", _("stopped")
    EVALUATED = "evaluated", _("evaluated")


# What counts towards "seven or more projects": what a community really works or worked on.
COUNTED_PROJECTS = (ProjectStage.RUNNING, ProjectStage.COMPLETED, ProjectStage.EVALUATED)


class IndicatorKind(models.TextChoices):
    PROCESS = "process", _("process")
    REACH = "reach", _("reach")
    OUTCOME = "outcome", _("outcome")


class ActivityKind(models.TextChoices):
    """Source: 安政发〔2013〕8号 (contest, performance, forum), 中安健协发〔2024〕12号 (exchange), element 6 to 8."""

    MEETING = "meeting", _("meeting")
    TRAINING = "training", _("training (activity)")
    LECTURE = "lecture", _("lecture")
    PUBLICITY = "publicity", _("publicity (activity)")
    DRILL = "drill", _("drill")
    CONTEST = "contest", _("contest")
    PERFORMANCE = "performance", _("performance")
    FORUM = "forum", _("forum (activity)")
    INSPECTION = "inspection", _("inspection")
    EXCHANGE = "exchange", _("exchange (activity)")


# 宣传、培训、讲座 together make up the yearly minimum (渝办发〔2010〕93号).
TEACHING = (ActivityKind.TRAINING, ActivityKind.LECTURE, ActivityKind.PUBLICITY)


# What finds shortcomings (安监总政法〔2009〕11号, point 24; 渝办发〔2010〕93号).
INSPECTED = (ActivityKind.INSPECTION, ActivityKind.DRILL)
# Those that have a list of trainees.
LISTED = (ActivityKind.TRAINING, ActivityKind.LECTURE)


class Organiser(models.TextChoices):
    COMMUNITY = "community", _("the community")
    AUTHORITY = "authority", _("a supervising authority")
    ASSOCIATION = "association", _("the association")


class Emergency(models.TextChoices):
    """The four national classes. Source: 安监总政法〔2009〕11号, point 23."""

    NATURAL = "natural", _("natural disaster")
    ACCIDENT = "accident", _("accident")
    HEALTH = "health", _("public health event")
    SECURITY = "security", _("social security event")


class TrainingForm(models.TextChoices):
    """Source: 成都市锦江区 2014."""

    SPECIALIST = "specialist", _("specialist education")
    BASIC = "basic", _("basic education")
    VOCATIONAL = "vocational", _("vocational education")
    FURTHER = "further", _("further education")


class Channel(models.TextChoices):
    """Source: 成都市锦江区 2014."""

    BOARD = "board", _("notice board")
    BROADCAST = "broadcast", _("broadcast")
    BROCHURE = "brochure", _("brochure")
    MEDIA = "media", _("news media")


class Level(models.TextChoices):
    """At which level something was held or given. Source: 渝办发〔2010〕93号 (市级 → 国家 → 国际)."""

    INTERNATIONAL = "international", _("international level")
    NATIONAL = "national", _("national level")
    PROVINCIAL = "provincial", _("provincial level")
    CITY = "city", _("city level")
    DISTRICT = "district", _("district or county level")
    COMMUNITY = "community", _("community level")


class TraineeLevel(models.TextChoices):
    """Who is trained. Source: 渝办发〔2010〕93号: from leaders to clerks, and a core team."""

    LEADERS = "leaders", _("leaders")
    STAFF = "staff", _("clerks")
    CORE = "core", _("core team")


class WorkTime(models.TextChoices):
    """专（兼）职. Source: 安政发〔2013〕8号."""

    FULL = "full", _("full-time")
    PART = "part", _("part-time")


class AwardKind(models.TextChoices):
    """表彰奖励 (安监总政法〔2009〕11号, point 10) and related honours such as 平安家庭 (安政发〔2013〕8号)."""

    AWARD = "award", _("award")
    HONOUR = "honour", _("related honour")


class AwardedTo(models.TextChoices):
    COMMUNITY = "community", _("the community")
    PERSON = "person", _("a person (award)")


class ReportKind(models.TextChoices):
    """Source: 渝办发〔2010〕93号 (monthly, half-yearly, year-end); the report to the association from memory."""

    MONTHLY = "monthly", _("monthly progress report")
    HALF_YEAR = "half_year", _("half-yearly assessment")
    YEAR_END = "year_end", _("year-end review")
    ASSOCIATION = "association", _("yearly report to the association")


class ReportStage(models.TextChoices):
    OPEN = "open", _("to be written")
    TO_CHECK = "to_check", _("waits for the check inside the unit")
    SUBMITTED = "submitted", _("sent (report)")
    RETURNED = "returned", _("sent back")
    ACCEPTED = "accepted", _("read and accepted")


# Not with the reader: still to be written, waiting for a look inside the unit, or come back to be changed.
IN_THE_UNIT = (ReportStage.OPEN, ReportStage.TO_CHECK)
OWED_REPORTS = (*IN_THE_UNIT, ReportStage.RETURNED)


class Minimum(models.TextChoices):
    """What is counted against a number that staff may change; the numbers and their sources are rows."""

    PROJECTS = "projects", _("safety promotion projects")
    TEACHING = "teaching", _("trainings, lectures and publicity in the year")
    DRILLS = "drills", _("drills in the year")
    MEETINGS = "meetings", _("meetings of the leading group in a quarter")
    DISTRICT_TRAINING = "district_training", _("trainings by the district in the year")
