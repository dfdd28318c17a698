"""Models of a community's safety work, one room each."""

from projects.models.activities import (
    Activity,
    Decision,
    EmergencyEquipment,
    EmergencyPlan,
    EmergencyTeam,
)
from projects.models.diagnosis import Diagnosis, Finding
from projects.models.evidence import Evidence
from projects.models.funds import FundEntry
from projects.models.news import MediaReport, NewsItem
from projects.models.organisation import Body, Organisation, ResponsibilityLetter, Seat
from projects.models.people import Appraisal, Award, Expert, PurchasedService, SafetyStaff
from projects.models.plans import Goal, Plan, PlanStage
from projects.models.projects import Indicator, Measure, Project, ProjectReview, ProjectStageChange
from projects.models.residents import ResidentAnswer, ResidentSurvey
from projects.models.rhythm import PeriodReport, ReportRule, ReportStageChange, SafetyWork, YearlyMinimum
from projects.models.shortcomings import Shortcoming, ShortcomingStageChange, Venue
from projects.models.teaching import PlannedTeaching, Trainee

__all__ = [
    "Activity",
    "Appraisal",
    "Award",
    "Body",
    "Decision",
    "Diagnosis",
    "EmergencyEquipment",
    "EmergencyPlan",
    "EmergencyTeam",
    "Evidence",
    "Expert",
    "Finding",
    "FundEntry",
    "Goal",
    "Indicator",
    "Measure",
    "MediaReport",
    "NewsItem",
    "Organisation",
    "PeriodReport",
    "Plan",
    "PlanStage",
    "PlannedTeaching",
    "Project",
    "ProjectReview",
    "ProjectStageChange",
    "PurchasedService",
    "ReportRule",
    "ReportStageChange",
    "ResidentAnswer",
    "ResidentSurvey",
    "ResponsibilityLetter",
    "SafetyStaff",
    "SafetyWork",
    "Seat",
    "Shortcoming",
    "ShortcomingStageChange",
    "Trainee",
    "Venue",
    "YearlyMinimum",
]
