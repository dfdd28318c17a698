"""``manage.py load_register``: the 127 named communities, loaded again and again."""

import csv
import shutil
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from audit.models import AuditEntry
from communities.enums import NameKind, NameStatus, Standing, Status
from communities.models import (
    Authority,
    Community,
    CommunityName,
    Designation,
    Programme,
    Region,
    RegisterEntry,
)
from communities.services.loading import SOURCE, load_register
from communities.services.names import initials, normal, pinyin, refresh_search
from communities.services.regions import load_regions
from communities.services.terms import possible_ends

FIXTURES = settings.BASE_DIR / "fixtures"
DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def _register(django_db_setup, django_db_blocker):
    """Loaded once for this module and rolled back after it; each test runs in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_register(folder=FIXTURES)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def register(_register, db):
    return RegisterEntry.objects.select_related("community").order_by("sequence")


@pytest.fixture
def row(register):
    return lambda seq: register.get(sequence=seq)


@pytest.fixture
def edition(tmp_path):
    """A copy of the fixtures in which cells of the list can be changed, as a later correction would."""
    folder = tmp_path / "fixtures"
    shutil.copytree(FIXTURES / "regions", folder / "regions")
    shutil.copytree(FIXTURES / "register", folder / "register")
    path = folder / "register" / "annex1.csv"

    def change(seq, load=lambda folder: load_register(folder=folder), **cells):
        rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
        rows[seq - 1].update(cells)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return load(folder)

    return change


def changed_names(result):
    return (result.created, result.changed, result.unchanged, result.kept)


def test_the_list_has_127_rows_with_127_numbers(register):
    assert [entry.sequence for entry in register] == list(range(1, 128))
    assert len({entry.number for entry in register}) == 127
    assert Community.objects.filter(standing=Standing.NAMED, published=True).count() == 127


def test_rows_by_province(register):
    assert Counter(entry.community.province_name for entry in register) == {
        "上海市": 38, "北京市": 33, "广东省": 13, "辽宁省": 10, "山东省": 7, "重庆市": 7, "江苏省": 6, "福建省": 3,
        "河北省": 2, "山西省": 2, "四川省": 2, "陕西省": 1, "天津市": 1, "河南省": 1, "安徽省": 1,
    }  # fmt: skip
    places = {(entry.community.province_name, entry.community.city_name) for entry in register}
    assert len(places) == 41


def test_rows_by_year(register):
    assert Counter(entry.first_year for entry in register) == {
        2006: 1, 2007: 11, 2008: 2, 2009: 15, 2010: 11, 2011: 6, 2012: 18, 2013: 4, 2014: 10, 2015: 13, 2016: 8,
        2017: 4, 2018: 5, 2019: 8, 2020: 3, 2021: 1, 2022: 5, 2023: 2,
    }  # fmt: skip


def test_rows_by_kind_and_type(register):
    assert Counter(entry.community.kind for entry in register) == {
        "subdistrict": 94, "town": 13, "county": 9, "enterprise": 5, "park": 4, "residential": 1, "unknown": 1,
    }  # fmt: skip
    assert Counter(entry.community.type for entry in register) == {"unknown": 118, "enterprise": 5, "park": 4}


def test_seven_are_active_and_120_unknown_on_the_day(register):
    assert Counter(register.with_status(DAY).values_list("status", flat=True).order_by()) == {
        Status.ACTIVE: 7,
        Status.UNKNOWN: 120,
    }


def test_only_number_422_is_unknown_for_want_of_its_exact_date(register):
    lacking = register.with_status(DAY).filter(lacks_exact_date=True)
    assert [(entry.number, entry.first_year, entry.status) for entry in lacking] == [
        (422, 2021, Status.UNKNOWN)
    ]


def test_every_number_rises_with_the_years(register):
    years = [entry.first_year for entry in sorted(register, key=lambda entry: entry.number)]
    assert years == sorted(years)


def test_the_printed_cells_are_kept_beside_the_corrected_ones(row):
    entry = row(31)
    assert entry.printed == {
        "province": "", "city": "", "name": "东城区", "number": "东直门街道", "year": "157", "overflow": "2009",
    }  # fmt: skip
    assert (entry.community.name_zh, entry.community.city_name, entry.number) == ("东直门街道", "东城区", 157)
    assert {correction["level"] for correction in entry.corrections} == {"SURE"}


@pytest.mark.parametrize(
    ("seq", "shown", "status", "beside"),
    [
        (1, "青年公园街道", NameStatus.AS_PRINTED, set()),
        (85, "颛桥镇", NameStatus.CORRECTED, {(NameKind.PRINTED, "颛桥街道")}),
        (119, "筼筜街道", NameStatus.CORRECTED, {(NameKind.PRINTED, "筓筓街道")}),
        (49, "联合街道", NameStatus.TO_BE_CONFIRMED, {(NameKind.SUGGESTED, "联和街道")}),
        (
            71,
            "花桥经济技术开",
            NameStatus.CUT_OFF,
            {(NameKind.SUGGESTED, "花桥经济开发区"), (NameKind.ALIAS, "花桥经济技术开发区")},
        ),
        (51, "东区街道", NameStatus.AS_PRINTED, {(NameKind.TODAY, "云埔街道")}),
        (103, "五角场镇", NameStatus.AS_PRINTED, {(NameKind.TODAY, "长海路街道")}),
        (124, "泾渭苑社区", NameStatus.TO_BE_CONFIRMED, set()),
    ],
)
def test_names(row, seq, shown, status, beside):
    community = row(seq).community
    assert (community.name_zh, community.name_status) == (shown, status)
    assert set(community.names.values_list("kind", "name").order_by()) == beside


def test_what_is_only_likely_stays_as_printed_until_the_unit_confirms_it(register):
    waiting = register.filter(community__name_status__in=[NameStatus.TO_BE_CONFIRMED, NameStatus.CUT_OFF])
    assert [entry.sequence for entry in waiting] == [24, 49, 68, 71, 80, 94, 124, 125]


def test_only_the_two_restored_years_are_inferred(register):
    assert [(entry.sequence, entry.first_year) for entry in register.filter(year_inferred=True)] == [
        (97, 2009),
        (112, 2014),
    ]
    assert list(
        Designation.objects.filter(inferred=True)
        .order_by("entry__number")
        .values_list("entry__number", flat=True)
    ) == [164, 343]


@pytest.mark.parametrize(
    ("seq", "listed", "at_naming", "today"),
    [
        (88, "黄浦区", "上海市卢湾区", "上海市黄浦区"),
        (90, "黄浦区", "上海市卢湾区", "上海市黄浦区"),
        (96, "黄浦区", "上海市黄浦区", "上海市黄浦区"),
        (112, "渝北区", "重庆市渝北区", "重庆市两江新区"),
        (114, "九龙坡区", "重庆市九龙坡区", "重庆市九龙坡区"),
        (47, "广州市", "广东省广州市萝岗区", "广东省广州市黄埔区"),
        (48, "广州市", "广东省广州市", "广东省广州市黄埔区"),
        (71, "昆山市", "江苏省苏州市昆山市", "江苏省苏州市昆山市"),
        (69, "无锡市", "江苏省无锡市江阴市", "江苏省无锡市江阴市"),
        (41, "唐山市", "河北省唐山市", "河北省唐山市"),
    ],
)
def test_a_place_as_listed_at_naming_and_today(row, seq, listed, at_naming, today):
    community = row(seq).community
    assert (community.city_name, community.place_at_naming, community.place_today) == (
        listed,
        at_naming,
        today,
    )


def test_whole_districts_hold_their_parts(row):
    parts = {
        seq: set(row(seq).community.children.values_list("entries__sequence", flat=True).order_by())
        for seq in (2, 6, 46, 63, 64, 65, 89)
    }
    assert parts == {
        2: {1}, 6: {3, 4, 5}, 46: {45}, 63: {58, 59, 61, 62}, 64: {60}, 65: set(), 89: {88, 90, 93, 96},
    }  # fmt: skip


def test_a_region_carries_its_code_system_edition_and_fate(row):
    assert row(119).community.region.code == "350203009000"
    gone = Region.objects.get(code="500112")
    assert (gone.edition, gone.valid_until, gone.successor.name_zh) == ("2024", "2025", "两江新区")
    harbour = (
        Region.objects.filter(name_zh="申港街道").order_by("code_system").values_list("code_system", "code")
    )
    assert list(harbour) == [("mca", "320281009000"), ("nbs", "320281007")]
    assert Region.objects.filter(level="province").count() == 31


def test_the_designation_is_known_to_the_year_and_has_two_possible_ends(row):
    entry = row(72)
    designation = entry.designations.get()
    assert (designation.date_text, designation.cycle, designation.source) == ("2021", 0, SOURCE)
    assert (entry.ends_earliest, entry.ends_latest) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("first", "precision", "ends"),
    [
        (date(2021, 1, 1), "year", (date(2026, 1, 1), date(2026, 12, 31))),
        (date(2021, 2, 1), "month", (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2020, 2, 29), "day", (date(2025, 2, 28), date(2025, 2, 28))),
    ],
)
def test_possible_ends(first, precision, ends):
    assert possible_ends(first, precision, 60) == ends
    assert possible_ends(first, precision, None) == (None, None)


def test_the_second_load_changes_nothing(register):
    trail = AuditEntry.objects.count()
    output = StringIO()
    call_command("load_register", stdout=output)
    assert output.getvalue() == "Register: 0 created, 0 changed, 127 unchanged.\n"
    assert AuditEntry.objects.count() == trail


def test_the_second_load_asks_few_questions(register, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        load_register(folder=FIXTURES)


def test_each_row_is_in_the_trail_under_the_system(row):
    entry = AuditEntry.objects.get(action="register.load", target_id=str(row(1).community.pk))
    assert (entry.actor_id, entry.actor_label, entry.changes) == (
        None,
        "system",
        {"number": 97, "source": SOURCE},
    )


def test_a_later_correction_of_the_list_arrives(row, edition):
    result = edition(49, name_shown="联和街道", name_status="corrected", name_suggestion="")
    assert changed_names(result) == (0, 1, 126, [])
    community = row(49).community
    assert (community.name_zh, community.name_status) == ("联和街道", NameStatus.CORRECTED)
    assert list(community.names.values_list("kind", "name")) == [(NameKind.PRINTED, "联合街道")]
    assert "lianhejiedao" in community.search_text
    trail = AuditEntry.objects.filter(action="register.load", community_id=community.pk).latest("pk")
    assert trail.changes["name_zh"] == ["联合街道", "联和街道"]


def test_what_staff_corrected_is_never_overwritten(row, edition):
    Community.objects.filter(pk=row(49).community_id).update(name_zh="联和街道（广州）")
    result = edition(49, name_shown="联和街道")
    assert changed_names(result) == (0, 1, 126, ["351 name_zh"])  # the printed name is kept as another name
    assert row(49).community.name_zh == "联和街道（广州）"
    assert load_register(folder=FIXTURES).created == 0
    assert row(49).community.name_zh == "联和街道（广州）"


def test_a_value_that_staff_changed_stays_when_the_list_stays_the_same(row):
    Community.objects.filter(pk=row(1).community_id).update(type="urban")
    assert changed_names(load_register(folder=FIXTURES)) == (0, 0, 127, [])
    assert row(1).community.type == "urban"


def test_a_name_that_staff_removed_does_not_come_back(row):
    row(24).community.names.filter(name="南磨房地区").delete()
    load_register(folder=FIXTURES)
    assert not row(24).community.names.filter(name="南磨房地区").exists()


def test_a_date_that_staff_made_exact_stays_when_the_year_is_corrected(row, edition):
    Designation.objects.filter(entry__number=97).update(designated_on=date(2006, 3, 20), precision="day")
    edition(1, year="2005")
    assert row(1).designations.get().designated_on == date(2006, 3, 20)


def test_a_corrected_year_moves_the_naming_and_its_ends(row, edition):
    edition(1, year="2005")
    entry = row(1)
    assert (entry.first_year, entry.designations.get().date_text) == (2005, "2005")
    assert entry.ends_latest == date(2010, 12, 31)


def test_a_region_changes_only_with_a_newer_edition(register):
    row = {"code": "310101", "name": "黄浦", "level": "county", "parent_code": "310000", "code_system": "mca"}
    assert load_regions([{**row, "edition": "2025"}]) == 0
    assert load_regions([{**row, "edition": "2026"}]) == 1
    assert Region.objects.get(code="310101").name_zh == "黄浦"


def test_a_programme_that_staff_changed_stays(register):
    Programme.objects.filter(code="national").update(validity_months=36)
    load_register(folder=FIXTURES)
    assert list(Programme.objects.values_list("code", "validity_months")) == [
        ("international", 60),
        ("national", 36),
        ("provincial", None),
        ("municipal", None),
    ]


def test_the_association_is_the_only_authority_the_sources_name(register):
    root = Authority.objects.get()
    assert (root.name_zh, root.path, root.parent) == ("中国职业安全健康协会", f"/{root.pk}/", None)


def test_a_missing_table_is_said(register, tmp_path):
    with pytest.raises(CommandError, match=r"regions\.csv is missing"):
        call_command("load_register", folder=tmp_path)


def test_a_row_in_a_region_that_no_table_has_is_said(register, edition):
    with pytest.raises(CommandError, match="999999"):
        edition(
            1,
            load=lambda folder: call_command("load_register", folder=folder),
            county_at_naming_code="999999",
        )


@pytest.mark.parametrize(
    ("name", "spelling", "letters"),
    [
        ("筼筜街道", "yundangjiedao", "ydjd"),
        ("殷行街道", "yinhangjiedao", "yhjd"),
        ("闵行区", "minhangqu", "mhq"),
        ("长白新村街道", "changbaixincunjiedao", "cbxcjd"),
        ("重庆市", "chongqingshi", "cqs"),
        ("无锡（太湖）国际科技园", "wuxitaihuguojikejiyuan", "wxthgjkjy"),
        ("A区", "aqu", "aq"),
    ],
)
def test_pinyin_and_initials(name, spelling, letters):
    assert (pinyin(name), initials(name)) == (spelling, letters)


@pytest.mark.parametrize(
    ("query", "seq"),
    [
        ("筓筓", 119),
        ("筼筜", 119),
        ("Yun Dang", 119),
        ("ydjd", 119),
        ("卢湾区", 88),
        ("两江新区", 112),
        ("云埔", 51),
        ("花桥经济开发区", 71),
        ("yinhang", 91),
    ],
)
def test_a_community_is_found_by_each_of_its_names_and_places(register, query, seq):
    found = register.filter(community__search_text__contains=normal(query))
    assert seq in [entry.sequence for entry in found]


def test_the_search_text_follows_a_name_that_staff_added(row):
    community = row(1).community
    CommunityName.objects.create(community=community, kind=NameKind.ALIAS, name="经七路")
    refresh_search(community)
    assert "jingqilu" in community.search_text
