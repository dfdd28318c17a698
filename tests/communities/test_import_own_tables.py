"""Our own tables: they come back without a change, a cell changed is a change, and a row changed meanwhile is stale."""

from __future__ import annotations

import csv
import io

import pytest

from accounts.models import User
from communities.enums import ImportState
from communities.models import Community
from communities.services import register
from tests.communities.tables import bring_in, fates, own, sentences

pytestmark = pytest.mark.django_db


def unit(name: str) -> Community:
    return Community.objects.get(name_zh=name)


@pytest.mark.parametrize("kind", ["emails", "contacts", "communities", "designations"])
def test_our_own_table_comes_back_without_a_change(register_of_three, office, kind):
    rows = own(kind, office)
    batch = bring_in(kind, rows, office)
    assert (batch.state, set(fates(batch)), batch.row_count) == (ImportState.CHECKED, {"same"}, len(rows) - 1)


def test_our_own_table_saved_as_text_comes_back_without_a_change_too(register_of_three, office):
    text = io.StringIO()
    csv.writer(text).writerows(own("communities", office))
    assert set(fates(bring_in("communities", text.getvalue().encode("gb18030"), office))) == {"same"}


@pytest.mark.parametrize(
    ("kind", "title", "value"),
    [
        ("emails", "联系人电子邮箱", "new@example.org"),
        ("contacts", "手机", "13912345678"),
        ("communities", "社区名称", "筼筜新街道"),
        ("communities", "地址", "湖滨南路 1 号"),
        ("designations", "复评日期", "2020-07-01、2025.6"),
    ],
)
def test_a_cell_changed_in_it_is_a_change_a_row_changed_meanwhile_is_stale(
    register_of_three, office, kind, title, value
):
    rows = own(kind, office)
    head, place = rows[0], rows[0].index(title)
    row = next(row for row in rows[1:] if row[head.index("社区名称")] == "筼筜街道" and "负责人" not in row)
    row[place] = value
    assert fates(bring_in(kind, [head, row], office)) == ["change"]
    _change_meanwhile(kind, office)
    batch = bring_in(kind, [head, row], office)
    assert sentences(batch) == {2: {"": ["stale"]}}


def test_a_row_that_nobody_touched_asks_for_nothing_whatever_became_of_it_meanwhile(
    register_of_three, office
):
    head, *rows = own("contacts", office)
    _change_meanwhile("contacts", office)
    register.change_community(community=unit("筼筜街道"), by=office, name_zh="筼筜新街道")
    other = next(row for row in rows if "鼓浪屿街道" in row and "联系人" in row)
    other[head.index("姓名")] = "王某"
    batch = bring_in("contacts", [head, *rows], office)
    assert (sorted(fates(batch)), sentences(batch)) == (["create", *["same"] * 5], {})


def _change_meanwhile(kind: str, by: User) -> None:
    community = unit("筼筜街道")
    if kind in {"emails", "contacts"}:
        register.set_contact(community=community, role="liaison", email="between@example.org", by=by)
    elif kind == "communities":
        register.change_community(community=community, by=by, address="别处")
    else:
        entry = community.entries.get()
        register.record_designation(entry=entry, cycle=0, date_text="2015-05", source="信", by=by)


def test_marks_copied_to_another_row_are_found_out(register_of_three, office):
    head, *rows = own("emails", office)
    rows[0][-3:], rows[1][-3:] = rows[1][-3:], rows[0][-3:]
    batch = bring_in("emails", [head, *rows], office)
    assert {key for found in sentences(batch).values() for key in found} == {"number", "community", "email"}
    row = dict.fromkeys(["命名序号", "社区名称", "项目"], "") | {"命名日期": "2020", "行标识": "s1"}
    batch = bring_in("designations", [list(row), list(row.values())], office)
    assert sentences(batch) == {2: {"": ["other_kind"]}}
