import pytest
from django.test import Client

from accounts.models import User
from communities.models import Community
from injuries.models import DataSet
from injuries.selectors.population import BANDS
from injuries.services import people
from tests.injuries.factories import DataSetFactory


@pytest.fixture
def records(community: Community) -> DataSet:
    return DataSetFactory(community=community)


@pytest.fixture
def totals(community: Community) -> DataSet:
    return DataSetFactory(community=community, totals=True)


@pytest.fixture
def liaison(client: Client, li: User) -> Client:
    client.force_login(li)
    return client


@pytest.fixture
def known(community: Community) -> Community:
    """Of 2025 men and women in bands, of 2024 the whole number."""
    cells = {(sex, *span): 1000 for sex in ("male", "female") for span in BANDS}
    people.write(community, year=2025, basis="resident", cells=cells, source="统计年鉴", by=None)
    whole = {("all", 0, None): 9_800}
    people.write(community, year=2024, basis="resident", cells=whole, source="统计年鉴", by=None)
    return community
