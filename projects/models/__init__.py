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
from projects.models.organisation import Body, Organisation, ResponsibilityLetter, Seat
from projects.models.plans import Goal, Plan, PlanStage
from projects.models.projects import Indicator, Measure, Project, ProjectReview, ProjectStageChange
from projects.models.residents import ResidentAnswer, ResidentSurvey
from projects.models.rhythm import PeriodReport, ReportRule, ReportStageChange, SafetyWork, YearlyMinimum
from projects.models.shortcomings import Shortcoming, ShortcomingStageChange, Venue

__all__ = [
    "Activity",
    "Body",
    "Decision",
    "Diagnosis",
    "EmergencyEquipment",
    "EmergencyPlan",
    "EmergencyTeam",
    "Evidence",
    "Finding",
    "FundEntry",
    "Goal",
    "Indicator",
    "Measure",
    "Organisation",
    "PeriodReport",
    "Plan",
    "PlanStage",
    "Project",
    "ProjectReview",
    "ProjectStageChange",
    "ReportRule",
    "ReportStageChange",
    "ResidentAnswer",
    "ResidentSurvey",
    "ResponsibilityLetter",
    "SafetyWork",
    "Seat",
    "Shortcoming",
    "ShortcomingStageChange",
    "Venue",
    "YearlyMinimum",
]
