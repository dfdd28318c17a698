"""Long work is a row: claimed once, retried, given up with a word, found again when its bell or its worker is lost."""

import datetime as dt
from collections.abc import Iterator

import pytest

from accounts.models import User
from core import clock
from documents import services
from documents.enums import FileKind, RunState
from documents.models import Run, StoredFile
from notices import tasks
from notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent() -> Iterator[None]:
    """No bell: the row must be enough."""
    bells = list(services._bells)
    services._bells.clear()
    yield
    services._bells[:] = bells


@pytest.fixture
def calls(silent: None) -> Iterator[list[int]]:
    done: list[int] = []

    def write_a_file(run: Run) -> StoredFile:
        done.append(run.pk)
        services.report_progress(run, done=1, total=1)
        return services.store_file(
            kind=FileKind.EXPORT,
            content="统计".encode(),
            original_name="统计.txt",
            content_type="text/plain",
            by=None,
        )

    def fail(run: Run) -> None:
        done.append(run.pk)
        raise ValueError("第三行没有命名序号")

    services.register_handler("test.write", write_a_file)
    services.register_handler("test.fail", fail)
    yield done
    services._works.pop("test.write")
    services._works.pop("test.fail")


def request(handler: str = "test.write", key: str = "") -> Run:
    return services.request_run(handler=handler, parameters={}, by=None, key=key)


def test_the_progress_of_work_in_one_transaction_is_written_by_who_keeps_its_lease(calls):
    run = request()
    Run.objects.update(state=RunState.RUNNING, total=100)
    seen = []
    for noted in (25, 60, 40):  # the last one by a row that was read before
        services.note_progress(run, noted)
        services._prolong(run)
        seen.append(Run.objects.get().done)
    assert seen == [25, 60, 60]


def test_a_run_ends_with_its_file_and_its_progress(calls):
    run = request()
    assert services.perform(run.pk) is True
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == (RunState.DONE, 1, 1)
    assert run.result.file.read().decode() == "统计"


def test_a_finished_run_is_not_done_again(calls):
    run = request()
    services.perform(run.pk)
    assert services.perform(run.pk) is False
    assert calls == [run.pk]


def test_a_run_in_the_hands_of_a_worker_is_not_taken_by_another(calls):
    run = request()
    Run.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING, lease_until=clock.now() + dt.timedelta(minutes=1)
    )
    assert services.perform(run.pk) is False
    assert calls == []


def test_the_run_of_a_dead_worker_is_found_and_done_after_its_lease(calls):
    run = request()
    Run.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING, lease_until=clock.now() - dt.timedelta(seconds=1), attempts=1
    )
    assert services.lost_runs() == [run.pk]
    services.perform(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.DONE, 2)


def test_a_worker_given_up_for_dead_does_not_write_over_its_heir(calls):
    run = request()
    services.perform(run.pk)
    stale = Run.objects.get(pk=run.pk)
    stale.attempts = 7
    services._finish(stale, state=RunState.FAILED, error="zu spät")
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_failing_work_is_tried_three_times_and_then_says_why(calls):
    run = request("test.fail")
    for _attempt in range(5):
        services.perform(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.error) == (RunState.FAILED, 3, "第三行没有命名序号")
    assert len(calls) == 3


def test_work_that_kills_its_worker_each_time_is_given_up(calls):
    run = request()
    Run.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING,
        lease_until=clock.now() - dt.timedelta(seconds=1),
        attempts=services.DEATHS,
    )
    services.perform(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert calls == []


def test_work_whose_worker_was_killed_three_times_is_still_done(calls):
    run = request()
    Run.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING, lease_until=clock.now() - dt.timedelta(seconds=1), attempts=3
    )
    services.take_up_lost()
    run.refresh_from_db()
    assert (run.state, run.attempts, calls) == (RunState.DONE, 4, [run.pk])


def test_taking_up_ends_before_the_limit_of_a_task(calls, monkeypatch):
    monkeypatch.setattr(services, "LONGEST_ROUND", -1)
    request()
    services.take_up_lost()
    assert calls == []


def test_a_failed_run_can_be_tried_again_by_hand(calls):
    run = request("test.fail")
    for _attempt in range(3):
        services.perform(run.pk)
    run = services.retry_run(run=run, by=None)
    assert (run.state, run.attempts, run.error) == (RunState.QUEUED, 0, "")


def test_the_same_request_shares_one_waiting_run(calls):
    assert request(key="round:1").pk == request(key="round:1").pk
    assert request(key="round:1").pk != request(key="round:2").pk


def test_a_finished_run_is_not_shared_because_the_figures_may_have_changed(calls):
    first = request(key="round:1")
    services.perform(first.pk)
    assert request(key="round:1").pk != first.pk


def test_an_unknown_handler_is_a_programming_error(silent):
    with pytest.raises(LookupError):
        request("test.nobody")


def test_a_file_is_kept_as_it_came_under_a_name_of_its_own():
    stored = services.store_file(
        kind=FileKind.SEALED_SCAN,
        content=b"%PDF-1.7",
        original_name="../../etc/盖章件 扫描.PDF",
        content_type="application/pdf",
        by=None,
    )
    assert stored.original_name == "盖章件 扫描.PDF"
    assert stored.file.name.endswith(".pdf")
    assert "盖章" not in stored.file.name
    assert ".." not in stored.file.name
    assert (stored.size, stored.file.read()) == (8, b"%PDF-1.7")


# --- who no longer looks ------------------------------------------------------------------------------------


@pytest.fixture
def told_work(calls: list[int]) -> None:
    for name, label in (("test.write", "统计表"), ("test.fail", "统计表")):
        services.register_handler(name, services._works[name].handler, label=label, is_told=True)


def ended(user: User, handler: str = "test.write") -> Run:
    run = services.request_run(handler=handler, parameters={}, by=user)
    for _attempt in range(services.ATTEMPTS):
        services.perform(run.pk)
    return Run.objects.get(pk=run.pk)


def deliver_after(seconds: int) -> None:
    with clock.frozen(clock.now() + dt.timedelta(seconds=seconds)):
        tasks.deliver_waiting()


@pytest.mark.parametrize(
    ("handler", "headline"), [("test.write", "已就绪：统计表"), ("test.fail", "未完成：统计表")]
)
def test_who_left_the_page_finds_a_message_that_leads_to_it(told_work, client, office, handler, headline):
    run = ended(office, handler)
    deliver_after(60)
    client.force_login(office)
    assert headline in client.get("/messages/").content.decode()
    answer = client.post(f"/messages/{Notice.objects.inbox(office).get().pk}/")
    assert answer.url == f"/runs/{run.pk}/"


def test_an_open_page_that_shows_the_end_needs_no_message(told_work, client, office):
    run = ended(office)
    deliver_after(10)
    client.force_login(office)
    client.get(f"/runs/{run.pk}/")
    deliver_after(60)
    assert Notice.objects.get().state == "dropped"


def test_the_page_itself_reads_its_message(told_work, client, office):
    run = ended(office)
    deliver_after(60)
    client.force_login(office)
    assert client.get(f"/runs/{run.pk}/").wsgi_request.user.unread_messages == 1
    assert client.get(f"/runs/{run.pk}/").wsgi_request.user.unread_messages == 0


def test_small_work_tells_nobody(calls, office):
    ended(office)
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(("done", "left"), [(25, "约剩 30 秒"), (1, "约剩 16 分钟"), (0, ""), (100, "")])
def test_the_page_says_how_long_it_takes_by_the_pace_so_far(told_work, client, office, done, left):
    run = services.request_run(handler="test.write", parameters={}, by=office, total=100)
    started = clock.now() - dt.timedelta(seconds=10)
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=started, done=done)
    client.force_login(office)
    with clock.frozen(started + dt.timedelta(seconds=10)):
        page = client.get(f"/runs/{run.pk}/").content.decode()
    assert ("约剩" in page, left in page) == (bool(left), True)
