"""Registers of one shape: what a row is called, what stands under it, what tells two rows apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from communities.models import Authority, Community
from core.dates import format_date
from core.masks import masked_mobile, masked_name
from core.paging import BothEndsPaginator
from projects.enums import Element

PER_PAGE = 50
Text = str | Promise
Owner = Community | Authority


@dataclass(frozen=True, slots=True)
class Shelf:
    """Registers that stand side by side. ``tab``: the tab of the work's pages under which they lie."""

    code: str
    label: Text
    tab: str


@dataclass(frozen=True, slots=True)
class Fact:
    """``link``: the value is an address."""

    label: Text
    value: str
    link: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    kind: str
    word: Text


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, with names masked for whoever does not need them."""

    thing: Any
    title: str
    facts: list[Fact]
    tag: Tag | None


@dataclass(frozen=True, slots=True)
class Register:
    """``called``: the fields that together name a row. ``unique``: what tells two rows apart.

    ``shown``: the fields under a row's name; ``plain``: those of them that need no label; ``missing``: what is said
    where one is empty. ``words``: the lists behind fields that keep several codes. ``ahead``: days that may be to come.
    ``in_order``: pairs of days, with what is said when the second lies before the first.
    ``element`` and ``days``: where its files lie in the archive, and under which day.
    """

    code: str
    shelf: Shelf
    model: type[Any]
    label: Text
    add_label: Text
    empty: Text
    fields: tuple[str, ...]
    unique: tuple[str, ...]
    order: tuple[str, ...]
    called: tuple[str, ...] = ("name",)
    shown: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()
    missing: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, type[Any]] = field(default_factory=dict)
    ahead: frozenset[str] = frozenset()
    in_order: tuple[tuple[str, str, Text], ...] = ()
    element: Element | None = None
    days: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    tag: Callable[[Any], Tag | None] | None = None
    action: str = "register"

    @property
    def has_files(self) -> bool:
        return self.element is not None

    def rows(self, owner: Owner) -> QuerySet[Any]:
        belongs = "community" if isinstance(owner, Community) else "authority"
        rows = self.model._default_manager.filter(**{belongs: owner})  # noqa: SLF001 - public
        return rows.order_by(*self.order)

    def page(self, owner: Owner, number: str | None) -> Page[Model]:
        rows = self.rows(owner).select_related(*self.reads) if self.reads else self.rows(owner)
        if self.counts:
            rows = rows.annotate(**self.counts)
        if self.has_files:
            rows = rows.prefetch_related("evidence")
        return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def listed(register: Register, rows: Any, *, whole: bool) -> list[Row]:
    """``whole``: names and telephones as they are."""
    return [
        Row(
            row,
            title_of(register, row, whole=whole),
            facts_of(register, row, register.shown, whole=whole),
            register.tag(row) if register.tag else None,
        )
        for row in rows
    ]


def title_of(register: Register, row: Any, *, whole: bool) -> str:
    said = (_said(register, row, name, whole=whole) for name in register.called)
    return " ".join(words for words in said if words)


def facts_of(
    register: Register, row: Any, names: tuple[str, ...], *, whole: bool, labelled: bool = False
) -> list[Fact]:
    """What is filled in, in the order of ``names``; ``labelled``: with its label, however plain it is."""
    facts = []
    for name in names:
        value = _said(register, row, name, whole=whole)
        if not value and name not in register.missing:
            continue
        has_label = labelled or (bool(value) and name not in register.plain)
        label = _label(row, name) if has_label else ""
        facts.append(Fact(label, value or str(register.missing[name]), link=name == "link"))
    return facts


def _masked(name: str, value: Any) -> str:
    if name == "remark":
        return ""
    return masked_mobile(value) if name == "phone" else masked_name(value)


def _label(row: Any, name: str) -> str:
    found: Any = row._meta.get_field(name)  # noqa: SLF001 - Django's public _meta
    return str(found.verbose_name)


def _said(register: Register, row: Any, name: str, *, whole: bool) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display is not None else getattr(row, name)
    if name in register.words:
        known = register.words[name]
        return "、".join(str(known(code).label) for code in value if code in known.values)
    if value is None or value == "":
        return ""
    if name in row.Privacy.personal and not whole:
        return _masked(name, value)
    return format_date(value) if hasattr(value, "isoformat") else str(value)
