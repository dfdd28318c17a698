"""The archive keeps each file once, with its day, and gives nothing up that is used."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core.errors import Refused
from projects.enums import Element
from projects.models import Evidence
from projects.services.evidence import add_files, check_files, remove
from tests.projects.factories import ActivityFactory, EvidenceFactory

DAY = dt.date(2026, 3, 5)


def photograph(name: str = "演练.jpg", colour: str = "green") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def office_file(name: str, *members: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return SimpleUploadedFile(name, content.getvalue())


def keep(community: Community, by: User, *uploads: SimpleUploadedFile) -> list[Evidence]:
    return add_files(
        community=community,
        checked=check_files(uploads),
        element=Element.EMERGENCY,
        happened_on=DAY,
        by=by,
    )


def test_a_photograph_is_kept_with_a_small_picture_and_its_hash(community: Community, li: User) -> None:
    (evidence,) = keep(community, li, photograph())
    assert evidence.title == "演练.jpg"
    assert evidence.file.content_type == "image/jpeg"
    with Image.open(evidence.thumbnail.file) as picture:
        assert picture.size == (480, 360)
    entry = AuditEntry.objects.get(action="evidence.add")
    assert entry.changes["sha256"] == evidence.file.sha256


def test_the_same_file_twice_is_kept_once(community: Community, li: User) -> None:
    first = keep(community, li, photograph())
    assert keep(community, li, photograph("noch einmal.jpg")) == first
    assert Evidence.objects.count() == 1


def test_another_community_keeps_the_same_file_for_itself(
    community: Community, elsewhere: Community, li: User, zhao: User
) -> None:
    keep(community, li, photograph())
    keep(elsewhere, zhao, photograph())
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (SimpleUploadedFile("leer.jpg", b""), "empty"),
        (SimpleUploadedFile("bild.jpg", b"GIF89a" + b"x" * 40), "unknown_type"),
        (SimpleUploadedFile("bild.jpg", b"\xff\xd8\xff" + b"x" * 40), "damaged"),
        (office_file("text.docx", "word/document.xml", "word/vbaProject.bin"), "unknown_type"),
        (office_file("text.docx", "xl/workbook.xml"), "unknown_type"),
        (SimpleUploadedFile("kaputt.xlsx", b"PK\x03\x04" + b"x" * 40), "unknown_type"),
        (SimpleUploadedFile("start.exe", b"MZ" + b"x" * 40), "unknown_type"),
    ],
)
def test_what_the_archive_does_not_take_is_named(upload: SimpleUploadedFile, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_files([upload])
    assert refused.value.codes == [code]
    assert str(refused.value).startswith(upload.name)


def test_one_bad_file_keeps_none_out_silently(community: Community, li: User) -> None:
    with pytest.raises(Refused):
        keep(community, li, photograph(), SimpleUploadedFile("start.exe", b"MZ"))
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize(
    ("upload", "content_type"),
    [
        (
            office_file("纪要.docx", "[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (SimpleUploadedFile("广播.mp3", b"ID3" + b"x" * 40), "audio/mpeg"),
        (SimpleUploadedFile("演练.mp4", b"\0\0\0\x18ftypmp42" + b"x" * 40), "video/mp4"),
    ],
)
def test_text_sound_and_film_are_kept_unopened(upload: SimpleUploadedFile, content_type: str) -> None:
    (checked,) = check_files([upload])
    assert (checked.content_type, checked.picture) == (content_type, None)


def test_only_who_records_the_work_adds_files(community: Community, zhao: User, wang: User) -> None:
    for stranger in (zhao, wang):
        with pytest.raises(PermissionDenied):
            keep(community, stranger, photograph())


def test_a_file_in_use_stays(community: Community, li: User) -> None:
    evidence = EvidenceFactory(community=community)
    ActivityFactory(community=community).evidence.add(evidence)
    with pytest.raises(Refused) as refused:
        remove(evidence=evidence, by=li)
    assert refused.value.codes == ["evidence_used"]
    evidence.activities.clear()
    remove(evidence=evidence, by=li)
    assert Evidence.objects.count() == 0


def test_a_clerk_adds_two_photographs_on_the_page(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    data = {
        "files": [photograph("一.jpg", "red"), photograph("二.jpg", "blue")],
        "title": "",
        "element": Element.EMERGENCY,
        "happened_on": "2026-03-05",
        "source": "社区拍摄",
    }
    answer = client.post(reverse("projects:evidence_add", args=[community.pk]), data)
    assert answer.status_code == 302
    page = client.get(reverse("projects:evidence", args=[community.pk]), {"element": "emergency"})
    assert [one.title for one in page.context["page"]] == ["二.jpg", "一.jpg"]
    picture = client.get(
        reverse("projects:evidence_thumbnail", args=[community.pk, Evidence.objects.first().pk])
    )
    assert picture["Content-Type"] == "image/jpeg"


def test_a_refused_file_is_said_beside_its_field(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    data = {"files": [SimpleUploadedFile("a.exe", b"MZ")], "element": "archive", "happened_on": "2026-03-05"}
    answer = client.post(reverse("projects:evidence_add", args=[community.pk]), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["files"]


def test_the_authority_looks_and_changes_nothing(client: Client, community: Community, wang: User) -> None:
    evidence = EvidenceFactory(community=community)
    client.force_login(wang)
    address = reverse("projects:evidence_item", args=[community.pk, evidence.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"title": "x"}).status_code == 403


def test_the_archive_asks_the_same_for_one_file_and_for_twenty(
    client: Client, community: Community, li: User, django_assert_num_queries
) -> None:
    client.force_login(li)
    address = reverse("projects:evidence", args=[community.pk])
    EvidenceFactory(community=community)
    with django_assert_num_queries(11):
        client.get(address)
    EvidenceFactory.create_batch(19, community=community)
    with django_assert_num_queries(11):
        client.get(address)
