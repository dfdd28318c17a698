"""Plans hang on the plan of the district; stages keep planned and real days."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Authority, Community
from core import clock
from core.errors import Refused
from projects.models import Goal, Plan, PlanStage
from projects.selectors.plans import possible_parents, stages_with_state
from projects.services import plans as services
from tests.factories import AuthorityFactory, AuthorityPostFactory, UserFactory
from tests.projects.factories import PlanFactory
from tests.projects.test_evidence import photograph

TYPED = {
    "kind": "unit",
    "title": "安全社区建设实施方案",
    "year_from": "2026",
    "year_to": "2028",
    "approved_by": "街道办事处",
    "approved_at_meeting": "第54次主任办公会",
    "approved_on": "2026-02-10",
}
STAGE = {
    "title": "启动阶段",
    "planned_from": "2014-02-01",
    "planned_to": "2014-03-31",
    "deliverables": "方案",
}


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


@pytest.fixture
def as_li(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


@pytest.fixture
def overall(district_authority: Authority) -> Plan:
    """The overall plan of the district of the community of 李."""
    return PlanFactory(community=None, authority=district_authority, kind="overall", title="思明区总体方案")


def page_of(name: str, community: Community, *more: object) -> str:
    return reverse(f"projects:{name}", args=[community.pk, *more])


# --- Plans ---------------------------------------------------------------------------------------------------


def test_a_plan_is_recorded_once_with_body_meeting_and_day_of_its_approval(
    as_li: Client, community: Community, overall: Plan
) -> None:
    for _press in range(2):
        assert as_li.post(page_of("plan_add", community), TYPED | {"parent": overall.pk}).status_code == 302
    plan = Plan.objects.get(community=community)
    assert (plan.approved_by, plan.approved_at_meeting, plan.approved_on, plan.parent) == (
        "街道办事处",
        "第54次主任办公会",
        dt.date(2026, 2, 10),
        overall,
    )
    text = as_li.get(page_of("plan", community, plan.pk)).content.decode()
    assert "第54次主任办公会" in text
    assert "思明区总体方案" in text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"kind": "secret"}, "kind"),
        ({"year_from": "1980"}, "year_from"),
        ({"year_to": "2025"}, "year_to"),
        ({"year_to": "2099"}, "year_to"),
        ({"approved_on": "2026-06-16"}, "approved_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    wrong: dict[str, object], field: str, as_li: Client, community: Community
) -> None:
    answer = as_li.post(page_of("plan_add", community), TYPED | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "第54次主任办公会" in answer.content.decode()


def test_a_community_reads_the_district_plan_on_which_its_own_hangs_and_changes_nothing(
    as_li: Client, community: Community, overall: Plan
) -> None:
    assert as_li.get(page_of("plan", community, overall.pk)).status_code == 404
    PlanFactory(community=community, parent=overall)
    page = as_li.get(page_of("plan", community, overall.pk))
    assert (page.status_code, page.context["may_record"]) == (200, False)
    assert as_li.post(page_of("plan_edit", community, overall.pk), TYPED).status_code == 404
    assert as_li.post(page_of("plan_stage_add", community, overall.pk), STAGE).status_code == 404


def test_a_plan_hangs_only_on_plans_above_it_or_of_its_own_community(
    community: Community, elsewhere: Community, overall: Plan, province_authority: Authority, li: User
) -> None:
    province = PlanFactory(community=None, authority=province_authority, kind="overall")
    beside = PlanFactory(community=None, authority=AuthorityFactory(), kind="overall")
    foreign = PlanFactory(community=elsewhere)
    own, other = PlanFactory(community=community), PlanFactory(community=community)
    assert set(possible_parents(community, own)) == {overall, province, other}
    for plan in (beside, foreign):
        with pytest.raises(Refused) as refused:
            services.change_plan(plan=own, fields={"parent": plan}, seen=None, by=li)
        assert refused.value.codes == ["foreign"]


def test_the_form_offers_no_plan_of_another_community(
    as_li: Client, community: Community, elsewhere: Community
) -> None:
    foreign = PlanFactory(community=elsewhere)
    answer = as_li.post(page_of("plan_add", community), TYPED | {"parent": foreign.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["parent"])


def test_a_plan_never_hangs_on_itself_by_way_of_another(community: Community, li: User) -> None:
    upper = PlanFactory(community=community)
    lower = PlanFactory(community=community, parent=upper, kind="yearly")
    with pytest.raises(Refused) as refused:
        services.change_plan(plan=upper, fields={"parent": lower}, seen=None, by=li)
    assert refused.value.codes == ["circle"]


def test_a_plan_on_which_another_hangs_is_not_removed(as_li: Client, community: Community, li: User) -> None:
    upper = PlanFactory(community=community)
    lower = PlanFactory(community=community, parent=upper)
    with pytest.raises(Refused) as refused:
        services.remove_plan(plan=upper, by=li)
    assert refused.value.codes == ["has_children"]
    as_li.post(page_of("plan_remove", community, lower.pk))
    as_li.post(page_of("plan_remove", community, upper.pk))
    assert Plan.objects.count() == 0


def test_of_two_who_edit_a_plan_the_second_is_told(as_li: Client, community: Community, li: User) -> None:
    plan = PlanFactory(community=community)
    address = page_of("plan_edit", community, plan.pk)
    seen = as_li.get(address).context["form"]["seen"].value()
    services.change_plan(plan=plan, fields={"title": "同事的话"}, seen=seen, by=li)
    answer = as_li.post(address, TYPED | {"title": "我的话", "seen": seen})
    assert answer.status_code == 422
    assert "我的话" in answer.content.decode()
    assert Plan.objects.get().title == "同事的话"


def test_the_document_of_a_plan_lies_in_the_archive_under_goals_and_plans(
    as_li: Client, community: Community
) -> None:
    plan = PlanFactory(community=community)
    as_li.post(
        page_of("attach", community, "plan", plan.pk),
        {"files": [photograph()], "happened_on": "2026-03-05"},
    )
    assert list(plan.evidence.values_list("element", flat=True)) == ["goals"]


# --- Stages --------------------------------------------------------------------------------------------------


def test_a_stage_may_lie_in_the_past_when_the_plan_is_recorded(as_li: Client, community: Community) -> None:
    plan = PlanFactory(community=community)
    for _press in range(2):
        assert as_li.post(page_of("plan_stage_add", community, plan.pk), STAGE).status_code == 302
    stage = PlanStage.objects.get()
    assert (stage.planned_to, stage.actual_to, stage.deliverables) == (dt.date(2014, 3, 31), None, "方案")


@pytest.mark.parametrize(
    ("planned_to", "actual_to", "state"),
    [
        ("2026-06-14", None, (False, True)),
        ("2026-06-15", None, (False, False)),
        ("2026-05-31", "2026-05-31", (True, False)),
        ("2026-05-31", "2026-06-01", (True, True)),
    ],
)
def test_planned_and_real_days_are_both_kept_and_compared(
    planned_to: str, actual_to: str | None, state: tuple[bool, bool], community: Community
) -> None:
    plan = PlanFactory(community=community)
    PlanStage.objects.create(plan=plan, title="实施", planned_to=planned_to, actual_to=actual_to)
    (found,) = stages_with_state(Plan.objects.get())
    assert (found.is_done, found.is_late) == state


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"planned_to": "2014-01-31"}, "planned_to"),
        ({"planned_to": ""}, "planned_to"),
        ({"actual_to": "2026-06-16"}, "actual_to"),
        ({"actual_from": "2014-03-01", "actual_to": "2014-02-01"}, "actual_to"),
    ],
)
def test_the_days_of_a_stage_are_in_order_and_the_real_ones_have_come(
    wrong: dict[str, str], field: str, as_li: Client, community: Community
) -> None:
    plan = PlanFactory(community=community)
    answer = as_li.post(page_of("plan_stage_add", community, plan.pk), STAGE | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_stages_stand_in_the_order_in_which_they_were_recorded(as_li: Client, community: Community) -> None:
    plan = PlanFactory(community=community)
    for title in ("启动", "实施", "验收"):
        as_li.post(page_of("plan_stage_add", community, plan.pk), STAGE | {"title": title})
    second = plan.stages.get(title="实施")
    address = page_of("plan_stage", community, second.pk)
    seen = as_li.get(address).context["form"]["seen"].value()
    as_li.post(address, STAGE | {"title": "实施", "actual_to": "2014-07-31", "seen": seen})
    as_li.post(page_of("plan_stage_remove", community, plan.stages.get(title="启动").pk))
    page = as_li.get(page_of("plan", community, plan.pk))
    assert [(one.stage.title, one.is_done) for one in page.context["stages"]] == [
        ("实施", True),
        ("验收", False),
    ]


# --- Who may -------------------------------------------------------------------------------------------------


def test_the_authority_reads_and_records_nothing_in_a_community(
    client: Client, community: Community, wang: User
) -> None:
    plan = PlanFactory(community=community)
    client.force_login(wang)
    assert client.get(page_of("plans", community)).status_code == 200
    assert client.get(page_of("plan", community, plan.pk)).status_code == 200
    assert client.post(page_of("plan_add", community), TYPED).status_code == 403
    assert client.post(page_of("goal_add", community), {}).status_code == 403
    with pytest.raises(PermissionDenied):
        services.add_stage(plan=plan, fields={"title": "x", "planned_to": dt.date(2026, 1, 1)}, by=wang)


def test_a_plan_is_not_found_below_another_community(
    client: Client, community: Community, elsewhere: Community, zhao: User
) -> None:
    plan = PlanFactory(community=community)
    client.force_login(zhao)
    assert client.get(page_of("plan", elsewhere, plan.pk)).status_code == 404
    assert client.get(page_of("plans", community)).status_code == 404


def test_an_authority_records_the_overall_plan_of_its_district(
    client: Client, district_authority: Authority, wang: User
) -> None:
    client.force_login(wang)
    address = reverse("projects:authority_plan_add", args=[district_authority.pk])
    for _press in range(2):
        assert client.post(address, TYPED | {"title": "总体方案"}).status_code == 302
    plan = Plan.objects.get()
    assert (plan.kind, plan.authority, plan.community) == ("overall", district_authority, None)
    edit = reverse("projects:authority_plan", args=[district_authority.pk, plan.pk])
    seen = client.get(edit).context["form"]["seen"].value()
    client.post(edit, TYPED | {"title": "新的总体方案", "seen": seen})
    stale = client.post(edit, TYPED | {"title": "迟到", "seen": seen})
    assert (stale.status_code, Plan.objects.get().title) == (422, "新的总体方案")
    actions = AuditEntry.objects.filter(action__startswith="plan.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["plan.add", "plan.change"]


def test_the_board_of_an_authority_leads_to_its_overall_plans(
    client: Client, district_authority: Authority, wang: User
) -> None:
    client.force_login(wang)
    text = client.get(reverse("projects:board")).content.decode()
    assert reverse("projects:authority_plans", args=[district_authority.pk]) in text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("wang", 200),
        ("province", 200),
        ("office", 200),
        ("administrator", 200),
        ("leadership", 403),
        ("li", 404),
        ("expert", 404),
        ("stranger", 404),
        ("beside", 404),
    ],
)
def test_the_plans_of_an_authority_are_for_those_who_judge_below_it(
    who: str,
    status: int,
    client: Client,
    request: pytest.FixtureRequest,
    district_authority: Authority,
    province_authority: Authority,
    overall: Plan,
) -> None:
    if who in {"province", "beside"}:
        user = UserFactory()
        at = province_authority if who == "province" else AuthorityFactory()
        AuthorityPostFactory(user=user, authority=at)
    else:
        user = request.getfixturevalue(who)
    client.force_login(user)
    addresses = [
        reverse("projects:authority_plans", args=[district_authority.pk]),
        reverse("projects:authority_plan_add", args=[district_authority.pk]),
        reverse("projects:authority_plan", args=[district_authority.pk, overall.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [status] * 3


def test_the_pages_ask_the_same_for_one_plan_and_for_twelve(
    as_li: Client, community: Community, overall: Plan, django_assert_num_queries
) -> None:
    def one() -> None:
        plan = PlanFactory(community=community, parent=overall)
        PlanStage.objects.create(plan=plan, title="实施", planned_to=dt.date(2026, 1, 1))
        Goal.objects.create(
            community=community,
            plan=plan,
            horizon="yearly",
            year_from=2026,
            year_to=2026,
            title="x",
            target=1,
        )

    for rows in (1, 11):
        for _row in range(rows):
            one()
        with django_assert_num_queries(12):
            as_li.get(page_of("plans", community))


def test_the_page_of_a_plan_asks_the_same_for_one_stage_and_for_twelve(
    as_li: Client, community: Community, overall: Plan, django_assert_num_queries
) -> None:
    plan = PlanFactory(community=community, parent=overall)
    for rows in (1, 11):
        for row in range(rows):
            PlanStage.objects.create(plan=plan, title=f"{row}", planned_to=dt.date(2026, 1, 1))
            Goal.objects.create(
                community=community,
                plan=plan,
                horizon="yearly",
                year_from=2026,
                year_to=2026,
                title=f"{row}",
                target=1,
            )
        with django_assert_num_queries(12):
            as_li.get(page_of("plan", community, plan.pk))
