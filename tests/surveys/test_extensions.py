"""More time for single units: looked at first, never shorter, never for who has handed in."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from notices import tasks
from notices.models import Notice
from surveys.enums import RoundStage, Stage
from surveys.models import Invitation, Response, Round
from surveys.services import deadlines
from tests.factories import CommunityFactory, ContactFactory
from tests.surveys.rounds import asked, named, opened

NEW_DAY = dt.date(2024, 3, 10)


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-20"):
        yield


@pytest.fixture
def survey_round(community, elsewhere) -> Round:
    """Three units: one writes, one has handed in, one has more time already."""
    later = CommunityFactory(name_zh="亦庄", province_name="北京市", city_name="北京市")
    for place, unit in enumerate((community, elsewhere, later), start=1):
        named(unit, number=360 + place, sequence=place)
    survey_round = opened()
    handed_in = Response.objects.get(community=elsewhere)
    Response.objects.filter(pk=handed_in.pk).update(stage=Stage.SUBMITTED, first_submitted_at=clock.now())
    Invitation.objects.filter(community=later).update(due_on=dt.date(2024, 3, 20))
    return survey_round


@pytest.fixture
def everybody(survey_round) -> list[int]:
    return list(survey_round.invitations.values_list("community_id", flat=True))


def extend(survey_round: Round, communities: list[int], by, day: dt.date = NEW_DAY, **more):
    return deadlines.extend_deadlines(
        survey_round=survey_round, communities=communities, due_on=day, reason="来函说明", by=by, **more
    )


def days(survey_round: Round) -> list[dt.date]:
    return [row.deadline_on for row in survey_round.invitations.order_by("pk").select_related("round")]


def test_several_units_get_more_time_and_the_others_are_left_alone(survey_round, everybody, office) -> None:
    done = extend(survey_round, everybody, office)
    assert (len(done.extended), len(done.handed_in), len(done.later), done.left) == (1, 1, 1, 2)
    assert days(survey_round) == [NEW_DAY, dt.date(2024, 2, 29), dt.date(2024, 3, 20)]
    entry = AuditEntry.objects.get(action="invitation.extend")
    assert (entry.changes, entry.reason, entry.actor_id) == (
        {"due_on": ["2024-02-29", "2024-03-10"]}, "来函说明", office.pk,
    )  # fmt: skip


def test_a_second_press_changes_nothing(survey_round, everybody, office) -> None:
    extend(survey_round, everybody, office)
    with pytest.raises(Refused, match="这些单位都不会因此得到更多时间。"):
        extend(survey_round, everybody, office)


def test_a_unit_extended_in_time_is_not_late(survey_round, community, office) -> None:
    extend(survey_round, [community.pk], office)
    invitation = survey_round.invitations.get(community=community)
    assert invitation.deadline_at == clock.end_of_day(NEW_DAY)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (dt.date(2024, 2, 28), "单位自己的截止日期应在调查的截止日期和关闭日期之间。"),
        (
            dt.date(2024, 4, 1),
            "调查2024年3月31日关闭，之后不能再提交。请选早一些的日期，或者勾选整个调查延后关闭。",
        ),
    ],
)
def test_a_day_outside_the_round_is_refused(survey_round, everybody, office, day, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        extend(survey_round, everybody, office, day)
    assert set(survey_round.invitations.values_list("due_on", flat=True)) == {None, dt.date(2024, 3, 20)}


def test_a_day_that_has_passed_is_refused(survey_round, everybody, office) -> None:
    with clock.frozen("2024-03-11"), pytest.raises(Refused, match="这一天已经过去。"):
        extend(survey_round, everybody, office)


def test_a_day_after_the_closing_moves_the_closing_for_everybody_when_that_is_wanted(
    survey_round, everybody, office
) -> None:
    extend(survey_round, everybody, office, dt.date(2024, 4, 10), move_closing=True)
    survey_round.refresh_from_db()
    assert survey_round.closes_on == dt.date(2024, 4, 10)
    assert set(survey_round.invitations.values_list("valid_until", flat=True)) == {survey_round.codes_end_on}
    assert AuditEntry.objects.get(action="round.change").changes == {
        "closes_on": ["2024-03-31", "2024-04-10"]
    }


def test_a_refusal_moves_no_closing_either(survey_round, elsewhere, office) -> None:
    with pytest.raises(Refused):
        extend(survey_round, [elsewhere.pk], office, dt.date(2024, 4, 10), move_closing=True)
    survey_round.refresh_from_db()
    assert survey_round.closes_on == dt.date(2024, 3, 31)


def test_a_closed_round_is_opened_again_first(survey_round, everybody, office) -> None:
    Round.objects.update(stage=RoundStage.CLOSED)
    with pytest.raises(Refused, match="本次调查没有开放，请先重新开放。"):
        extend(survey_round, everybody, office)


def test_only_those_who_manage_rounds_give_time(survey_round, everybody, leadership) -> None:
    with pytest.raises(PermissionDenied):
        extend(survey_round, everybody, leadership)


def test_a_revoked_invitation_gets_no_time(survey_round, community, office) -> None:
    survey_round.invitations.update(revoked_at=clock.now())
    with pytest.raises(Refused):
        extend(survey_round, [community.pk], office)


# --- one unit, on its own page ------------------------------------------------------------------------------


def test_a_deadline_is_extended_for_one_unit(community, office) -> None:
    invitation = asked(community).invitation
    deadlines.extend_deadline(invitation=invitation, due_on=NEW_DAY, by=office, reason="来函说明")
    invitation.refresh_from_db()
    assert invitation.deadline_on == NEW_DAY


@pytest.mark.parametrize("day", [dt.date(2024, 2, 28), dt.date(2024, 4, 1)])
def test_an_own_deadline_lies_between_deadline_and_closing(community, office, day) -> None:
    with pytest.raises(Refused, match="单位自己的截止日期应在调查的截止日期和关闭日期之间。"):
        deadlines.extend_deadline(invitation=asked(community).invitation, due_on=day, by=office)


def test_the_unit_reads_its_new_day_and_the_old_one_on_its_card(
    client, li, community, survey_round, office
) -> None:
    extend(survey_round, [community.pk], office)
    client.force_login(li)
    card = client.get("/portal/").content.decode()
    assert "2024年3月10日（周日）前" in card
    assert "已延期，原截止日期2024年2月29日" in card


# --- the page -----------------------------------------------------------------------------------------------


@pytest.fixture
def staff(client, office):
    client.force_login(office)
    return client


PAGE = "/admin/rounds/2024/more-time/"
WANTED = {"units": "361\n362\n363", "due_on": "2024-03-10", "reason": "来函说明"}


def test_it_is_looked_at_before_it_is_done(staff, survey_round) -> None:
    looked_at = staff.post(PAGE, WANTED)
    text = looked_at.content.decode()
    assert "1 个单位延期" in text
    assert "已经提交" in text
    assert "时间已经够长" in text
    assert days(survey_round)[0] == dt.date(2024, 2, 29)
    done = staff.post(PAGE, WANTED | {"seen": looked_at.context["found"].seen, "confirm": "1"}, follow=True)
    assert "已为 1 个单位延期。" in done.content.decode()
    assert "2 个单位不变。" in done.content.decode()
    assert days(survey_round)[0] == NEW_DAY


@pytest.mark.parametrize("change", [{"due_on": "2024-03-21"}, {"seen": ""}, {"seen": "f" * 16}])
def test_what_was_not_shown_is_not_done(staff, survey_round, change) -> None:
    seen = staff.post(PAGE, WANTED).context["found"].seen
    answer = staff.post(PAGE, WANTED | {"seen": seen, "confirm": "1"} | change)
    assert "与刚才显示的不一样了，请再看一遍。" in answer.content.decode()
    assert days(survey_round)[0] == dt.date(2024, 2, 29)


def test_who_hands_in_while_the_page_is_open_is_looked_at_again(staff, survey_round, community) -> None:
    seen = staff.post(PAGE, WANTED).context["found"].seen
    Response.objects.filter(community=community).update(first_submitted_at=clock.now())
    answer = staff.post(PAGE, WANTED | {"seen": seen, "confirm": "1"})
    assert (answer.status_code, len(answer.context["found"].extended)) == (200, 0)
    assert days(survey_round)[0] == dt.date(2024, 2, 29)


def test_a_day_after_the_closing_is_said_at_its_field_and_offers_the_way(staff, survey_round) -> None:
    wanted = WANTED | {"due_on": "2024-04-10"}
    seen = staff.post(PAGE, wanted).context["found"].seen
    answer = staff.post(PAGE, wanted | {"seen": seen, "confirm": "1"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["due_on"])
    assert staff.post(PAGE, wanted | {"seen": seen, "confirm": "1", "move_closing": "on"}).status_code == 302
    survey_round.refresh_from_db()
    assert survey_round.closes_on == dt.date(2024, 4, 10)


def test_units_of_the_list_of_invitations_come_filled_in(staff, survey_round) -> None:
    data = {
        "action": "extend",
        "_selected_action": list(survey_round.invitations.values_list("pk", flat=True)),
    }
    answer = staff.post(reverse("admin:surveys_invitation_changelist"), data)
    assert staff.get(answer.url).context["form"]["units"].value().splitlines() == [
        "361 福建省厦门市筼筜街道",
        "362 北京市西城区展览路街道",
        "363 北京市亦庄",
    ]


def test_all_that_have_not_handed_in_come_filled_in(staff, survey_round) -> None:
    form = staff.get(f"{PAGE}?units=writing").context["form"]
    assert form["units"].value() == "361 福建省厦门市筼筜街道\n363 北京市亦庄"


def test_a_unit_that_nobody_knows_is_said_with_its_line(staff, survey_round) -> None:
    answer = staff.post(PAGE, WANTED | {"units": "361\n没有街道"})
    assert "第 2 行：“没有街道”不在本项目的已命名单位中" in answer.content.decode()


# --- the unit is told ------------------------------------------------------------------------------------------


def told() -> list[tuple[str, str, str]]:
    while tasks.deliver_waiting():
        pass
    rows = Notice.objects.filter(kind="deadline_extended").order_by("channel", "due_on")
    return [(row.channel, row.due_on, row.state) for row in rows]


def test_the_unit_is_told_its_new_day_by_mail_and_on_the_site(survey_round, community, office, li) -> None:
    ContactFactory(community=community, email="wang@example.org")
    extend(survey_round, [community.pk], office)
    assert told() == [("mail", "2024-03-10", "sent"), ("site", "2024-03-10", "sent")]
    (message,) = mail.outbox
    assert message.to == ["wang@example.org"]
    assert message.subject == "2024年国际安全社区认证和复评调查：筼筜街道的截止日期已延长"
    assert "2024年3月10日" in message.body
    assert "来函说明" not in message.body


def test_a_day_that_was_moved_again_is_not_told(survey_round, community, office, li) -> None:
    extend(survey_round, [community.pk], office)
    extend(survey_round, [community.pk], office, dt.date(2024, 3, 15))
    assert told() == [
        ("mail", "2024-03-10", "dropped"),
        ("mail", "2024-03-15", "sent"),
        ("site", "2024-03-10", "dropped"),
        ("site", "2024-03-15", "sent"),
    ]


def test_who_has_handed_in_meanwhile_is_not_told(survey_round, community, office, li) -> None:
    extend(survey_round, [community.pk], office)
    Response.objects.filter(community=community).update(stage=Stage.UPLOADED, first_submitted_at=clock.now())
    assert {state for _channel, _day, state in told()} == {"dropped"}
