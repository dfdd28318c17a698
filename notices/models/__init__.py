from notices.models.outbox import TEST, Notice, RefusedAddress
from notices.models.plans import CalendarException, ReminderPlan
from notices.models.texts import MailText

__all__ = ["TEST", "CalendarException", "MailText", "Notice", "RefusedAddress", "ReminderPlan"]
