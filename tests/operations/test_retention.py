"""What is kept for how long, and that it ends."""

import datetime as dt

import pytest
from axes.models import AccessFailureLog
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts import services as accounts
from accounts.models import User
from audit.models import AuditEntry
from communities.models import ImportBatch
from core import clock, retention
from core.errors import Refused
from documents.enums import FileKind, RunState
from documents.models import Run, StoredFile
from documents.services import store_file
from injuries.models import Batch
from injuries.months import Month
from notices.enums import Kind, NoticeState
from notices.models import Notice, RefusedAddress
from notices.services import queue
from operations import services
from operations.models import RetentionPeriod
from surveys.models import ProspectApplication, SectionHandout
from tests.factories import RoundFactory, SectionHandoutFactory, StoredFileFactory, UserFactory
from tests.injuries.factories import DataSetFactory, RecordFactory

pytestmark = pytest.mark.django_db

TODAY = "2026-11-22"


def ago(days: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


def made_file(days: int, kind: FileKind = FileKind.EXPORT) -> Run:
    stored = store_file(kind=kind, content=b"rows", original_name="a.xlsx", content_type="x", by=None)
    return Run.objects.create(
        handler="work", state=RunState.DONE, finished_at=ago(days), expires_at=ago(days - 30), result=stored
    )


def mail(days: int, state: NoticeState = NoticeState.SENT) -> Notice:
    notice = queue(kind=Kind.PASSWORD_RESET, subject=f"a:{days}", address="lin@example.org", context={"a": 1})
    Notice.objects.filter(pk=notice.pk).update(state=state, created_at=ago(days), sent_at=ago(days))
    return notice


def prospect(days: int, *, is_confirmed: bool) -> ProspectApplication:
    return ProspectApplication.objects.create(
        round=RoundFactory(),
        unit_name="某街道",
        person="林",
        email="lin@example.org",
        created_at=ago(days),
        confirmed_at=ago(days) if is_confirmed else None,
    )


def injuries_around_their_ends() -> None:
    for months in (0, 1):
        RecordFactory(month=Month.of(ago(1825).date()) - months)
    for days in (7, 8):
        file = StoredFileFactory(kind=FileKind.WORKBOOK)
        Batch.objects.create(data_set=DataSetFactory(), file=file, created_at=ago(days))


@pytest.fixture(autouse=True)
def frozen():
    with clock.frozen(TODAY):
        yield


def test_each_kind_of_data_ends_on_the_day_after_its_period_and_not_before() -> None:
    mails = [mail(days) for days in (1095, 1096)]
    for days in (30, 31):
        made_file(days)
        prospect(days, is_confirmed=False)
        StoredFileFactory(kind=FileKind.WORKBOOK, created_at=ago(days))
        ImportBatch.objects.create(
            kind="emails",
            created_at=ago(days),
            file=StoredFileFactory(kind=FileKind.WORKBOOK, created_at=ago(99)),
        )
    for days in (730, 731):
        prospect(days, is_confirmed=True)
    for days in (365, 366):
        RefusedAddress.objects.create(address=f"{days}@example.org", refused_at=ago(days))
    for days in (183, 184):
        attempt = AccessFailureLog.objects.create(username="x")
        AccessFailureLog.objects.filter(pk=attempt.pk).update(attempt_time=ago(days))
    for days in (3650, 3651):
        SectionHandoutFactory(created_at=ago(days), sent_to="派出所", filled_by="林")
    for days in (180, 181):
        User.objects.filter(pk=UserFactory().pk).update(is_active=False, closed_at=ago(days))
    injuries_around_their_ends()
    assert services.expire_what_is_due() == {
        "injury_cases": 1,
        "injury_tables": 1,
        "closed_accounts": 1,
        "failed_log_ins": 1,
        "locked_log_ins": 0,
        "mails": 1,
        "refused_addresses": 1,
        "made_files": 1,
        "imported_tables": 1,
        "unconfirmed_prospects": 1,
        "prospect_persons": 1,
        "handed_out_sections": 1,
        "uploaded_workbooks": 1,
    }
    assert [Notice.objects.get(pk=one.pk).context for one in mails] == [{"a": 1}, {}]
    assert list(RefusedAddress.objects.values_list("address", flat=True)) == ["365@example.org"]
    assert sorted(SectionHandout.objects.values_list("filled_by", flat=True)) == ["", "林"]
    assert User.objects.filter(erased_at__isnull=False).count() == 1


def test_a_second_night_finds_nothing_more() -> None:
    mail(2000)
    prospect(2000, is_confirmed=True)
    assert sum(services.expire_what_is_due().values()) == 2
    assert sum(services.expire_what_is_due().values()) == 0


def test_a_mail_still_waiting_is_not_forgotten() -> None:
    waiting = mail(2000, NoticeState.WAITING)
    services.expire_what_is_due()
    assert Notice.objects.get(pk=waiting.pk).address == "lin@example.org"


def test_the_file_goes_and_that_it_was_made_stays(django_capture_on_commit_callbacks) -> None:
    old, form = made_file(40), made_file(40, FileKind.FORM_PRINT)
    name = old.result.file.name
    with django_capture_on_commit_callbacks(execute=True):
        services.expire_what_is_due()
    old.refresh_from_db()
    form.refresh_from_db()
    assert (old.result, old.state, default_storage.exists(name)) == (None, RunState.DONE, False)
    assert StoredFile.objects.get(pk=form.result_id).size == 4


def test_a_rule_that_fails_is_logged_and_the_others_run(monkeypatch, caplog) -> None:
    mail(2000)
    broken = next(rule for rule in retention.rules() if rule.code == "closed_accounts")
    monkeypatch.setitem(
        retention._rules, "closed_accounts", retention.Rule(**{**_fields(broken), "due": _fail})
    )
    assert services.expire_what_is_due()["mails"] == 1
    assert "retention rule closed_accounts failed" in caplog.text


def _fields(rule: retention.Rule) -> dict:
    return {name: getattr(rule, name) for name in retention.Rule.__dataclass_fields__}


def _fail(before):
    raise RuntimeError("no such table")


def test_the_trail_says_what_ended() -> None:
    mail(2000)
    services.expire_what_is_due()
    entry = AuditEntry.objects.get(action="retention.expire")
    assert entry.changes == {"rule": "mails", "ended": 1, "before": "2023-11-23"}


class TestPeriods:
    """The office sets them, with a reason."""

    ADDRESS = reverse("operations:retention")

    def typed(self, **changed: int) -> dict:
        return {**retention.periods(), "reason": "协会规定", **changed}

    def test_another_period_holds_from_the_next_night_and_on_the_page_for_everybody(
        self, client, administrator
    ) -> None:
        mail(100)
        client.force_login(administrator)
        assert client.post(self.ADDRESS, self.typed(mails=99)).status_code == 302
        assert services.expire_what_is_due()["mails"] == 1
        assert "99天" in client.get(reverse("core:privacy")).content.decode().replace(" ", "")
        entry = AuditEntry.objects.get(action="retention.change")
        assert (entry.changes, entry.reason) == ({"days": [1095, 99]}, "协会规定")

    @pytest.mark.parametrize(("field", "value"), [("mails", 29), ("failed_log_ins", 182), ("mails", "")])
    def test_what_the_law_or_the_work_forbids_is_said_at_its_field_and_nothing_is_kept(
        self, client, administrator, field, value
    ) -> None:
        client.force_login(administrator)
        answer = client.post(self.ADDRESS, self.typed(**{field: value}))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert RetentionPeriod.objects.count() == 0

    def test_a_reason_is_wanted(self, client, administrator) -> None:
        client.force_login(administrator)
        answer = client.post(self.ADDRESS, {**self.typed(mails=99), "reason": ""})
        assert list(answer.context["form"].errors) == ["reason"]

    def test_the_service_refuses_what_a_form_would_not_send(self, administrator) -> None:
        with pytest.raises(Refused) as refused:
            services.keep_periods(days={"mails": 1, "failed_log_ins": 99_999}, by=administrator)
        assert refused.value.codes == ["too_short", "too_long"]


def test_only_administrators_see_the_periods(client, office) -> None:
    client.force_login(office)
    assert client.get(TestPeriods.ADDRESS).status_code == 403


def test_the_account_that_is_erased_was_closed_by_somebody(administrator) -> None:
    user = UserFactory()
    accounts.deactivate_user(user=user, by=administrator)
    with clock.frozen("2027-06-01"):
        services.expire_what_is_due()
    assert User.objects.get(pk=user.pk).erased_at is not None
