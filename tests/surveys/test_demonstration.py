"""A demonstration is made once and never reset."""

import datetime as dt
import stat
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command

from accounts.enums import RoleCode
from accounts.models import User
from communities.enums import RegionLevel
from communities.models import AuthorityPost, Community
from surveys.enums import RoundStage
from surveys.models import Answer, OfficialNotice, Round
from surveys.selectors.responses import duties_of
from surveys.services.demonstration import load_notice
from tests.factories import AuthorityFactory, CommunityFactory, RegionFactory
from tests.surveys.rounds import named


@pytest.fixture
def var(settings, tmp_path: Path) -> Path:
    settings.DEMONSTRATION, settings.VAR_DIR = True, tmp_path
    return tmp_path


@pytest.fixture
def register(programme) -> None:
    for number, name in ((420, "天竺镇"), (139, "月坛街道"), (416, "七宝镇"), (422, "苏宿工业园区")):
        named(CommunityFactory(name_zh=name), number=number, sequence=number)


def lines(var: Path) -> list[list[str]]:
    return [line.split("\t") for line in (var / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()]


def test_every_role_has_an_account_whose_printed_password_works(var, register) -> None:
    call_command("load_demonstration", verbosity=0)
    printed = {email: password for _role, email, password in lines(var) if "@" in email}
    names = [*RoleCode, "authority_province"]
    assert sorted(printed) == sorted(f"{name}@example.org" for name in names)
    assert all(
        check_password(word, User.objects.get(email=email).password) for email, word in printed.items()
    )
    assert stat.S_IMODE((var / "demo-accounts.txt").stat().st_mode) == 0o600


def test_one_round_is_open_with_the_text_of_the_notice(var, register) -> None:
    call_command("load_demonstration", verbosity=0)
    survey_round = Round.objects.get(code="demonstration")
    assert (survey_round.stage, (survey_round.deadline_on - survey_round.opens_on).days) == (
        RoundStage.OPEN,
        30,
    )
    notice = OfficialNotice.objects.get()
    assert notice.number == "中安健协发〔2024〕12号"
    assert "请各单位于2024年2月29日前完成" in notice.body


def test_the_liaison_of_a_real_community_is_ready_and_three_letters_are_printed(
    var, register, client
) -> None:
    call_command("load_demonstration", verbosity=0)
    duty = duties_of(User.objects.get(email="community_liaison@example.org"))[0]
    assert (str(duty.response.community), duty.is_owed) == ("天竺镇", True)
    letters = {name: link for word, name, link in lines(var) if word == "邀请码"}
    assert sorted(letters) == sorted(["月坛街道", "七宝镇", "苏宿工业园区"])
    assert client.get(letters["七宝镇"].partition("8000")[2]).status_code == 200


def test_no_answer_is_invented(var, register) -> None:
    call_command("load_demonstration", verbosity=0)
    assert set(Answer.objects.values_list("question", flat=True)) == {"community_name", "first_certified"}


def test_the_authorities_lie_where_the_unit_lies_one_above_the_other(var, register) -> None:
    province = RegionFactory(level=RegionLevel.PROVINCE)
    district = RegionFactory(level=RegionLevel.COUNTY, parent=province)
    unit = Community.objects.get(name_zh="天竺镇")
    unit.region = RegionFactory(level=RegionLevel.TOWN, parent=district)
    unit.save()
    call_command("load_demonstration", verbosity=0)
    unit.refresh_from_db()
    below = unit.supervisor
    assert (below.region, below.parent.region) == (district, province)
    posts = AuthorityPost.objects.filter(authority__in=(below, below.parent))
    assert {(post.user.email.partition("@")[0], post.authority) for post in posts} == {
        ("authority", below),
        ("health_department", below),
        ("authority_province", below.parent),
    }


def test_an_older_demonstration_is_placed_too(var, register) -> None:
    unit = Community.objects.get(name_zh="天竺镇")
    unit.region = RegionFactory(level=RegionLevel.PROVINCE)
    unit.supervisor = AuthorityFactory(name_zh="北京市应急管理局（演示）")
    unit.save()
    call_command("load_demonstration", verbosity=0)
    unit.refresh_from_db()
    assert (unit.supervisor.name_zh, unit.supervisor.parent.region) == (
        "顺义区应急管理局（演示）",
        unit.region,
    )


def test_a_second_start_changes_nothing(var, register) -> None:
    call_command("load_demonstration", verbosity=0)
    before = (
        lines(var),
        list(User.objects.order_by("pk").values()),
        list(Answer.objects.order_by("pk").values()),
    )
    call_command("load_demonstration", verbosity=0)
    after = (
        lines(var),
        list(User.objects.order_by("pk").values()),
        list(Answer.objects.order_by("pk").values()),
    )
    assert after == before


def test_a_real_installation_makes_no_such_accounts(settings, register) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError):
        call_command("load_demonstration", verbosity=0)
    assert User.objects.count() == 0


def test_without_the_register_it_says_what_to_do_first(var, db: None) -> None:
    with pytest.raises(CommandError, match="load_register"):
        call_command("load_demonstration", verbosity=0)


def test_the_notice_keeps_everything_that_was_printed(db) -> None:
    """Source: 中安健协发〔2024〕12号, head, body and imprint; mobile numbers of staff are left out on purpose."""
    notice = load_notice()
    notice.refresh_from_db()
    assert (notice.number, notice.issuer, notice.issued_on) == (
        "中安健协发〔2024〕12号",
        "中国职业安全健康协会",
        dt.date(2024, 1, 14),
    )
    assert notice.title == "关于开展国际安全社区认证和复评调查工作的通知"
    assert notice.addressees == "各国际安全社区、有关单位"
    assert notice.circulated_to == "理事长、驻会副理事长，监事长，秘书长、理事长助理、副秘书长、副总师"
    assert (notice.department, notice.handler, notice.handler_phone) == ("综合安全部", "葛世友", "64464565")
    assert (notice.print_count, notice.publicity) == (2, "public")
    assert notice.contacts == [
        {"name": "来成萍", "phone": "010-64464565"},
        {"name": "葛世友", "phone": "010-64464566"},
    ]
    assert (notice.contact_email, notice.postcode) == ("coshase@163.com", "100029")
    assert notice.contact_address == "北京市朝阳区惠新西街17号科研大厦502室"
    assert [part[:8] for part in notice.body.split("\n\n")] == [
        "2006年以来，",
        "为进一步加强国际",
        "请各单位于202",
    ]
