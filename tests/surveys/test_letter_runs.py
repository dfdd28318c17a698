"""For whom letters are made, by whom, and what of it is recorded."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from documents import services as documents
from documents.enums import FileKind, RunState
from documents.models import Run
from surveys.enums import RoundStage
from surveys.letters import LetterPrint
from surveys.models import Invitation, Round
from surveys.services import invitations, letter_files, letters
from tests.factories import CommunityFactory, OfficialNoticeFactory
from tests.surveys.prints import codes_of, page_texts, squeezed, text_of
from tests.surveys.rounds import asked, named, opened


@pytest.fixture(autouse=True)
def january():
    with clock.frozen("2024-01-15 10:00"):
        yield


@pytest.fixture
def units(programme) -> list[Community]:
    """In the list 天竺镇 comes first."""
    places = [("筼筜街道", "福建省", "厦门市", 362, 118), ("天竺镇", "北京市", "顺义区", 420, 40)]
    return [
        named(
            CommunityFactory(name_zh=name, province_name=province, city_name=city),
            number=number,
            sequence=row,
        )
        for name, province, city, number, row in places
    ]


@pytest.fixture
def survey_round(units) -> Round:
    return opened()


def of(unit: Community) -> Invitation:
    return unit.invitations.select_related("round").get()


def ask(by, *chosen: Invitation, handler: str = letters.ONE_FILE) -> Run:
    return letters.request_letters(invitations=list(chosen), handler=handler, by=by)


def done(run: Run) -> Run:
    documents.perform(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.error
    return run


def test_all_letters_come_in_the_order_of_the_list(survey_round, units, office) -> None:
    run = done(ask(office, *map(of, units)))
    pages = [squeezed(text) for text in page_texts(run.result.file.read())]
    assert ["北京市顺义区天竺镇：" in pages[0], "福建省厦门市筼筜街道：" in pages[1]] == [True, True]
    assert (run.done, run.total) == (2, 2)
    assert (run.result.kind, run.result.original_name) == (
        FileKind.LETTER,
        "2024年国际安全社区认证和复评调查_邀请函2份_20240115.pdf",
    )
    with clock.frozen("2024-01-16 10:00"):
        assert invitations.code_of(of(units[1])) in pages[0]


def test_one_file_each_is_named_after_place_number_and_unit(survey_round, units, office) -> None:
    run = done(ask(office, *map(of, units), handler=letters.ONE_EACH))
    with zipfile.ZipFile(io.BytesIO(run.result.file.read())) as archive:
        assert archive.namelist() == [
            "北京市_顺义区_420_天竺镇_邀请函.pdf",
            "福建省_厦门市_362_筼筜街道_邀请函.pdf",
        ]
        assert "筼筜街道：" in text_of(archive.read(archive.namelist()[1]))
    assert run.result.original_name.endswith(".zip")


def test_who_has_no_working_code_is_left_out_and_named(survey_round, units, office, client) -> None:
    used, waiting = map(of, units)
    run = ask(office, used, waiting)
    invitations.revoke_invitation(invitation=used, by=office)
    run = done(run)
    assert len(page_texts(run.result.file.read())) == 1
    client.force_login(office)
    page = client.get(reverse("documents:run", args=[run.pk])).content.decode()
    assert "福建省厦门市筼筜街道：邀请已撤销" in page


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"revoked_at": "now"}, "邀请已撤销"),
        ({"used_at": "now"}, "邀请码已被使用"),
        ({"valid_until": dt.date(2024, 1, 14)}, "邀请码已过期，请重新发放"),
    ],
)
def test_letters_for_nobody_are_refused_at_once(survey_round, units, office, change, reason) -> None:
    values = {name: clock.now() if value == "now" else value for name, value in change.items()}
    Invitation.objects.update(**values)
    with pytest.raises(Refused, match="这些单位没有可打印的邀请函"):
        ask(office, *map(of, units))
    assert str(letters.why_no_letter(of(units[0]))) == reason


def test_only_those_who_manage_rounds_print_codes(survey_round, units, leadership, office, client) -> None:
    page = reverse("surveys:letters", args=[survey_round.code])
    client.force_login(leadership)
    assert client.get(page).status_code == 403
    run = ask(office, of(units[0]))
    office.role_grants.all().delete()
    documents.perform(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result) == (RunState.FAILED, None)


def test_every_printed_code_is_found_with_its_invitation(survey_round, units, office) -> None:
    run = done(ask(office, *map(of, units)))
    printed = AuditEntry.objects.filter(action="invitation.print_letter").order_by("target_id")
    assert sorted((entry.target_id, entry.actor_id, entry.changes) for entry in printed) == sorted(
        (str(of(unit).pk), office.pk, {"issue": 1, "run": run.pk}) for unit in units
    )
    asked_for = AuditEntry.objects.get(action="round.letters")
    assert (asked_for.actor_id, asked_for.changes["units"]) == (office.pk, 2)
    codes = [invitations.code_of(of(unit)) for unit in units]
    assert not any(code in str(entry.changes) for code in codes for entry in AuditEntry.objects.all())


def test_pressed_twice_it_is_one_run_and_a_new_code_is_another(survey_round, units, office) -> None:
    first = ask(office, of(units[0]))
    assert ask(office, of(units[0])) == first
    invitations.reissue_invitation(invitation=of(units[0]), by=office)
    assert ask(office, of(units[0])) != first


def test_the_code_of_the_old_letter_ends_with_a_new_one(survey_round, units, office, client) -> None:
    old = done(ask(office, of(units[0]))).result.file.read()
    invitations.reissue_invitation(invitation=of(units[0]), by=office)
    new = done(ask(office, of(units[0]))).result.file.read()
    (old_link,), (new_link,) = codes_of(old)[0], codes_of(new)[0]
    page = client.get(old_link.removeprefix("http://127.0.0.1:8000"))
    assert (page.status_code, "邀请码不对或已失效" in page.content.decode()) == (404, True)
    assert client.get(new_link.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert "本函邀请码为第2次发放" in text_of(new)


def letter_of(unit: Community, office) -> LetterPrint:
    run = ask(office, of(unit))
    found = letter_files.for_print(run.parameters["invitations"])
    return letter_files.letter_print(found[0], dated=clock.local(run.created_at).date())


def test_a_letter_shows_office_lines_and_never_a_mobile(programme, community, office) -> None:
    OfficialNoticeFactory(
        contacts=[
            {"name": "来成萍", "phone": "010-64464565"},
            {"name": "葛世友", "phone": "138 0000 0000"},
            "?",
        ],
        contact_email="office@example.org",
        department="综合安全部",
    )
    asked(community)
    letter = letter_of(community, office)
    assert (letter.phones, letter.email) == (("010-64464565",), "office@example.org")


def test_a_notice_without_contacts_gets_the_associations_own(community, office, settings) -> None:
    asked(community)
    letter = letter_of(community, office)
    assert letter.phones == tuple(settings.ASSOCIATION["phones"])


def test_a_unit_with_a_day_of_its_own_is_told_that_day(community, office) -> None:
    response = asked(community)
    Invitation.objects.filter(pk=response.invitation_id).update(due_on=dt.date(2024, 3, 10))
    assert letter_of(community, office).deadline_on == dt.date(2024, 3, 10)


def test_past_the_deadline_a_letter_names_the_closing_day(community, office) -> None:
    asked(community)
    with clock.frozen("2024-03-05"):
        assert letter_of(community, office).deadline_on == dt.date(2024, 3, 31)
        Round.objects.update(stage=RoundStage.CLOSED)
        assert letter_of(community, office).closed_on == dt.date(2024, 3, 5)


# --- the page -----------------------------------------------------------------------------------------------


def test_the_page_says_for_whom_before_anything_is_printed(survey_round, units, office, client) -> None:
    Invitation.objects.filter(community=units[0]).update(opened_at=clock.now())
    client.force_login(office)
    page = client.get(reverse("surveys:letters", args=[survey_round.code]))
    assert "2 份，其中 1 份尚未有人打开" in page.content.decode()
    assert Run.objects.count() == 0


@pytest.mark.parametrize(
    ("form", "handler", "count"),
    [
        ({"units": "all", "file": "one"}, letters.ONE_FILE, 2),
        ({"units": "unopened", "file": "each"}, letters.ONE_EACH, 1),
    ],
)
def test_the_page_queues_what_was_chosen(survey_round, units, office, client, form, handler, count) -> None:
    Invitation.objects.filter(community=units[0]).update(opened_at=clock.now())
    client.force_login(office)
    answer = client.post(reverse("surveys:letters", args=[survey_round.code]), form)
    run = Run.objects.get()
    assert (answer.url, run.handler, run.total) == (
        reverse("documents:run", args=[run.pk]),
        handler,
        count,
    )


def test_where_nothing_can_be_printed_the_page_says_what_to_do(survey_round, office, client) -> None:
    Invitation.objects.update(used_at=clock.now())
    client.force_login(office)
    page = client.get(reverse("surveys:letters", args=[survey_round.code])).content.decode()
    assert ("没有可打印的邀请函" in page, "生成邀请函" in page) == (True, False)


def test_a_page_that_says_nothing_asks_again(survey_round, office, client) -> None:
    client.force_login(office)
    answer = client.post(reverse("surveys:letters", args=[survey_round.code]), {"units": "x"})
    assert (answer.status_code, Run.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("action", "handler"), [("letters", letters.ONE_FILE), ("letter_files", letters.ONE_EACH)]
)
def test_staff_choose_single_units_in_the_list(survey_round, units, office, client, action, handler) -> None:
    client.force_login(office)
    data = {"action": action, "_selected_action": [of(units[0]).pk]}
    answer = client.post(reverse("admin:surveys_invitation_changelist"), data)
    run = Run.objects.get()
    assert (answer.url, run.handler, run.total) == (reverse("documents:run", args=[run.pk]), handler, 1)


def test_a_refusal_is_said_in_the_list(survey_round, units, office, client) -> None:
    Invitation.objects.update(used_at=clock.now())
    client.force_login(office)
    data = {"action": "letters", "_selected_action": [of(units[0]).pk]}
    page = client.post(reverse("admin:surveys_invitation_changelist"), data, follow=True)
    assert "这些单位没有可打印的邀请函" in page.content.decode()
