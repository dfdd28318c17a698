"""What a project shows lies once in the archive: sent with it, or chosen from what is there."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Community
from core.errors import Refused
from projects.enums import Element
from projects.models import Evidence
from projects.services.attachments import attach
from tests.projects.factories import EvidenceFactory, ProjectFactory
from tests.projects.test_evidence import photograph


@pytest.fixture
def as_li(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


def page_of(name: str, community: Community, *more: object) -> str:
    return reverse(f"projects:{name}", args=[community.pk, *more])


def test_a_photograph_beside_a_project_lies_in_the_archive_under_its_element(
    as_li: Client, community: Community
) -> None:
    project = ProjectFactory(community=community)
    data = {"files": [photograph()], "title": "扶手", "happened_on": "2026-03-05"}
    answer = as_li.post(page_of("attach", community, "project", project.pk), data)
    assert answer.headers["Location"] == page_of("project", community, project.pk) + "#evidence"
    evidence = Evidence.objects.get()
    assert (evidence.element, list(project.evidence.all())) == (Element.PROJECTS, [evidence])
    as_li.post(page_of("detach", community, "project", project.pk, evidence.pk))
    assert (project.evidence.count(), Evidence.objects.count()) == (0, 1)


def test_a_file_the_archive_does_not_take_is_refused_beside_its_field(
    as_li: Client, community: Community
) -> None:
    project = ProjectFactory(community=community)
    data = {"files": [SimpleUploadedFile("a.exe", b"MZ")], "happened_on": "2026-03-05"}
    answer = as_li.post(page_of("attach", community, "project", project.pk), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["files"])
    assert as_li.get(page_of("attach", community, "moon", project.pk)).status_code == 404


def test_a_file_that_lies_in_the_archive_is_shown_without_being_sent_again(
    as_li: Client, community: Community, elsewhere: Community, li: User
) -> None:
    project, kept = ProjectFactory(community=community), EvidenceFactory(community=community)
    address = page_of("attach", community, "project", project.pk)
    answer = as_li.post(address, {"kept": [kept.pk], "happened_on": "2026-03-05"})
    assert (answer.status_code, list(project.evidence.all())) == (302, [kept])
    assert list(as_li.get(address).context["form"].fields["kept"].queryset) == []
    foreign = EvidenceFactory(community=elsewhere)
    answer = as_li.post(address, {"kept": [foreign.pk], "happened_on": "2026-03-05"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kept"])
    with pytest.raises(Refused) as refused:
        attach(thing=project, checked=[], kept=[foreign], happened_on=dt.date(2026, 3, 5), by=li)
    assert refused.value.codes == ["foreign"]


def test_nothing_chosen_is_said_beside_the_files(as_li: Client, community: Community) -> None:
    project = ProjectFactory(community=community)
    answer = as_li.post(page_of("attach", community, "project", project.pk), {"happened_on": "2026-03-05"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["files"])
