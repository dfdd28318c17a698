"""A round's sealed copies leave the platform as one archive, under names that an office can sort."""

import io
import zipfile

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import clock
from core.errors import Refused
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run
from reports.selectors import UnitFilter
from reports.services import exports, papers
from surveys.enums import Stage
from surveys.models import Round, SealedCopy
from tests.factories import RegionFactory, RegisterEntryFactory, UploadedFileFactory
from tests.surveys.scenes import submitted
from tests.surveys.test_scans import blank_pdf


@pytest.fixture(autouse=True)
def in_march():
    with clock.frozen("2024-03-10 09:00"):
        yield


def sealed(
    number: int, province: str, city: str, *, pages: int = 2, version: int = 1, **fields
) -> SealedCopy:
    entry = RegisterEntryFactory(
        number=number,
        community__name_zh=f"第{number}街道",
        community__province_name=province,
        community__city_name=city,
    )
    submission = submitted(entry.community, version=version, stage=Stage.UPLOADED)
    stored = documents.store_file(
        kind=FileKind.STAMPED_COPY,
        content=blank_pdf(pages),
        original_name="x.pdf",
        content_type="application/pdf",
        by=None,
    )
    return SealedCopy.objects.create(
        response=submission.response,
        submission=submission,
        sent_at=clock.now(),
        **{"stamped": stored, **fields},
    )


@pytest.fixture
def survey_round(programme) -> Round:
    RegionFactory(code="110000", level="province", name_zh="北京市")
    RegionFactory(code="310000", level="province", name_zh="上海市")
    sealed(300, "上海市", "黄浦区", pages=3)
    sealed(301, "北京市", "顺义区", version=2)
    sealed(302, "北京市", "朝阳区")
    return Round.objects.get()


def made(survey_round, handler, by, wanted=None) -> tuple[Run, zipfile.ZipFile]:
    run = exports.request_export(
        survey_round=survey_round, handler=handler, wanted=wanted or UnitFilter(), by=by
    )
    documents.perform(run.pk)
    run.refresh_from_db()
    assert run.error == ""
    return run, zipfile.ZipFile(io.BytesIO(run.result.file.read()))


def test_every_unit_has_a_file_named_by_place_number_name_and_version(survey_round, office):
    run, archive = made(survey_round, exports.ARCHIVE, office)
    assert archive.namelist() == [
        "上海市_黄浦区_300_第300街道_v1.pdf",
        "北京市_顺义区_301_第301街道_v2.pdf",
        "北京市_朝阳区_302_第302街道_v1.pdf",
    ]
    assert (run.done, run.total) == (3, 3)
    assert len(pypdfium2.PdfDocument(archive.read("上海市_黄浦区_300_第300街道_v1.pdf"))) == 3


def test_one_file_for_each_province_in_the_order_of_the_codes(survey_round, office):
    _run, archive = made(survey_round, exports.BY_PROVINCE, office)
    assert archive.namelist() == ["北京市_2家_盖章件.pdf", "上海市_1家_盖章件.pdf"]
    assert [len(pypdfium2.PdfDocument(archive.read(name))) for name in archive.namelist()] == [4, 3]


def test_only_the_units_of_the_list_are_in_it(survey_round, office):
    _run, archive = made(survey_round, exports.ARCHIVE, office, UnitFilter(province="上海市"))
    assert archive.namelist() == ["上海市_黄浦区_300_第300街道_v1.pdf"]


def test_the_last_copy_sent_is_the_one(survey_round, office):
    copy = SealedCopy.objects.get(response__community__name_zh="第300街道")
    newer = SealedCopy.objects.create(
        response=copy.response,
        submission=copy.submission,
        number=2,
        sent_at=clock.now(),
        stamped=copy.stamped,
    )
    SealedCopy.objects.create(response=copy.response, submission=copy.submission, number=3)
    found = papers.sent_copies(survey_round, UnitFilter(province="上海市"))
    assert [row.pk for row in found] == [newer.pk]


def test_an_electronically_sealed_file_goes_along_untouched_and_a_missing_one_is_told(survey_round, office):
    copy = sealed(303, "上海市", "徐汇区", stamped=None)
    sealed(304, "上海市", "静安区", stamped=None)
    stored = documents.store_file(
        kind=FileKind.E_SEALED,
        content=b"PK ofd",
        original_name="章.ofd",
        content_type="application/ofd",
        by=None,
    )
    UploadedFileFactory(sealed_copy=copy, stored=stored, purpose="e_sealed")
    run, archive = made(survey_round, exports.ARCHIVE, office, UnitFilter(province="上海市"))
    assert archive.namelist() == [
        "上海市_黄浦区_300_第300街道_v1.pdf",
        "上海市_徐汇区_303_第303街道_v1_电子签章.ofd",
    ]
    assert archive.read("上海市_徐汇区_303_第303街道_v1_电子签章.ofd") == b"PK ofd"
    assert exports.left_out(run) == ["第304街道：还没有盖章件PDF"]


def test_an_archive_of_nothing_is_refused_in_words(survey_round, office):
    run = exports.request_export(
        survey_round=survey_round, handler=exports.ARCHIVE, wanted=UnitFilter(province="福建省"), by=office
    )
    with pytest.raises(Refused):
        papers.make_archive(run)


def test_who_may_not_see_contact_persons_gets_no_papers(client, survey_round, leadership):
    with pytest.raises(PermissionDenied):
        exports.request_export(
            survey_round=survey_round, handler=exports.ARCHIVE, wanted=UnitFilter(), by=leadership
        )
    client.force_login(leadership)
    page = client.get(reverse("reports:board", args=[survey_round.code])).content.decode()
    assert reverse("reports:export_papers", args=[survey_round.code]) not in page
    assert client.post(reverse("reports:export_papers", args=[survey_round.code])).status_code == 403
