"""Staff, appraisals, experts, services, news, media, honours and planned teaching: registers of one shape."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Authority, Community
from core import clock
from core.errors import Refused
from projects.models import Award, Evidence, Expert, SafetyStaff
from projects.selectors.organisation import staff_numbers
from projects.selectors.shelves import EMERGENCY, REGISTERS, experts_above
from projects.selectors.versions import version_of
from projects.services.registers import add, change, remove
from tests.projects.factories import (
    ActivityFactory,
    BodyFactory,
    EvidenceFactory,
    PlanFactory,
    ProjectFactory,
    ResponsibilityLetterFactory,
)
from tests.projects.test_evidence import photograph
from tests.queries import queries_of

SENT: dict[str, dict[str, Any]] = {
    "staff": {"post": "安全员", "person": "王小明", "work_time": "full", "since": "2024-01-01"},
    "appraisals": {
        "year": "2025",
        "subject": "老年人安全促进组",
        "result": "合格",
        "basis": "社区目标责任书考核办法",
        "on": "2026-01-10",
    },
    "experts": {"person": "消防工程师", "field": "消防安全", "phone": "13812349689"},
    "services": {"provider": "社工服务中心", "service": "老人居家安全评估", "starts_on": "2026-01-01"},
    "news": {"title": "消防演练", "on": "2026-03-01", "text": "全体居民参加。"},
    "media": {
        "title": "社区安全",
        "medium": "成都锦江",
        "on": "2026-03-01",
        "link": "https://example.org/1",
    },
    "awards": {
        "kind": "honour",
        "title": "安全文化示范单位",
        "level": "city",
        "year": "2025",
        "given_to": "community",
    },
    "teaching": {
        "topic": "防溺水",
        "kind": "publicity",
        "year": "2026",
        "month_from": "6",
        "month_to": "8",
        "ages": ["0-14"],
        "groups": ["children"],
    },
}
CODES = tuple(SENT)


@pytest.fixture(autouse=True)
def in_march() -> object:
    with clock.frozen("2026-03-10"):
        yield


def address(community: Community, register: str, *row: int, name: str = "") -> str:
    name = name or ("row" if row else "")
    route = f"projects:register_{name}" if name else "projects:register"
    return reverse(route, args=[community.pk, register, *row])


def press(client: Client, community: Community, register: str, **changed: Any) -> Any:
    return client.post(address(community, register, name="add"), SENT[register] | changed)


def one(register: str) -> Any:
    return REGISTERS[register].model.objects.get()


def test_every_register_is_tried_here_or_among_the_emergency_registers() -> None:
    assert {code for code, register in REGISTERS.items() if register.shelf is not EMERGENCY} == set(CODES)


@pytest.mark.parametrize("register", CODES)
def test_two_presses_keep_one_row(client: Client, community: Community, li: User, register: str) -> None:
    client.force_login(li)
    assert [press(client, community, register).status_code for _press in range(2)] == [302, 302]
    page = client.get(address(community, register))
    assert [row.thing for row in page.context["rows"]] == [one(register)]
    assert AuditEntry.objects.filter(action="register.add").count() == 1


@pytest.mark.parametrize("register", CODES)
def test_a_row_is_changed_once_read_and_goes_with_one_press(
    client: Client, community: Community, li: User, register: str
) -> None:
    client.force_login(li)
    press(client, community, register)
    where = address(community, register, one(register).pk)
    form = client.get(where).context["form"]
    first = REGISTERS[register].called[-1] if register != "staff" else "post"
    data = SENT[register] | {first: "改过的", "seen": form["seen"].value()}
    assert client.post(where, data).status_code == 302
    assert getattr(one(register), first) == "改过的"
    assert client.post(where, data | {first: "别人的"}).status_code == 422
    assert client.post(f"{where}remove/").status_code == 302
    assert REGISTERS[register].model.objects.count() == 0
    actions = AuditEntry.objects.filter(action__startswith="register.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "register.add",
        "register.change",
        "register.remove",
    ]


@pytest.mark.parametrize("register", CODES)
def test_the_authority_reads_and_changes_nothing_and_a_neighbour_finds_nothing(
    client: Client, community: Community, li: User, wang: User, zhao: User, register: str
) -> None:
    client.force_login(li)
    press(client, community, register)
    row = one(register)
    for user, seen, refused in ((wang, 200, 403), (zhao, 404, 404)):
        client.force_login(user)
        assert client.get(address(community, register)).status_code == seen
        assert client.get(address(community, register, row.pk)).status_code == seen
        assert client.post(address(community, register, row.pk), SENT[register]).status_code == refused
        assert press(client, community, register).status_code == refused
        assert client.post(address(community, register, row.pk, name="remove")).status_code == refused
        with pytest.raises(PermissionDenied):
            remove(register=REGISTERS[register], row=row, by=user)
    assert REGISTERS[register].model.objects.count() == 1


@pytest.mark.parametrize(
    ("register", "field", "value"),
    [
        ("staff", "post", ""),
        ("staff", "work_time", "sometimes"),
        ("staff", "until", "2023-12-31"),
        ("staff", "since", "2026-03-11"),
        ("appraisals", "subject", ""),
        ("appraisals", "year", "2027"),
        ("appraisals", "on", "1989-12-31"),
        ("appraisals", "basis", ""),
        ("experts", "person", ""),
        ("services", "ends_on", "2025-12-31"),
        ("services", "amount", "-1"),
        ("services", "evaluated_on", "2025-12-31"),
        ("services", "ends_on", "2036-12-31"),
        ("news", "on", "2026-03-11"),
        ("media", "link", "javascript:alert(1)"),
        ("awards", "level", "galactic"),
        ("awards", "amount", "viel"),
        ("teaching", "month_to", "5"),
        ("teaching", "month_to", "13"),
        ("teaching", "kind", "meeting"),
        ("teaching", "ages", ["7"]),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Client, community: Community, li: User, register: str, field: str, value: Any
) -> None:
    client.force_login(li)
    answer = press(client, community, register, **{field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


@pytest.mark.parametrize(
    ("register", "changed", "field"),
    [
        ("appraisals", {"result": "基本合格"}, "subject"),
        ("awards", {"basis": "通报"}, "title"),
        ("experts", {"phone": "1"}, "person"),
        ("teaching", {"ages": ["65+"]}, "topic"),
    ],
)
def test_another_row_of_the_same_name_is_refused(
    client: Client, community: Community, li: User, register: str, changed: dict[str, Any], field: str
) -> None:
    client.force_login(li)
    press(client, community, register)
    answer = press(client, community, register, **changed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert REGISTERS[register].model.objects.count() == 1


@pytest.mark.parametrize(
    ("register", "field"), [("staff", "body"), ("services", "project"), ("teaching", "plan")]
)
def test_nothing_of_another_community_is_taken(
    client: Client, community: Community, elsewhere: Community, li: User, register: str, field: str
) -> None:
    foreign = {"body": BodyFactory, "project": ProjectFactory, "plan": PlanFactory}[field](
        community=elsewhere
    )
    client.force_login(li)
    answer = press(client, community, register, **{field: foreign.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    press(client, community, register)
    with pytest.raises(Refused) as refused:
        change(
            register=REGISTERS[register],
            row=one(register),
            seen=version_of(one(register)),
            by=li,
            **{field: foreign},
        )
    assert refused.value.codes == ["foreign"]


@pytest.mark.parametrize("register", CODES)
def test_a_register_asks_the_same_for_one_and_for_twenty(
    client: Client, community: Community, li: User, register: str
) -> None:
    client.force_login(li)
    press(client, community, register)
    first = one(register)

    def make() -> None:
        first.pk = None
        first.save(force_insert=True)
        if register == "teaching":
            ActivityFactory(community=community, planned=first)
        if REGISTERS[register].has_files:
            first.evidence.add(EvidenceFactory(community=community))

    assert queries_of(client, address(community, register), make, 1) == queries_of(
        client, address(community, register), make, 19
    )


@pytest.mark.parametrize("register", ["services", "news", "media", "awards"])
def test_files_of_a_row_lie_in_the_archive(
    client: Client, community: Community, li: User, register: str
) -> None:
    client.force_login(li)
    press(client, community, register, files=[photograph()])
    (kept,) = one(register).evidence.all()
    assert (kept.community, kept.element) == (community, REGISTERS[register].element)
    page = client.get(reverse("projects:evidence_item", args=[community.pk, kept.pk]))
    assert page.status_code == 200
    form = client.get(address(community, register, one(register).pk)).context["form"]
    data = SENT[register] | {"seen": form["seen"].value(), "dropped": [kept.pk]}
    client.post(address(community, register, one(register).pk), data)
    assert (one(register).evidence.count(), Evidence.objects.count()) == (0, 1)


# --- What each is for --------------------------------------------------------------------------------------


def test_names_and_telephones_are_masked_for_who_does_not_need_them(
    client: Client, community: Community, li: User, wang: User
) -> None:
    client.force_login(li)
    for register in ("staff", "experts"):
        press(client, community, register)
    press(client, community, "awards", given_to="person", person="王小明")
    whole = {"staff": "王小明", "experts": "13812349689", "awards": "王小明"}
    seen = {}
    for user in (li, wang):
        client.force_login(user)
        seen[user] = [
            (
                word in client.get(address(community, register)).content.decode(),
                word in client.get(address(community, register, one(register).pk)).content.decode(),
            )
            for register, word in whole.items()
        ]
    assert seen == {li: [(True, True)] * 3, wang: [(False, False)] * 3}


def test_a_changed_name_enters_the_trail_masked(client: Client, community: Community, li: User) -> None:
    row = add(
        register=REGISTERS["staff"], owner=community, by=li, post="安全员", person="王小明", work_time="part"
    )
    change(register=REGISTERS["staff"], row=row, seen=version_of(row), by=li, person="李小红")
    told = AuditEntry.objects.get(action="register.change").changes["person"]
    assert "王小明" not in str(told)
    assert "李小红" not in str(told)


def test_staff_of_today_is_counted_full_time_and_part_time(
    client: Client, community: Community, elsewhere: Community, li: User
) -> None:
    for where, time, since, until in (
        (community, "full", None, None),
        (community, "part", "2024-01-01", None),
        (community, "part", "2024-01-01", "2026-03-10"),
        (community, "part", "2020-01-01", "2026-03-09"),
        (elsewhere, "full", None, None),
    ):
        SafetyStaff.objects.create(community=where, post="安全员", work_time=time, since=since, until=until)
    assert staff_numbers(community) == {"full": 1, "part": 2}
    client.force_login(li)
    page = client.get(reverse("projects:organisation", args=[community.pk]))
    assert page.context["staff"] == {"full": 1, "part": 2}


def test_an_appraisal_is_called_by_what_was_appraised(client: Client, community: Community, li: User) -> None:
    letter = ResponsibilityLetterFactory(community=community, party="第一小学")
    client.force_login(li)
    press(client, community, "appraisals", subject="", letter=letter.pk)
    assert (one("appraisals").subject, one("appraisals").letter) == ("第一小学", letter)
    page = client.get(reverse("projects:letter", args=[community.pk, letter.pk]))
    assert list(page.context["appraisals"]) == [one("appraisals")]
    form = client.get(address(community, "appraisals", name="add"), {"letter": letter.pk, "year": "2025"})
    assert [form.context["form"][name].value() for name in ("letter", "year")] == [str(letter.pk), "2025"]
    letter.delete()
    assert (one("appraisals").subject, one("appraisals").letter) == ("第一小学", None)


def test_an_award_of_a_person_says_whom_and_one_of_the_community_names_nobody(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    answer = press(client, community, "awards", given_to="person")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["person"])
    press(client, community, "awards", person="王小明", amount="5000")
    award = Award.objects.get()
    assert (award.person, award.amount, award.level) == ("", 5000, "city")


@pytest.mark.parametrize(
    ("months", "held", "tag"),
    [
        (("1", "2"), False, "returned"),
        (("1", "3"), False, "draft"),
        (("6", "8"), False, "draft"),
        (("1", "2"), True, "passed"),
    ],
)
def test_a_planned_entry_says_whether_it_has_an_activity(
    client: Client, community: Community, li: User, months: tuple[str, str], held: bool, tag: str
) -> None:
    client.force_login(li)
    press(client, community, "teaching", month_from=months[0], month_to=months[1])
    if held:
        ActivityFactory(community=community, planned=one("teaching"), on=dt.date(2026, 2, 1))
    (row,) = client.get(address(community, "teaching")).context["rows"]
    assert row.tag.kind == tag


# --- The pool of an authority ------------------------------------------------------------------------------


def pool(authority: Authority, *row: int, name: str = "experts") -> str:
    return reverse(f"projects:authority_{name}", args=[authority.pk, *row])


def test_a_district_keeps_a_pool_that_its_communities_read(
    client: Client, community: Community, elsewhere: Community, li: User, wang: User, zhao: User
) -> None:
    authority = community.supervisor
    client.force_login(wang)
    for _press in range(2):
        assert client.post(pool(authority, name="expert_add"), SENT["experts"]).status_code == 302
    (expert,) = Expert.objects.all()
    assert (expert.authority, expert.community) == (authority, None)
    assert [row.thing for row in client.get(pool(authority)).context["rows"]] == [expert]
    assert client.get(pool(authority, expert.pk, name="expert")).status_code == 200
    client.force_login(li)
    page = client.get(address(community, "experts"))
    assert ([row.thing for row in page.context["above"]], page.context["rows"]) == ([expert], [])
    for user in (li, zhao):
        client.force_login(user)
        assert client.get(pool(authority)).status_code == 404
        assert client.post(pool(authority, expert.pk, name="expert_remove")).status_code == 404
    assert client.get(address(elsewhere, "experts")).context["above"] == []
    client.force_login(wang)
    assert client.post(pool(authority, expert.pk, name="expert_remove")).status_code == 302
    assert Expert.objects.count() == 0


def test_who_has_left_the_pool_is_no_longer_offered_below(community: Community) -> None:
    for until in (None, dt.date(2026, 3, 10), dt.date(2026, 3, 9)):
        Expert.objects.create(authority=community.supervisor, field="消防", person="专家", until=until)
    assert [expert.until for expert in experts_above(community)] == [None, dt.date(2026, 3, 10)]


def test_the_pools_ask_the_same_for_one_and_for_twenty(
    client: Client, community: Community, li: User, wang: User
) -> None:
    def make() -> None:
        Expert.objects.create(authority=community.supervisor, field="消防", person="专家")

    for user, where in ((wang, pool(community.supervisor)), (li, address(community, "experts"))):
        client.force_login(user)
        assert queries_of(client, where, make, 1) == queries_of(client, where, make, 19)
