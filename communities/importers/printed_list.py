"""Reads a printed list of named communities whose cells may have slipped, and says what it doubts.

Pure functions on lists of cells and a table of regions: no database, nothing is changed. The result of a
row is what a naive carry-down would store, what is proposed instead, and one flag per doubt; a person
decides. Columns are those of 中安健协发〔2024〕12号, Annex 1: 序号, 省, 市（区）, 社区名称, 命名序号, 命名年份,
and one more for rows that slipped to the right.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from communities.enums import RegionLevel

COLUMNS = ("province", "city", "name", "number", "year", "overflow")
HEADER = "序号"
FIRST_YEAR, LAST_YEAR = 1989, 2100  # the first safe community of the world was named in 1989
UNIT_KINDS = ("街道", "地区", "镇", "乡")
NAME_ENDINGS = (*UNIT_KINDS, "区", "县", "市", "旗", "村", "园", "新城", "社区", "集团", "公司")


class Place(NamedTuple):
    """One row of a region table; ``successor`` is the code of the region that took it over."""

    code: str
    name: str
    level: str
    parent: str
    successor: str = ""


class RegionTable:
    """Regions by name, with what a printed list may call the place of a unit."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.by_code: dict[str, Place] = {}
        self.by_name: dict[str, list[Place]] = defaultdict(list)
        self.by_stem: dict[str, list[Place]] = defaultdict(list)
        self.taken_over: dict[str, list[str]] = defaultdict(list)
        for place in places:
            self.by_code[place.code] = place
            self.by_name[place.name].append(place)
            if place.level == RegionLevel.TOWN:
                self.by_stem[stem(place.name)].append(place)
            if place.successor:
                self.taken_over[place.successor].append(place.name)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> "RegionTable":
        """Rows as in ``fixtures/regions/*.csv``."""
        return cls(
            Place(row["code"], row["name"], row["level"], row["parent_code"], row.get("successor_code") or "")
            for row in rows
        )

    def is_province(self, name: str) -> bool:
        return any(place.level == RegionLevel.PROVINCE for place in self.by_name.get(name, ()))

    def province_of(self, place: Place) -> Place:
        while place.parent in self.by_code:
            place = self.by_code[place.parent]
        return place

    def cities(self, name: str) -> list[Place]:
        """Prefectures and counties of that name; a list prints either in its 市（区） column."""
        return [
            place
            for place in self.by_name.get(name, ())
            if place.level in {RegionLevel.PREFECTURE, RegionLevel.COUNTY}
        ]

    def units(self, name: str) -> list[Place]:
        """Counties and sub-districts of that name; failing these, sub-districts of another kind (镇 for 街道)."""
        exact = [
            place
            for place in self.by_name.get(name, ())
            if place.level in {RegionLevel.COUNTY, RegionLevel.TOWN}
        ]
        return exact or list(self.by_stem.get(stem(name), ()))

    def listed_under(self, unit: Place) -> list[str]:
        """Names under which a list may print the unit, the usual one first.

        In a municipality that is the district, elsewhere the prefecture; a county-level city (昆山市) is also
        printed by its own name, an abolished district by the one that took it over and the other way round.
        """
        county = unit if unit.level == RegionLevel.COUNTY else self.by_code[unit.parent]
        above = self.by_code[county.parent]
        names = [county.name] if above.level == RegionLevel.PROVINCE else [above.name, county.name]
        if county.successor:
            names.append(self.by_code[county.successor].name)
        return names + self.taken_over.get(county.code, [])


class Values(NamedTuple):
    province: str = ""
    city: str = ""
    name: str = ""
    number: str = ""
    year: str = ""


@dataclass(frozen=True)
class Flag:
    """A doubt about one cell. ``doubts_row`` is false for mere hints about the name."""

    code: str
    cell: str
    sentence: str
    doubts_row: bool = True


@dataclass
class ListRow:
    seq: int
    cells: tuple[str, ...]
    carried: Values
    proposed: Values
    flags: list[Flag] = field(default_factory=list)

    @property
    def is_doubted(self) -> bool:
        return any(flag.doubts_row for flag in self.flags)

    def flag(self, code: str, cell: str, sentence: str, *, doubts_row: bool = True) -> None:
        self.flags.append(Flag(code, cell, sentence, doubts_row))


@dataclass
class Reading:
    """The cells of one row by what they are, with the column each was printed in."""

    values: Values
    columns: dict[str, str]


def stem(name: str) -> str:
    """A unit's name without its kind: 颛桥 for 颛桥街道 and 颛桥镇."""
    for kind in UNIT_KINDS:
        if name.endswith(kind) and len(name) > len(kind) + 1:
            return name[: -len(kind)]
    return name


def read_list(lines: Iterable[Sequence[str]], table: RegionTable) -> list[ListRow]:
    """Each line: sequence number and up to six cells, as printed; the header may repeat on every page."""
    rows: list[ListRow] = []
    carried, place, provinces_seen = Values(), Values(), dict[str, int]()
    for line in lines:
        if line[0].strip() == HEADER:
            continue
        cells = tuple(cell.strip() for cell in line[1:7])
        carried = carry_down(cells, carried)
        reading = sort_cells(cells, table)
        place = next_place(reading.values, place)
        proposed = reading.values._replace(province=place.province, city=place.city)
        row = ListRow(int(line[0]), cells, carried, proposed)
        flag_columns(row, reading)
        flag_repeated_province(row, reading.values.province, provinces_seen)
        check_place(row, table)
        check_unit(row, table)
        rows.append(row)
    check_numbers(rows)
    return rows


def carry_down(cells: Sequence[str], above: Values) -> Values:
    """What a program without doubts would store."""
    province, city, name, number, year = (*cells, "", "", "", "", "")[:5]
    return Values(province or above.province, city or above.city, name, number, year)


def sort_cells(cells: Sequence[str], table: RegionTable) -> Reading:
    """Tell the cells apart by their content: the text before the number is the name, places stand before it."""
    columns: dict[str, str] = {}
    found: dict[str, str] = {}
    texts = [
        (column, cell) for column, cell in zip(COLUMNS, cells, strict=False) if cell and not cell.isdecimal()
    ]
    for column, cell in zip(COLUMNS, cells, strict=False):
        if cell.isdecimal():
            role = "year" if FIRST_YEAR <= int(cell) <= LAST_YEAR else "number"
            found[role], columns[role] = cell, column
    for position, (column, cell) in enumerate(texts):
        role = "city"
        if table.is_province(cell) and (column == "province" or position < len(texts) - 1):
            role = "province"
        elif position == len(texts) - 1 and not (column == "city" and table.cities(cell)):
            role = "name"
        found[role], columns[role] = cell, column
    return Reading(Values(**found), columns)


def next_place(values: Values, above: Values) -> Values:
    """The printed place that holds from this row on; a new province starts without a city."""
    if values.province:
        return Values(values.province, values.city)
    return above._replace(city=values.city or above.city)


def flag_columns(row: ListRow, reading: Reading) -> None:
    columns = reading.columns
    if columns.get("name") in {"number", "year"}:
        row.flag("shifted_right", columns["name"], str(_("The row has slipped one column to the right.")))
    else:
        for role in ("province", "city", "name", "number", "year"):
            if columns.get(role, role) != role:
                flag_wrong_column(row, role, columns[role])
    for role, sentence in (
        ("name", _("The name is missing.")),
        ("number", _("The designation number is missing.")),
        ("year", _("The year of designation is missing.")),
    ):
        if role not in columns:
            row.flag(f"{role}_missing", role, str(sentence))


def flag_wrong_column(row: ListRow, role: str, column: str) -> None:
    sentences = {
        "province": _("The name of a province stands in another column."),
        "city": _("The name of a city or district stands in another column."),
        "name": _("The name of the community stands in another column."),
        "number": _("The designation number stands in another column."),
        "year": _("The year of designation stands in another column."),
    }
    row.flag(f"{role}_in_wrong_column", column, str(sentences[role]))


def flag_repeated_province(row: ListRow, province: str, seen: dict[str, int]) -> None:
    if not province:
        return
    if province in seen:
        sentence = _("%(province)s was already printed at row %(seq)d; one of the two may have slipped.")
        row.flag("province_again", "province", sentence % {"province": province, "seq": seen[province]})
    seen.setdefault(province, row.seq)


def check_place(row: ListRow, table: RegionTable) -> None:
    """The printed city must lie in the printed province; where it does not, the unit decides between namesakes."""
    province, city = row.proposed.province, row.proposed.city
    if not city:
        row.flag("city_missing", "city", str(_("No city or district is printed for this province yet.")))
        return
    provinces = [table.province_of(place).name for place in table.cities(city)]
    if not provinces:
        row.flag("city_unknown", "city", _("%(city)s is not in the table of regions.") % {"city": city})
    elif province not in provinces:
        sentence = _("%(city)s does not lie in %(province)s.") % {"city": city, "province": province}
        row.flag("city_not_in_province", "province", sentence)
        homes = [table.province_of(unit).name for unit in units_under(city, row.proposed.name, table)]
        row.proposed = row.proposed._replace(province=(homes or provinces)[0])


def units_under(city: str, name: str, table: RegionTable) -> list[Place]:
    return [unit for unit in table.units(name) if city in table.listed_under(unit)]


def check_unit(row: ListRow, table: RegionTable) -> None:
    """The unit must be known where the list puts it; a unit known in one other place only is proposed there.

    Namesakes in other provinces count only for a row that has no city of its own: elsewhere a name that its
    province does not know is rather renamed, merged or misprinted than listed under the wrong province.
    """
    name, province, city = row.proposed.name, row.proposed.province, row.proposed.city
    if not name.endswith(NAME_ENDINGS):
        row.flag("name_ending", "name", str(_("The name may be cut off.")), doubts_row=False)
        return
    units = [unit for unit in table.units(name) if not city or table.province_of(unit).name == province]
    here = [unit for unit in units if city in table.listed_under(unit)]
    if not units:
        flag_unknown_unit(row)
    elif not here:
        propose_other_place(row, units, table)
    if units and name not in {unit.name for unit in here or units}:
        sentence = _("The table of regions has %(name)s.") % {"name": (here or units)[0].name}
        row.flag("other_kind", "name", sentence, doubts_row=False)


def flag_unknown_unit(row: ListRow) -> None:
    if row.proposed.name.endswith(UNIT_KINDS):
        sentence = _("%(name)s is not in the table of regions: renamed, merged or misprinted.")
        row.flag("unit_unknown", "name", sentence % {"name": row.proposed.name}, doubts_row=False)


def propose_other_place(row: ListRow, units: Sequence[Place], table: RegionTable) -> None:
    places = {(table.province_of(unit).name, table.listed_under(unit)[0]) for unit in units}
    where = "、".join(sorted(province + city for province, city in places))
    sentence = _("The table of regions knows %(name)s in %(where)s, not here.")
    row.flag("known_elsewhere", "city", sentence % {"name": row.proposed.name, "where": where})
    if len(places) == 1:
        province, city = places.pop()
        row.proposed = row.proposed._replace(province=province, city=city)


def check_numbers(rows: Sequence[ListRow]) -> None:
    """Numbers are given once and rise with the years; a missing year between two equal ones is proposed."""
    by_number: dict[int, ListRow] = {}
    for row in rows:
        if not row.proposed.number:
            continue
        first = by_number.setdefault(int(row.proposed.number), row)
        if first is not row:
            sentence = _("The designation number was already printed at row %(seq)d.")
            row.flag("number_twice", "number", sentence % {"seq": first.seq})
    ordered = [by_number[number] for number in sorted(by_number)]
    latest = 0
    for row in ordered:
        year = int(row.proposed.year or latest)
        if year < latest:
            later = _("A lower designation number is of the later year %(year)d.")
            row.flag("order_contradiction", "year", later % {"year": latest})
        latest = max(latest, year)
    propose_missing_years(ordered)


def propose_missing_years(ordered: Sequence[ListRow]) -> None:
    """``ordered`` by number."""
    for position, row in enumerate(ordered):
        before = next(
            (other.proposed.year for other in reversed(ordered[:position]) if other.proposed.year), ""
        )
        after = next((other.proposed.year for other in ordered[position + 1 :] if other.proposed.year), "")
        if not row.proposed.year and before and before == after:
            row.proposed = row.proposed._replace(year=before)
            sentence = _("The numbers before and after are both of %(year)s.") % {"year": before}
            row.flag("year_inferred", "year", sentence)
