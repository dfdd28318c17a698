"""Whom a round asks: filters and lists, looked at before opening, opened once, added to later."""

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from surveys.enums import Asked, RoundStage
from surveys.models import Round
from surveys.selectors.audiences import list_text, preview, read_list
from surveys.selectors.rounds import AudienceFilter, audience
from surveys.services import asking, rounds
from tests.factories import CommunityFactory, RoundFactory
from tests.surveys.rounds import named


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-01"):
        yield


@pytest.fixture
def units(programme) -> dict[str, int]:
    """Five named communities: two in Xiamen, two of the same name elsewhere, one park; and one that is none."""
    made = [
        named(CommunityFactory(name_zh="筼筜街道"), number=362, sequence=1),
        named(CommunityFactory(name_zh="鹭江街道"), number=363, sequence=2),
        named(
            CommunityFactory(name_zh="城关镇", province_name="山西省", city_name="长治市"),
            number=364,
            sequence=3,
        ),
        named(
            CommunityFactory(name_zh="城关镇", province_name="陕西省", city_name="安康市", kind="town"),
            number=365,
            sequence=4,
            year=2022,
        ),
        named(
            CommunityFactory(name_zh="亦庄", province_name="北京市", city_name="北京市", kind="park"),
            number=366,
            sequence=5,
        ),
    ]
    named(CommunityFactory(name_zh="候选街道", standing="candidate"), number=900, sequence=90)
    made[0].names.create(kind="former", name="员当街道")
    for unit, ends in zip(made, (2026, 2026, 2020, 2027, 2020), strict=True):
        unit.entries.update(ends_earliest=dt.date(ends, 1, 1), ends_latest=dt.date(ends, 1, 2))
    return {str(unit.entries.get().number): unit.pk for unit in made}


@pytest.fixture
def survey_round(units) -> Round:
    return RoundFactory(stage=RoundStage.PREPARING)


def numbers(survey_round: Round, **wanted) -> list[int]:
    found = audience(survey_round, AudienceFilter(**wanted))
    return [unit.asked_entries[0].number for unit in found]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [362, 363, 364, 365, 366]),
        ({"provinces": ("福建省", "北京市")}, [362, 363, 366]),
        ({"cities": ("山西省/长治市",)}, [364]),
        ({"kinds": ("town", "park")}, [365, 366]),
        ({"statuses": ("active",)}, [362, 363, 365]),
        ({"provinces": ("福建省",), "kinds": ("park",)}, []),
    ],
)
def test_units_are_chosen_by_place_kind_and_status(survey_round, wanted, found) -> None:
    assert numbers(survey_round, **wanted) == found


def test_a_list_and_a_filter_hold_together(survey_round, units) -> None:
    wanted = {"communities": (units["362"], units["364"]), "provinces": ("山西省",)}
    assert numbers(survey_round, **wanted) == [364]


def test_a_choice_is_kept_as_it_was_made(survey_round, office) -> None:
    wanted = AudienceFilter(provinces=("福建省",), statuses=("active",), communities=(3, 1))
    rounds.set_audience(survey_round=survey_round, wanted=wanted, by=office)
    survey_round.refresh_from_db()
    assert survey_round.audience == {"provinces": ["福建省"], "statuses": ["active"], "communities": [3, 1]}
    assert AudienceFilter.read(survey_round.audience) == wanted
    assert AudienceFilter.read({"colour": ["red"]}).is_empty


# --- a list that somebody typed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "362", "３６２", "第362号", "No. 362", "筼筜街道", "福建省厦门市筼筜街道", "厦门市 筼筜街道", "员当街道",
        "362 筼筜街道", "362\t福建省厦门市筼筜街道", "筼筜街道，362", "  筼筜街道  ",
    ],
)  # fmt: skip
def test_a_unit_is_known_by_every_name_and_by_its_number(survey_round, units, line) -> None:
    assert read_list(line, survey_round).communities == (units["362"],)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("筼当街道", "第 3 行：“筼当街道”不在本项目的已命名单位中"),
        ("999", "第 3 行：“999”不在本项目的已命名单位中"),
        ("候选街道", "第 3 行：“候选街道”不在本项目的已命名单位中"),
        ("900", "第 3 行：“900”不在本项目的已命名单位中"),
        ("城关镇", "第 3 行：“城关镇”可能是 2 个单位，请加上省市或命名序号"),
        ("362 鹭江街道", "第 3 行：命名序号 362 是筼筜街道，这里写的却是“鹭江街道”"),
    ],
)
def test_a_line_that_cannot_be_told_is_said_with_its_number(survey_round, units, line, fault) -> None:
    listed = read_list(f"363\n\n{line}\n陕西省安康市城关镇", survey_round)
    assert (listed.communities, listed.faults) == ((units["363"], units["365"]), (fault,))


def test_a_unit_listed_twice_is_one_and_a_list_can_be_read_again(survey_round, units) -> None:
    listed = read_list("362\n筼筜街道\n364", survey_round)
    assert listed.communities == (units["362"], units["364"])
    text = list_text(audience(survey_round, AudienceFilter(communities=listed.communities)))
    assert text == "362 福建省厦门市筼筜街道\n364 山西省长治市城关镇"
    assert read_list(text, survey_round) == listed


def test_a_list_is_read_in_three_queries(survey_round, units, django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        read_list("362\n筼筜街道\n364\n城关镇", survey_round)


# --- opening ------------------------------------------------------------------------------------------------


def test_only_the_chosen_units_are_asked(survey_round, office) -> None:
    rounds.set_audience(survey_round=survey_round, wanted=AudienceFilter(provinces=("福建省",)), by=office)
    rounds.open_round(survey_round=survey_round, by=office)
    assert survey_round.responses.count() == 2


def test_a_round_for_prospects_asks_nobody_by_letter(survey_round, office) -> None:
    survey_round.asks = Asked.PROSPECTS
    survey_round.save()
    rounds.open_round(survey_round=survey_round, by=office)
    survey_round.refresh_from_db()
    assert (survey_round.stage, survey_round.invitations.count()) == (RoundStage.OPEN, 0)


def test_units_that_changed_since_they_were_looked_at_are_looked_at_again(survey_round, office) -> None:
    seen = preview(audience(survey_round)).seen
    named(CommunityFactory(name_zh="新命名街道"), number=400, sequence=6)
    with pytest.raises(Refused) as refused:
        rounds.open_round(survey_round=survey_round, by=office, seen=seen)
    survey_round.refresh_from_db()
    assert (refused.value.codes, survey_round.stage) == (["changed"], RoundStage.PREPARING)


def test_the_choice_stays_once_the_round_has_asked(survey_round, office) -> None:
    rounds.open_round(survey_round=survey_round, by=office)
    with pytest.raises(Refused, match="本次调查已经向单位发出"):
        rounds.set_audience(survey_round=survey_round, wanted=AudienceFilter(kinds=("park",)), by=office)


# --- later --------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(survey_round, office) -> Round:
    rounds.set_audience(survey_round=survey_round, wanted=AudienceFilter(provinces=("福建省",)), by=office)
    return rounds.open_round(survey_round=survey_round, by=office)


def test_further_units_are_asked_and_the_others_are_left_alone(opened, units, office) -> None:
    before = list(opened.invitations.order_by("pk").values())
    wanted = [units["362"], units["364"]]
    asked = asking.ask_further(
        survey_round=opened, communities=wanted, by=office, due_on=dt.date(2024, 3, 10)
    )
    assert [response.community_id for response in asked] == [units["364"]]
    assert list(opened.invitations.order_by("pk").values())[:2] == before
    assert opened.invitations.get(community=units["364"]).deadline_on == dt.date(2024, 3, 10)
    assert asking.ask_further(survey_round=opened, communities=wanted, by=office) == []
    assert AuditEntry.objects.filter(action="round.invite").order_by("pk").last().changes == {"units": 0}


@pytest.mark.parametrize("day", [dt.date(2024, 2, 28), dt.date(2024, 4, 1)])
def test_their_own_deadline_lies_between_deadline_and_closing(opened, units, office, day) -> None:
    with pytest.raises(Refused, match="单位自己的截止日期应在调查的截止日期和关闭日期之间。"):
        asking.ask_further(survey_round=opened, communities=[units["364"]], by=office, due_on=day)


@pytest.mark.parametrize("who", [[], [10**6]])
def test_nobody_is_asked_by_a_press_without_a_unit(opened, office, who) -> None:
    with pytest.raises(Refused, match="请至少选择一个单位。"):
        asking.ask_further(survey_round=opened, communities=who, by=office)


def test_a_closed_round_asks_nobody_further(opened, units, office) -> None:
    rounds.close_round(survey_round=opened, by=office)
    with pytest.raises(Refused, match="调查开放期间才能向单位发出。"):
        asking.ask_further(survey_round=opened, communities=[units["364"]], by=office)


# --- the pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def staff(client, office):
    client.force_login(office)
    return client


def page(name: str) -> str:
    return reverse(f"surveys:round_{name}", args=["2024"])


def shown(answer) -> list[int]:
    return [unit.asked_entries[0].number for unit in answer.context["preview"].communities]


def test_a_choice_is_looked_at_before_it_is_saved(staff, survey_round) -> None:
    data = {"provinces": ["福建省"], "listed": ""}
    looked_at = staff.post(page("audience"), {**data, "preview": "1"})
    assert shown(looked_at) == [362, 363]
    assert "将调查 2 个单位" in looked_at.content.decode()
    assert Round.objects.get().audience == {}
    assert staff.post(page("audience"), {**data, "save": "1"}).url == page("audience")
    assert Round.objects.get().audience == {"provinces": ["福建省"]}
    assert shown(staff.get(page("audience"))) == [362, 363]


def test_ticked_units_become_a_list(staff, survey_round, units) -> None:
    staff.post(
        page("audience"), {"listed": "", "unit": [units["363"], units["366"], "x", "9" * 40], "only": "1"}
    )
    assert Round.objects.get().audience == {"communities": [units["363"], units["366"]]}
    assert 'rows="8"' in staff.get(page("audience")).content.decode()
    assert staff.get(page("audience")).context["form"]["listed"].value() == (
        "363 福建省厦门市鹭江街道\n366 北京市亦庄"
    )


def test_no_tick_at_all_saves_nothing(staff, survey_round) -> None:
    answer = staff.post(page("audience"), {"listed": "", "only": "1"}, follow=True)
    assert "请至少选择一个单位。" in answer.content.decode()
    assert Round.objects.get().audience == {}


def test_a_faulty_list_stays_in_its_box_with_its_faults(staff, survey_round) -> None:
    answer = staff.post(page("audience"), {"listed": "362\n没有街道", "save": "1"})
    text = answer.content.decode()
    assert (answer.status_code, Round.objects.get().audience) == (422, {})
    assert "第 2 行：“没有街道”不在本项目的已命名单位中" in text
    assert "362\n没有街道</textarea>" in text


def test_a_page_of_something_else_names_ten_lines_and_counts_the_rest(staff, survey_round) -> None:
    text = staff.post(page("audience"), {"listed": "乱\n" * 25, "save": "1"}).content.decode()
    assert "还有 15 行不能识别。" in text


def test_units_of_the_list_that_do_not_fit_the_filters_are_said(staff, survey_round) -> None:
    answer = staff.post(page("audience"), {"provinces": ["福建省"], "listed": "362\n366", "preview": "1"})
    assert "名单中有 1 个单位不符合上面勾选的条件，不会调查。" in answer.content.decode()


def test_opening_without_a_rehearsal_asks_for_a_tick_and_opens_then(staff, survey_round) -> None:
    looked_at = staff.get(page("open"))
    seen = looked_at.context["form"]["seen"].value()
    assert "将调查 5 个单位" in looked_at.content.decode()
    refused = staff.post(page("open"), {"seen": seen})
    assert (refused.status_code, Round.objects.get().stage) == (422, RoundStage.PREPARING)
    assert "上面还有提示，仍要开放的请勾选确认。" in refused.content.decode()
    assert staff.post(page("open"), {"seen": seen, "anyway": "on"}).url == "/admin/rounds/2024/letters/"
    assert (Round.objects.get().stage, survey_round.responses.count()) == (RoundStage.OPEN, 5)


def test_pressed_twice_the_round_is_opened_once(staff, survey_round) -> None:
    seen = staff.get(page("open")).context["form"]["seen"].value()
    for _press in range(2):
        staff.post(page("open"), {"seen": seen, "anyway": "on"})
    assert survey_round.responses.count() == 5


def test_a_stale_opening_page_is_shown_anew(staff, survey_round) -> None:
    seen = staff.get(page("open")).context["form"]["seen"].value()
    named(CommunityFactory(name_zh="新命名街道"), number=400, sequence=6)
    answer = staff.post(page("open"), {"seen": seen, "anyway": "on"}, follow=True)
    text = answer.content.decode()
    assert "要调查的单位刚刚有变化，请再看一遍。" in text
    assert "将调查 6 个单位" in text
    assert Round.objects.get().stage == RoundStage.PREPARING


def test_further_units_are_asked_on_their_page(staff, opened, units) -> None:
    assert shown(staff.get(page("ask"))) == []
    looked_at = staff.post(page("ask"), {"listed": "364\n362", "preview": "1"})
    assert shown(looked_at) == [364]
    done = staff.post(page("ask"), {"listed": "364\n362", "unit": [units["364"]], "ask": "1"}, follow=True)
    assert "又向 1 个单位发出。" in done.content.decode()
    assert opened.responses.count() == 3


def test_the_choice_of_an_open_round_leads_to_further_units(staff, opened) -> None:
    assert staff.get(page("audience")).url == page("ask")
    assert staff.get(page("open")).url == reverse("admin:surveys_round_change", args=[opened.pk])


@pytest.mark.parametrize("name", ["audience", "open", "ask", "rehearsal", "extension", "copy"])
def test_who_only_looks_at_rounds_enters_none_of_these_pages(client, leadership, survey_round, name) -> None:
    client.force_login(leadership)
    assert (client.get(page(name)).status_code, client.post(page(name)).status_code) == (403, 403)
