"""A community writes down what endangers people, and each finding says which projects answer it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core.errors import Refused
from projects.enums import FindingKind
from projects.forms.diagnosis import FindingForm
from projects.models import Diagnosis, Evidence, Finding
from projects.services import diagnosis as services
from tests.projects.factories import DiagnosisFactory, FindingFactory, ProjectFactory
from tests.projects.test_evidence import photograph

TYPED = {
    "title": "2026年安全诊断",
    "methods": ["visit", "experts"],
    "began_on": "2026-02-01",
    "ended_on": "2026-02-20",
    "participants": "街道应急办、社区卫生服务中心",
    "summary": "老年人居家跌倒突出",
}
FOUND = {
    "kind": "vulnerable",
    "title": "独居老人",
    "area": "older_people",
    "description": "312人，2025年跌倒42人",
}


@pytest.fixture
def as_li(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


def page_of(name: str, community: Community, *more: object) -> str:
    return reverse(f"projects:{name}", args=[community.pk, *more])


def test_a_diagnosis_by_two_methods_is_recorded_once(as_li: Client, community: Community) -> None:
    for _press in range(2):
        assert as_li.post(page_of("diagnosis_add", community), TYPED).status_code == 302
    diagnosis = Diagnosis.objects.get()
    assert diagnosis.methods == ["experts", "visit"]
    page = as_li.get(page_of("diagnosis_page", community, diagnosis.pk))
    assert len(page.context["methods"]) == 2
    assert "312人" not in page.content.decode()


def test_who_took_part_never_enters_the_trail_in_clear(community: Community, li: User) -> None:
    diagnosis = DiagnosisFactory(community=community, participants="")
    services.change_diagnosis(
        diagnosis=diagnosis, fields={"participants": "应急办的一位同志"}, seen=None, by=li
    )
    entry = AuditEntry.objects.get(action="diagnosis.change")
    assert list(entry.changes) == ["participants"]
    assert "一位同志" not in str(entry.changes)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"methods": []}, "methods"),
        ({"methods": ["dreams"]}, "methods"),
        ({"began_on": "2199-01-01"}, "began_on"),
        ({"began_on": "1980-01-01"}, "began_on"),
        ({"ended_on": "2026-01-31"}, "ended_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    wrong: dict[str, object], field: str, as_li: Client, community: Community
) -> None:
    answer = as_li.post(page_of("diagnosis_add", community), TYPED | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "老年人居家跌倒突出" in answer.content.decode()


@pytest.mark.parametrize("kind", FindingKind.values)
def test_a_finding_of_each_kind_stands_under_its_kind(kind: str, as_li: Client, community: Community) -> None:
    diagnosis = DiagnosisFactory(community=community)
    for _press in range(2):
        as_li.post(page_of("finding_add", community, diagnosis.pk), FOUND | {"kind": kind})
    finding = Finding.objects.get()
    assert (finding.kind, finding.area, finding.community) == (kind, "older_people", community)
    kinds = as_li.get(page_of("diagnosis_page", community, diagnosis.pk)).context["kinds"]
    assert [(str(FindingKind(kind).label), [finding])] == [row for row in kinds if row[1]]
    assert len(kinds) == 5


def test_a_finding_of_no_known_kind_is_refused(as_li: Client, community: Community) -> None:
    diagnosis = DiagnosisFactory(community=community)
    answer = as_li.post(page_of("finding_add", community, diagnosis.pk), FOUND | {"kind": "rumour"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kind"])


def test_a_finding_shows_the_projects_that_answer_it(as_li: Client, community: Community) -> None:
    finding = FindingFactory(diagnosis__community=community)
    project = ProjectFactory(community=community, finding=finding)
    page = as_li.get(page_of("finding", community, finding.pk))
    assert list(page.context["finding"].projects.all()) == [project]
    assert page_of("project", community, project.pk) in page.content.decode()


def test_the_page_of_diagnoses_shows_findings_without_a_project_as_gaps(
    as_li: Client, community: Community
) -> None:
    finding = FindingFactory(diagnosis__community=community)
    page = as_li.get(page_of("diagnosis", community))
    assert list(page.context["unanswered"]) == [finding]
    (row,) = page.context["page"]
    assert (row.findings_all, row.findings_held) == (1, 1)


def test_a_finding_that_no_longer_holds_is_settled_since_a_day_and_no_gap(
    as_li: Client, community: Community
) -> None:
    finding = FindingFactory(diagnosis__community=community, kind="place", title="无灯路口")
    address = page_of("finding_edit", community, finding.pk)
    seen = as_li.get(address).context["form"]["seen"].value()
    data = {"kind": "place", "title": "无灯路口", "seen": seen}
    too_late = as_li.post(address, data | {"settled_on": "2199-01-01"})
    assert (too_late.status_code, list(too_late.context["form"].errors)) == (422, ["settled_on"])
    assert as_li.post(address, data | {"settled_on": "2026-03-01"}).status_code == 302
    assert list(as_li.get(page_of("diagnosis", community)).context["unanswered"]) == []
    form = as_li.get(page_of("project_add", community)).context["form"]
    assert list(form.fields["finding"].queryset) == []


def test_of_two_who_edit_a_finding_the_second_is_told_and_keeps_the_words(
    as_li: Client, community: Community, li: User
) -> None:
    finding = FindingFactory(diagnosis__community=community)
    address = page_of("finding_edit", community, finding.pk)
    seen = as_li.get(address).context["form"]["seen"].value()
    services.change_finding(finding=finding, fields={"title": "同事的话"}, seen=seen, by=li)
    answer = as_li.post(address, FOUND | {"title": "我的话", "seen": seen})
    assert answer.status_code == 422
    assert "我的话" in answer.content.decode()
    assert Finding.objects.get().title == "同事的话"
    fresh = answer.context["form"]["seen"].value()
    assert as_li.post(address, FOUND | {"title": "我的话", "seen": fresh}).status_code == 302


def test_a_finding_that_a_project_answers_is_not_removed(
    as_li: Client, community: Community, li: User
) -> None:
    finding = FindingFactory(diagnosis__community=community)
    project = ProjectFactory(community=community, finding=finding)
    with pytest.raises(Refused) as refused:
        services.remove_finding(finding=finding, by=li)
    assert refused.value.codes == ["finding_used"]
    with pytest.raises(Refused) as refused:
        services.remove_diagnosis(diagnosis=finding.diagnosis, by=li)
    assert refused.value.codes == ["has_findings"]
    project.delete()
    as_li.post(page_of("finding_remove", community, finding.pk))
    as_li.post(page_of("diagnosis_remove", community, finding.diagnosis_id))
    assert (Finding.objects.count(), Diagnosis.objects.count()) == (0, 0)


def test_a_photograph_of_a_place_at_risk_lies_under_the_element_of_risks(
    as_li: Client, community: Community
) -> None:
    finding = FindingFactory(diagnosis__community=community)
    data = {"files": [photograph()], "happened_on": "2026-03-05"}
    as_li.post(page_of("attach", community, "finding", finding.pk), data)
    assert list(finding.evidence.values_list("element", flat=True)) == ["risks"]
    assert Evidence.objects.count() == 1


def test_others_read_or_see_nothing_and_record_nothing(
    client: Client, community: Community, wang: User, zhao: User
) -> None:
    diagnosis = DiagnosisFactory(community=community)
    for user, page, form in ((wang, 200, 403), (zhao, 404, 404)):
        client.force_login(user)
        assert client.get(page_of("diagnosis_page", community, diagnosis.pk)).status_code == page
        assert client.post(page_of("diagnosis_add", community), TYPED).status_code == form
        with pytest.raises(PermissionDenied):
            services.record_finding(diagnosis=diagnosis, fields={"kind": "need", "title": "x"}, by=user)


def test_a_diagnosis_is_not_found_below_another_community(
    client: Client, community: Community, elsewhere: Community, zhao: User
) -> None:
    finding = FindingFactory(diagnosis__community=community)
    client.force_login(zhao)
    assert client.get(page_of("diagnosis_page", elsewhere, finding.diagnosis_id)).status_code == 404
    assert client.post(page_of("finding_edit", elsewhere, finding.pk), FOUND).status_code == 404


@pytest.mark.parametrize(("name", "number"), [("diagnosis", 11), ("diagnosis_page", 12)])
def test_the_pages_ask_the_same_for_one_finding_and_for_twenty(
    name: str, number: int, as_li: Client, community: Community, django_assert_num_queries
) -> None:
    diagnosis = DiagnosisFactory(community=community)
    address = page_of(name, community, *([diagnosis.pk] if name == "diagnosis_page" else []))
    for rows in (1, 12):
        for _row in range(rows):
            ProjectFactory(community=community, finding=FindingFactory(diagnosis=diagnosis))
            FindingFactory(diagnosis=DiagnosisFactory(community=community))
        with django_assert_num_queries(number):
            as_li.get(address)


def test_nothing_is_no_choice_among_buttons(db: None) -> None:
    assert [code for code, _label in FindingForm().fields["kind"].choices] == list(FindingKind.values)
