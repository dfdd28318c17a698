import pytest

from communities.models import Community
from injuries.models import DataSet
from tests.injuries.factories import DataSetFactory


@pytest.fixture
def records(community: Community) -> DataSet:
    return DataSetFactory(community=community)


@pytest.fixture
def totals(community: Community) -> DataSet:
    return DataSetFactory(community=community, totals=True)
