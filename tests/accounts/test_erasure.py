"""A person asks to be erased; what the trail and the official files need stays, and names nobody."""

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import User
from audit.models import AuditEntry
from audit.services import record, verify_trail
from communities.enums import MembershipState
from communities.models import Membership
from core.errors import Refused
from notices.enums import Kind, NoticeState
from notices.models import Notice
from notices.services import queue
from surveys.models import ProspectApplication
from tests.factories import ContactFactory, MembershipFactory, RoundFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> User:
    user = UserFactory(name="林小满", email="lin@example.org", mobile="13812349689")
    user.set_password("correct-horse-7")
    user.save()
    return user


def closed(user: User) -> User:
    return services.deactivate_user(user=user, by=None)


def test_an_open_account_is_closed_first(lin) -> None:
    with pytest.raises(Refused) as refused:
        services.erase_user(user=lin, by=None)
    assert refused.value.codes == ["open"]
    assert User.objects.get(pk=lin.pk).name == "林小满"


def test_nothing_of_the_person_is_left_but_a_number(lin) -> None:
    membership = MembershipFactory(user=lin)
    own = ContactFactory(community=membership.community, name="林小满", mobile="13812349689", email="")
    other = ContactFactory(community=membership.community, role="leader", name="王", mobile="13900000000")
    elsewhere = ContactFactory(name="同号", mobile="13812349689")
    prospect = ProspectApplication.objects.create(
        round=RoundFactory(), unit_name="某街道", person="林小满", email="lin@example.org", user=lin
    )
    sent = queue(kind=Kind.PASSWORD_RESET, subject=lin, recipient=lin, context={"name": "林小满"})
    Notice.objects.filter(pk=sent.pk).update(state=NoticeState.SENT, sent_at=sent.created_at)
    queue(kind=Kind.ACCOUNT_IDLE, subject=lin, recipient=lin)

    erased = services.erase_user(user=closed(lin), by=None, reason="本人申请")

    assert (erased.name, erased.mobile, erased.email) == ("", None, f"erased-{lin.pk}@erased.invalid")
    assert (erased.has_usable_password(), erased.is_active) == (False, False)
    assert Membership.objects.get(pk=membership.pk).state == MembershipState.ENDED
    own.refresh_from_db()
    assert (own.name, own.mobile) == ("", "")
    other.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (other.name, elsewhere.name) == ("王", "同号")
    prospect.refresh_from_db()
    assert (prospect.person, prospect.email, prospect.unit_name) == ("", "", "某街道")
    assert sorted(Notice.objects.values_list("state", "context", "recipient")) == [
        (NoticeState.DROPPED, {}, None),
        (NoticeState.SENT, {}, None),
    ]
    assert Notice.objects.filter(address__contains="lin@").count() == 0


def test_the_trail_stays_whole_and_never_knew_the_name(lin) -> None:
    record("account.data_export", by=lin, target=lin)
    services.erase_user(user=closed(lin), by=None, reason="本人申请")
    said = " ".join(
        f"{entry.actor_label} {entry.target_label} {entry.changes}" for entry in AuditEntry.objects.all()
    )
    assert [secret for secret in ("林小满", "lin@example.org", "13812349689") if secret in said] == []
    assert AuditEntry.objects.get(action="account.erase").reason == "本人申请"
    assert verify_trail().holds


def test_an_erased_account_is_never_opened_again(lin) -> None:
    erased = services.erase_user(user=closed(lin), by=None)
    with pytest.raises(Refused) as refused:
        services.reactivate_user(user=erased, by=None)
    assert refused.value.codes == ["erased"]


def test_erasing_twice_is_once(lin) -> None:
    erased = services.erase_user(user=closed(lin), by=None)
    services.erase_user(user=erased, by=None)
    assert AuditEntry.objects.filter(action="account.erase").count() == 1


def test_who_asks_is_heard_by_the_administrators_once_a_day(client, lin, administrator) -> None:
    client.force_login(lin)
    for _time in range(2):
        answer = client.post(reverse("accounts:ask_for_erasure"), follow=True)
    assert "十五个工作日" in answer.content.decode()
    (notice,) = Notice.objects.filter(kind=Kind.ERASURE_ASKED)
    assert (notice.recipient, notice.context["path"]) == (
        administrator,
        reverse("admin:accounts_user_change", args=[lin.pk]),
    )


def test_staff_erase_closed_accounts_from_the_list(client, lin, administrator) -> None:
    closed(lin)
    client.force_login(administrator)
    address = reverse("admin:accounts_user_changelist")
    answer = client.post(address, {"action": "erase", "_selected_action": [lin.pk]}, follow=True)
    assert "1" in answer.content.decode()
    assert User.objects.get(pk=lin.pk).erased_at is not None
