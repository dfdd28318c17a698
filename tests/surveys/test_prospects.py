"""Units that intend to apply: found first, entered once, counted after the mail was read, never a named unit twice."""

import json
import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import User
from communities.enums import MembershipState, Standing
from communities.models import Community
from core import clock
from core.errors import Refused
from notices import emails
from notices.models import Notice
from notices.services import deliver_waiting
from reports import selectors as figures
from surveys.models import ProspectApplication, Response
from surveys.services import prospects
from tests.factories import (
    QuestionnaireEditionFactory,
    RegionFactory,
    RegisterEntryFactory,
    ResponseFactory,
    RoundFactory,
    UserFactory,
)

SHORT_FORM = json.loads((settings.BASE_DIR / "fixtures/questionnaires/prospect-2024.json").read_text("utf-8"))
UNIT = {
    "unit_name": "良渚街道",
    "kind": "subdistrict",
    "province_name": "浙江省",
    "city_name": "杭州市余杭区",
    "person": "周",
    "email": "zhou@example.org",
    "mobile": "13900005555",
}
SECRET = {"password": "correct horse 47", "again": "correct horse 47"}


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-01 10:00"):
        yield


@pytest.fixture
def survey_round(programme):
    RegionFactory(code="330000", level="province", name_zh="浙江省")
    edition = QuestionnaireEditionFactory(
        code="prospect-2024", definition=SHORT_FORM, needs_sealed_copy=False
    )
    return RoundFactory(code="prospects", asks="prospects", edition=edition)


def apply(survey_round, **changes) -> ProspectApplication:
    return prospects.apply(survey_round=survey_round, **{**UNIT, **changes})


def link(application) -> str:
    notice = Notice.objects.get(subject=f"surveys.prospectapplication:{application.pk}")
    return prospects.link_of(notice)["link"].removeprefix("http://127.0.0.1:8000")


def token(application) -> str:
    return re.search(r"confirm/([^/]+)/", link(application))[1]


# --- entering ----------------------------------------------------------------------------------------------


def test_from_the_open_link_to_the_form(client, survey_round, mailoutbox):
    page = client.get(reverse("surveys:prospects"), {"q": "良渚"}).content.decode()
    assert reverse("surveys:prospect_apply", args=["prospects"]) in page
    answer = client.post(reverse("surveys:prospect_apply", args=["prospects"]), UNIT)
    assert "zhou@example.org" not in answer.content.decode()
    assert (Community.objects.count(), User.objects.count()) == (0, 0)
    assert deliver_waiting(send=emails.send) == 1
    path = re.search(r"http://127\.0\.0\.1:8000(/apply/confirm/\S+)", mailoutbox[0].body)[1]
    assert client.get(path).status_code == 200
    assert Community.objects.count() == 0
    assert client.post(path, SECRET)["Location"] == reverse("surveys:duties")
    response = Response.objects.get()
    assert "良渚街道" in client.get(reverse("surveys:duties")).content.decode()
    assert client.get(reverse("surveys:response", args=[response.reference])).status_code == 200


def test_a_confirmed_prospect_is_a_candidate_that_the_public_does_not_see(client, survey_round):
    application = prospects.confirm(token=token(apply(survey_round)), password="correct horse 47")
    community = application.community
    assert (community.standing, community.published) == (Standing.CANDIDATE, False)
    assert (community.province_name, community.city_name) == ("浙江省", "杭州市余杭区")
    assert application.user.email_confirmed_at == clock.now()
    assert client.get(reverse("communities:community", args=[community.pk])).status_code == 404
    mobile = Response.objects.get().answers.get(question="contact_mobile")
    assert mobile.value == "13900005555"


def test_pressing_the_link_again_changes_nothing(survey_round):
    wanted = token(apply(survey_round))
    for _twice in range(2):
        prospects.confirm(token=wanted, password="correct horse 47")
    assert (Community.objects.count(), Response.objects.count(), User.objects.count()) == (1, 1, 1)


def test_a_named_unit_is_told_so_however_it_is_written(survey_round, client):
    RegisterEntryFactory(
        community__name_zh="良渚街道", community__province_name="浙江省", community__city_name="杭州市"
    )
    for name in ("良渚街道", "浙江省良渚街道", "浙江省杭州市良渚街道"):
        with pytest.raises(Refused) as refused:
            apply(survey_round, unit_name=name)
        assert refused.value.codes == ["named"]
    assert apply(survey_round, province_name="上海市").pk


def test_two_people_of_one_unit_come_to_one_candidate_and_the_second_waits(survey_round):
    first = prospects.confirm(token=token(apply(survey_round)), password="correct horse 47")
    again = apply(survey_round, email="wu@example.org", person="吴", mobile="")
    second = prospects.confirm(token=token(again), password="correct horse 48")
    assert second.community == first.community
    assert (Response.objects.count(), second.user.memberships.get().state) == (1, MembershipState.REQUESTED)


def test_whoever_has_an_account_uses_it(client, survey_round):
    person = UserFactory(email="zhou@example.org")
    application = apply(survey_round)
    answer = client.post(link(application))
    assert answer["Location"].startswith(reverse("accounts:login"))
    client.force_login(UserFactory())
    assert client.post(link(application))["Location"].startswith(reverse("accounts:login"))
    client.force_login(person)
    assert client.post(link(application))["Location"] == reverse("surveys:duties")
    assert person.memberships.count() == 1


def test_staff_never_answer_for_a_unit(survey_round, office):
    application = apply(survey_round, email=office.email)
    with pytest.raises(Refused) as refused:
        prospects.confirm(token=token(application), user=office)
    assert refused.value.codes == ["staff"]


# --- links, limits, ends -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("moment", "status"), [("2024-02-08 09:59", 200), ("2024-02-08 10:01", 410)])
def test_the_link_lives_for_a_week(client, survey_round, moment, status):
    path = link(apply(survey_round))
    with clock.frozen(moment):
        assert client.get(path).status_code == status


def test_a_forged_link_and_a_closed_list_open_nothing(client, survey_round):
    assert client.get(reverse("surveys:prospect_confirm", args=["x:1:y"])).status_code == 410
    path = link(apply(survey_round))
    with clock.frozen("2024-04-01"):
        assert client.get(path).status_code == 410
        assert client.get(reverse("surveys:prospect_apply", args=["prospects"])).status_code == 404
        assert "没有开放" in client.get(reverse("surveys:prospects")).content.decode()


def test_a_round_for_named_units_takes_no_prospects(client, programme):
    RoundFactory(code="2024")
    assert client.get(reverse("surveys:prospect_apply", args=["2024"])).status_code == 404


def test_five_entries_from_one_address_then_a_pause(client, survey_round):
    address = reverse("surveys:prospect_apply", args=["prospects"])
    answers = [client.post(address, {**UNIT, "unit_name": f"第{n}街道"}).status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
    assert ProspectApplication.objects.count() == 5


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "zhou"), ("mobile", "12345"), ("province_name", "火星"), ("unit_name", " "), ("kind", "x")],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_lost(client, survey_round, field, value):
    address = reverse("surveys:prospect_apply", args=["prospects"])
    answer = client.post(address, {**UNIT, field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    kept = "杭州市余杭区" if field != "city_name" else "良渚街道"
    assert kept in answer.content.decode()


def test_the_mail_is_not_sent_once_the_address_is_confirmed(survey_round, mailoutbox):
    prospects.confirm(token=token(apply(survey_round)), password="correct horse 47")
    assert deliver_waiting(send=emails.send) == 0
    assert mailoutbox == []


# --- counting and settling ---------------------------------------------------------------------------------


def test_prospects_are_counted_by_place(survey_round):
    prospects.confirm(token=token(apply(survey_round)), password="correct horse 47")
    assert [(tally.name, tally.invited) for tally in figures.board(survey_round).provinces] == [("浙江省", 1)]


@pytest.fixture
def candidate(survey_round) -> Community:
    application = prospects.confirm(token=token(apply(survey_round)), password="correct horse 47")
    return application.community


def test_staff_confirm_a_candidate_and_it_may_be_seen(client, candidate, office):
    prospects.publish_candidate(community=candidate, by=office)
    assert client.get(reverse("communities:community", args=[candidate.pk])).status_code == 200
    candidate.refresh_from_db()
    candidate.standing = Standing.NAMED
    candidate.save()
    with pytest.raises(Refused):
        prospects.publish_candidate(community=candidate, by=office)


def test_merged_its_people_and_answers_go_over(client, candidate, office):
    entry = RegisterEntryFactory(number=361)
    user = candidate.memberships.get().user
    client.force_login(office)
    application = candidate.applications.get()
    address = reverse("surveys:prospect_merge", args=[application.pk])
    assert client.post(address, {"number": 99}).status_code == 422
    assert client.post(address, {"number": 361}).status_code == 302
    candidate.refresh_from_db()
    assert (candidate.standing, candidate.merged_into) == (Standing.MERGED, entry.community)
    assert Response.objects.get().community == entry.community
    assert list(Community.objects.visible_to(user)) == [entry.community]


def test_no_merger_over_answers_of_the_same_round(candidate, survey_round, office):
    entry = RegisterEntryFactory()
    ResponseFactory(community=entry.community, round=survey_round)
    with pytest.raises(Refused) as refused:
        prospects.merge_candidate(community=candidate, into=entry.community, by=office)
    assert refused.value.codes == ["taken"]


@pytest.mark.parametrize("who", ["li", "wang", "expert", "leadership"])
def test_only_who_may_change_the_register_settles_candidates(who, candidate, request):
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        prospects.publish_candidate(community=candidate, by=user)
