"""One of everything in a community's injury data, and one more of it."""

import datetime as dt

from communities.models import Community, Population
from injuries import rollups
from injuries.enums import Dimension
from injuries.models import Batch, Code, DataSet, Family, PublishedYear, StageChange
from injuries.services import totals as writing
from tests.injuries.factories import (
    JANUARY,
    DataSetFactory,
    RecordFactory,
    RowAccessFactory,
    SubAreaFactory,
)

YEAR = 2025
READ = {"titles": ["月份", "伤害原因"], "fields": ["month", "cause"], "refused": []}


def things_of_the_injuries(community: Community) -> dict[str, object]:
    """What the addresses of the injury data name, all of this community."""
    records = DataSetFactory(community=community)
    record = RecordFactory(data_set=records)
    rollups.add(community, rollups.of_record(record))
    Population.objects.create(community=community, year=YEAR, basis="resident", count=40_000)
    PublishedYear.objects.create(community=community, year=YEAR, tables={})
    return {
        "data_set_id": records.pk,
        "record_id": record.pk,
        "step": "close",
        "month": JANUARY,
        "table_code": "causes",
        "area_id": SubAreaFactory(community=community).pk,
        "access_id": RowAccessFactory(community=community, until=dt.date(2030, 1, 1)).pk,
        "year": YEAR,
        "batch_id": Batch.objects.create(data_set=records, rows=3, state="taken", columns=READ).pk,
        "code_id": Code.objects.earliest("pk").pk,
        "family_id": Family.objects.earliest("pk").pk,
    }


def one_more_of_the_injuries(community: Community) -> None:
    """A row of every kind, some of them hanging on what is there already."""
    first = DataSet.objects.filter(community=community, form="records").order_by("pk").first()
    record = RecordFactory(data_set=first or DataSetFactory(community=community), cause=1)
    rollups.add(community, rollups.of_record(record))
    other = DataSetFactory(community=community, totals=True, is_counted=True, family__number=2)
    writing.write(other, JANUARY, {(Dimension.ALL, 0): 7, (Dimension.CAUSE, 1): 3}, by=None)
    StageChange.objects.create(data_set=record.data_set, move="close", from_stage="open", to_stage="closed")
    found = [[2, "cause", "code", "跌"]]
    Batch.objects.create(data_set=record.data_set, state="faulty", columns=READ, report={"faults": found})
    SubAreaFactory(community=community)
    RowAccessFactory(community=community, until=dt.date(2030, 1, 1))
    year = 2000 + Population.objects.filter(community=community).count()
    Population.objects.create(community=community, year=year, basis="resident", count=40_000)
    PublishedYear.objects.create(community=community, year=year, tables={})
