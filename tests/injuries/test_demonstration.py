"""Injury data go all their way with the accounts of a demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from communities.enums import RegionLevel
from communities.models import Community
from injuries import authz
from injuries.enums import Stage
from injuries.lifecycle import advance, open_moves
from injuries.services import datasets
from tests.factories import CommunityFactory, RegionFactory
from tests.injuries.factories import DataSetFactory, FamilyFactory
from tests.surveys.rounds import named


@pytest.fixture
def unit(programme, settings, tmp_path: Path) -> Community:
    settings.DEMONSTRATION, settings.VAR_DIR = True, tmp_path
    province = RegionFactory(level=RegionLevel.PROVINCE)
    region = RegionFactory(level=RegionLevel.COUNTY, parent=province)
    unit = CommunityFactory(name_zh="天竺镇", region=region)
    named(unit, number=420, sequence=420)
    call_command("load_demonstration", verbosity=0)
    unit.refresh_from_db()
    return unit


def account(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def test_a_data_set_is_closed_endorsed_and_locked(unit: Community) -> None:
    liaison, district, province = map(account, ("community_liaison", "authority", "authority_province"))
    data_set = DataSetFactory(community=unit)
    walked = []
    for user, move in ((liaison, "close"), (district, "endorse"), (province, "lock")):
        offered = {
            name: {one.name for one in open_moves(one_user, data_set)}
            for name, one_user in (("liaison", liaison), ("district", district), ("province", province))
        }
        walked.append({name for name, moves in offered.items() if move in moves})
        advance(data_set, move, by=user)
    assert walked == [{"liaison"}, {"district", "province"}, {"province"}]
    assert data_set.stage == Stage.LOCKED


def test_the_health_department_begins_data_of_its_own(unit: Community) -> None:
    health = account("health_department")
    begun = datasets.begin(DataSetFactory.build(community=unit, family=FamilyFactory()), by=health)
    assert (begun.kept_by, authz.records_in(health, begun)) == (unit.supervisor, True)
