"""The columns of each table that staff may bring in: titles, how a cell is read, and how people are told.

Titles are the office's own words in Chinese, whatever language the reader has chosen: they stand in files.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.enums import CommunityKind, CommunityType, ContactRole, ImportKind
from communities.importers import cells
from communities.models import Community, Contact, Designation

OFFICIAL = "zh-hans"
EDITION = "1"  # of these tables; a change of what a column means is another edition
# Hidden columns of our own tables: which row, as of which revision, and the proof that both and the cells were ours.
ROW_MARK, REVISION_MARK, CHECK_MARK = "row_mark", "revision_mark", "check_mark"
MARKS = (ROW_MARK, REVISION_MARK, CHECK_MARK)
MARK_TITLES = {ROW_MARK: "行标识", REVISION_MARK: "版本", CHECK_MARK: "校验值"}
TO_MEND = "需要修改"  # the column that we add, and never read
YES, NO = "是", "否"
YES_NO = {"是": YES, "否": NO, "yes": YES, "no": NO, "TRUE": YES, "FALSE": NO, "1": YES, "0": NO, "√": YES}


@dataclass(frozen=True, slots=True)
class Column:
    """``finds``: says which row of the register is meant. ``needed``: without its title a table is not recognised.

    ``filled``: something new must have it. ``keeps``: cannot be emptied. ``most``: characters. ``options``: what its
    drop-down offers; more may be offered when the template is made.
    """

    key: str
    title: str
    read: cells.Reader
    how: str | Promise
    example: str
    width: float
    aliases: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    most: int = 0
    finds: bool = False
    needed: bool = False
    filled: bool = False
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``by_key`` and ``by_title`` are made from ``columns``."""

    kind: ImportKind
    title: str
    columns: tuple[Column, ...]
    by_key: Mapping[str, Column] = field(init=False, default_factory=dict)
    by_title: Mapping[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        titles = {folded(title): key for key, title in MARK_TITLES.items()}
        for column in self.columns:
            titles |= {folded(title): column.key for title in (column.title, *column.aliases)}
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})
        object.__setattr__(self, "by_title", titles)


def folded(title: str) -> str:
    """A title as it is compared: one width and case, without blanks, stars and what stands in brackets at its end."""
    plain = "".join(unicodedata.normalize("NFKC", title).casefold().split()).strip("*")
    return plain.partition("(")[0] if plain.endswith(")") and not plain.startswith("(") else plain


@cache
def table(kind: str) -> Table:
    """Raises ValueError for a kind that does not exist."""
    with translation.override(OFFICIAL):
        return _TABLES[ImportKind(kind)]()


def _finding() -> tuple[Column, ...]:
    """By number; by name where a unit has none; province and city where several have that name."""
    return (
        Column(
            "number",
            "命名序号",
            cells.whole_number,
            _("Says which community is meant. Empty only where a community has no number."),
            "362",
            10,
            aliases=("命名编号", "编号", "designation number", "number"),
            finds=True,
        ),
        Column(
            "community",
            "社区名称",
            cells.name,
            _("Held against the number; finds the community where no number is given."),
            "筼筜街道",
            24,
            aliases=("社区", "单位名称", "单位", "名称", "community", "name of the community"),
            finds=True,
            needed=True,
        ),
    )


def _places() -> tuple[Column, ...]:
    how = _("Only needed where several communities have the same name.")
    return (
        Column("province", "省（直辖市）", cells.text, how, "福建省", 14, aliases=("省", "省份"), finds=True),
        Column("city", "市（区）", cells.text, how, "厦门市", 14, aliases=("市", "城市", "市区"), finds=True),
    )


def _email(title: str, *, needed: bool) -> Column:
    return Column(
        "email",
        title,
        cells.email,
        _("One address. An empty cell leaves the recorded one as it is; “清空” removes it."),
        "lianluo@example.org",
        30,
        aliases=("邮箱", "电子邮箱", "电子邮件", "联系人邮箱", "email", "e-mail", "联系人电子邮箱"),
        most=_most(Contact, "email"),
        needed=needed,
    )


def _emails() -> Table:
    columns = (*_finding(), *_places(), _email("联系人电子邮箱", needed=True))
    return Table(ImportKind.EMAILS, "电子邮箱", columns)


def _contacts() -> Table:
    roles = _options(ContactRole)
    return Table(
        ImportKind.CONTACTS,
        "联系人",
        (
            *_finding(),
            *_places(),
            Column(
                "role",
                "角色",
                cells.one_of({**roles, "联络人": str(ContactRole.LIAISON.label)}),
                _("Choose from the list."),
                str(ContactRole.LIAISON.label),
                10,
                aliases=("职责", "role"),
                options=tuple(dict.fromkeys(roles.values())),
                finds=True,
                needed=True,
                filled=True,
            ),
            _contact_column("name", "姓名", cells.name, "李联络", 14, aliases=("联系人姓名", "name")),
            _contact_column(
                "mobile",
                "手机",
                cells.mobile,
                "13800138000",
                16,
                aliases=("手机号", "手机号码", "移动电话", "mobile"),
            ),
            _contact_column(
                "phone",
                "办公电话",
                cells.phone,
                "0592-2022222",
                20,
                aliases=("电话", "固定电话", "座机", "phone"),
            ),
            _email("电子邮箱", needed=False),
        ),
    )


def _contact_column(
    key: str, title: str, read: cells.Reader, example: str, width: float, *, aliases: tuple[str, ...]
) -> Column:
    how = _("An empty cell leaves what is recorded as it is; “清空” removes it.")
    return Column(key, title, read, how, example, width, aliases=aliases, most=_most(Contact, key))


def _communities() -> Table:
    number, name = _finding()
    return Table(ImportKind.COMMUNITIES, "社区", (number, name, *_shapes(), *_where_it_lies(), *_further()))


def _shapes() -> tuple[Column, ...]:
    kinds, types = _options(CommunityKind), _options(CommunityType)
    from_the_list = _("Choose from the list.")
    return (
        _plain("name_en", "英文名称", _("English name, if there is one."), "Yundang Subdistrict", 24),
        Column(
            "kind",
            "类别",
            cells.one_of(kinds),
            from_the_list,
            str(CommunityKind.SUBDISTRICT.label),
            12,
            aliases=("单位性质", "性质", "kind"),
            options=tuple(dict.fromkeys(kinds.values())),
            keeps=True,
        ),
        Column(
            "type",
            "类型",
            cells.one_of(types),
            from_the_list,
            str(CommunityType.URBAN.label),
            12,
            aliases=("社区类型", "type"),
            options=tuple(dict.fromkeys(types.values())),
            keeps=True,
        ),
    )


def _where_it_lies() -> tuple[Column, ...]:
    return (
        _plain(
            "province_name",
            "省（直辖市）",
            _("As in the list."),
            "福建省",
            14,
            aliases=("省", "省份"),
            filled=True,
        ),
        _plain(
            "city_name", "市（区）", _("As in the list."), "厦门市", 14, aliases=("市", "城市"), filled=True
        ),
        _plain(
            "place_at_naming",
            "命名时隶属",
            _("Down to the county."),
            "福建省厦门市思明区",
            26,
            aliases=("命名时所在地",),
        ),
        _plain(
            "place_today", "现隶属", _("Down to the county."), "福建省厦门市思明区", 26, aliases=("现所在地",)
        ),
        Column(
            "region",
            "现区划代码",
            cells.whole_number,
            _("Six digits of the county, nine of the sub-district."),
            "350203",
            16,
            aliases=("行政区划代码", "区划代码", "代码"),
        ),
        Column(
            "supervisor",
            "主管部门",
            cells.text,
            _("The full name of an authority on the platform."),
            "厦门市思明区应急管理局",
            26,
            aliases=("主管单位",),
        ),
    )


def _further() -> tuple[Column, ...]:
    return (
        _plain("address", "地址", _("Street and number."), "湖滨南路 100 号", 30),
        Column("note", "备注", cells.long_text, _("For the office only."), "", 30),
        Column(
            "published",
            "对外公开",
            cells.one_of(YES_NO),
            _("Whether the public register shows it."),
            YES,
            10,
            aliases=("对外公布",),
            options=(YES, NO),
            keeps=True,
        ),
    )


def _plain(
    key: str,
    title: str,
    how: str | Promise,
    example: str,
    width: float,
    *,
    aliases: tuple[str, ...] = (),
    filled: bool = False,
) -> Column:
    return Column(
        key,
        title,
        cells.text,
        how,
        example,
        width,
        aliases=aliases,
        most=_most(Community, key),
        filled=filled,
        keeps=filled,
    )


def _designations() -> Table:
    as_known = _("2020, 2020-05 or 2020-05-01, as precise as it is known")
    return Table(
        ImportKind.DESIGNATIONS,
        "命名与复评",
        (
            *_finding(),
            *_places(),
            Column(
                "programme",
                "项目",
                cells.text,
                _("Choose from the list; empty means the international programme."),
                "国际安全社区",
                18,
                aliases=("命名类别", "programme"),
                finds=True,
            ),
            Column(
                "first",
                "命名日期",
                cells.partial_date,
                as_known,
                "2015-06",
                14,
                aliases=("命名时间", "命名年份", "date of designation"),
                needed=True,
            ),
            Column(
                "renewals",
                "复评日期",
                cells.partial_dates,
                _("All of them, the earliest first, with “、” between them."),
                "2020-07-01、2025",
                24,
                aliases=("复评时间", "re-designations"),
            ),
            Column(
                "source",
                "依据",
                cells.text,
                _("The document that says so; empty takes the source given with the upload."),
                "中安健协发〔2024〕12号",
                28,
                aliases=("来源", "文号", "source"),
                most=_most(Designation, "source"),
            ),
        ),
    )


def _options(choices: type[TextChoices]) -> dict[str, str]:
    """The Chinese words, and the codes and English words that mean the same."""
    official = {choice.value: str(choice.label) for choice in choices}
    with translation.override("en"):
        english = {str(choice.label): official[choice.value] for choice in choices}
    return {**{label: label for label in official.values()}, **official, **english}


def _most(model: type[Community | Contact | Designation], field_name: str) -> int:
    return getattr(model._meta.get_field(field_name), "max_length", None) or 0  # noqa: SLF001 - Django's public _meta


_TABLES = {
    ImportKind.EMAILS: _emails,
    ImportKind.CONTACTS: _contacts,
    ImportKind.COMMUNITIES: _communities,
    ImportKind.DESIGNATIONS: _designations,
}
