"""The background worker and its clock. The broker only rings; the work itself is a row in the database."""

import os
from typing import Any

from celery import Celery, Task, signals
from celery.schedules import crontab

from core import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")

app = Celery("safe_communities")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Finds work whose bell was lost: with the broker, with a killed worker, or in a crash before the ring. Together with
# the lease of ``core.leases`` this is how long lost work lies; seconds.
LOOK = 20.0

app.conf.beat_schedule = {
    "deliver-waiting-notices": {"task": "notices.tasks.deliver_waiting", "schedule": LOOK},
    "reap-lost-runs": {"task": "documents.tasks.reap_runs", "schedule": LOOK},
    "plan-reminders": {"task": "notices.tasks.plan_reminders", "schedule": 600.0},
    "request-blank-forms": {"task": "surveys.tasks.request_blank_forms", "schedule": 600.0},
    "sum-up-figures": {"task": "surveys.tasks.sum_up_figures", "schedule": 600.0},
    "recount-figures": {"task": "surveys.tasks.recount_figures", "schedule": crontab(hour=3, minute=40)},
    "sum-up-injuries": {"task": "injuries.tasks.sum_up_counts", "schedule": 600.0},
    "recount-injuries": {"task": "injuries.tasks.recount", "schedule": crontab(hour=4, minute=10)},
    "say-that-the-worker-lives": {"task": "operations.tasks.beat_worker", "schedule": 60.0},
    "make-due-backup": {"task": "operations.tasks.make_due_backup", "schedule": 600.0},
    "warn-of-late-backup": {"task": "operations.tasks.warn_of_late_backup", "schedule": 3600.0},
    "expire-what-is-due": {"task": "operations.tasks.expire_what_is_due", "schedule": 6 * 3600.0},
    "close-idle-accounts": {"task": "accounts.tasks.close_idle_accounts", "schedule": 6 * 3600.0},
    "clear-ended-sessions": {"task": "accounts.tasks.clear_ended_sessions", "schedule": 6 * 3600.0},
    "plan-reports": {"task": "projects.tasks.plan_reports", "schedule": 6 * 3600.0},
    "seal-audit-trail": {"task": "audit.tasks.seal_trail", "schedule": 900.0},
}


@signals.beat_init.connect
@signals.beat_embedded_init.connect
def say_at_once_that_the_worker_lives(**_about: Any) -> None:
    """The clock's first ring comes after a whole minute, in which the state of the system would tell of a silence."""
    app.send_task("operations.tasks.beat_worker", retry=False)


@signals.before_task_publish.connect
def carry_request_id(headers: dict[str, Any], **_message: Any) -> None:
    """What a request rings for is told of under the number of that request."""
    if number := logs.request_id():
        headers["request_id"] = number


@signals.task_prerun.connect
def take_up_request_id(task: Task, **_call: Any) -> None:
    if not task.request.is_eager:
        logs.take_up(getattr(task.request, "request_id", None) or "")
