"""What the board keeps in memory is what a recount finds, after every change of a unit, its place and the calendar."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from communities.models import Authority, Community
from communities.services.register import change_community
from core import clock
from reports import selectors
from surveys import figures
from surveys.enums import Stage
from surveys.models import Invitation, Response, Round
from surveys.services.corrections import void_response
from surveys.services.responses import note_form_opened
from tests.factories import (
    AuthorityFactory,
    CommunityFactory,
    MembershipFactory,
    RegisterEntryFactory,
    ResponseFactory,
)
from tests.reports.recounts import counted_anew, shown

STAGES = (Stage.ACCEPTED, Stage.NOT_STARTED, Stage.NOT_STARTED, Stage.DRAFT, Stage.SUBMITTED, Stage.VOID)


@pytest.fixture(autouse=True)
def in_march():
    with clock.frozen("2024-03-10 09:00"):
        yield


@pytest.fixture
def survey_round(db: None) -> Round:
    """Units of two provinces in several states; one has an earlier day of its own, one a later one, one came late."""
    authority = AuthorityFactory()
    for number, stage in enumerate(STAGES):
        entry = RegisterEntryFactory(
            community__province_name=("福建省", "上海市")[number % 2],
            community__city_name=f"第{number % 3}区",
            community__kind=("town", "subdistrict")[number % 2],
            community__supervisor=authority if number % 3 else None,
        )
        ResponseFactory(community=entry.community, stage=stage, is_late=stage == Stage.SUBMITTED)
    waiting = Response.objects.filter(stage__in=[Stage.NOT_STARTED, Stage.DRAFT]).order_by("pk")
    for response, day in zip(waiting, (dt.date(2024, 3, 5), dt.date(2024, 5, 1)), strict=False):
        Invitation.objects.filter(pk=response.invitation_id).update(due_on=day)
    found = Round.objects.get()
    assert shown(found) == counted_anew(found)
    return found


def of(stage: Stage) -> Response:
    return Response.objects.filter(stage=stage).order_by("pk").last()


def open_one(office, li) -> None:
    response = of(Stage.NOT_STARTED)
    MembershipFactory(user=li, community=response.community)
    note_form_opened(response=response, by=li)


def void_one(office, li) -> None:
    void_response(response=of(Stage.ACCEPTED), reason="重复", by=office)


def ask_one(office, li) -> None:
    ResponseFactory(community=CommunityFactory(province_name="浙江省"), round=Round.objects.get())


def sum_up(office, li) -> None:
    open_one(office, li)
    figures.sum_up_all()


def move_one(office, li) -> None:
    change_community(
        community=of(Stage.ACCEPTED).community, by=office, province_name="浙江省", city_name="杭州市"
    )


def another_kind(office, li) -> None:
    change_community(community=of(Stage.DRAFT).community, by=office, kind="park")


def another_authority(office, li) -> None:
    change_community(community=of(Stage.DRAFT).community, by=office, supervisor=AuthorityFactory())


def no_authority(office, li) -> None:
    Authority.objects.filter(communities__isnull=False).delete()


def many_at_once(office, li) -> None:
    Community.objects.update(city_name="同一区")


def many_one_by_one(office, li) -> None:
    units = list(Community.objects.order_by("pk"))
    for number, unit in enumerate(units):
        unit.province_name = f"第{number}省"
    Community.objects.bulk_update(units, ["province_name"])


def another_day_of_its_own(office, li) -> None:
    Invitation.objects.filter(due_on__isnull=False).update(due_on=dt.date(2024, 3, 9))


def another_day_of_all(office, li) -> None:
    Round.objects.update(deadline_on=dt.date(2024, 3, 20))


CHANGES = (
    open_one,
    void_one,
    ask_one,
    sum_up,
    move_one,
    another_kind,
    another_authority,
    no_authority,
    many_at_once,
    many_one_by_one,
    another_day_of_its_own,
    another_day_of_all,
)


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_the_board_is_right_at_once_after(change: Callable, survey_round, office, li) -> None:
    before = shown(survey_round)
    change(office, li)
    survey_round.refresh_from_db()
    assert shown(survey_round) == counted_anew(survey_round)
    assert shown(survey_round) != before


@pytest.mark.parametrize("day", ["2024-03-05", "2024-03-06", "2024-04-01", "2024-05-01", "2024-05-02"])
def test_what_waits_turns_late_by_the_calendar(survey_round, day) -> None:
    with clock.frozen(f"{day} 09:00"):
        assert shown(survey_round) == counted_anew(survey_round)


def test_what_is_taken_back_was_never_counted(survey_round, office, li) -> None:
    before = shown(survey_round)
    for change in (open_one, move_one):
        with transaction.atomic():
            change(office, li)
            assert shown(survey_round) == counted_anew(survey_round) != before
            transaction.set_rollback(True)
        assert shown(survey_round) == before


def test_the_units_are_counted_once_for_each_change(
    survey_round, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):  # stamp, own deadlines, order of provinces, names of authorities
        selectors.board(survey_round)
    Community.objects.update(note="只是备注")
    with django_assert_num_queries(4):
        selectors.board(survey_round)
    Community.objects.update(kind="park")
    with django_assert_num_queries(5):
        selectors.board(survey_round)
