"""The next round from the last one: same options and units, days moved by whole years, a notice of its own."""

import datetime as dt

import pytest

from core import clock
from core.errors import Refused
from surveys.enums import RoundStage
from surveys.models import Round
from surveys.selectors.round_copies import proposed_copy
from surveys.services import rounds
from tests.factories import OfficialNoticeFactory, QuestionnaireEditionFactory, RoundFactory
from tests.surveys.editions import second_definition

PAGE = "/admin/rounds/2024/copy/"


@pytest.fixture(autouse=True)
def later():
    with clock.frozen("2025-12-01"):
        yield


@pytest.fixture
def last(db) -> Round:
    return RoundFactory(
        stage=RoundStage.CLOSED,
        has_precheck=True,
        needs_second_look=True,
        return_days=20,
        audience={"provinces": ["福建省"]},
    )


@pytest.fixture
def notice(last):
    return OfficialNoticeFactory(number="中安健协发〔2026〕3号", issued_on=dt.date(2025, 11, 20))


def test_the_days_are_the_same_in_the_first_year_that_lies_ahead(last, notice) -> None:
    proposed = proposed_copy(last)
    assert (proposed.opens_on, proposed.deadline_on, proposed.closes_on) == (
        dt.date(2026, 1, 14),
        dt.date(2026, 2, 28),
        dt.date(2026, 3, 31),
    )
    assert (proposed.years, proposed.lost_day, proposed.notice) == (2, True, notice)
    assert (proposed.code, proposed.title_zh) == ("2026", "2026年国际安全社区认证和复评调查")


def test_a_leap_day_stays_in_a_leap_year(last) -> None:
    with clock.frozen("2027-12-01"):
        assert proposed_copy(last).deadline_on == dt.date(2028, 2, 29)


def test_a_copy_made_on_the_day_of_opening_opens_that_day(last) -> None:
    with clock.frozen("2026-01-14"):
        assert proposed_copy(last).opens_on == dt.date(2026, 1, 14)
    with clock.frozen("2026-01-15"):
        assert proposed_copy(last).opens_on == dt.date(2027, 1, 14)


def test_a_code_that_is_taken_is_not_proposed(last) -> None:
    RoundFactory(code="2026")
    assert proposed_copy(last).code == "2026-2"


def test_a_notice_that_has_a_round_already_is_not_proposed(last) -> None:
    assert proposed_copy(last).notice is None


def test_options_and_units_are_taken_over_and_nobody_is_asked(last, notice, office) -> None:
    edition = QuestionnaireEditionFactory(code="annex2-2026", definition=second_definition())
    copy = rounds.copy_round(
        survey_round=last,
        code="2026",
        title_zh="2026年调查",
        notice=notice,
        edition=edition,
        opens_on=dt.date(2026, 1, 14),
        deadline_on=dt.date(2026, 2, 27),
        closes_on=dt.date(2026, 3, 31),
        by=office,
    )
    copy.refresh_from_db()
    assert (copy.stage, copy.copied_from, copy.created_by, copy.edition, copy.programme) == (
        RoundStage.PREPARING, last, office, edition, last.programme,
    )  # fmt: skip
    assert (copy.has_precheck, copy.needs_second_look, copy.allows_page_reseal, copy.return_days) == (
        True, True, False, 20,
    )  # fmt: skip
    assert (copy.audience, copy.invitations.count()) == ({"provinces": ["福建省"]}, 0)


@pytest.fixture
def staff(client, office):
    client.force_login(office)
    return client


def as_proposed(client) -> dict[str, object]:
    form = client.get(PAGE).context["form"]
    return {name: getattr(value := form[name].value(), "pk", value) or "" for name in form.fields}


def test_the_page_makes_the_copy_and_leads_to_it(staff, last, notice) -> None:
    text = staff.get(PAGE).content.decode()
    assert "各日期已后移 2 年。" in text
    assert "2月29日改成了2月28日。" in text
    answer = staff.post(PAGE, as_proposed(staff))
    copy = Round.objects.get(code="2026")
    assert (answer.url, copy.notice, copy.copied_from) == (
        f"/admin/surveys/round/{copy.pk}/change/", notice, last,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"notice": ""}, "notice", "这个字段是必填项。"),
        ({"code": "2024"}, "code", "已经有这个代码的调查。"),
        ({"deadline_on": "2026-01-13"}, "deadline_on", "截止日期早于开始日期。"),
        ({"closes_on": "2026-02-01"}, "closes_on", "关闭日期早于截止日期。"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_made(
    staff, last, notice, changed, field, sentence
) -> None:
    answer = staff.post(PAGE, as_proposed(staff) | changed)
    assert (answer.status_code, answer.context["form"].errors) == (422, {field: [sentence]})
    assert Round.objects.count() == 1


def test_two_who_copy_at_once_get_one_round(staff, last, notice, office) -> None:
    """The second comes after the form was checked: the database refuses, and it is said."""
    given = {"title_zh": "调查", "notice": notice, "edition": last.edition, "opens_on": dt.date(2026, 1, 14),
             "deadline_on": dt.date(2026, 2, 27), "closes_on": dt.date(2026, 3, 31)}  # fmt: skip
    rounds.copy_round(survey_round=last, code="2026", by=office, **given)
    with pytest.raises(Refused):
        rounds.copy_round(survey_round=last, code="2026", by=office, **given)


def test_the_days_of_a_round_are_checked_on_its_form_too(staff, last) -> None:
    RoundFactory(code="new", stage=RoundStage.PREPARING)
    address = f"/admin/surveys/round/{Round.objects.get(code='new').pk}/change/"
    form = staff.get(address).context["adminform"].form
    data = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    text = staff.post(address, data | {"deadline_on": "2024-01-01"}).content.decode()
    assert "截止日期早于开始日期。" in text


def test_a_round_has_its_options_on_its_form(staff, last) -> None:
    survey_round = RoundFactory(code="new", stage=RoundStage.PREPARING)
    address = f"/admin/surveys/round/{survey_round.pk}/change/"
    form = staff.get(address).context["adminform"].form
    data = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    staff.post(address, data | {"has_precheck": "on", "return_days": "10", "asks": "prospects"})
    survey_round.refresh_from_db()
    assert (survey_round.has_precheck, survey_round.return_days, survey_round.asks) == (True, 10, "prospects")
