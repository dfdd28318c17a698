"""A community proposes, describes and follows its promotion projects; nobody's words are lost or overwritten."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.enums import Area, IndicatorKind, Means, ProjectStage
from projects.models import Indicator, Measure, Project, ProjectReview, YearlyMinimum
from projects.selectors.projects import project_counter
from projects.services import projects as services
from tests.projects.factories import (
    ActivityFactory,
    BodyFactory,
    EvidenceFactory,
    FindingFactory,
    OrganisationFactory,
    ProjectFactory,
    SafetyWorkFactory,
)

SHORT = {"title": "独居老人防跌倒", "area": Area.OLDER_PEOPLE, "form_key": "k1"}


@pytest.fixture
def as_li(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


def page_of(name: str, community: Community, *more: object) -> str:
    return reverse(f"projects:{name}", args=[community.pk, *more])


def test_a_title_an_area_and_a_finding_are_enough_to_begin(as_li: Client, community: Community) -> None:
    finding = FindingFactory(diagnosis__community=community)
    answer = as_li.post(page_of("project_add", community), SHORT | {"finding": finding.pk})
    project = Project.objects.get()
    assert answer.headers["Location"] == page_of("project", community, project.pk)
    assert (project.title, project.area, project.finding, project.stage) == (
        "独居老人防跌倒",
        "older_people",
        finding,
        "proposed",
    )
    assert AuditEntry.objects.get(action="project.add").community_id == community.pk


def test_a_form_sent_twice_is_one_project(as_li: Client, community: Community) -> None:
    first = as_li.post(page_of("project_add", community), SHORT)
    second = as_li.post(page_of("project_add", community), SHORT)
    assert first.headers["Location"] == second.headers["Location"]
    assert Project.objects.count() == 1


def test_the_whole_form_is_kept_as_it_was_typed(as_li: Client, community: Community) -> None:
    body, lead = BodyFactory(community=community), OrganisationFactory(community=community)
    partner = OrganisationFactory(community=community)
    full = SHORT | {
        "background": "2025年跌倒42人",
        "groups": ["women", "older_people"],
        "ages": ["65+"],
        "environments": ["home"],
        "six_settings": ["family"],
        "rural_topic": "fire",
        "body": body.pk,
        "lead": lead.pk,
        "partners": [partner.pk],
        "volunteers": "12",
        "budget": "30000.50",
        "in_kind": "场地",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "evidence_base": "同类项目",
    }
    as_li.post(page_of("project_add", community), full)
    project = Project.objects.get()
    assert project.groups == ["older_people", "women"]
    assert (project.body, project.lead, list(project.partners.all())) == (body, lead, [partner])
    assert (project.volunteers, str(project.budget), project.ends_on) == (
        12,
        "30000.50",
        dt.date(2026, 12, 31),
    )
    page = as_li.get(page_of("project", community, project.pk))
    assert len(page.context["lists"]) == 4


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"area": "moon"}, "area"),
        ({"groups": ["giants"]}, "groups"),
        ({"starts_on": "1989-12-31"}, "starts_on"),
        ({"starts_on": "2026-05-01", "ends_on": "2026-04-30"}, "ends_on"),
        ({"ends_on": "2099-01-01"}, "ends_on"),
        ({"budget": "-1"}, "budget"),
        ({"volunteers": "viele"}, "volunteers"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    wrong: dict[str, object], field: str, as_li: Client, community: Community
) -> None:
    typed = SHORT | {"background": "写了很久的一段话"} | wrong
    answer = as_li.post(page_of("project_add", community), typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "写了很久的一段话" in answer.content.decode()
    assert Project.objects.count() == 0


@pytest.mark.parametrize("field", ["finding", "body", "lead", "partners"])
def test_what_another_community_owns_is_refused(
    field: str, as_li: Client, li: User, community: Community, elsewhere: Community
) -> None:
    foreign = {
        "finding": lambda: FindingFactory(diagnosis__community=elsewhere),
        "body": lambda: BodyFactory(community=elsewhere),
        "lead": lambda: OrganisationFactory(community=elsewhere),
        "partners": lambda: OrganisationFactory(community=elsewhere),
    }[field]()
    answer = as_li.post(page_of("project_add", community), SHORT | {field: foreign.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    fields = {"title": "x", "area": "home", field: [foreign] if field == "partners" else foreign}
    with pytest.raises(Refused) as refused:
        services.propose(community=community, fields=fields, by=li)
    assert refused.value.codes == ["foreign"]


def test_only_who_records_the_work_proposes(community: Community, zhao: User, wang: User) -> None:
    for other in (zhao, wang):
        with pytest.raises(PermissionDenied):
            services.propose(community=community, fields={"title": "x", "area": "home"}, by=other)


def test_the_authority_reads_and_is_refused_every_form(
    client: Client, community: Community, wang: User
) -> None:
    project = ProjectFactory(community=community)
    client.force_login(wang)
    page = client.get(page_of("project", community, project.pk))
    assert (page.status_code, page.context["moves"], page.context["may_record"]) == (200, [], False)
    assert client.get(page_of("projects", community)).status_code == 200
    refused = [
        client.get(page_of("project_add", community)).status_code,
        client.post(page_of("project_edit", community, project.pk), SHORT).status_code,
        client.post(page_of("project_part_add", community, project.pk, "measures")).status_code,
        client.post(page_of("attach", community, "project", project.pk)).status_code,
    ]
    assert refused == [403, 403, 403, 403]


def test_a_project_is_not_found_below_another_community(
    client: Client, community: Community, elsewhere: Community, zhao: User
) -> None:
    project = ProjectFactory(community=community)
    client.force_login(zhao)
    assert client.get(page_of("project", elsewhere, project.pk)).status_code == 404


def test_a_change_leaves_old_and_new_in_the_trail(community: Community, li: User) -> None:
    project = ProjectFactory(community=community, title="旧名")
    changed = services.change(project=project, fields={"title": "新名", "area": "home"}, seen="1", by=li)
    assert (changed.title, changed.revision) == ("新名", 2)
    assert AuditEntry.objects.get(action="project.change").changes == {"title": ["旧名", "新名"]}


def test_saving_without_a_change_leaves_no_trace(community: Community, li: User) -> None:
    project = ProjectFactory(community=community, title="旧名")
    assert services.change(project=project, fields={"title": "旧名"}, seen="1", by=li).revision == 1
    assert AuditEntry.objects.filter(action="project.change").count() == 0


def test_of_two_who_edit_the_second_is_told_keeps_the_words_and_may_save_again(
    as_li: Client, community: Community, li: User
) -> None:
    project = ProjectFactory(community=community)
    address = page_of("project_edit", community, project.pk)
    services.change(project=project, fields={"title": "同事的话"}, seen="1", by=li)
    mine = SHORT | {"title": "我的话", "seen": "1"}
    answer = as_li.post(address, mine)
    assert answer.status_code == 422
    assert "我的话" in answer.content.decode()
    assert Project.objects.get().title == "同事的话"
    assert answer.context["form"]["seen"].value() == "2"
    assert as_li.post(address, mine | {"seen": "2"}).status_code == 302
    assert Project.objects.get().title == "我的话"


def test_the_form_begins_with_what_a_finding_or_a_gap_says(as_li: Client, community: Community) -> None:
    finding = FindingFactory(diagnosis__community=community, area=Area.WATER)
    form = as_li.get(page_of("project_add", community), {"finding": finding.pk}).context["form"]
    assert (form["finding"].value(), form["area"].value()) == (finding.pk, "water")
    gap = {"age": "65+", "environment": "home", "counted": "1"}
    form = as_li.get(page_of("project_add", community), gap).context["form"]
    assert (form["ages"].value(), form["environments"].value()) == (["65+"], ["home"])


def test_a_finding_of_another_community_fills_nothing_in(
    as_li: Client, community: Community, elsewhere: Community
) -> None:
    finding = FindingFactory(diagnosis__community=elsewhere, area=Area.WATER)
    form = as_li.get(page_of("project_add", community), {"finding": finding.pk}).context["form"]
    assert (form["finding"].value(), form["area"].value()) == (None, "")


# --- The list and the counter -------------------------------------------------------------------------------


def titles(client: Client, community: Community, **query: str) -> list[str]:
    page = client.get(page_of("projects", community), query)
    return [project.title for project in page.context["page"]]


def test_the_list_is_narrowed_by_stage_area_age_environment_and_group(
    as_li: Client, community: Community, elsewhere: Community
) -> None:
    ProjectFactory(community=elsewhere, title="外")
    ProjectFactory(community=community, title="甲", area="fire", stage="running", ages=["0-14", "65+"])
    ProjectFactory(community=community, title="乙", area="home", groups=["women"], environments=["home"])
    assert titles(as_li, community) == ["乙", "甲"]
    assert titles(as_li, community, stage="running") == ["甲"]
    assert titles(as_li, community, area="home") == ["乙"]
    assert titles(as_li, community, age="65+") == ["甲"]
    assert titles(as_li, community, environment="home") == ["乙"]
    assert titles(as_li, community, group="women") == ["乙"]
    assert titles(as_li, community, counted="1") == ["甲"]
    assert titles(as_li, community, stage="'; drop", age="7") == ["乙", "甲"]


def test_running_completed_and_evaluated_projects_count_towards_seven(
    community: Community, elsewhere: Community
) -> None:
    for stage in ProjectStage.values:
        ProjectFactory(community=community, stage=stage)
    ProjectFactory(community=elsewhere, stage="running")
    counter = project_counter(community)
    assert (counter.done, counter.minimum.least, counter.lacking) == (3, 7, 4)
    assert counter.minimum.source_zh == "渝办发〔2010〕93号"


def test_a_project_that_begins_next_year_counts_neither_on_the_home_nor_on_the_page_of_projects(
    as_li: Client, community: Community
) -> None:
    SafetyWorkFactory(community=community)
    with clock.frozen("2026-06-15 10:00"):
        ProjectFactory(community=community, stage="running", title="今年", starts_on="2026-12-31")
        ProjectFactory(community=community, stage="running", title="明年", starts_on="2027-01-01")
        home = as_li.get(page_of("work", community)).context
        page = as_li.get(page_of("projects", community)).context
        shown = titles(as_li, community, counted="1")
    on_home = next(one for one in home["activities"].counters if one.code == "projects")
    assert (on_home.number, page["counter"].done, home["projects"]["matrix"].projects) == (1, 1, 1)
    assert shown == ["今年"]


def test_without_a_minimum_nothing_is_lacking(community: Community) -> None:
    YearlyMinimum.objects.filter(code="projects").update(is_on=False)
    counter = project_counter(community)
    assert (counter.done, counter.minimum, counter.lacking) == (0, None, 0)


def test_the_list_asks_the_same_for_one_project_and_for_twenty(
    as_li: Client, community: Community, django_assert_num_queries
) -> None:
    def one(_number: int) -> None:
        finding = FindingFactory(diagnosis__community=community)
        lead = OrganisationFactory(community=community)
        ProjectFactory(community=community, finding=finding, lead=lead, body=BodyFactory(community=community))

    one(0)
    with django_assert_num_queries(12):
        as_li.get(page_of("projects", community))
    for number in range(19):
        one(number)
    with django_assert_num_queries(12):
        as_li.get(page_of("projects", community))


def test_the_page_of_a_project_asks_the_same_however_much_hangs_on_it(
    as_li: Client, community: Community, django_assert_num_queries
) -> None:
    project = ProjectFactory(community=community)

    def more() -> None:
        number = project.measures.count()
        Measure.objects.create(project=project, means=Means.SERVICE, text="上门")
        Indicator.objects.create(project=project, kind=IndicatorKind.REACH, name=f"指标{number}")
        ProjectReview.objects.create(project=project, year=2000 + number, half=1, progress="好")
        project.partners.add(OrganisationFactory(community=community))
        project.evidence.add(EvidenceFactory(community=community))
        ActivityFactory(community=community, project=project)

    more()
    with django_assert_num_queries(16):
        as_li.get(page_of("project", community, project.pk))
    for _time in range(5):
        more()
    with django_assert_num_queries(16):
        page = as_li.get(page_of("project", community, project.pk))
    assert len(page.context["project"].newest) == 6


# --- Measures, indicators, half-yearly reviews ---------------------------------------------------------------


def test_measures_are_added_changed_and_removed_without_a_script(as_li: Client, community: Community) -> None:
    project = ProjectFactory(community=community)
    add = page_of("project_part_add", community, project.pk, "measures")
    for _press in range(2):
        answer = as_li.post(add, {"means": "engineering", "text": "加装扶手"})
        assert answer.headers["Location"].endswith("#measures")
    measure = Measure.objects.get()
    address = page_of("project_part", community, project.pk, "measures", measure.pk)
    seen = as_li.get(address).context["form"]["seen"].value()
    as_li.post(address, {"means": "facilities", "text": "发放防滑垫", "seen": seen})
    measure.refresh_from_db()
    assert (measure.means, measure.text) == ("facilities", "发放防滑垫")
    stale = as_li.post(address, {"means": "service", "text": "迟到的话", "seen": seen})
    assert (stale.status_code, Measure.objects.get().means) == (422, "facilities")
    as_li.post(page_of("project_part_remove", community, project.pk, "measures", measure.pk))
    assert Measure.objects.count() == 0
    actions = AuditEntry.objects.filter(action__startswith="measure.").order_by("pk")
    assert list(actions.values_list("action", "community_id")) == [
        ("measure.add", community.pk),
        ("measure.change", community.pk),
        ("measure.remove", community.pk),
    ]


def test_an_unknown_figure_of_an_indicator_is_a_dash_and_zero_is_zero(
    as_li: Client, community: Community
) -> None:
    project = ProjectFactory(community=community)
    data = {
        "kind": "outcome",
        "name": "跌倒人数",
        "unit": "人",
        "baseline": "42",
        "target": "0",
        "actual": "",
    }
    as_li.post(page_of("project_part_add", community, project.pk, "indicators"), data)
    indicator = Indicator.objects.get()
    assert (str(indicator.baseline), str(indicator.target), indicator.actual) == ("42.00", "0.00", None)
    text = as_li.get(page_of("project", community, project.pk)).content.decode()
    cells = [cell.split("</td>")[0].split(">")[-1].strip() for cell in text.split("data-label=")[1:4]]
    assert cells == ["42", "0", "–"]


def test_an_indicator_of_the_same_name_is_refused_at_its_name(as_li: Client, community: Community) -> None:
    project = ProjectFactory(community=community)
    Indicator.objects.create(project=project, kind="outcome", name="跌倒人数")
    answer = as_li.post(
        page_of("project_part_add", community, project.pk, "indicators"),
        {"kind": "reach", "name": "跌倒人数"},
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


def test_a_half_year_is_reviewed_once(as_li: Client, community: Community) -> None:
    project = ProjectFactory(community=community)
    add = page_of("project_part_add", community, project.pk, "reviews")
    data = {"year": "2025", "half": "2", "reviewed_on": "2025-12-30", "progress": "扶手装完"}
    assert as_li.post(add, data).status_code == 302
    assert as_li.post(add, data).status_code == 302
    answer = as_li.post(add, data | {"progress": "另一段话"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["half"])
    assert ProjectReview.objects.count() == 1


def test_a_part_is_found_only_below_its_own_project(as_li: Client, community: Community) -> None:
    project, other = ProjectFactory(community=community), ProjectFactory(community=community)
    measure = Measure.objects.create(project=other, means=Means.SERVICE, text="上门")
    assert (
        as_li.get(page_of("project_part", community, project.pk, "measures", measure.pk)).status_code == 404
    )
    assert as_li.get(page_of("project_part_add", community, project.pk, "wishes")).status_code == 404
