"""Tables of staff from the upload to the undoing: nothing before the press, then all or nothing, and back as one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import RoleCode
from audit.models import AuditEntry
from communities.enums import ImportState
from communities.models import Community, CommunityName, Contact, ImportBatch, RegisterEntry
from communities.services import register
from communities.services.imports import batches, work
from core import clock
from core.errors import Refused
from documents import services as documents
from documents.enums import RunState
from operations.services import expire_what_is_due
from tests.communities.tables import (
    COMMUNITY_HEAD,
    CONTACT_HEAD,
    DESIGNATION_HEAD,
    EMAIL_HEAD,
    bring_in,
    done,
    fates,
    fresh,
    own,
    sentences,
    take_over,
    undo,
)
from tests.factories import (
    AuthorityFactory,
    AuthorityPostFactory,
    CommunityFactory,
    ContactFactory,
    RegisterEntryFactory,
    RoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

OLD = {"筼筜街道": "alt@example.org", "中华街道": "gleich@example.org"}
TABLE = [
    EMAIL_HEAD,
    [362, "筼筜街道", "neu@example.org"],
    [363, None, "first@example.org"],
    [364, "中华街道", "gleich@example.org"],
]
NEW = {"筼筜街道": "neu@example.org", "中华街道": "gleich@example.org", "鼓浪屿街道": "first@example.org"}


def addresses() -> dict[str, str]:
    return {row.community.name_zh: row.email for row in Contact.objects.select_related("community")}


def unit(name: str) -> Community:
    return Community.objects.get(name_zh=name)


# --- From the upload to the undoing -------------------------------------------------------------------------


def test_a_table_changes_nothing_until_it_is_taken_over_and_goes_back_as_one(units, office):
    batch = bring_in("emails", TABLE, office)
    assert (batch.state, fates(batch)) == (ImportState.CHECKED, ["change", "create", "same"])
    assert addresses() == OLD
    batch = take_over(batch, office)
    assert (batch.state, batch.applied_by, addresses()) == (ImportState.APPLIED, office, NEW)
    batch = undo(batch, office)
    assert (batch.state, addresses()) == (ImportState.UNDONE, OLD)
    assert Contact.objects.get(community__name_zh="筼筜街道").source == "来信"
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "import.receive",
        "contact.set",
        "contact.set",
        "import.apply",
        "contact.take_back",
        "contact.take_back",
        "import.undo",
    ]


def test_one_row_to_be_mended_keeps_all_of_them_out(units, office):
    batch = bring_in("emails", [*TABLE, [362, "展览路街道", "x@example.org"], [999, "", "y@"]], office)
    assert sentences(batch) == {
        5: {"community": ["other_name"]},
        6: {"email": ["email"], "number": ["unknown_number"]},
    }
    with pytest.raises(Refused) as refused:
        batches.apply_batch(batch=batch, by=office)
    assert (refused.value.codes, addresses()) == (["errors"], OLD)


def test_pressed_twice_it_is_taken_over_once(units, office):
    batch = bring_in("emails", TABLE, office)
    first = batches.apply_batch(batch=batch, by=office)
    second = batches.apply_batch(batch=batch, by=office)
    assert first.run_id == second.run_id
    done(first)
    done(second)
    work.apply_import(first.run)  # the bell of a worker that was given up for dead
    assert take_over(batch, office).state == ImportState.APPLIED
    assert AuditEntry.objects.filter(action="import.apply").count() == 1
    assert AuditEntry.objects.filter(action="contact.set").count() == 2


def test_of_two_tables_about_the_same_the_second_is_compared_anew(units, office, administrator):
    batch = bring_in("emails", TABLE, office)
    other = bring_in("emails", [EMAIL_HEAD, [362, "", "other@example.org"]], administrator)
    take_over(batch, office)
    other = take_over(other, administrator)
    assert (other.state, other.overtaken, addresses()) == (ImportState.CHECKED, True, NEW)
    assert other.rows.get().changes == {"email": ["neu@example.org", "other@example.org"]}
    assert take_over(other, administrator).overtaken is False
    assert addresses()["筼筜街道"] == "other@example.org"


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_does_all(units, office, monkeypatch):
    batch = bring_in("emails", TABLE, office)
    asked = batches.apply_batch(batch=batch, by=office)

    class Killed(BaseException):
        pass

    def die(*_arguments, **_options):
        raise Killed

    monkeypatch.setattr(work, "_finish_apply", die)
    with pytest.raises(Killed):
        documents.perform(asked.run_id)
    assert (fresh(batch).state, addresses()) == (ImportState.CHECKED, OLD)
    monkeypatch.undo()
    with clock.frozen(clock.now() + dt.timedelta(minutes=6)):
        assert documents.lost_runs() == [asked.run_id]
        assert (done(asked).state, addresses()) == (ImportState.APPLIED, NEW)


def test_taking_over_tells_how_far_it_is(units, office, monkeypatch):
    told = []
    monkeypatch.setattr(work, "note_progress", lambda _run, done: told.append(done))
    head = ["社区名称", "省（直辖市）", "市（区）", "类别"]
    rows = [[name, "福建省", "厦门市", "街道"] for name in ("甲街道", "乙街道", "丙街道", "丁街道")]
    batch = bring_in("communities", [head, *rows], office)
    assert (take_over(batch, office).state, told) == (ImportState.APPLIED, [1, 1, 1, 2, 2, 3])


def test_a_rule_that_only_writing_finds_stops_all_of_it_and_stands_at_its_row(units, office, monkeypatch):
    batch = bring_in("emails", TABLE, office)
    monkeypatch.setattr(Contact, "full_clean", _refuse_the_second(Contact.full_clean))
    batch = take_over(batch, office)
    assert (batch.state, batch.error_count, addresses()) == (ImportState.CHECKED, 1, OLD)
    assert sentences(batch) == {3: {"": ["refused"]}}


def _refuse_the_second(clean):
    def checked(contact, **options):
        if contact.email == "first@example.org":
            contact.email = "no address"
        clean(contact, **options)

    return checked


def test_what_was_changed_since_is_not_undone_and_the_row_is_named(units, office):
    batch = take_over(bring_in("emails", TABLE, office), office)
    register.set_contact(community=unit("鼓浪屿街道"), role="liaison", email="later@example.org", by=office)
    batch = undo(batch, office)
    assert (batch.state, batch.problem) == (ImportState.APPLIED, ["changed_since", {"rows": "3"}])
    assert addresses()["筼筜街道"] == "neu@example.org"


def test_rows_and_files_expire_and_the_figures_stay(units, office, django_capture_on_commit_callbacks):
    batch = bring_in("emails", [*TABLE, [999, "", "y@example.org"]], office)
    files = [batch.file.file, batch.errors_file.file]
    day = dt.timedelta(days=1)
    with clock.frozen(batch.created_at + 30 * day):
        assert expire_what_is_due()["imported_tables"] == 0
    with clock.frozen(batch.created_at + 31 * day), django_capture_on_commit_callbacks(execute=True):
        assert [expire_what_is_due()["imported_tables"] for _night in range(2)] == [1, 0]
    batch = fresh(batch)
    assert (batch.file, batch.errors_file, batch.rows.count(), batch.error_count) == (None, None, 0, 1)
    assert [file.storage.exists(file.name) for file in files] == [False, False]
    with pytest.raises(Refused):
        batches.apply_batch(batch=batch, by=office)


# --- The other kinds ----------------------------------------------------------------------------------------


def test_communities_are_entered_changed_renamed_and_all_of_it_undone(register_of_three, office):
    head, *rows = own("communities", office)
    row = next(row for row in rows if row[1] == "筼筜街道")
    row[1], row[head.index("对外公开")] = "筼筜新街道", "否"
    new = [""] * len(head)
    for title, value in (
        ("社区名称", "滨海 街道"),
        ("省（直辖市）", "福建省"),
        ("市（区）", "厦门市"),
        ("类别", "街道"),
    ):
        new[head.index(title)] = value
    before = list(Community.objects.order_by("pk").values("name_zh", "name_status", "published", "kind"))
    batch = bring_in("communities", [head, row, new], office)
    assert fates(batch) == ["change", "create"]
    batch = take_over(batch, office)
    assert unit("筼筜新街道").published is False
    assert (unit("滨海街道").kind, unit("滨海街道").standing) == ("subdistrict", "candidate")
    assert CommunityName.objects.filter(name="筼筜街道", kind="former").exists()
    assert undo(batch, office).state == ImportState.UNDONE
    assert (
        list(Community.objects.order_by("pk").values("name_zh", "name_status", "published", "kind")) == before
    )
    assert not CommunityName.objects.exists()


def test_a_community_on_which_something_hangs_does_not_disappear_again(office):
    row = ["", "滨海街道", "", "福建省", "厦门市"]
    batch = take_over(bring_in("communities", [COMMUNITY_HEAD, row], office), office)
    ContactFactory(community=unit("滨海街道"))
    batch = undo(batch, office)
    assert (batch.state, batch.problem[0]) == (ImportState.APPLIED, "undo_refused")
    assert Community.objects.count() == 1


def test_designations_are_entered_corrected_and_undone(register_of_three, office):
    entry = RegisterEntry.objects.get(number=362)
    candidate = CommunityFactory(name_zh="滨海街道", standing="candidate")
    rows = [
        DESIGNATION_HEAD,
        [362, "", "", "2016年3月", "2021.7.1、2025", "新文件"],
        [400, "滨海街道", "国际安全社区", 45356.0, "", ""],
    ]
    batch = bring_in("designations", rows, office)
    assert (sentences(batch), fates(batch)) == ({}, ["change", "create"])
    batch = take_over(batch, office)
    dates = [row.date_text for row in entry.designations.order_by("cycle")]
    entry.refresh_from_db()
    candidate.refresh_from_db()
    assert (dates, entry.first_year, str(entry.ends_latest)) == (
        ["2016-03", "2021-07-01", "2025"],
        2016,
        "2030-12-31",
    )
    assert (candidate.standing, candidate.entries.get().designations.get().date_text) == (
        "named",
        "2024-03-05",
    )
    assert undo(batch, office).state == ImportState.UNDONE
    entry.refresh_from_db()
    candidate.refresh_from_db()
    dates = [row.date_text for row in entry.designations.order_by("cycle")]
    assert (dates, entry.first_year, candidate.standing) == (["2015-06", "2020-07-01"], 2015, "candidate")
    assert candidate.entries.count() == 0


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ([362, "", "", "2021", "", ""], {"first": ["date_order"]}),
        ([362, "", "", "", "2020-07-01、2019", ""], {"renewals": ["date_order"]}),
        ([362, "", "", "", "清空", ""], {"renewals": ["dates_fewer"]}),
        ([362, "鼓浪屿街道", "", "2015", "", ""], {"number": ["number_taken"]}),
        ([365, "鼓浪屿街道", "", "2015", "", ""], {"number": ["has_number"]}),
        ([365, "", "", "2015", "", ""], {"number": ["unknown_number"]}),
        (["", "中华街道", "省级", "2015", "", ""], {"programme": ["choice"]}),
        ([362, "", "", "", "2020年7月1日、二〇二五", ""], {"renewals": ["date"]}),
    ],
)
def test_dates_and_numbers_that_do_not_fit_are_said_at_their_cell(register_of_three, office, row, problems):
    assert sentences(bring_in("designations", [DESIGNATION_HEAD, row], office)) == {2: problems}


def test_dates_that_all_move_on_are_written_without_passing_each_other(register_of_three, office):
    row = [362, "", "", "2020-08", "2024-07-01", "更正"]
    batch = take_over(bring_in("designations", [DESIGNATION_HEAD, row], office), office)
    dates = RegisterEntry.objects.get(number=362).designations.order_by("cycle")
    assert (batch.state, [row.date_text for row in dates]) == (ImportState.APPLIED, ["2020-08", "2024-07-01"])


# --- Who may, and what it costs -----------------------------------------------------------------------------


def test_who_looks_after_a_region_touches_nothing_outside_it(client, units, district_authority):
    inside = unit("筼筜街道")
    inside.supervisor = district_authority
    inside.save()
    user = UserFactory(is_staff=True)
    AuthorityPostFactory(
        user=user, authority=district_authority, role=RoleFactory(code=RoleCode.CASE_OFFICER)
    )
    client.force_login(user)
    assert "/admin/register/imports/" in client.get("/admin/").content.decode()
    assert client.get("/admin/register/imports/").status_code == 200
    batch = bring_in("emails", TABLE, user)
    assert sentences(batch) == {3: {"number": ["unknown_number"]}, 4: {"number": ["unknown_number"]}}
    assert [row[1] for row in own("emails", user)[1:]] == ["筼筜街道"]
    AuthorityFactory(name_zh="西城区应急管理局")
    new = ["", "滨海街道", "", "福建省", "厦门市", "", "西城区应急管理局"]
    batch = bring_in("communities", [COMMUNITY_HEAD, new], user)
    assert sentences(batch) == {2: {"supervisor": ["beyond_reach"]}}


@pytest.mark.parametrize("person", ["leadership", "expert", "wang", "li"])
def test_others_bring_in_nothing(request, units, person):
    with pytest.raises(PermissionDenied):
        bring_in("emails", TABLE, request.getfixturevalue(person))
    assert ImportBatch.objects.count() == 0


def test_the_dry_run_asks_as_often_for_many_rows_as_for_few(office):
    def asked(count: int) -> int:
        numbers = [RegisterEntryFactory().number for _row in range(count)]
        rows = [CONTACT_HEAD, *([number, "", "联系人", "王某", "13800138000"] for number in numbers)]
        with CaptureQueriesContext(connection) as queries:
            batch = bring_in("contacts", rows, office)
        assert set(fates(batch)) == {"create"}
        with CaptureQueriesContext(connection) as applying:
            take_over(batch, office)
        return len(queries) + len(applying)

    asked(1)  # warms what is kept for long
    assert asked(2) == asked(30)


def test_a_run_that_fails_says_so_and_nothing_is_half_done(units, office, monkeypatch):
    batch = bring_in("emails", TABLE, office)
    monkeypatch.setattr(work, "_remember", lambda *_arguments: 1 / 0)
    asked = batches.apply_batch(batch=batch, by=office)
    for _attempt in range(documents.ATTEMPTS):
        documents.perform(asked.run_id)
    batch = fresh(batch)
    assert (batch.run.state, batch.state, addresses()) == (RunState.FAILED, ImportState.CHECKED, OLD)
