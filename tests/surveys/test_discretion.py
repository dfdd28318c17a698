"""Whoever has nothing but a code confirms or replaces telephone numbers we knew before, and does not read them."""

import pytest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from communities.enums import MembershipState
from core import clock
from notices.models import Notice
from surveys.enums import Origin, Stage
from surveys.forms.sheets import read_sheet
from surveys.models import Answer
from surveys.selectors.rounds import questionnaire
from surveys.services import invitations
from tests.factories import ResponseFactory
from tests.surveys.rounds import asked
from tests.surveys.scenes import submitted

KNOWN, TYPED = "13812349689", "13900001234"


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-01"):
        yield


@pytest.fixture
def newcomer(li):
    """Came with the code; no address confirmed, nobody has vouched."""
    li.email_confirmed_at = None
    li.save()
    li.memberships.update(state=MembershipState.PROVISIONAL)
    return li


@pytest.fixture
def response(community):
    response = ResponseFactory(community=community, stage=Stage.DRAFT)
    known = {"response": response, "origin": Origin.REGISTER, "origin_note": "附件1", "confirmed": False}
    Answer.objects.create(question="leader_mobile", value=KNOWN, **known)
    Answer.objects.create(response=response, question="contact_mobile", value=TYPED)
    return response


def pages(client, user, response):
    client.force_login(user)
    return [
        client.get(reverse(f"surveys:{name}", args=[response.reference])).content.decode()
        for name in ("response", "check")
    ]


def test_known_numbers_are_masked_in_every_place_of_the_pages_and_typed_ones_are_not(
    client, newcomer, response
):
    for page in pages(client, newcomer, response):
        assert (KNOWN in page, "138****9689" in page) == (False, True)
        assert TYPED in page or "139 0000 1234" in page


@pytest.mark.parametrize("way", ["confirmed", "vouched for"])
def test_a_confirmed_address_or_an_approval_opens_them(way, client, newcomer, response):
    if way == "confirmed":
        newcomer.email_confirmed_at = clock.now()
        newcomer.save()
    else:
        newcomer.memberships.update(state=MembershipState.ACTIVE)
    form, _check = pages(client, newcomer, response)
    assert KNOWN in form


def test_a_masked_number_is_confirmed_without_being_read(client, newcomer, response):
    client.force_login(newcomer)
    address = reverse("surveys:response", args=[response.reference])
    client.post(
        address, {"seen-leader_mobile": "1.x", "hidden-leader_mobile": "1", "prefill-leader_mobile": "keep"}
    )
    row = response.answers.get(question="leader_mobile")
    assert (row.value, row.confirmed, row.origin) == (KNOWN, True, "register")
    assert KNOWN not in client.get(address).content.decode()


def test_an_empty_box_over_a_masked_number_clears_nothing(client, newcomer, response):
    client.force_login(newcomer)
    address = reverse("surveys:response", args=[response.reference])
    client.post(address, {"seen-leader_mobile": "1.x", "hidden-leader_mobile": "1", "leader_mobile": ""})
    assert response.answers.get(question="leader_mobile").value == KNOWN


def test_a_masked_number_is_replaced_by_a_new_one(response):
    sent = {"seen-leader_mobile": "1.x", "hidden-leader_mobile": "1", "prefill-leader_mobile": "change"}
    given = MultiValueDict({name: [value] for name, value in {**sent, "leader_mobile": TYPED}.items()})
    entries = read_sheet(questionnaire(response.round.edition), given)
    assert entries["leader_mobile"].raw == [TYPED]


def test_the_print_waits_for_the_confirmation_and_says_so(client, newcomer, community):
    submission = submitted(community)
    known = {"response": submission.response, "origin": Origin.REGISTER, "origin_note": "附件1"}
    Answer.objects.create(question="leader_mobile", value=KNOWN, **known)
    client.force_login(newcomer)
    page = client.get(reverse("surveys:receipt", args=[submission.response.reference])).content.decode()
    assert "确认邮箱后即可打开打印件" in page
    address = reverse("surveys:print_download", args=[submission.response.reference, 1])
    assert client.get(address).status_code == 403


def test_where_nothing_was_known_before_the_print_waits_for_nobody(client, newcomer, community):
    submission = submitted(community)
    client.force_login(newcomer)
    page = client.get(reverse("surveys:receipt", args=[submission.response.reference])).content.decode()
    assert "确认邮箱后即可打开打印件" not in page


def test_the_workbook_waits_for_the_confirmation_too(client, newcomer, response):
    client.force_login(newcomer)
    address = reverse("surveys:workbook_download", args=[response.reference])
    assert client.get(address).status_code == 302
    newcomer.memberships.update(state=MembershipState.ACTIVE)
    assert client.get(address)["Content-Type"].startswith("application/vnd.openxmlformats")


def test_joining_with_a_code_mails_the_confirming_link(community):
    invitation = asked(community).invitation
    invitations.join(
        code=invitations.code_of(invitation),
        name="孙",
        email="sun@example.org",
        mobile="",
        password="correct horse 47",
    )
    assert list(Notice.objects.values_list("kind", flat=True)) == ["email_confirmation"]
