"""Opening a round asks every named community once, with what the register knows already."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from surveys.enums import Origin, RoundStage, Stage
from surveys.models import Answer, Invitation, QuestionnaireEdition, Response, Round
from surveys.selectors import responses as selectors
from surveys.selectors.origins import origin_of
from surveys.selectors.rounds import audience
from surveys.services import editions, rounds
from tests.factories import (
    CommunityFactory,
    ContactFactory,
    DesignationFactory,
    QuestionnaireEditionFactory,
    RoundFactory,
)
from tests.surveys.rounds import asked, named, opened, write


def prefilled(response: Response) -> dict[str, Answer]:
    return {row.question: row for row in response.answers.all()}


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-01"):
        yield


def test_every_published_named_community_is_asked_once(community, elsewhere, programme) -> None:
    named(community)
    named(elsewhere, number=140, sequence=27)
    named(CommunityFactory(published=False), number=500, sequence=128)
    CommunityFactory(standing="candidate")
    survey_round = opened()
    assert survey_round.stage == RoundStage.OPEN
    assert sorted(survey_round.responses.values_list("community__name_zh", "stage")) == [
        ("展览路街道", Stage.NOT_STARTED),
        ("筼筜街道", Stage.NOT_STARTED),
    ]
    assert rounds.invite(survey_round=survey_round, communities=list(audience(survey_round)), by=None) == []


def test_a_round_closed_while_its_page_was_open_stays_closed(office) -> None:
    survey_round = RoundFactory()
    stale = Round.objects.get(pk=survey_round.pk)
    rounds.close_round(survey_round=survey_round, by=office)
    stale.title_zh = "2024年调查"
    rounds.save_round(survey_round=stale, by=office)
    survey_round.refresh_from_db()
    assert (survey_round.title_zh, survey_round.stage) == ("2024年调查", RoundStage.CLOSED)


def test_a_reference_says_round_and_number_without_look_alikes(community) -> None:
    assert asked(community).reference.startswith("AQ24-0362-")


def test_opening_asks_in_a_handful_of_queries(programme, django_assert_max_num_queries) -> None:
    for number in range(50):
        named(CommunityFactory(), number=600 + number, sequence=number)
    survey_round = RoundFactory(stage=RoundStage.PREPARING)
    with django_assert_max_num_queries(27):
        rounds.open_round(survey_round=survey_round, by=None)
    assert survey_round.responses.count() == 50


def test_a_round_that_asks_nobody_is_not_opened(programme) -> None:
    survey_round = RoundFactory(stage=RoundStage.PREPARING)
    with pytest.raises(Refused, match="没有可以调查的已命名社区"):
        rounds.open_round(survey_round=survey_round, by=None)
    survey_round.refresh_from_db()
    assert survey_round.stage == RoundStage.PREPARING


def test_only_those_who_manage_rounds_open_one(community, office, leadership) -> None:
    named(community)
    survey_round = RoundFactory(stage=RoundStage.PREPARING)
    with pytest.raises(PermissionDenied):
        rounds.open_round(survey_round=survey_round, by=leadership)
    rounds.open_round(survey_round=survey_round, by=office)
    assert AuditEntry.objects.filter(action="round.open", actor_id=office.pk).count() == 1


def test_the_register_fills_in_name_date_contacts_and_address(programme) -> None:
    town = CommunityFactory(
        name_zh="天竺镇", province_name="北京市", city_name="顺义区", address="天竺镇府前街1号"
    )
    named(town, number=420, sequence=40, year=2020)
    ContactFactory(
        community=town, role="leader", name="王负责", mobile="13800000002", email="", source="2023年来函"
    )
    answers = prefilled(asked(town))
    assert {question: (row.value, origin_of(row), row.confirmed) for question, row in answers.items()} == {
        "community_name": ("北京市顺义区天竺镇", "附件1 名单第40行", True),
        "first_certified": ("2020", "附件1 名单第40行，命名序号 420", False),
        "leader_name": ("王负责", "2023年来函", True),
        "leader_mobile": ("13800000002", "2023年来函", True),
        "address": ("天竺镇府前街1号", "登记的联系地址", True),
    }
    assert {row.origin for row in answers.values()} == {Origin.REGISTER}


def test_known_redesignations_are_filled_in_to_be_confirmed(community) -> None:
    named(community)
    DesignationFactory(
        entry=community.entries.get(), cycle=1, designated_on=dt.date(2020, 5, 1), precision="month"
    )
    row = prefilled(asked(community))["recertified"]
    assert (row.value, row.confirmed) == (["2020-05"], False)


@pytest.mark.parametrize(
    ("place", "name", "full"),
    [
        (("上海市", "静安区"), "静安区", "上海市静安区"),
        (("山东省", "济南市"), "槐荫区", "山东省济南市槐荫区"),
        (("北京市", "北京市"), "亦庄", "北京市亦庄"),
    ],
)
def test_a_place_is_not_said_twice(place, name, full, programme) -> None:
    community = CommunityFactory(name_zh=name, province_name=place[0], city_name=place[1])
    assert prefilled(asked(community))["community_name"].value == full


def test_a_name_to_be_confirmed_is_asked_about(programme) -> None:
    community = CommunityFactory(name_zh="联合街道", name_status="to_be_confirmed")
    assert prefilled(asked(community))["community_name"].confirmed is False


def test_yes_it_still_holds_confirms_and_a_change_is_the_units_own(community, li) -> None:
    response = asked(community)
    write(response, li, "first_certified", keep=True)
    row = response.answers.get(question="first_certified")
    assert (row.value, row.confirmed, row.origin) == ("2015", True, Origin.REGISTER)
    write(response, li, "first_certified", "2015年6月")
    row.refresh_from_db()
    assert (row.value, row.confirmed, row.origin, row.origin_note) == ("2015-06", True, Origin.TYPED, "")
    assert selectors.unconfirmed(selectors.answer_rows(response)) == frozenset()


def test_a_round_needs_a_published_edition(programme) -> None:
    draft = QuestionnaireEditionFactory(code="draft", published_at=None)
    with pytest.raises(Refused, match="请先发布调查表版本"):
        rounds.save_round(survey_round=RoundFactory.build(edition=draft, programme=programme), by=None)


def test_an_edition_in_use_never_changes_under_its_answers(community) -> None:
    survey_round = asked(community).round
    survey_round.edition = QuestionnaireEditionFactory(code="other")
    with pytest.raises(Refused, match="已经向单位发出，调查表版本和项目不能再改。"):
        rounds.save_round(survey_round=survey_round, by=None)


# --- editions -----------------------------------------------------------------------------------------------


def test_shipped_editions_are_loaded_once(db: None) -> None:
    assert editions.load_editions() == 2
    assert editions.load_editions() == 0
    shipped = QuestionnaireEdition.objects.order_by("code").values_list("code", "needs_sealed_copy")
    assert list(shipped) == [("annex2-2024", True), ("prospect-2024", False)]
    assert all(edition.is_published for edition in QuestionnaireEdition.objects.all())


def test_a_published_edition_never_changes_but_can_be_copied(office) -> None:
    edition = QuestionnaireEditionFactory()
    with pytest.raises(Refused, match="已发布的版本不能再改"):
        editions.save_edition(edition=edition, definition=edition.definition, by=office)
    copy = editions.copy_edition(edition=edition, code="annex2-2025", by=office)
    assert (copy.code, copy.is_published) == ("annex2-2025", False)
    assert copy.definition["sections"] == edition.definition["sections"]
    assert editions.publish_edition(edition=copy, by=office).is_published is True


def test_a_faulty_definition_is_not_kept(office) -> None:
    with pytest.raises(Refused):
        editions.save_edition(definition={"code": "x", "title_zh": "表", "sections": []}, by=office)
    assert QuestionnaireEdition.objects.count() == 0


def test_every_unit_has_its_own_invitation(community, elsewhere) -> None:
    named(elsewhere, number=140, sequence=27)
    asked(community)
    assert Invitation.objects.count() == Community.objects.count() == 2
