"""A year's evidence leaves in one file, each under a name that says what it is, with an index that proves it."""

import datetime as dt
import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from audit.models import AuditEntry
from communities.models import AuthorityPost, Community
from core import clock
from core.errors import Refused
from documents import services as documents
from documents.models import Run
from projects.enums import Element
from projects.models import Evidence
from projects.services.evidence import add_files, check_files
from projects.services.evidence_exports import left_out, may_export, request_year
from projects.services.evidence_zip import make_zip
from tests.projects.factories import ActivityFactory, EvidenceFactory
from tests.projects.test_evidence import photograph


@pytest.fixture(autouse=True)
def in_march() -> object:
    with clock.frozen("2026-03-10 09:00"):
        yield


def keep(community: Community, by: User, title: str, upload: SimpleUploadedFile, **more: object) -> Evidence:
    described = {"element": Element.EMERGENCY, "happened_on": dt.date(2026, 3, 5), **more}
    (evidence,) = add_files(
        community=community, checked=check_files([upload]), title=title, by=by, **described
    )
    return evidence


def made(community: Community, by: User, year: int = 2026) -> tuple[zipfile.ZipFile, Run]:
    run = request_year(community=community, year=year, by=by)
    stored = make_zip(run)
    with stored.file.open("rb") as content:
        return zipfile.ZipFile(io.BytesIO(content.read())), run


def index_of(archive: zipfile.ZipFile) -> list[tuple[object, ...]]:
    book = load_workbook(io.BytesIO(archive.read(archive.namelist()[-1])))
    return list(book.active.iter_rows(min_row=2, values_only=True))


def test_each_file_lies_in_the_folder_of_its_element_and_stands_in_the_index(
    community: Community, li: User
) -> None:
    drill = keep(community, li, "消防演练", photograph("IMG_1.jpg", "red"), source="社区拍摄")
    again = keep(community, li, "消防演练", photograph("IMG_2.jpg", "blue"))
    plan = keep(
        community,
        li,
        "",
        SimpleUploadedFile("方案.mp3", b"ID3" + b"x" * 40),
        element=Element.GOALS,
        happened_on=dt.date(2026, 1, 2),
    )
    keep(community, li, "去年", photograph("IMG_3.jpg", "black"), happened_on=dt.date(2025, 12, 31))
    ActivityFactory(community=community, title="消防疏散").evidence.add(drill)
    archive, _run = made(community, li)
    names = archive.namelist()
    assert names[:3] == [
        "04 事故与伤害预防目标及计划/20260102_方案.mp3",
        "07 应急预案和响应/20260305_消防演练.jpg",
        "07 应急预案和响应/20260305_消防演练 (2).jpg",
    ]
    assert len(names) == 4
    assert names[3].startswith("00_筼筜街道_")
    assert index_of(archive) == [
        (
            number,
            dt.datetime.combine(one.happened_on, dt.time()),
            one.get_element_display(),
            one.title,
            one.source or None,
            name,
            one.file.sha256,
            used or None,
        )
        for number, one, name, used in (
            (1, plan, names[0], ""),
            (2, drill, names[1], "活动：消防疏散"),
            (3, again, names[2], ""),
        )
    ]
    for name, one in ((names[0], plan), (names[1], drill), (names[2], again)):
        assert hashlib.sha256(archive.read(name)).hexdigest() == one.file.sha256


def test_a_title_that_looks_like_a_formula_or_a_path_does_no_harm(community: Community, li: User) -> None:
    keep(community, li, "=1+1", photograph("a.jpg", "red"))
    keep(community, li, "../../x", photograph("b.jpg", "blue"))
    archive, _run = made(community, li)
    assert archive.namelist()[:2] == [
        "07 应急预案和响应/20260305_=1+1.jpg",
        "07 应急预案和响应/20260305_x.jpg",
    ]
    book = load_workbook(io.BytesIO(archive.read(archive.namelist()[-1])))
    cell = book.active.cell(2, 4)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_a_file_gone_from_the_disk_is_named_and_holds_nothing_up(community: Community, li: User) -> None:
    keep(community, li, "在", photograph("a.jpg", "red"))
    gone = keep(community, li, "不在", photograph("b.jpg", "blue"))
    gone.file.file.storage.delete(gone.file.file.name)
    archive, run = made(community, li)
    assert len(archive.namelist()) == 2
    assert [row[5] for row in index_of(archive)] == ["07 应急预案和响应/20260305_在.jpg", None]
    run.refresh_from_db()
    assert [sentence.startswith("不在") for sentence in left_out(run)] == [True]


def test_a_year_without_files_is_refused(community: Community, li: User) -> None:
    with pytest.raises(Refused) as refused:
        request_year(community=community, year=2025, by=li)
    assert refused.value.codes == ["nothing"]


def test_more_than_a_disk_should_hold_is_refused(community: Community, li: User) -> None:
    EvidenceFactory(community=community, file__size=4 * 2**30 + 1)
    with pytest.raises(Refused) as refused:
        request_year(community=community, year=2026, by=li)
    assert refused.value.codes == ["too_large"]


def test_who_asks_twice_while_nothing_was_added_shares_one_run(community: Community, li: User) -> None:
    EvidenceFactory(community=community)
    first = request_year(community=community, year=2026, by=li)
    Run.objects.filter(pk=first.pk).update(state="queued", finished_at=None)
    assert request_year(community=community, year=2026, by=li) == first
    EvidenceFactory(community=community)
    assert request_year(community=community, year=2026, by=li) != first


def test_only_who_sees_the_files_may_ask_and_only_as_long_as_that_lasts(
    community: Community, wang: User, zhao: User
) -> None:
    EvidenceFactory(community=community)
    with pytest.raises(PermissionDenied):
        request_year(community=community, year=2026, by=zhao)
    run = request_year(community=community, year=2026, by=wang)
    assert may_export(wang, run) is True
    assert AuditEntry.objects.get(action="evidence.export").community_id == community.pk
    AuthorityPost.objects.filter(user=wang).delete()
    assert may_export(User.objects.get(pk=wang.pk), run) is False


def test_the_archive_page_leads_to_the_run_and_the_run_to_the_file(
    client: Client, community: Community, li: User, worker: object
) -> None:
    keep(community, li, "消防演练", photograph())
    client.force_login(li)
    page = client.get(reverse("projects:evidence", args=[community.pk]), {"year": "2026"})
    assert reverse("projects:evidence_zip", args=[community.pk]) in page.content.decode()
    answer = client.post(reverse("projects:evidence_zip", args=[community.pk]), {"year": "2026"})
    run = Run.objects.get()
    assert answer.headers["Location"] == reverse("documents:run", args=[run.pk])
    worker(lambda: Run.objects.get().result is not None, what="the ZIP")
    assert Run.objects.get().result.original_name.startswith("筼筜街道_")
    assert documents.run_back_url(run) == f"{reverse('projects:evidence', args=[community.pk])}?year=2026"


@pytest.mark.parametrize("year", ["", "0000", "abcd", "20261", "２０２６"])
def test_what_is_no_year_is_not_found(client: Client, community: Community, li: User, year: str) -> None:
    client.force_login(li)
    answer = client.post(reverse("projects:evidence_zip", args=[community.pk]), {"year": year})
    assert answer.status_code == 404
    page = client.get(reverse("projects:evidence", args=[community.pk]), {"year": year})
    assert (page.status_code, page.context["year"]) == (200, "")
