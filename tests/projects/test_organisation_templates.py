"""A community begins with an organisation that others have tried."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from projects.enums import Area, BodyKind, PartnerKind, SeatRole
from projects.models import Body, Organisation, SafetyWork, Seat
from projects.selectors.templates import CODES, Template, template, templates
from projects.services.organisation_templates import fill
from tests.projects.factories import BodyFactory, OrganisationFactory

JINJIANG, CHONGQING = "jinjiang-2014", "chongqing-2010"


def raw_names(chosen: Template) -> list[str]:
    return [name for unit in chosen.units for name in unit.in_source]


def test_seventeen_departments_of_chongqing_each_with_its_duties() -> None:
    departments = template(CHONGQING)
    assert len(raw_names(departments)) == 17
    assert [len(unit.duties) - len(unit.in_source) for unit in departments.units] == [0] * 16
    assert {unit.kind for unit in departments.units} == {PartnerKind.DEPARTMENT}


def test_jinjiang_has_a_leading_group_an_office_three_functional_and_ten_project_groups() -> None:
    groups = template(JINJIANG).groups
    assert [group.kind for group in groups] == [
        BodyKind.LEADING_GROUP,
        BodyKind.OFFICE,
        *[BodyKind.FUNCTIONAL_GROUP] * 3,
        *[BodyKind.PROJECT_GROUP] * 10,
    ]
    assert len({group.name for group in groups}) == 15


def test_its_twenty_six_members_are_twenty_five_today() -> None:
    jinjiang = template(JINJIANG)
    members = set(jinjiang.groups[0].members)
    printed = [name for unit in jinjiang.units if unit.name in members for name in unit.in_source]
    assert (len(members), len(printed)) == (25, 27)
    joined = [unit for unit in jinjiang.units if len(unit.in_source) > 1]
    assert [(unit.name, unit.in_source) for unit in joined] == [
        ("市场监督管理局", ("区食药监局", "区质监分局", "锦江工商局"))
    ]


def test_every_group_but_the_leading_one_has_a_lead() -> None:
    assert [group.name for group in template(JINJIANG).groups if not group.leads] == ["创建工作领导小组"]
    assert [(seat.role, seat.post) for seat in template(JINJIANG).groups[0].places if seat.post] == [
        (SeatRole.HEAD, "区委副书记、区长"),
        (SeatRole.DEPUTY, "副区长"),
        (SeatRole.DEPUTY, "副区长"),
    ]


def test_lead_and_support_of_the_fire_group_are_those_of_the_source() -> None:
    fire = next(group for group in template(JINJIANG).groups if group.area == Area.FIRE)
    assert fire.leads == ["公安分局", "消防救援大队"]
    assert fire.supports == [
        "科信局", "建设局", "商务局", "文广新局", "应急管理局", "市场监督管理局", "成都燃气公司",
    ]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_word_of_a_template_is_known(code: str) -> None:
    chosen = template(code)
    assert {unit.kind for unit in chosen.units} - set(PartnerKind.values) == set()
    assert {group.area for group in chosen.groups} - {"", *Area.values} == set()
    units = {unit.name for unit in chosen.units}
    assert {place.unit for group in chosen.groups for place in group.places} - {"", *units} == set()
    fields = [(Organisation, unit) for unit in chosen.units] + [(Body, group) for group in chosen.groups]
    assert [
        thing.name for model, thing in fields if len(thing.name) > model._meta.get_field("name").max_length
    ] == []
    assert max(len(unit.name_in_source) for unit in chosen.units) <= 100


def test_a_template_that_names_an_organisation_nobody_describes_is_refused() -> None:
    words = {"title_zh": "", "title_en": "", "source_zh": "", "source_en": ""}
    group = {"kind": "office", "name": "办公室", "area": "", "duties": "", "lead": ["无名局"]}
    with pytest.raises(KeyError):
        Template({"code": "x", **words, "organisations": [], "bodies": [group]})


def test_templates_name_their_source_in_both_languages() -> None:
    with override("zh-hans"):
        assert [one.source for one in templates()] == [
            "成都市锦江区2014年工作方案",
            "渝办发〔2010〕93号，三、部门职责",
        ]
    with override("en"):
        assert templates()[1].source == "Chongqing, 渝办发〔2010〕93号, part three"


def test_one_press_fills_a_new_community_from_jinjiang(community: Community, li: User) -> None:
    fill(community=community, template=template(JINJIANG), by=li)
    assert Organisation.objects.filter(community=community).count() == 34
    assert Body.objects.filter(community=community).count() == 15
    safety = Organisation.objects.get(community=community, name="应急管理局")
    assert (safety.name_in_source, safety.source) == ("区安监局", "成都市锦江区2014年工作方案")
    leads = Seat.objects.filter(organisation=safety, role=SeatRole.LEAD).values_list("body__name", flat=True)
    assert list(leads) == [
        "领导小组办公室", "宣传报道组", "效能督查组", "工作场所安全工作组", "居家安全工作组",
    ]  # fmt: skip
    assert Seat.objects.exclude(person="").count() == 0
    assert SafetyWork.objects.get(community=community).template == JINJIANG
    entry = AuditEntry.objects.get(action="organisation.fill")
    assert entry.changes == {
        "template": JINJIANG, "organisations": 34, "bodies": 15, "seats": Seat.objects.count(),
    }  # fmt: skip


def test_departments_of_chongqing_bring_their_duties(community: Community, li: User) -> None:
    fill(community=community, template=template(CHONGQING), by=li)
    emergency = Organisation.objects.get(community=community, name="应急管理部门")
    assert emergency.name_in_source == "安监部门、应急管理部门"
    assert emergency.duties.splitlines()[1] == "指导应急体系建设和突发事件应对"
    assert Organisation.objects.filter(community=community).count() == 16
    assert Body.objects.count() == 0


def test_filling_twice_is_harmless(community: Community, li: User) -> None:
    fill(community=community, template=template(JINJIANG), by=li)
    seats = Seat.objects.count()
    again = fill(community=community, template=template(JINJIANG), by=li)
    assert (again.is_empty, Seat.objects.count()) == (True, seats)
    assert AuditEntry.objects.filter(action="organisation.fill").count() == 1


def test_what_the_community_wrote_is_never_overwritten(community: Community, li: User) -> None:
    own = OrganisationFactory(community=community, name="应急管理局", duties="本街道自定职责")
    group = BodyFactory(community=community, name="消防安全工作组", duties="本街道自定")
    found = fill(community=community, template=template(JINJIANG), by=li)
    own.refresh_from_db()
    group.refresh_from_db()
    assert (own.duties, group.duties, group.seats.count()) == ("本街道自定职责", "本街道自定", 0)
    assert [unit.name for unit in found.known_units] == ["应急管理局"]
    assert [one.name for one in found.known_groups] == ["消防安全工作组"]
    assert own.seats.filter(role=SeatRole.LEAD).count() == 5


def test_both_templates_may_be_used_one_after_the_other(community: Community, li: User) -> None:
    fill(community=community, template=template(CHONGQING), by=li)
    fill(community=community, template=template(JINJIANG), by=li)
    assert SafetyWork.objects.get(community=community).template == f"{CHONGQING} {JINJIANG}"
    assert Organisation.objects.filter(community=community, name="政法委").count() == 1
    positions = Organisation.objects.filter(community=community).values_list("position", flat=True)
    assert sorted(positions) == list(range(49))


def test_only_who_records_the_work_fills(community: Community, zhao: User, wang: User, expert: User) -> None:
    for stranger in (zhao, wang, expert):
        with pytest.raises(PermissionDenied):
            fill(community=community, template=template(JINJIANG), by=stranger)
    assert Organisation.objects.count() == 0
