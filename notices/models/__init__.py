from notices.models.outbox import Notice, RefusedAddress
from notices.models.plans import CalendarException, ReminderPlan

__all__ = ["CalendarException", "Notice", "RefusedAddress", "ReminderPlan"]
