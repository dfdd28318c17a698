"""The columns of a table of records: what they are called, how they are known again, and which are never taken.

The same columns in the same order are the template, the export and what an import reads, so a table that was exported
comes in as it went out. Titles are the words of the card; they are data of the table, not of the page.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from injuries.enums import ListName
from injuries.rules import TELLING


class Kind(enum.StrEnum):
    CODE = "code"
    DAY = "day"
    MONTH = "month"
    HOUR = "hour"
    AGE = "age"
    BAND = "band"
    ICD10 = "icd10"
    AREA = "area"
    FOLLOW_UP = "follow_up"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """``field``: of a record. ``names``: what else the column is called elsewhere. ``longest``: of a text."""

    field: str
    title: str
    kind: Kind = Kind.CODE
    names: tuple[str, ...] = ()
    longest: int = 0
    width: float = 12


COLUMNS: tuple[Column, ...] = (
    Column(
        "key",
        "卡片编号",
        Kind.TEXT,
        ("编号", "卡号", "报告卡编号", "number of the card", "card", "key"),
        40,
        16,
    ),
    Column("month", "伤害月份", Kind.MONTH, ("月份", "发生月份", "年月", "month")),
    Column(
        "occurred_on",
        "伤害发生日期",
        Kind.DAY,
        ("伤害日期", "发生日期", "受伤日期", "事故日期", "day of the injury", "date", "injury date"),
    ),
    Column(
        "occurred_hour",
        "伤害发生时刻",
        Kind.HOUR,
        ("发生时刻", "发生时间（时）", "小时", "hour of the injury", "hour"),
    ),
    Column(
        "treated_on", "就诊日期", Kind.DAY, ("患者就诊日期", "就诊时间", "day of the treatment", "treated on")
    ),
    Column("age", "年龄", Kind.AGE, ("岁数", "周岁", "age"), width=8),
    Column("age_band", "年龄段", Kind.BAND, ("年龄组", "age band", "age group")),
    Column("sex", "性别", names=("sex", "gender"), width=8),
    Column("household", "户籍", names=("户口", "household registration")),
    Column("education", "文化程度", names=("学历", "education")),
    Column("occupation", "职业", names=("occupation",)),
    Column("cause", "伤害原因", names=("伤害发生原因", "原因", "伤害类型", "cause", "mechanism")),
    Column("place", "伤害发生地点", names=("发生地点", "地点", "place of the injury", "place")),
    Column("activity", "伤害发生时活动", names=("发生时活动", "活动", "activity at the time", "activity")),
    Column("intent", "意图", names=("是否故意", "伤害意图", "intent")),
    Column("alcohol", "饮酒情况", names=("是否饮酒", "饮酒", "alcohol")),
    Column("nature", "伤害性质", names=("性质", "nature of the injury", "nature")),
    Column("body_part", "伤害部位", names=("部位", "part of the body", "body part")),
    Column("body_system", "累及系统", names=("伤害累及系统", "system of the body", "body system")),
    Column("severity", "严重程度", names=("伤害严重程度", "severity")),
    Column("outcome", "效果", names=("伤害结局", "结局", "转归", "outcome")),
    Column("product_relation", "与产品的关系", names=("产品关系", "how a product was concerned")),
    Column("traffic_means", "出行方式", names=("交通方式", "means of transport")),
    Column("traffic_role", "交通角色", names=("role in traffic",)),
    Column("traffic_counterpart", "碰撞对方", names=("other party in traffic",)),
    Column("traffic_protection", "防护情况", names=("protection in traffic",)),
    Column("fall_type", "跌倒类型", names=("kind of fall",)),
    Column("fall_reason", "跌倒原因", names=("reason of the fall",)),
    Column("poisoning_route", "中毒途径", names=("way of the poison",)),
    Column(
        "icd10",
        "外因编码（ICD-10）",
        Kind.ICD10,
        ("外因编码", "icd-10", "icd10", "external cause by ICD-10"),
        6,
    ),
    Column("product", "涉及产品", Kind.TEXT, ("产品", "product concerned", "product"), 60, 16),
    Column("sub_area", "片区", Kind.AREA, ("居委会", "小区", "村", "片区", "part"), width=16),
    Column(
        "narrative", "简要经过", Kind.TEXT, ("经过", "伤害经过", "how it happened", "narrative"), 1000, 40
    ),
    Column("follow_up", "需回访", Kind.FOLLOW_UP, ("回访", "to be asked again"), width=10),
    Column("follow_up_note", "待询问事项", Kind.TEXT, ("what is to be asked",), 200, 24),
)
BY_FIELD = {column.field: column for column in COLUMNS}
SHEET = "伤害记录"
OTHER = ""  # a column that is not taken

# Heads of what a table of injuries needs nobody for. 个人信息保护法 art. 6: the smallest scope.
NEVER_IN_A_HEAD = re.compile(
    r"姓名|名字|患者名|伤者$|证件|身份证|护照|电话|手机|联系|微信|住址|家庭地址|详细地址|车牌|社保|医保卡|病历号|住院号|门诊号|银行"
    r"|\bname\b|id card|identity|passport|phone|mobile|address|e-?mail|plate",
    re.IGNORECASE,
)
# A column without a telling head is looked at: one value in five that looks like a number of a person is enough.
SHARE = 5
TOLD = frozenset({"narrative", "product", "follow_up_note"})


def folded(title: str) -> str:
    """Heads are compared without spaces, brackets, width and case."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\s_*:()\[\]【】、/-]+", "", plain)


_KNOWN = {
    folded(name): column.field
    for column in reversed(COLUMNS)
    for name in (column.field, column.title, *column.names)
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How the columns of one table are read, in their order. ``fields``: of a record, empty for what is not taken.

    ``refused``: the places of columns that are never taken, whatever anybody chooses.
    """

    titles: list[str]
    fields: list[str]
    refused: list[int]

    @property
    def places(self) -> dict[str, int]:
        return {field: place for place, field in enumerate(self.fields) if field}

    def as_json(self) -> dict[str, list[object]]:
        return {"titles": list(self.titles), "fields": list(self.fields), "refused": list(self.refused)}

    @classmethod
    def from_json(cls, kept: Mapping[str, list]) -> Reading:
        return cls(kept.get("titles", []), kept.get("fields", []), kept.get("refused", []))


def guess(titles: Sequence[str], sample: Iterable[Sequence[str]], chosen: Mapping[str, str]) -> Reading:
    """By what was chosen for this source before, then by name. Each field is taken from one column at most."""
    refused = telling_columns(titles, sample)
    fields: list[str] = []
    for place, title in enumerate(titles):
        field = chosen.get(title, _KNOWN.get(folded(title), OTHER))
        fields.append(OTHER if place in refused or field in fields or field not in BY_FIELD else field)
    return Reading(list(titles), fields, sorted(refused))


def telling_columns(titles: Sequence[str], sample: Iterable[Sequence[str]]) -> set[int]:
    """Places of the columns that look like names, numbers or addresses of people."""
    found = {
        place
        for place, title in enumerate(titles)
        if NEVER_IN_A_HEAD.search(title) and folded(title) not in _KNOWN
    }
    # What somebody tells in words of their own is doubted row by row, not refused as a whole.
    told = {place for place, title in enumerate(titles) if _KNOWN.get(folded(title)) in TOLD}
    filled, looks = [0] * len(titles), [0] * len(titles)
    for row in sample:
        for place, cell in enumerate(row[: len(titles)]):
            if cell:
                filled[place] += 1
                looks[place] += len(cell) < 30 and bool(TELLING.search(cell))
    return found | {
        place
        for place, number in enumerate(looks)
        if number and number * SHARE >= filled[place] and place not in told
    }


def lists_of(fields: Collection[str]) -> list[str]:
    return [name for name in ListName.values if name in fields]


def folded_known(title: str) -> bool:
    return folded(title) in _KNOWN
