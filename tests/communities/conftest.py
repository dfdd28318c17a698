"""Communities for tables of staff to be about."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from communities.models import Authority, Contact, RegisterEntry
from tests.factories import ContactFactory, DesignationFactory, RegionFactory, RegisterEntryFactory


@pytest.fixture
def units(office: User) -> None:
    known = RegisterEntryFactory(number=362, community__name_zh="筼筜街道").community
    ContactFactory(community=known, email="alt@example.org", source="来信")
    RegisterEntryFactory(number=363, community__name_zh="鼓浪屿街道")
    third = RegisterEntryFactory(number=364, community__name_zh="中华街道").community
    ContactFactory(community=third, email="gleich@example.org")


@pytest.fixture
def register_of_three(units: None, district_authority: Authority) -> None:
    entry = RegisterEntry.objects.get(number=362)
    DesignationFactory(entry=entry, designated_on=dt.date(2015, 6, 1), precision="month")
    DesignationFactory(entry=entry, cycle=1, designated_on=dt.date(2020, 7, 1), precision="day")
    community = entry.community
    community.region = RegionFactory(code="350203009000")
    community.supervisor = district_authority
    community.note = "第一行\r\n=1+1"
    community.save()
    # As somebody once typed it: what our own table says is never a mistake.
    Contact.objects.filter(community=community).update(mobile="138 0000 0001", name="李 联络", phone="未知")
