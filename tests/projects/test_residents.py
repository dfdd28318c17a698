"""Residents answer by an open link; nobody is asked who they are, and no share is shown without its number."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Community
from core import clock
from core.errors import Refused
from documents.models import Run
from projects.models import ResidentAnswer, ResidentSurvey
from projects.selectors.residents import results
from projects.services.residents import end_survey, open_survey, shipped_edition, take_answers
from surveys.forms.rounds import CopyForm
from surveys.selectors.blank_forms import without_files
from tests.factories import RoundFactory
from tests.projects.factories import DiagnosisFactory, ResidentSurveyFactory

GIVEN = {
    "age": "25-64",
    "lives_here": "lives",
    "aware": True,
    "took_part": False,
    "satisfied": "rather",
    "feels_safe": "very",
}


@pytest.fixture(autouse=True)
def in_march():
    with clock.frozen("2026-03-10"):
        yield


@pytest.fixture
def survey(community: Community) -> ResidentSurvey:
    return ResidentSurveyFactory(community=community)


def answer(survey: ResidentSurvey, key: str, **changed: object) -> ResidentAnswer:
    return take_answers(survey=survey, answers=GIVEN | changed, key=key)


def sent(**changed: object) -> dict[str, object]:
    return GIVEN | {"aware": "yes", "took_part": "no", "key": "a"} | changed


# --- opening and ending -----------------------------------------------------------------------------------


def test_the_shipped_questionnaire_is_published_at_its_first_use_and_asked_in_no_round(db: None) -> None:
    edition = shipped_edition()
    assert (edition.code, edition.asks, edition.is_published) == ("residents-2026", "residents", True)
    assert shipped_edition() == edition
    assert Run.objects.count() == 0
    assert edition not in without_files()
    form = CopyForm(RoundFactory())
    assert edition not in form.fields["edition"].queryset


def test_a_survey_is_opened_with_a_link_that_cannot_be_guessed(community: Community, li: User) -> None:
    survey = open_survey(
        community=community, title="问卷", opens_on=dt.date(2026, 3, 1), closes_on=dt.date(2026, 3, 31), by=li
    )
    assert len(survey.token) == 24
    assert survey.is_open


@pytest.mark.parametrize(
    ("closes_on", "code"), [(dt.date(2026, 2, 28), "order"), (dt.date(2026, 12, 1), "long")]
)
def test_days_that_make_no_sense_are_refused(
    community: Community, li: User, closes_on: dt.date, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        open_survey(
            community=community, title="问卷", opens_on=dt.date(2026, 3, 1), closes_on=closes_on, by=li
        )
    assert refused.value.codes == [code]


def test_only_who_records_the_work_opens_and_ends(
    survey: ResidentSurvey, community: Community, zhao: User, wang: User
) -> None:
    for stranger in (zhao, wang):
        with pytest.raises(PermissionDenied):
            end_survey(survey=survey, by=stranger)
        with pytest.raises(PermissionDenied):
            open_survey(
                community=community,
                title="问卷",
                opens_on=dt.date(2026, 3, 1),
                closes_on=dt.date(2026, 3, 31),
                by=stranger,
            )


@pytest.mark.parametrize("opens_on", [dt.date(2026, 3, 1), dt.date(2026, 3, 10)])
def test_an_ended_survey_takes_nothing_from_that_day_on(
    community: Community, li: User, opens_on: dt.date
) -> None:
    survey = ResidentSurveyFactory(community=community, opens_on=opens_on)
    survey = end_survey(survey=survey, by=li)
    assert not survey.is_open
    with pytest.raises(Refused) as refused:
        answer(survey, "a")
    assert refused.value.codes == ["closed"]


def test_ending_twice_changes_nothing(survey: ResidentSurvey, li: User) -> None:
    first = end_survey(survey=survey, by=li)
    assert end_survey(survey=first, by=li).closes_on == dt.date(2026, 3, 9)


# --- answering --------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_counts_once(survey: ResidentSurvey) -> None:
    assert answer(survey, "a") == answer(survey, "a")
    assert ResidentAnswer.objects.count() == 1


def test_only_the_day_is_kept(survey: ResidentSurvey) -> None:
    row = answer(survey, "a")
    assert {field.name for field in ResidentAnswer._meta.fields} == {
        "id",
        "survey",
        "answers",
        "key",
        "answered_on",
    }
    assert row.answered_on == dt.date(2026, 3, 10)


def test_everything_that_is_missing_is_said_at_once(client: Client, survey: ResidentSurvey) -> None:
    page = client.post(reverse("projects:resident_answer", args=[survey.token]), {"key": "a"})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [
        "age",
        "lives_here",
        "aware",
        "took_part",
        "satisfied",
        "feels_safe",
    ]


def test_a_resident_without_an_account_answers(client: Client, survey: ResidentSurvey) -> None:
    address = reverse("projects:resident_answer", args=[survey.token])
    page = client.get(address)
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache")
    assert client.post(address, sent(worries=["fire", "traffic"], wish="路灯")).status_code == 200
    row = ResidentAnswer.objects.get()
    assert row.answers == GIVEN | {"worries": ["traffic", "fire"], "wish": "路灯"}


@pytest.mark.parametrize("hostile", ["=1+1", "\x00", "𬭎" * 400, "<script>"])
def test_hostile_words_make_no_error_and_no_markup(
    client: Client, survey: ResidentSurvey, li: User, hostile: str
) -> None:
    page = client.post(reverse("projects:resident_answer", args=[survey.token]), sent(wish=hostile))
    assert page.status_code in {200, 422}
    client.force_login(li)
    page = client.get(reverse("projects:resident_survey", args=[survey.community_id, survey.pk]))
    assert "<script>" not in page.content.decode().split("</head>")[1].split("<script src")[0]


def test_a_choice_that_does_not_exist_is_refused(client: Client, survey: ResidentSurvey) -> None:
    page = client.post(reverse("projects:resident_answer", args=[survey.token]), sent(age="999"))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["age"])


def test_a_closed_survey_says_so(client: Client, survey: ResidentSurvey) -> None:
    with clock.frozen("2026-04-01"):
        assert client.get(reverse("projects:resident_answer", args=[survey.token])).status_code == 410


def test_a_guessed_link_finds_nothing(client: Client, db: None) -> None:
    assert client.get(reverse("projects:resident_answer", args=["a" * 24])).status_code == 404


def test_a_program_that_fills_in_forms_is_slowed_down(
    client: Client, survey: ResidentSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.views.residents.FORMS", 2)
    address = reverse("projects:resident_answer", args=[survey.token])
    found = [client.post(address, sent(key=str(number))).status_code for number in range(3)]
    assert found == [200, 200, 429]


# --- results ----------------------------------------------------------------------------------------------


def test_rates_count_who_answered_and_leave_out_who_cannot_say(survey: ResidentSurvey) -> None:
    answer(survey, "a")
    answer(survey, "b", aware=False, satisfied="unknown", feels_safe="not")
    found = results(survey)
    assert [(rate.label, rate.part, rate.whole, rate.has_share) for rate in found.rates] == [
        ("知晓率", 1, 2, False),
        ("参与率", 0, 2, False),
        ("满意度", 1, 1, False),
        ("安全感", 1, 2, False),
    ]


def test_a_share_needs_twenty_answers(survey: ResidentSurvey) -> None:
    for number in range(20):
        answer(survey, str(number))
    rates = results(survey).rates
    assert [rate.has_share for rate in rates] == [True, True, True, True]


def test_results_say_how_many_and_that_it_is_no_random_sample(
    client: Client, survey: ResidentSurvey, li: User
) -> None:
    answer(survey, "a")
    client.force_login(li)
    page = client.get(reverse("projects:resident_survey", args=[survey.community_id, survey.pk]))
    assert "共 1 人作答" in page.content.decode()
    assert "不是随机抽样" in page.content.decode()


def test_free_words_are_shown_to_who_records_the_work_alone(
    client: Client, survey: ResidentSurvey, li: User, wang: User
) -> None:
    answer(survey, "a", wish="请修路灯")
    seen = {}
    for user in (li, wang):
        client.force_login(user)
        page = client.get(reverse("projects:resident_survey", args=[survey.community_id, survey.pk]))
        seen[user] = "请修路灯" in page.content.decode()
    assert seen == {li: True, wang: False}


def test_results_ask_the_same_for_one_answer_and_for_fifty(
    client: Client, survey: ResidentSurvey, li: User, django_assert_num_queries
) -> None:
    client.force_login(li)
    address = reverse("projects:resident_survey", args=[survey.community_id, survey.pk])
    answer(survey, "first")
    with django_assert_num_queries(12):
        client.get(address)
    for number in range(50):
        answer(survey, str(number))
    with django_assert_num_queries(12):
        client.get(address)


def test_a_diagnosis_of_another_community_cannot_be_chosen(
    client: Client, community: Community, elsewhere: Community, li: User
) -> None:
    client.force_login(li)
    foreign = DiagnosisFactory(community=elsewhere)
    data = {"title": "问卷", "opens_on": "2026-03-01", "closes_on": "2026-03-31", "diagnosis": foreign.pk}
    page = client.post(reverse("projects:resident_surveys", args=[community.pk]), data)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["diagnosis"])


def test_the_poster_carries_the_code_and_the_address(
    client: Client, survey: ResidentSurvey, li: User
) -> None:
    client.force_login(li)
    page = client.get(reverse("projects:resident_survey_poster", args=[survey.community_id, survey.pk]))
    assert f"/r/{survey.token}/" in page.content.decode()
    assert '<span class="qr"' in page.content.decode()
