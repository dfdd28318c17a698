"""A new round shows what the unit said last time, to be confirmed; the register speaks where it knows better."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from communities.models import Community, Contact
from core import clock
from surveys.enums import Origin, RoundStage, Stage
from surveys.models import Answer, Response, Round
from surveys.selectors.origins import origin_note, origin_text
from surveys.selectors.rounds import audience
from surveys.services import rounds
from tests.factories import (
    CommunityFactory,
    ContactFactory,
    DesignationFactory,
    OfficialNoticeFactory,
    QuestionnaireEditionFactory,
    ResponseFactory,
    RoundFactory,
    SubmissionFactory,
)
from tests.surveys.editions import second_definition
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import named, write

HANDED_IN = dt.datetime(2024, 2, 20, 10, 58, tzinfo=clock.ZONE)


@pytest.fixture(autouse=True)
def two_years_later():
    with clock.frozen("2026-02-01"):
        yield


def closed(code: str, **fields: object) -> Round:
    days = {"deadline_on": dt.date(2026, 12, 1), "closes_on": dt.date(2026, 12, 31)}
    return RoundFactory(code=code, stage=RoundStage.CLOSED, **{**days, **fields})


def said(
    community: Community,
    *,
    stage: str = Stage.ACCEPTED,
    asked_round: Round | None = None,
    version: int = 1,
    at: dt.datetime = HANDED_IN,
    **changed: object,
) -> Response:
    """What the unit handed in, in the round of 2024 unless another is given."""
    asked_round = asked_round or RoundFactory(stage=RoundStage.CLOSED)
    response = ResponseFactory(community=community, asked_round=asked_round, stage=stage, version=version)
    answers = {name: value for name, value in {**ANSWERS, **changed}.items() if value is not None}
    SubmissionFactory(response=response, version=version, answers=answers, submitted_at=at)
    return response


def asked_again(community: Community, **fields: object) -> dict[str, Answer]:
    """The answers in the round of 2026."""
    survey_round = RoundFactory(
        code="2026",
        title_zh="2026年调查",
        stage=RoundStage.PREPARING,
        opens_on=dt.date(2026, 1, 10),
        deadline_on=dt.date(2026, 2, 28),
        closes_on=dt.date(2026, 3, 31),
        **fields,
    )
    rounds.open_round(survey_round=survey_round, by=None)
    response = survey_round.responses.get(community=community)
    return {row.question: row for row in response.answers.all()}


@pytest.fixture
def unit(community) -> Community:
    return named(community)


def test_every_answer_of_last_time_is_shown_with_its_round_and_day_and_none_counts_yet(unit) -> None:
    said(unit)
    rows = asked_again(unit)
    taken = {name: row for name, row in rows.items() if row.origin == Origin.LAST_ROUND}
    assert {row.confirmed for row in taken.values()} == {False}
    assert {origin_text(row.origin_note) for row in taken.values()} == {
        "2024年国际安全社区认证和复评调查，2024年2月20日提交"
    }
    assert sorted(ANSWERS.keys() - taken) == ["community_name", "first_certified", "planned_year"]
    assert (rows["work_now"].value, rows["needs"].value) == (ANSWERS["work_now"], ANSWERS["needs"])


def test_the_accepted_answers_go_before_later_ones_that_were_never_accepted(unit) -> None:
    later = closed("2025", opens_on=dt.date(2025, 1, 10))
    said(unit, plan="通过的计划")
    said(unit, asked_round=later, stage=Stage.SUBMITTED, plan="没有盖章的计划")
    assert asked_again(unit)["plan"].value == "通过的计划"


def test_without_an_accepted_one_the_last_version_handed_in_is_shown(unit) -> None:
    response = said(unit, stage=Stage.SUBMITTED, version=2, plan="第二版")
    SubmissionFactory(response=response, version=1, answers={**ANSWERS, "plan": "第一版"})
    assert asked_again(unit)["plan"].value == "第二版"


OTHER = {
    "void": {},
    "withdrawn": {},
    "another programme": {"programme__code": "provincial"},
    "later": {"opens_on": dt.date(2026, 1, 11)},
}


@pytest.mark.parametrize("change", OTHER)
def test_what_does_not_stand_as_an_earlier_answer_is_not_shown(unit, change) -> None:
    response = said(unit, asked_round=closed("other", **OTHER[change]))
    if change == "void":
        Response.objects.filter(pk=response.pk).update(stage=Stage.VOID)
    if change == "withdrawn":
        Response.objects.filter(pk=response.pk).update(stage=Stage.DRAFT, first_submitted_at=None)
    assert "plan" not in asked_again(unit)


def test_a_planned_year_that_has_passed_is_not_shown_again(unit, elsewhere) -> None:
    said(unit, planned_year=2025)
    said(named(elsewhere, number=140, sequence=27), planned_year=2027)
    rows = asked_again(unit)
    assert ("planned_year" in rows, rows["intends"].value) == (False, "applies")
    assert Answer.objects.get(response__round__code="2026", question="planned_year").value == 2027


# --- the register and the unit ------------------------------------------------------------------------------


def test_a_settled_name_is_the_registers_and_an_unsettled_one_is_what_the_unit_called_itself(unit) -> None:
    said(unit, community_name="筼筜街道办事处")
    row = asked_again(unit)["community_name"]
    assert (row.value, row.origin, row.confirmed) == ("福建省厦门市筼筜街道", Origin.REGISTER, True)


def test_a_name_to_be_confirmed_is_what_the_unit_called_itself(unit) -> None:
    unit.name_status = "to_be_confirmed"
    unit.save()
    said(unit, community_name="筼筜街道办事处")
    row = asked_again(unit)["community_name"]
    assert (row.value, row.origin, row.confirmed) == ("筼筜街道办事处", Origin.LAST_ROUND, False)


@pytest.mark.parametrize(
    ("answer", "value", "origin"),
    [
        ("2015-06", "2015-06", Origin.LAST_ROUND),  # the unit knows the month
        ("2016", "2015", Origin.REGISTER),
    ],
)
def test_a_date_is_the_units_only_where_it_says_the_same_more_exactly(unit, answer, value, origin) -> None:
    said(unit, first_certified=answer)
    row = asked_again(unit)["first_certified"]
    assert (row.value, row.origin, row.confirmed) == (value, origin, False)


@pytest.mark.parametrize(
    ("answer", "value", "origin"),
    [
        ([], ["2025-11"], Origin.REGISTER),  # renewed since
        (["2025-11-03"], ["2025-11-03"], Origin.LAST_ROUND),
        (["2020", "2025-11"], ["2020", "2025-11"], Origin.LAST_ROUND),
    ],
)
def test_a_renewal_that_the_register_has_heard_of_since_is_shown(unit, answer, value, origin) -> None:
    DesignationFactory(
        entry=unit.entries.get(), cycle=1, designated_on=dt.date(2025, 11, 1), precision="month"
    )
    said(unit, recertified=answer)
    row = asked_again(unit)["recertified"]
    assert (row.value, row.origin) == (value, origin)


def persons(rows: dict[str, Answer]) -> dict[str, tuple[str, str, bool]]:
    names = ("contact_name", "contact_phone", "contact_mobile", "email")
    return {
        name: (rows[name].value, rows[name].origin, rows[name].confirmed) for name in names if name in rows
    }


def liaison(unit: Community, heard: str, **fields: str) -> Contact:
    return ContactFactory(
        community=unit, updated_at=dt.datetime.fromisoformat(heard).replace(tzinfo=clock.ZONE), **fields
    )


def test_a_person_the_register_heard_of_later_comes_whole_from_the_register(unit) -> None:
    liaison(unit, "2025-06-01", name="新联络", mobile="13900000009", email="")
    said(unit)
    assert persons(asked_again(unit)) == {
        "contact_name": ("新联络", Origin.REGISTER, True),
        "contact_mobile": ("13900000009", Origin.REGISTER, True),
    }


def test_a_person_the_unit_named_later_comes_whole_from_the_unit(unit) -> None:
    liaison(unit, "2023-06-01", name="旧联络", mobile="13900000009", email="old@example.org")
    said(unit, email=None)
    assert persons(asked_again(unit)) == {
        "contact_name": (ANSWERS["contact_name"], Origin.LAST_ROUND, False),
        "contact_phone": (ANSWERS["contact_phone"], Origin.LAST_ROUND, False),
        "contact_mobile": (ANSWERS["contact_mobile"], Origin.LAST_ROUND, False),
    }


def test_of_the_same_person_each_value_is_the_newer_one_and_an_equal_one_is_asked_again(unit) -> None:
    liaison(unit, "2025-06-01", name=ANSWERS["contact_name"], mobile="13900000009", email=ANSWERS["email"])
    said(unit)
    assert persons(asked_again(unit)) == {
        "contact_name": (ANSWERS["contact_name"], Origin.LAST_ROUND, False),
        "contact_phone": (ANSWERS["contact_phone"], Origin.LAST_ROUND, False),
        "contact_mobile": ("13900000009", Origin.REGISTER, True),
        "email": (ANSWERS["email"], Origin.LAST_ROUND, False),
    }


def test_what_the_unit_left_open_about_the_same_person_comes_from_the_register(unit) -> None:
    liaison(unit, "2023-06-01", name=ANSWERS["contact_name"], email="lianluo@example.org")
    said(unit, email=None)
    assert persons(asked_again(unit))["email"] == ("lianluo@example.org", Origin.REGISTER, True)


def test_the_address_is_the_one_the_unit_wrote(unit) -> None:
    unit.address = "湖滨南路1号"
    unit.save()
    said(unit)
    assert asked_again(unit)["address"].value == ANSWERS["address"]


# --- another edition ----------------------------------------------------------------------------------------


def test_answers_go_over_into_a_new_edition_by_concept(unit) -> None:
    said(unit)
    edition = QuestionnaireEditionFactory(code="annex2-2026", definition=second_definition())
    rows = asked_again(unit, edition=edition, notice=OfficialNoticeFactory(number="中安健协发〔2026〕3号"))
    assert {name: rows[name].value for name in ("organisation", "projects", "renews", "wants_training")} == {
        "organisation": ANSWERS["work_now"],
        "projects": ANSWERS["work_now"],
        "renews": "yes",
        "wants_training": True,
    }
    assert rows["outlook"].value == f"{ANSWERS['plan']}\n{ANSWERS['suggestions']}"
    assert "volunteers" not in rows


def test_opening_with_last_answers_asks_no_more_often_for_forty_units_than_for_one(programme) -> None:
    """But for the inserts of answers, which the database takes in portions."""
    earlier = RoundFactory(stage=RoundStage.CLOSED)
    counted = []
    for code, units in (("2026", 1), ("2026-2", 39)):
        for number in range(units):
            said(named(CommunityFactory(), number=600 + units + number, sequence=number), asked_round=earlier)
        survey_round = closed(code, opens_on=dt.date(2026, 1, 10))
        with CaptureQueriesContext(connection) as queries:
            rounds.invite(survey_round=survey_round, communities=list(audience(survey_round)), by=None)
        counted.append(
            len([one for one in queries if 'INSERT INTO "surveys_answer"' not in one["sql"]]),
        )
    assert survey_round.responses.count() == 40
    assert Answer.objects.filter(response__round=survey_round, origin=Origin.LAST_ROUND).count() == 40 * 14
    assert counted[0] == counted[1] <= 16


# --- where it came from -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "text"),
    [
        (origin_note("row_number", 118, 362), "附件1 名单第118行，命名序号 362"),
        (origin_note("row", 118), "附件1 名单第118行"),
        (origin_note("number", "2023年名单", 362), "2023年名单，命名序号 362"),
        (origin_note("last_round", "甲|乙", "2024-02-29"), "甲｜乙，2024年2月29日提交"),
        ("2023年来函", "2023年来函"),
        ("@last_round|cut off", "@last_round|cut off"),
        ("", ""),
    ],
)
def test_a_note_is_put_into_words_and_a_text_of_somebody_stays_as_it_is(note, text) -> None:
    assert origin_text(note) == text


def test_a_note_is_read_in_the_language_of_its_reader() -> None:
    with translation.override("en"):
        assert origin_text(origin_note("row", 118)) == "row 118 of the list in Annex 1"


def test_a_title_of_any_length_fits(unit) -> None:
    said(unit, asked_round=closed("long", title_zh="长" * 200))
    row = asked_again(unit)["plan"]
    row.full_clean()
    assert origin_text(row.origin_note) == "长" * 120 + "，2024年2月20日提交"


def test_still_holds_keeps_where_it_came_from_and_says_who_and_when(unit, li) -> None:
    said(unit)
    asked_again(unit)
    response = Response.objects.get(round__code="2026")
    write(response, li, "plan", keep=True)
    row = response.answers.get(question="plan")
    assert (row.value, row.origin, row.confirmed, row.updated_by, row.updated_at) == (
        ANSWERS["plan"], Origin.LAST_ROUND, True, li, clock.now(),
    )  # fmt: skip
