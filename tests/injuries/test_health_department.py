"""The health department of a place: it reads the figures of its communities and owns the data that it gives."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import User
from communities.models import Authority, AuthorityPost, Community
from core.errors import Refused
from documents import services as documents
from documents.enums import RunState
from injuries import authz
from injuries.enums import BatchState, Completeness, Form, SourceKind, Stage
from injuries.lifecycle import advance, open_moves
from injuries.models import ColumnMap, DataSet, Record
from injuries.months import Month
from injuries.selectors import scopes
from injuries.selectors.datasets import duty_cards
from injuries.selectors.figures import by_year
from injuries.services import datasets, exports, people
from injuries.services import records as writing
from injuries.services.imports import batches
from tests.architecture.routes import Door
from tests.architecture.test_routes import behind, things  # noqa: F401 - a fixture
from tests.factories import AuthorityFactory, AuthorityPostFactory, CommunityFactory, RoleFactory, UserFactory
from tests.injuries.factories import JANUARY, DataSetFactory, FamilyFactory, RecordFactory
from tests.injuries.tables import FALL, HEAD, done, received, taken, xlsx

ONE = {"month": JANUARY, "cause": 3}
SENT = {
    "family": "4",
    "source_kind": "hospital",
    "form": "records",
    "first_month": "2025-01",
    "last_month": "2025-12",
    "completeness": "unknown",
}


def health_of(authority: Authority) -> User:
    user = UserFactory(name="卫健")
    AuthorityPostFactory(user=user, authority=authority, role=RoleFactory(code=RoleCode.HEALTH_DEPARTMENT))
    return user


@pytest.fixture
def health(district_authority: Authority) -> User:
    return health_of(district_authority)


@pytest.fixture
def as_health(client: Client, health: User) -> Client:
    client.force_login(health)
    return client


@pytest.fixture
def own(community: Community, health: User) -> DataSet:
    return datasets.begin(DataSetFactory.build(community=community, family=FamilyFactory()), by=health)


def url(name: str, *args: object) -> str:
    return reverse(f"injuries:{name}", args=args)


def recorded(data_set: DataSet, by: User) -> Record:
    return writing.add(data_set, ONE, by=by)


# --- What it reads ------------------------------------------------------------------------------------------


def test_it_opens_figures_and_data_sets_and_nothing_else_of_a_community(as_health: Client, things) -> None:  # noqa: F811
    answers = {
        route.name: as_health.get(route.url(things)).status_code
        for route in behind(Door.COMMUNITY, Door.STAFF)
        if not route.name.startswith("admin:")
    }
    assert {name for name, status in answers.items() if status == 200} == {
        "injuries:above",
        "injuries:table_above",
        "injuries:dashboard",
        "injuries:table",
        "injuries:compare",
        "injuries:data_sets",
        "injuries:data_set_add",
        "injuries:data_set",
        "injuries:data_set_move",
    }


def test_the_figures_are_those_below_its_place_without_small_cells(
    health: User, community: Community, elsewhere: Community
) -> None:
    view = scopes.of_those_below(health, "")
    assert [row.pk for row in view.communities] == [community.pk]
    assert (scopes.of_community(community, health).is_exact, authz.may_see_figures(health, elsewhere)) == (
        False,
        False,
    )


def test_its_first_page_is_that_of_the_figures(as_health: Client) -> None:
    assert as_health.get(reverse("projects:own_work"))["Location"] == url("own")
    assert as_health.get(url("own"))["Location"] == url("above")


def test_it_approves_nothing(health: User, records: DataSet, li: User) -> None:
    advance(records, "close", by=li)
    assert open_moves(health, records) == []


# --- What it records ----------------------------------------------------------------------------------------


def test_it_begins_a_data_set_of_its_own_and_records_in_it(as_health: Client, community: Community) -> None:
    form = as_health.get(url("data_set_add", community.pk)).context["form"]
    assert [value for value, _label in form.fields["source_kind"].choices] == ["hospital", "disease_control"]
    family = FamilyFactory()
    answer = as_health.post(url("data_set_add", community.pk), {**SENT, "family": str(family.pk)})
    begun = DataSet.objects.get()
    assert (answer["Location"], begun.kept_by) == (url("record_add", begun.pk), community.supervisor)
    sent = {"cause": "3", "month": "2025-03"}
    assert as_health.post(url("record_add", begun.pk), sent).status_code == 302
    assert [row.cause for row in Record.objects.all()] == [3]
    assert as_health.get(url("records", begun.pk)).status_code == 200
    shown = as_health.get(url("data_set", begun.pk)).content.decode()
    assert f" · {community.supervisor.name_zh}" in shown


def test_it_gives_data_of_health_sources_only(health: User, community: Community, own: DataSet) -> None:
    other = DataSetFactory.build(
        community=community, family=FamilyFactory(), source_kind=SourceKind.POLICE, form=Form.TOTALS
    )
    with pytest.raises(Refused) as refused:
        datasets.begin(other, by=health)
    assert refused.value.codes == ["source"]
    with pytest.raises(Refused) as refused:
        datasets.describe(own, {"source_kind": SourceKind.POLICE}, by=health)
    assert refused.value.codes == ["source"]


def test_what_the_community_records_itself_stays_closed_to_it(
    as_health: Client, health: User, records: DataSet
) -> None:
    """Even where it comes from a hospital."""
    row = RecordFactory(data_set=records)
    for name, args in (("records", []), ("record_add", []), ("record", [row.pk]), ("imports", [])):
        assert as_health.get(url(name, records.pk, *args)).status_code == 403
    with pytest.raises(PermissionDenied):
        recorded(records, health)


def test_the_same_words_are_not_the_data_of_the_community(health: User, records: DataSet) -> None:
    same = {name: getattr(records, name) for name in ("community", "family", *datasets.DESCRIBED, "form")}
    begun = datasets.begin(DataSet(**same), by=health)
    assert (begun.pk == records.pk, begun.is_counted) == (False, False)
    assert datasets.begin(DataSet(**same), by=health).pk == begun.pk


@pytest.mark.parametrize("where", ["another place", "the province", "moved away", "post ended"])
def test_data_of_one_place_are_not_those_of_another(
    where: str, own: DataSet, health: User, province_authority: Authority, community: Community
) -> None:
    user = health
    match where:
        case "another place":
            user = health_of(AuthorityFactory())
        case "the province":
            user = health_of(province_authority)
        case "moved away":
            Community.objects.filter(pk=community.pk).update(supervisor=AuthorityFactory())
        case "post ended":
            health.authority_posts.all().delete()
    data_set = DataSet.objects.get(pk=own.pk)
    assert authz.records_in(user, data_set) is False
    with pytest.raises(PermissionDenied):
        recorded(data_set, user)


def test_which_source_counts_who_closes_and_what_leaves_is_for_the_community(
    as_health: Client, health: User, own: DataSet, li: User
) -> None:
    assert as_health.post(url("data_set_choose", own.pk), {"counted": "0"}).status_code == 403
    for forbidden in (datasets.count, datasets.set_aside):
        with pytest.raises(PermissionDenied):
            forbidden(own, by=health)
    with pytest.raises(PermissionDenied):
        exports.request_export(own, reason="x", by=health, is_verified=True)
    assert as_health.get(url("export", own.pk)).status_code == 403
    with pytest.raises(PermissionDenied):
        advance(own, "close", by=health)
    assert advance(own, "close", by=li).stage == Stage.CLOSED


def test_it_brings_tables_into_its_own_data_and_takes_them_back(
    as_health: Client, health: User, own: DataSet
) -> None:
    batch = taken(own, xlsx(HEAD, FALL), health)
    assert (batch.state, Record.objects.filter(data_set=own).count()) == (BatchState.TAKEN, 1)
    assert as_health.get(url("imports", own.pk)).status_code == 200
    assert as_health.get(url("import", own.pk, batch.pk)).status_code == 200
    as_health.post(url("import_undo", own.pk, batch.pk))
    batch.refresh_from_db()
    done(batch)
    assert Record.objects.filter(data_set=own).count() == 0


def test_what_it_gives_is_counted_only_when_the_community_says_so(
    health: User, community: Community, li: User
) -> None:
    year = {"first_month": Month.at(2024, 1), "last_month": Month.at(2024, 12)}
    theirs = DataSetFactory(community=community, completeness=Completeness.COMPLETE, **year)
    recorded_in(theirs, 5)
    for step in ("close", "endorse", "lock"):
        advance(theirs, step, by=None)
    other = DataSetFactory.build(community=community, family=FamilyFactory(number=2), **year)
    own = datasets.begin(other, by=health)
    recorded_in(own, 7)
    assert (own.is_counted, by_year(community, [2024])[2024].cases) == (False, 5)
    datasets.count(own, by=li)
    assert by_year(community, [2024])[2024].cases == 12


def recorded_in(data_set: DataSet, number: int) -> None:
    for _number in range(number):
        writing.add(data_set, {"month": data_set.first_month, "cause": 3}, by=None)


def test_it_is_not_asked_about_months_that_are_unlike_those_of_the_community(
    as_health: Client, health: User, community: Community, li: User
) -> None:
    for year in (2022, 2023, 2024):
        span = {"first_month": Month.at(year, 1), "last_month": Month.at(year, 12)}
        recorded_in(DataSetFactory(community=community, **span), 2)
    own = datasets.begin(DataSetFactory.build(community=community, family=FamilyFactory()), by=health)
    recorded_in(own, 30)
    datasets.count(own, by=li)
    assert as_health.get(url("data_set", own.pk)).context["unusual"] == []
    as_health.force_login(li)
    assert len(as_health.get(url("data_set", own.pk)).context["unusual"]) == 1


def test_it_opens_each_record_of_its_own_from_the_list(as_health: Client, health: User, own: DataSet) -> None:
    record = url("record", own.pk, recorded(own, health).pk)
    assert record in as_health.get(url("records", own.pk)).content.decode()
    assert as_health.get(record).status_code == 200


def test_its_columns_are_not_those_of_the_community(own: DataSet, records: DataSet) -> None:
    batches.remember(records, ["甲"], ["cause"])
    batches.remember(own, ["甲"], ["sex"])
    assert [row.columns for row in ColumnMap.objects.all()] == [{"甲": "cause"}]


@pytest.mark.parametrize("change", ["post ended", "account closed"])
def test_a_table_that_waits_is_not_taken_over_for_somebody_who_may_no_more(
    change: str, health: User, own: DataSet
) -> None:
    batch = batches.take(received(own, xlsx(HEAD, FALL), health), by=health)
    if change == "post ended":
        AuthorityPost.objects.all().delete()
    else:
        User.objects.filter(pk=health.pk).update(is_active=False)
    documents.perform(batch.run_id)
    batch.run.refresh_from_db()
    assert (batch.run.state, Record.objects.filter(data_set=own).count()) == (RunState.FAILED, 0)


def test_its_page_of_figures_leads_to_the_places_of_its_data(
    as_health: Client, wang: User, community: Community
) -> None:
    CommunityFactory()
    page = as_health.get(url("above"))
    assert page.context["giving"] == [community]
    assert url("data_sets", community.pk) in page.content.decode()
    as_health.force_login(wang)
    assert as_health.get(url("above")).context["giving"] == []


def test_data_that_come_back_stand_among_its_duties(own: DataSet, health: User, li: User, wang: User) -> None:
    advance(own, "close", by=li)
    assert duty_cards(health) == []
    advance(own, "send_back", by=wang, note="核对三月")
    assert [(card.title, card.note) for card in duty_cards(health)] == [(str(own), "核对三月")]
    assert [card.title for card in duty_cards(li)] == [str(own)]


def test_members_see_and_mend_what_the_department_gave(own: DataSet, li: User, health: User) -> None:
    recorded(own, health)
    recorded(own, li)
    assert Record.objects.filter(data_set=own).count() == 2


def test_the_population_and_the_accesses_are_the_communitys(
    as_health: Client, health: User, community: Community
) -> None:
    for name in ("people", "people_workbook", "settings", "access_add"):
        assert as_health.get(url(name, community.pk)).status_code == 403
    with pytest.raises(PermissionDenied):
        people.write(community, year=2025, basis="resident", cells={}, source="", by=health)


def test_a_supervising_authority_begins_none(wang: User, community: Community) -> None:
    with pytest.raises(PermissionDenied):
        datasets.begin(DataSetFactory.build(community=community, family=FamilyFactory()), by=wang)
