"""The register in the staff site: saved by services, searched by every name, contacts behind a recorded button."""

import pytest
from django.test import Client

from audit.models import AuditEntry
from communities.enums import MembershipState, NameKind, NameStatus
from communities.models import AccessGrant, Authority, AuthorityPost, Community, Membership, RegisterEntry
from communities.services import register
from core import clock
from core.admin_site import home_panels
from tests.factories import (
    AuthorityFactory,
    CommunityFactory,
    ContactFactory,
    DesignationFactory,
    MembershipFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db
COMMUNITIES = "/admin/communities/community/"
ENTRIES = "/admin/communities/registerentry/"


@pytest.fixture
def desk(office) -> Client:
    client = Client()
    client.force_login(office)
    return client


@pytest.fixture
def entry(community) -> RegisterEntry:
    entry = DesignationFactory(entry__community=community, entry__number=362).entry
    register.add_name(community=community, kind=NameKind.PRINTED, name="筓筓街道", by=None)
    return entry


def form_of(client: Client, url: str) -> dict[str, str]:
    """What a browser would send back untouched."""
    form = client.get(url).context["adminform"].form
    sent = {bound.html_name: bound.value() for bound in form}
    for inline in client.get(url).context["inline_admin_formsets"]:
        management = inline.formset.management_form
        sent |= {f"{management.prefix}-{name}": value for name, value in management.initial.items()}
        for row in inline.formset.initial_forms:
            sent |= {f"{row.prefix}-id": row.instance.pk}
    return {name: "" if value is None else value for name, value in sent.items() if value is not False}


PAGES = ["community", "registerentry", "region", "authority", "programme"]


@pytest.mark.parametrize("page", PAGES)
def test_leadership_reads_the_lists_and_changes_none(leadership, entry, page):
    client = Client()
    client.force_login(leadership)
    assert client.get(f"/admin/communities/{page}/").status_code == 200
    assert client.get(f"/admin/communities/{page}/add/").status_code == 403


@pytest.mark.parametrize("person", ["li", "wang", "zhao", "expert", "stranger"])
@pytest.mark.parametrize("page", [*PAGES, "membership", "authoritypost", "accessgrant"])
def test_nobody_else_comes_in(request, person, page):
    client = Client()
    client.force_login(request.getfixturevalue(person))
    assert client.get(f"/admin/communities/{page}/").status_code in {302, 403}


@pytest.mark.parametrize("query", ["筓筓", "筼筜", "yundang", "ydjd", "３６２"])
def test_the_list_finds_a_community_by_every_name(desk, entry, elsewhere, query):
    found = desk.get(COMMUNITIES, {"q": query}).context["cl"].queryset
    assert [row.name_zh for row in found] == ["筼筜街道"]


def test_an_edit_goes_through_the_service(desk, entry, office):
    url = f"{COMMUNITIES}{entry.community_id}/change/"
    response = desk.post(url, {**form_of(desk, url), "city_name": "思明区"})
    assert response.status_code == 302
    community = Community.objects.get(pk=entry.community_id)
    assert (community.city_name, community.revision) == ("思明区", 3)
    trail = AuditEntry.objects.get(action="community.change")
    assert (trail.actor_id, trail.changes) == (office.pk, {"city_name": ["厦门市", "思明区"]})


def test_a_new_name_keeps_the_old_one(desk, entry):
    url = f"{COMMUNITIES}{entry.community_id}/change/"
    desk.post(url, {**form_of(desk, url), "name_zh": "筼筜路街道"})
    community = Community.objects.get(pk=entry.community_id)
    assert community.name_zh == "筼筜路街道"
    assert set(community.names.values_list("name", flat=True)) == {"筓筓街道", "筼筜街道"}


def test_computed_fields_cannot_be_typed(desk, entry):
    url = f"{COMMUNITIES}{entry.community_id}/change/"
    desk.post(url, {**form_of(desk, url), "standing": "merged", "name_status": "cut_off", "revision": "99"})
    community = Community.objects.get(pk=entry.community_id)
    assert (community.standing, community.name_status) == ("named", NameStatus.AS_PRINTED)


def test_another_name_is_added_below_the_form(desk, entry):
    url = f"{COMMUNITIES}{entry.community_id}/change/"
    added = {
        "names-TOTAL_FORMS": "2",
        "names-1-kind": "alias",
        "names-1-name": "筼筜",
        "names-1-source": "来函",
    }
    assert desk.post(url, {**form_of(desk, url), **added}).status_code == 302
    assert [row.kind for row in entry.community.names.filter(name="筼筜")] == [NameKind.ALIAS]


def test_a_printed_name_cannot_be_ticked_away(desk, entry):
    url = f"{COMMUNITIES}{entry.community_id}/change/"
    desk.post(url, {**form_of(desk, url), "names-0-DELETE": "on"})
    assert entry.community.names.filter(name="筓筓街道").count() == 1


def test_a_new_community_is_entered(desk):
    url = f"{COMMUNITIES}add/"
    response = desk.post(url, {**form_of(desk, url), "name_zh": "新社区"})
    assert response.status_code == 302
    assert Community.objects.get(name_zh="新社区").search_text.startswith("新社区")


@pytest.mark.parametrize(
    ("action", "name", "status"),
    [
        ("accept_suggestion", "联和街道", NameStatus.CORRECTED),
        ("keep_printed", "联合街道", NameStatus.AS_PRINTED),
    ],
)
def test_names_are_confirmed_from_the_list(desk, action, name, status):
    community = CommunityFactory(name_zh="联合街道", name_status=NameStatus.TO_BE_CONFIRMED)
    register.add_name(community=community, kind=NameKind.SUGGESTED, name="联和街道", by=None)
    desk.post(COMMUNITIES, {"action": action, "_selected_action": [community.pk]})
    community.refresh_from_db()
    assert (community.name_zh, community.name_status) == (name, status)


def test_a_settled_name_is_left_alone_with_a_sentence(desk, entry):
    data = {"action": "accept_suggestion", "_selected_action": [entry.community_id]}
    response = desk.post(COMMUNITIES, data, follow=True)
    assert "本社区的名称不在待确认之列。" in response.text


def test_contacts_are_masked_until_the_button_is_pressed(desk, entry):
    ContactFactory(community=entry.community, name="李小明", mobile="13812345678")
    page = desk.get(f"{COMMUNITIES}{entry.community_id}/change/").text
    assert ("李小明" in page, "13812345678" in page, "138****5678" in page) == (False, False, True)
    url = f"/admin/register/communities/{entry.community_id}/contacts/"
    assert "13812345678" not in desk.get(url).text
    assert AuditEntry.objects.filter(action="contact.reveal").count() == 0
    assert "13812345678" in desk.post(url, {"reveal": "1"}).text
    assert AuditEntry.objects.filter(action="contact.reveal").count() == 1


def test_leadership_does_not_see_contacts(leadership, entry):
    client = Client()
    client.force_login(leadership)
    assert client.get(f"/admin/register/communities/{entry.community_id}/contacts/").status_code == 403


def test_contacts_are_changed_on_their_page(desk, entry):
    url = f"/admin/register/communities/{entry.community_id}/contacts/"
    desk.post(url, {"save": "1", "liaison-name": "李联络", "liaison-email": "a@example.org"})
    assert [(row.role, row.name) for row in entry.community.contacts.all()] == [("liaison", "李联络")]
    again = desk.post(url, {"save": "1", "liaison-email": "不是邮箱"})
    assert (again.status_code, entry.community.contacts.get().email) == (200, "a@example.org")


def test_entries_are_filtered_by_computed_status(desk, entry):
    with clock.frozen("2026-11-21"):
        found = desk.get(ENTRIES, {"status": "unknown"}).context["cl"].queryset
        assert [row.number for row in found] == [362]
        assert list(desk.get(ENTRIES, {"status": "active"}).context["cl"].queryset) == []


def test_an_entry_shows_its_status_and_why(desk, entry):
    with clock.frozen("2026-11-21"):
        assert "状态未知" in desk.get(f"{ENTRIES}{entry.pk}/change/").text


def test_a_renewal_is_added_by_staff(desk, entry):
    url = f"/admin/register/entries/{entry.pk}/renewal/"
    assert desk.post(url, {"date_text": "2020-05", "source": "来函"}).status_code == 302
    assert entry.designations.get(cycle=1).date_text == "2020-05"


def test_a_refusal_comes_back_beside_its_field(desk, entry):
    response = desk.post(
        f"/admin/register/entries/{entry.pk}/renewal/", {"date_text": "1899", "source": "来函"}
    )
    assert response.context["form"].errors["date_text"] == ["日期早于1989年或晚于今天，请核对。"]


@pytest.mark.parametrize("page", ["first-date", "renewal", "end"])
def test_pages_of_an_entry_are_for_who_may_change_it(leadership, li, entry, page):
    for person, answers in ((leadership, {403}), (li, {302, 403})):
        client = Client()
        client.force_login(person)
        assert client.get(f"/admin/register/entries/{entry.pk}/{page}/").status_code in answers


def test_an_end_and_a_merger_are_recorded(desk, entry, elsewhere):
    end = {"kind": "revoked", "on": "2021-01-01", "basis": "〔2021〕3号"}
    assert desk.post(f"/admin/register/entries/{entry.pk}/end/", end).status_code == 302
    merger = {"into": elsewhere.pk, "reason": "批复"}
    url = f"/admin/register/communities/{entry.community_id}/merger/"
    assert desk.post(url, merger).status_code == 302
    entry.refresh_from_db()
    assert (entry.ended_kind, entry.community.merged_into) == ("revoked", elsewhere)


def test_provisional_members_are_approved_and_ended(administrator, stranger, community):
    client = Client()
    client.force_login(administrator)
    membership = MembershipFactory(user=stranger, community=community, state=MembershipState.PROVISIONAL)
    url = "/admin/communities/membership/"
    client.post(url, {"action": "approve", "_selected_action": [membership.pk]})
    membership.refresh_from_db()
    assert (membership.state, membership.approved_by) == (MembershipState.ACTIVE, administrator)
    client.post(url, {"action": "end", "_selected_action": [membership.pk]})
    membership.refresh_from_db()
    assert membership.state == MembershipState.ENDED


def test_requests_and_provisional_members_wait_for_approval(administrator, community):
    client = Client()
    client.force_login(administrator)
    for state in (MembershipState.REQUESTED, MembershipState.PROVISIONAL, MembershipState.ACTIVE):
        MembershipFactory(user__name=f"成员{state}", community=community, state=state)
    home = client.get("/admin/").content.decode()
    url = "/admin/communities/membership/?state=waiting"
    assert url in home
    rows = client.get(url).context["cl"].result_list
    assert {row.state for row in rows} == {MembershipState.REQUESTED, MembershipState.PROVISIONAL}


def test_people_get_their_reach_by_forms(administrator, stranger, community, district_authority):
    client = Client()
    client.force_login(administrator)
    liaison, expert = RoleFactory(code="community_liaison"), RoleFactory(code="expert")
    post = RoleFactory(code="authority")
    base = {"user": stranger.pk, "community": community.pk}
    client.post("/admin/communities/membership/add/", {**base, "role": liaison.pk, "origin": "staff"})
    client.post("/admin/communities/accessgrant/add/", {**base, "role": expert.pk, "until": "2027-01-01"})
    authority = {"user": stranger.pk, "authority": district_authority.pk, "role": post.pk}
    client.post("/admin/communities/authoritypost/add/", authority)
    counts = [
        model.objects.filter(user=stranger).count() for model in (Membership, AccessGrant, AuthorityPost)
    ]
    assert counts == [1, 1, 1]


def test_a_moved_authority_takes_its_subtree_along(desk, district_authority, province_authority):
    below = AuthorityFactory(parent=district_authority)
    url = f"/admin/communities/authority/{district_authority.pk}/change/"
    desk.post(url, {**form_of(desk, url), "parent": ""})
    assert Authority.objects.get(pk=below.pk).path == f"/{district_authority.pk}/{below.pk}/"
    response = desk.post(url, {**form_of(desk, url), "parent": below.pk}, follow=True)
    assert "主管部门不能隶属于自身或其下级。" in response.text


def test_another_term_moves_every_end(desk, entry):
    url = f"/admin/communities/programme/{entry.programme_id}/change/"
    desk.post(url, {**form_of(desk, url), "validity_months": "120"})
    entry.refresh_from_db()
    assert entry.ends_latest.isoformat() == "2025-12-31"


def test_the_home_page_counts_what_waits(rf, office, entry):
    CommunityFactory(name_status=NameStatus.TO_BE_CONFIRMED)
    request = rf.get("/admin/")
    request.user = office
    panel = next(panel for panel in home_panels(request) if panel["title"] == "名录")
    with clock.frozen("2026-11-21"):
        values = {item["label"]: item["value"] for item in panel["items"]}
    assert values == {"已命名社区": 2, "名称待确认": 1, "状态未知": 1, "成员待批准": 0}


def test_every_number_of_the_home_page_leads_to_its_list(desk, office, rf, entry):
    CommunityFactory(name_status=NameStatus.CUT_OFF)
    request = rf.get("/admin/")
    request.user = office
    panel = next(panel for panel in home_panels(request) if panel["title"] == "名录")
    for item in panel["items"]:
        assert desk.get(item["url"]).context["cl"].result_count == item["value"]


@pytest.mark.parametrize("count", [1, 50])
def test_queries_of_the_lists_do_not_grow(desk, programme, count, django_assert_max_num_queries):
    for _ in range(count):
        DesignationFactory(entry__programme=programme)
    with django_assert_max_num_queries(8):
        desk.get(ENTRIES)
    with django_assert_max_num_queries(8):
        desk.get(COMMUNITIES)


def test_history_is_the_audit_trail(desk, entry):
    response = desk.get(f"{COMMUNITIES}{entry.community_id}/history/")
    assert response.status_code == 302
    assert "/admin/audit/auditentry/" in response.url


@pytest.mark.parametrize("query", ["published=perhaps", "standing=lost"])
def test_a_filter_by_what_no_community_has_finds_nothing(desk, entry, query):
    assert list(desk.get(f"{COMMUNITIES}?{query}").context["cl"].queryset) == []


def test_a_number_in_other_digits_is_no_breakdown(desk):
    assert [desk.get(f"{page}٣/change/").status_code for page in (COMMUNITIES, ENTRIES)] == [302, 302]
