"""Of several sources about the same months one is counted; what is described stays true to what lies in it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core.errors import Refused
from injuries.enums import Dimension, Stage
from injuries.models import DataSet, Record
from injuries.services import datasets
from injuries.services import records as writing
from injuries.services import totals as writing_totals
from tests.injuries.factories import DECEMBER, JANUARY, DataSetFactory, FamilyFactory, RecordFactory


def new(community: Community, **fields: object) -> DataSet:
    return DataSetFactory.build(community=community, family=FamilyFactory(), **fields)


def test_the_first_source_of_its_months_is_counted_the_next_is_not(community: Community, li: User) -> None:
    first = datasets.begin(new(community), by=li)
    second = datasets.begin(new(community, first_month=DECEMBER, last_month=DECEMBER), by=li)
    later = datasets.begin(new(community, first_month=DECEMBER + 1, last_month=DECEMBER + 12), by=li)
    assert [first.is_counted, second.is_counted, later.is_counted] == [True, False, True]


def test_a_closed_source_is_not_set_aside_for_another(records: DataSet, li: User) -> None:
    DataSet.objects.update(stage=Stage.CLOSED)
    other = DataSetFactory(community=records.community, is_counted=False)
    with pytest.raises(Refused) as refused:
        datasets.count(other, by=li)
    assert refused.value.codes == ["closed"]
    records.refresh_from_db()
    assert records.is_counted is True


def test_months_that_hold_data_cannot_be_left_out(records: DataSet, li: User) -> None:
    RecordFactory(data_set=records, month=JANUARY)
    with pytest.raises(Refused) as refused:
        datasets.describe(records, {"first_month": JANUARY + 1}, by=li)
    assert refused.value.codes == ["months"]


def test_a_counted_source_does_not_grow_into_anothers_months(records: DataSet, li: User) -> None:
    DataSetFactory(community=records.community, first_month=DECEMBER + 1, last_month=DECEMBER + 12)
    with pytest.raises(Refused) as refused:
        datasets.describe(records, {"last_month": DECEMBER + 1}, by=li)
    assert refused.value.codes == ["rival"]


def test_only_what_is_empty_is_removed_and_twice_is_harmless(records: DataSet, li: User) -> None:
    record = RecordFactory(data_set=records)
    with pytest.raises(Refused) as refused:
        datasets.remove(records, by=li)
    assert refused.value.codes == ["full"]
    record.delete()
    for _press in range(2):
        datasets.remove(records, by=li)
    assert not DataSet.objects.exists()


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({(Dimension.CAUSE, 1): 3}, ["whole"]),
        ({(Dimension.ALL, 0): 2, (Dimension.CAUSE, 1): 3}, ["sum"]),
        ({(Dimension.ALL, 0): 2, (Dimension.CAUSE, 99): 1}, ["code"]),
        ({(Dimension.ALL, 0): -1}, ["number"]),
    ],
)
def test_totals_that_cannot_be_are_refused(totals: DataSet, li: User, cells: dict, codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        writing_totals.write(totals, JANUARY, cells, by=li)
    assert refused.value.codes == codes
    assert totals.totals.count() == 0


def test_two_people_who_write_a_month_at_once_do_not_overwrite_each_other(
    community: Community, li: User
) -> None:
    data_set = DataSetFactory(community=community, totals=True)
    writing_totals.write(data_set, JANUARY, {(Dimension.ALL, 0): 5}, by=li, seen="")
    with pytest.raises(Refused) as refused:
        writing_totals.write(data_set, JANUARY, {(Dimension.ALL, 0): 7}, by=li, seen="")
    assert refused.value.codes == ["stale"]
    assert data_set.totals.get().cases == 5


def test_a_form_sent_twice_is_one_record(records: DataSet, li: User) -> None:
    values = {"month": JANUARY, "cause": 3}
    first = writing.add(records, values, by=li, form_key="k1")
    assert writing.add(records, values, by=li, form_key="k1") == first
    assert AuditEntry.objects.filter(action="injury_record.add").count() == 1


def test_the_same_card_is_not_taken_twice(records: DataSet, li: User) -> None:
    writing.add(records, {"month": JANUARY, "cause": 3, "key": "A-17"}, by=li)
    with pytest.raises(Refused) as refused:
        writing.add(records, {"month": JANUARY, "cause": 3, "key": "A-17"}, by=li)
    assert refused.value.codes == ["double"]


def test_what_follows_from_the_rest_is_filled_in(records: DataSet, li: User) -> None:
    day = dt.date(2025, 3, 5)
    values = {"occurred_on": day, "cause": 3, "age": 71, "traffic_means": 2, "fall_type": 4}
    record = writing.add(records, values, by=li)
    assert (record.month, record.age_band, record.traffic_means, record.fall_type) == (
        JANUARY + 2,
        5,
        None,
        4,
    )


def test_a_neighbour_and_the_association_record_nothing_here(
    records: DataSet, zhao: User, administrator: User, wang: User
) -> None:
    for person in (zhao, administrator, wang):
        with pytest.raises(PermissionDenied):
            writing.add(records, {"month": JANUARY, "cause": 3}, by=person)
    assert Record.objects.count() == 0


def test_the_trail_tells_of_a_change_without_telling_of_the_person(records: DataSet, li: User) -> None:
    record = writing.add(records, {"month": JANUARY, "cause": 3, "age": 71, "narrative": "在家滑倒"}, by=li)
    writing.change(record, {"month": JANUARY, "cause": 1, "age": 72, "narrative": "在路上"}, by=li)
    entry = AuditEntry.objects.get(action="injury_record.change")
    assert (entry.changes, entry.reason) == ({"fields": "age, cause, narrative"}, "")


def test_words_sent_twice_are_one_data_set_while_it_is_empty(community: Community, li: User) -> None:
    first, second = (datasets.begin(new(community), by=li) for _press in range(2))
    assert first == second
    writing.add(first, {"month": JANUARY, "cause": 3}, by=li)
    assert datasets.begin(new(community), by=li) != first


def test_a_description_is_not_overwritten_unseen(records: DataSet, li: User) -> None:
    datasets.describe(records, {"definition": "首诊"}, by=li, seen=1)
    with pytest.raises(Refused) as refused:
        datasets.describe(records, {"definition": "全部"}, by=li, seen=1)
    assert refused.value.codes == ["stale"]


def test_a_key_of_another_form_stops_nobody(records: DataSet, li: User) -> None:
    other = DataSetFactory(community=records.community, family__number=2)
    writing.add(records, {"month": JANUARY, "cause": 3}, by=li, form_key="k1")
    writing.add(other, {"month": JANUARY, "cause": 3}, by=li, form_key="k1")
    assert Record.objects.count() == 2
