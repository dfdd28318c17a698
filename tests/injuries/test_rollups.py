"""The counts of the dashboards: whatever happens in whichever order, they equal a count of the data themselves."""

import random
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.models import Community
from injuries import rollups
from injuries.enums import Dimension, Question
from injuries.models import DataSet, Scope, Tally
from injuries.rollups import QUESTIONS, Cell
from injuries.services import datasets, recounts, totals
from injuries.services import records as writing
from tests.factories import CommunityFactory
from tests.injuries.factories import DECEMBER, JANUARY, DataSetFactory, RecordFactory

FALL = {"month": JANUARY, "cause": 3, "age": 71, "sex": 2, "intent": 1, "place": 1, "occurred_hour": 8}


def counts(community: Community | None = None) -> Counter[Cell]:
    scope = Scope.objects.get(community=community) if community else rollups.nation_scope()
    return rollups.kept(scope)


def test_a_record_is_counted_where_it_happened_and_above(records: DataSet) -> None:
    records_of_one = {
        Cell(Question.CAUSE_AGE, JANUARY, 3, 5): 1,
        Cell(Question.AGE_SEX, JANUARY, 5, 2): 1,
        Cell(Question.CAUSE_INTENT, JANUARY, 3, 1): 1,
        Cell(Question.PLACE_ACTIVITY, JANUARY, 1, 0): 1,
        Cell(Question.SEVERITY_CAUSE, JANUARY, 0, 3): 1,
        Cell(Question.OUTCOME_AGE, JANUARY, 0, 5): 1,
        Cell(Question.HOUR_WEEKDAY, JANUARY, 9, 0): 1,
        Cell(Question.FAMILY_FORM, JANUARY, 4, 1): 1,
        Cell(Question.CAUSE_SEX, JANUARY, 3, 2): 1,
    }
    write_one(records)
    province = Scope.objects.get(province_name=records.community.province_name)
    assert [counts(records.community), rollups.kept(province), counts()] == [records_of_one] * 3


def write_one(data_set: DataSet, **values: object) -> object:
    return writing.add(data_set, {**FALL, **values}, by=None)


def test_a_change_moves_the_case_and_a_removal_takes_it_away(records: DataSet) -> None:
    record = write_one(records)
    writing.change(record, {**FALL, "month": DECEMBER, "cause": 1}, by=None)
    assert {cell[1:] for cell in counts() if cell.question == Question.CAUSE_AGE} == {(DECEMBER, 1, 5)}
    writing.remove(record, by=None)
    assert counts() == Counter()


def test_what_is_not_counted_stands_in_no_count(community: Community) -> None:
    aside = DataSetFactory(community=community, is_counted=False)
    write_one(aside)
    assert counts() == Counter()


def test_another_source_is_counted_instead(records: DataSet) -> None:
    write_one(records)
    other = DataSetFactory(community=records.community, is_counted=False)
    for _case in range(2):
        write_one(other, cause=1)
    datasets.count(other, by=None)
    assert {
        cell.first: number for cell, number in counts().items() if cell.question == Question.CAUSE_SEX
    } == {1: 2}
    records.refresh_from_db()
    assert records.is_counted is False


def test_totals_say_each_division_by_itself(totals_set: DataSet) -> None:
    cells = {
        (Dimension.ALL, 0): 10,
        (Dimension.CAUSE, 1): 4,
        (Dimension.CAUSE, 3): 3,
        (Dimension.AGE, 5): 9,
        (Dimension.OUTCOME, 5): 1,
    }
    totals.write(totals_set, JANUARY, cells, by=None)
    found = counts(totals_set.community)
    assert {cell[1:]: number for cell, number in found.items() if cell.question == Question.CAUSE_AGE} == {
        (JANUARY, 1, 0): 4,
        (JANUARY, 3, 0): 3,
        (JANUARY, 0, 0): 3,
    }
    assert {cell[2:]: number for cell, number in found.items() if cell.question == Question.AGE_SEX} == {
        (5, 0): 9,
        (0, 0): 1,
    }
    assert {cell[2:]: number for cell, number in found.items() if cell.question == Question.OUTCOME_AGE} == {
        (5, 0): 1,
        (0, 0): 9,
    }


@pytest.fixture
def totals_set(totals: DataSet) -> DataSet:
    return totals


def test_every_question_sums_to_the_same_number_of_cases(records: DataSet, community: Community) -> None:
    write_one(records)
    RecordFactory(data_set=records, cause=None, sex=None)
    other = DataSetFactory(community=community, totals=True, family__number=2)
    totals.write(other, JANUARY, {(Dimension.ALL, 0): 7, (Dimension.CAUSE, 1): 5}, by=None)
    recounts.recount_all()
    sums: Counter[int] = Counter()
    for cell, number in counts().items():
        sums[cell.question] += number
    assert sums == dict.fromkeys(QUESTIONS, 9)


def test_a_community_takes_its_cases_along_into_another_province(records: DataSet) -> None:
    write_one(records)
    community = records.community
    before = Scope.objects.get(province_name=community.province_name)
    community.province_name = "广东省"
    community.save()
    rollups.move(community)
    assert rollups.kept(before) == Counter()
    assert rollups.kept(Scope.objects.get(province_name="广东省")) == counts(community)
    assert recounts.recount_all() == 0


def test_a_province_that_was_changed_anywhere_is_noticed(records: DataSet) -> None:
    write_one(records)
    Community.objects.filter(pk=records.community_id).update(province_name="广东省")
    assert (rollups.move_all(), rollups.move_all()) == (1, 0)
    assert sum(rollups.kept(Scope.objects.get(province_name="广东省")).values()) == len(QUESTIONS)


def test_summing_up_changes_no_figure_and_leaves_one_row_a_cell(records: DataSet) -> None:
    for cause in (1, 3, 3):
        write_one(records, cause=cause)
    before = counts(), counts(records.community)
    rollups.sum_up()
    assert (counts(), counts(records.community)) == before
    assert Tally.objects.count() == len(before[0]) * 3
    assert not Tally.objects.filter(is_fresh=True).exists()
    rollups.sum_up()
    assert (counts(), counts(records.community)) == before


def test_a_recount_mends_what_somebody_spoilt(records: DataSet) -> None:
    write_one(records)
    wanted = counts()
    Tally.objects.filter(question=Question.CAUSE_SEX).delete()
    RecordFactory(data_set=records)
    assert recounts.recount_all() > 0
    assert counts()[Cell(Question.CAUSE_SEX, JANUARY, 3, 2)] == 2
    assert recounts.recount_all() == 0
    assert wanted[Cell(Question.CAUSE_SEX, JANUARY, 3, 2)] == 1


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_a_rebuild_equals_what_was_kept_step_by_step(db: None, seed: int) -> None:
    """Any order of adding, changing, removing, counting, setting aside, moving, summing up."""
    chance = random.Random(seed)
    with transaction.atomic():
        communities = [CommunityFactory(province_name=chance.choice(["广东省", "福建省"])) for _ in range(2)]
        sets = [
            DataSetFactory(community=community, is_counted=False, family__number=number)
            for community in communities
            for number in (2, 4, 4)
        ]
        for _step in range(14):
            take_a_step(chance, sets)
        assert recounts.recount_all() == 0
        transaction.set_rollback(True)


def take_a_step(chance: random.Random, sets: list[DataSet]) -> None:
    data_set = chance.choice(sets)
    there = list(data_set.records.all())
    step = chance.choice(["add", "add", "add", "change", "remove", "count", "aside", "move", "sum"])
    if step == "add":
        write_one(
            data_set,
            cause=chance.choice([None, 1, 3]),
            age=chance.choice([None, 3, 30, 80]),
            month=chance.choice([JANUARY, DECEMBER]),
        )
    elif step == "change" and there:
        writing.change(chance.choice(there), {**FALL, "cause": chance.choice([1, 10])}, by=None)
    elif step == "remove" and there:
        writing.remove(chance.choice(there), by=None)
    elif step == "count":
        datasets.count(data_set, by=None)
    elif step == "aside":
        datasets.set_aside(data_set, by=None)
    elif step == "move":
        community = data_set.community
        community.province_name = chance.choice(["广东省", "福建省", ""])
        community.save()
        rollups.move(community)
    else:
        rollups.sum_up()
