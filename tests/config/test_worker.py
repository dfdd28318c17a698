"""With a broker a worker in another process does what is rung; without one the same test runs in one process."""

import pytest

from documents.enums import RunState
from documents.models import Run
from documents.tasks import perform_run
from notices import services as notices
from notices.enums import Kind, NoticeState
from notices.models import Notice
from notices.tasks import deliver_waiting

pytestmark = pytest.mark.worker


def test_a_queued_mail_leaves_when_the_bell_rings(worker) -> None:
    queued = notices.queue(
        kind=Kind.RESPONSE_ACCEPTED, subject="surveys.response:1", address="lianluo@example.org"
    )
    deliver_waiting.delay()
    worker(lambda: Notice.objects.get(pk=queued.pk).state == NoticeState.SENT, what="the mail's departure")


def test_a_run_that_cannot_be_done_says_so_on_its_row(worker) -> None:
    run = Run.objects.create(handler="tests.nobody_knows", attempts=3)
    perform_run.delay(run.pk)
    worker(lambda: Run.objects.get(pk=run.pk).state == RunState.FAILED, what="the end of the run")


def test_a_bell_for_a_row_that_is_gone_does_no_harm(worker) -> None:
    perform_run.delay(999_999)
    run = Run.objects.create(handler="tests.nobody_knows", attempts=3)
    perform_run.delay(run.pk)
    worker(lambda: Run.objects.get(pk=run.pk).state == RunState.FAILED, what="the run after it")
