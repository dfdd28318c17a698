"""The import as staff see it: the way there, the dry run, the press, the way back; and who does not see it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import User
from communities.models import Contact, ImportBatch
from documents import services as documents
from tests.communities.tables import CONTACT_HEAD, EMAIL_HEAD, bring_in, fresh, take_over, xlsx
from tests.factories import ContactFactory, RegisterEntryFactory, StoredFileFactory, staff_user
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

LIST = "/admin/register/imports/"
EMPTY = SimpleUploadedFile("空.xlsx", b"")


@pytest.fixture
def desk(client: Client, office: User) -> Client:
    client.force_login(office)
    return client


@pytest.fixture
def unit(office: User) -> None:
    community = RegisterEntryFactory(number=362, community__name_zh="筼筜街道").community
    ContactFactory(community=community, email="alt@example.org")


def test_from_the_desk_to_the_taking_over_and_back(desk, unit):
    assert LIST in desk.get("/admin/").content.decode()
    assert LIST in desk.get("/admin/communities/community/").content.decode()
    upload = SimpleUploadedFile("来信.xlsx", xlsx(EMAIL_HEAD, [362, "", "neu@example.org"]))
    batch = desk.post(LIST, {"kind": "emails", "upload": upload}).url
    assert 'hx-trigger="every 1s"' in desk.get(batch).content.decode()
    documents.perform(ImportBatch.objects.get().run_id)
    page = desk.get(batch).content.decode()
    assert "<del>alt@example.org</del> → <ins>neu@example.org</ins>" in page
    assert desk.get(batch, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    for act, address in (("apply", "neu@example.org"), ("undo", "alt@example.org")):
        assert desk.post(f"{batch}{act}/").url == batch
        assert desk.get(batch, headers={"HX-Request": "true"}).templates[0].name.endswith("_progress.html")
        documents.perform(ImportBatch.objects.get().run_id)
        assert Contact.objects.get().email == address
        assert desk.get(batch).status_code == 200


def test_a_table_with_mistakes_offers_them_marked_and_no_taking_over(desk, unit, office):
    batch = bring_in("emails", [EMAIL_HEAD, [362, "", "bad"]], office)
    page = desk.get(f"{LIST}{batch.pk}/").content.decode()
    assert "“bad”不是电子邮箱地址。请写成 name@example.org。" in page
    assert f"{LIST}{batch.pk}/apply/" not in page
    answer = desk.get(f"{LIST}{batch.pk}/errors/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    refused = desk.post(f"{LIST}{batch.pk}/apply/", follow=True).content.decode()
    assert "请先修改标出的行，再重新上传表格。" in refused


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "emails"}, "请选择要导入的表格。"),
        ({"kind": "emails", "upload": EMPTY}, "文件是空的。"),
    ],
)
def test_without_a_table_nothing_is_kept(desk, sent, sentence):
    answer = desk.post(LIST, sent)
    assert (answer.status_code, ImportBatch.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_template_and_own_table_are_handed_out(desk, unit, office):
    answer = desk.get(f"{LIST}template/contacts/")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert desk.post(f"{LIST}table/contacts/").url == reverse("documents:run", args=[office.runs.get().pk])
    assert desk.get(f"{LIST}template/nothing/").status_code == 404


@pytest.mark.parametrize("person", ["leadership", "wang", "expert", "li"])
def test_who_may_not_change_the_register_sees_nothing_of_it(request, client, unit, office, person):
    batch = bring_in("emails", [EMAIL_HEAD, [362, "", "neu@example.org"]], office)
    client.force_login(request.getfixturevalue(person))
    assert LIST not in client.get("/admin/communities/community/").content.decode()
    for address in ("", f"{batch.pk}/", f"{batch.pk}/errors/", "template/emails/"):
        assert client.get(f"{LIST}{address}").status_code in {302, 403}
    for act in ("apply", "undo", "check"):
        assert client.post(f"{LIST}{batch.pk}/{act}/").status_code in {302, 403}
    assert fresh(batch).state == "checked"


@pytest.mark.parametrize(
    ("kind", "head", "colleague", "chief"),
    [
        ("contacts", CONTACT_HEAD, 404, 200),
        ("emails", EMAIL_HEAD, 404, 200),
        ("communities", ["社区名称"], 200, 200),
    ],
)
def test_what_names_persons_is_shown_to_who_brought_it_in_and_to_who_finishes_it(
    client, desk, unit, office, administrator, kind, head, colleague, chief
):
    batch = bring_in(kind, [head, [""] * len(head)], office)
    seen = {}
    for person in (office, staff_user(RoleCode.CASE_OFFICER, name="钱经办"), administrator):
        client.force_login(person)
        seen[person.name] = [
            *(client.get(f"{LIST}{batch.pk}/{page}").status_code for page in ("", "errors/")),
            *(client.post(f"{LIST}{batch.pk}/{act}/").status_code for act in ("check", "undo")),
            f'{LIST}{batch.pk}/"' in client.get(LIST).content.decode(),
        ]
    file = 200 if batch.errors_file else 404
    whole, nothing = [200, file, 302, 302, True], [404, 404, 404, 404, False]
    assert seen == {
        "周经办": whole,
        "钱经办": whole if colleague == 200 else nothing,
        "吴管理": whole if chief == 200 else nothing,
    }


def test_the_pages_ask_as_often_for_many_rows_and_tables_as_for_few(desk, office):
    batch = bring_in("contacts", [CONTACT_HEAD, [RegisterEntryFactory().number, "", "联系人", "王"]], office)

    def one_more() -> None:
        entry = RegisterEntryFactory()
        batch.rows.create(
            number=entry.number, fate="error", community=entry.community, changes={"name": ["", "王"]},
            problems={"mobile": [["mobile", {"value": "1"}]]},
        )  # fmt: skip
        ImportBatch.objects.create(
            kind="emails", created_by=office, applied_by=office, file=StoredFileFactory()
        )

    for address in (f"{LIST}{batch.pk}/?fate=all", LIST):
        few = queries_of(desk, address, one_more, 1)
        assert queries_of(desk, address, one_more, 6) == few


def test_what_was_taken_over_can_be_read_and_undone_until_it_expires(desk, unit, office):
    batch = take_over(bring_in("emails", [EMAIL_HEAD, [362, "", "neu@example.org"]], office), office)
    page = desk.get(f"{LIST}{batch.pk}/").content.decode()
    assert f"{LIST}{batch.pk}/undo/" in page
    assert f"{LIST}{batch.pk}/apply/" not in page
