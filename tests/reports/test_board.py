"""The board counts what the database holds, every number leads to its list, and the workbook agrees with both."""

import datetime as dt
import io
from collections import Counter

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from audit.models import AuditEntry
from communities.models import Community
from core import clock
from documents.models import Run
from reports import pdfs, selectors, workbooks
from reports.enums import COLUMN_OF
from reports.selectors import UnitFilter
from surveys.enums import Decision, Stage
from surveys.models import Remark, Response, ReturnReason, Review, Round
from surveys.selectors.timelines import holder
from tests.factories import (
    AuthorityFactory,
    RegionFactory,
    RegisterEntryFactory,
    ResponseFactory,
    SubmissionFactory,
)
from tests.surveys.prints import text_of

PLACES = [("北京市", "朝阳区"), ("北京市", "顺义区"), ("上海市", "黄浦区")]
ANSWERS = {
    "leader_name": "王负责",
    "leader_mobile": "13812349689",
    "work_now": '=HYPERLINK("http://example.org")',
    "first_certified": "2015",
    "recertified": ["2020-05", "2023"],
    "intends": "applies",
    "planned_year": 2027,
    "needs": ["training", "forum"],
}


@pytest.fixture(autouse=True)
def in_march():
    with clock.frozen("2024-03-10 09:00"):
        yield


def unit(place: int, stage: Stage, **fields: object) -> Response:
    province, city = PLACES[place]
    entry = RegisterEntryFactory(community__province_name=province, community__city_name=city)
    response = ResponseFactory(community=entry.community, stage=stage, **fields)
    if response.first_submitted_at:
        SubmissionFactory(response=response, answers=ANSWERS | fields.pop("answers", {}))
    return response


@pytest.fixture
def survey_round(db: None) -> Round:
    """Six units of three districts in six states, and a void one that nobody counts."""
    RegionFactory(code="110000", level="province", name_zh="北京市")
    RegionFactory(code="310000", level="province", name_zh="上海市")
    unit(2, Stage.ACCEPTED)
    unit(2, Stage.NOT_STARTED)
    unit(0, Stage.DRAFT, invitation__due_on=dt.date(2024, 3, 20))
    unit(0, Stage.SUBMITTED, is_late=True)
    unit(1, Stage.IN_REVIEW)
    unit(1, Stage.COPY_RETURNED)
    unit(1, Stage.VOID)
    return Round.objects.select_related("notice", "edition").get()


def test_every_stage_but_void_stands_in_exactly_one_column():
    assert set(COLUMN_OF) == set(Stage) - {Stage.VOID}


def test_the_board_counts_each_state_by_province_in_the_order_of_the_codes(survey_round):
    figures = selectors.board(survey_round)
    assert [(tally.name, tally.invited, tally.in_columns) for tally in figures.provinces] == [
        ("北京市", 4, [0, 0, 1, 1, 1, 1, 0]),
        ("上海市", 2, [1, 0, 0, 0, 0, 0, 1]),
    ]
    assert (figures.total.invited, figures.total.handed_in) == (6, 4)


def test_late_is_who_came_late_and_who_is_past_the_own_deadline(survey_round):
    figures = selectors.board(survey_round)
    assert [(tally.name, tally.late) for tally in figures.provinces] == [("北京市", 1), ("上海市", 1)]


def test_plans_and_needs_count_what_was_last_handed_in(survey_round):
    response = Response.objects.get(stage=Stage.ACCEPTED)
    SubmissionFactory(
        response=response, version=2, answers=ANSWERS | {"planned_year": 2028, "needs": ["training"]}
    )
    assert selectors.count_answers(survey_round, selectors.PLANNED_YEAR) == [(2027, 3), (2028, 1)]
    assert selectors.count_answers(survey_round, selectors.NEEDS) == [
        ("training", 4), ("study_visit", 0), ("exchange", 0), ("discussion", 0), ("forum", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (UnitFilter(), 6),
        (UnitFilter(column="draft"), 1),
        (UnitFilter(province="北京市"), 4),
        (UnitFilter(province="北京市", city="朝阳区"), 2),
        (UnitFilter(late=True), 2),
        (UnitFilter(planned_year="2027"), 4),
        (UnitFilter(need="forum", column="accepted"), 1),
        (UnitFilter(need="exchange"), 0),
        (UnitFilter(column="no such state"), 6),
        (UnitFilter(planned_year="二〇二七"), 0),
    ],
)
def test_a_number_of_the_board_leads_to_just_these_units(survey_round, wanted, count):
    assert selectors.units(survey_round, wanted).count() == count


@pytest.mark.parametrize("typed", ["362", "３６２", "第362号", " 362 ", "362 顺义"])
def test_a_unit_is_found_by_its_number_in_any_width(survey_round, typed):
    response = Response.objects.get(stage=Stage.IN_REVIEW)
    response.community.entries.update(number=362)
    # Made-up communities are numbered through; one of them may well be called 第362街道.
    Community.objects.update(search_text="")
    Community.objects.filter(pk=response.community_id).update(search_text="顺义")
    assert list(selectors.units(survey_round, UnitFilter(search=typed))) == [response]


def test_every_link_of_the_board_leads_to_a_list_of_that_length(client, administrator, survey_round):
    client.force_login(administrator)
    page = client.get(reverse("reports:board", args=[survey_round.code]))
    links = [(cell["value"], cell["url"]) for row in page.context["provinces"] for cell in row["cells"]]
    links += [(item["value"], item["url"]) for item in page.context["kpis"]]
    links += [
        (answer["units"], answer["url"]) for entry in page.context["counted"] for answer in entry["answers"]
    ]
    links += [
        (cell["value"], cell["url"])
        for row in [*page.context["kinds"], *page.context["authorities"]]
        for cell in [*row["cells"], row["late"]]
    ]
    assert len(links) == 14 + 8 + 3 + 1 + 5 + 2 * 8
    assert [client.get(url).context["page"].paginator.count for _value, url in links] == [
        value for value, _url in links
    ]


def test_a_form_that_was_only_looked_at_is_opened_and_not_begun(survey_round):
    Response.objects.filter(stage=Stage.NOT_STARTED).update(first_opened_at=clock.now())
    total = selectors.board(survey_round).total
    assert total.in_columns == [0, 1, 1, 1, 1, 1, 1]
    assert selectors.units(survey_round, UnitFilter(column="opened")).count() == 1
    assert selectors.units(survey_round, UnitFilter(column="not_started")).count() == 0


def test_the_response_rate_and_the_rate_on_time_are_two_figures(survey_round):
    total = selectors.board(survey_round).total
    assert (total.invited, total.handed_in, total.on_time) == (6, 4, 3)


def test_units_are_counted_by_kind_and_by_the_authority_above_them(survey_round):
    chaoyang = AuthorityFactory(name_zh="朝阳区应急管理局")
    drafts = Community.objects.filter(responses__stage__in=[Stage.DRAFT, Stage.SUBMITTED])
    Community.objects.filter(pk__in=drafts).update(kind="town", supervisor=chaoyang)
    kinds = {tally.key: tally.invited for tally in selectors.board(survey_round).kinds}
    assert kinds == {"subdistrict": 4, "town": 2}
    authorities = selectors.board(survey_round).authorities
    assert [(tally.name, tally.invited) for tally in authorities] == [
        ("朝阳区应急管理局", 2),
        ("未登记主管部门", 4),
    ]
    for tally in authorities:
        assert selectors.units(survey_round, UnitFilter(authority=tally.key)).count() == tally.invited
    assert selectors.units(survey_round, UnitFilter(authority="朝阳")).count() == 0


def test_a_return_is_overdue_when_its_own_day_has_passed(survey_round):
    returned = Response.objects.filter(stage=Stage.COPY_RETURNED)
    for day, overdue in [(dt.date(2024, 3, 10), 0), (dt.date(2024, 3, 9), 1)]:
        returned.update(return_due_on=day)
        assert selectors.units(survey_round, UnitFilter(return_overdue=True)).count() == overdue


def test_reasons_are_counted_by_question_and_for_the_sealed_copy(survey_round, office):
    response = Response.objects.get(stage=Stage.COPY_RETURNED)
    submission = response.submissions.get()
    of = {"response": response, "submission": submission, "decided_by": office}
    returned = Review.objects.create(decision=Decision.ANSWERS_RETURNED, **of)
    vague = ReturnReason.objects.get(code="plan_vague")
    Remark.objects.create(response=response, review=returned, question="plan", reason=vague, text="请补充")
    Remark.objects.create(response=response, review=returned, question="work_now", text="请补充")
    Review.objects.create(
        decision=Decision.COPY_RETURNED, reason=ReturnReason.objects.get(code="not_sealed"), **of
    )
    told = [(line.reason, line.times, line.units) for line in selectors.return_reasons(survey_round)]
    assert told == [("审核人自行说明", 1, 1), (vague.text_zh, 1, 1), ("没有盖章。", 1, 1)]


@pytest.mark.parametrize(
    ("stage", "who"),
    [
        ("not_started", "填报单位"),
        ("returned", "填报单位"),
        ("uploaded", "协会"),
        ("in_review", "赵审核"),
        ("accepted", ""),
    ],
)
def test_the_list_says_who_has_it(stage, who, office):
    office.name = "赵审核"
    reviewer = office if stage == "in_review" else None
    with translation.override("zh-hans"):
        assert holder(Response(stage=stage, reviewer=reviewer)) == who


def sheet_rows(content: bytes, title: str) -> list[tuple]:
    return list(load_workbook(io.BytesIO(content))[title].iter_rows(values_only=True))


def made(survey_round: Round, wanted: UnitFilter | None = None, *, unmasked: bool = True) -> bytes:
    return workbooks.round_workbook(
        survey_round, wanted or UnitFilter(), unmasked=unmasked, progress=[].append
    )


def test_the_workbook_agrees_with_the_database_and_says_so(survey_round):
    rows = sheet_rows(made(survey_round), "核对")
    verdicts = {row[0]: row[1:4] for row in rows[1:10]}
    assert verdicts["各单位"] == (6, 6, "一致")
    assert {verdict[2] for verdict in verdicts.values()} == {"一致"}


def test_the_workbook_holds_codes_and_typed_answers(survey_round):
    head, *rows = sheet_rows(made(survey_round), "各单位")
    accepted = next(dict(zip(head, row, strict=True)) for row in rows if row[8] == "accepted")
    assert accepted["初次认证时间"] == 2015
    assert accepted["复评时间"] == "2020-05；2023"
    assert accepted["国际安全社区建设工作负责人"] == "王负责"
    assert Counter(row[8] for row in rows) == Counter(
        Response.objects.exclude(stage=Stage.VOID).values_list("stage", flat=True)
    )


def test_what_looks_like_a_formula_stays_text(survey_round):
    book = load_workbook(io.BytesIO(made(survey_round)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert ANSWERS["work_now"] in {cell.value for cell in cells}


def test_contact_persons_are_masked_for_those_who_may_not_see_them(survey_round):
    values = {value for row in sheet_rows(made(survey_round, unmasked=False), "各单位") for value in row}
    assert "13812349689" not in values
    assert {"王**", "138****9689"} <= values


def test_a_narrowed_workbook_says_that_it_is_a_part(survey_round):
    rows = sheet_rows(made(survey_round, UnitFilter(column="draft")), "核对")
    assert rows[1][1:4] == (6, 1, "本轮的一部分")


def test_the_summary_prints_every_province_and_its_figures(survey_round):
    content = pdfs.summary_content(survey_round)
    by_province = content["tables"][0]
    assert [row[0] for row in by_province["rows"]] == ["北京市", "上海市"]
    paper = text_of(pdfs.round_summary(survey_round))
    for row in (by_province["columns"], *by_province["rows"], by_province["total"]):
        assert "".join("".join(row).split()) in paper
    assert "第1页共2页" in paper


@pytest.mark.parametrize(
    ("who", "status"),
    [("administrator", 200), ("office", 200), ("leadership", 200), ("li", 302), ("stranger", 302)],
)
def test_the_board_is_for_staff_who_may_see_rounds(client, request, survey_round, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("reports:board", args=[survey_round.code])).status_code == status


def test_an_export_is_made_in_the_background_and_leaves_a_trace(
    client, administrator, survey_round, django_capture_on_commit_callbacks
):
    client.force_login(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("reports:export_workbook", args=[survey_round.code]) + "?province=北京市"
        )
    run = Run.objects.get()
    assert answer.url == reverse("documents:run", args=[run.pk])
    assert (run.state, AuditEntry.objects.get(action="result.export").changes["province"]) == (
        "done",
        "北京市",
    )
    file = client.get(reverse("documents:run_result", args=[run.pk]))
    assert "no-store" in file["Cache-Control"]
    assert len(sheet_rows(b"".join(file.streaming_content), "各单位")) == 5


def test_a_run_is_hidden_from_others_and_from_who_lost_the_right(client, administrator, office, survey_round):
    client.force_login(administrator)
    client.post(reverse("reports:export_workbook", args=[survey_round.code]))
    url = reverse("documents:run", args=[Run.objects.get().pk])
    assert client.get(url).status_code == 200
    administrator.role_grants.all().delete()
    assert client.get(url).status_code == 404
    client.force_login(office)
    assert client.get(url).status_code == 404


@pytest.fixture
def made_workbook(client, administrator, survey_round, django_capture_on_commit_callbacks) -> str:
    """The address of a finished workbook that names persons."""
    client.force_login(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("reports:export_workbook", args=[survey_round.code]))
    return reverse("documents:run_result", args=[Run.objects.get().pk])


def test_a_file_that_names_persons_is_closed_with_the_right_to_see_them(client, administrator, made_workbook):
    file = client.get(made_workbook)
    assert "13812349689" in {
        value for row in sheet_rows(b"".join(file.streaming_content), "各单位") for value in row
    }
    role = administrator.role_grants.get().role
    role.permissions = [code for code in role.permissions if code != "contact.view"]
    role.save()
    assert client.get(made_workbook).status_code == 404


def test_a_file_is_given_out_until_its_day(client, made_workbook):
    with clock.frozen("2024-04-09 08:00"):
        assert client.get(made_workbook).status_code == 200
    with clock.frozen("2024-04-10 08:00"):
        gone = client.get(made_workbook)
        page = client.get(made_workbook.removesuffix("file/")).content.decode()
    sentence = "文件保留至2024年4月9日，请重新生成。"
    assert (gone.status_code, sentence in gone.content.decode(), sentence in page) == (410, True, True)
    assert made_workbook not in page


def test_an_export_needs_its_permission_and_a_post(client, administrator, survey_round):
    url = reverse("reports:export_workbook", args=[survey_round.code])
    client.force_login(administrator)
    assert client.get(url).status_code == 405
    grant = administrator.role_grants.get()
    grant.role.permissions = ["round.view"]
    grant.role.save()
    assert client.post(url).status_code == 403


@pytest.mark.parametrize("name", ["reports:board", "reports:units"])
def test_queries_do_not_grow_with_the_units(
    client, administrator, survey_round, name, django_assert_max_num_queries: DjangoAssertNumQueries
):
    client.force_login(administrator)
    url = reverse(name, args=[survey_round.code])
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    for number in range(50):
        unit(number % 3, Stage.SUBMITTED)
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_an_unknown_round_is_not_found(client, administrator):
    client.force_login(administrator)
    assert client.get(reverse("reports:board", args=["1999"])).status_code == 404
