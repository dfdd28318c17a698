"""Pages of long lists."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class KeyedPaginator(Paginator):
    """Only keys are counted off on the way to a page: what a row shows costs nothing for rows that nobody sees.

    ``keys``: all rows in their order, joined with no more than filters and order need. ``rows``: where the rows of
    one page are read; they know what the order asks for. ``total``: how many, where that is known or cheaper to ask.
    """

    def __init__(
        self, keys: QuerySet[Any], per_page: int, *, rows: QuerySet[Any], total: int | None = None
    ) -> None:
        super().__init__(keys, per_page)
        self.keys, self.rows = keys, rows
        self.total = total

    @cached_property
    def count(self) -> int:
        return self.keys.count() if self.total is None else self.total

    def get_page(self, number: float | str | None) -> Page[Any]:
        """What fits on the first page has been counted by reading it."""
        if self.total is not None or str(number or 1) != "1":
            return super().get_page(number)
        found = self._read(0, self.per_page + 1)
        if len(found) <= self.per_page:
            self.total = len(found)
        return Page(found[: self.per_page], 1, self)

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        return Page(self._read((number - 1) * self.per_page, self.per_page), number, self)

    def _read(self, start: int, count: int) -> list[Any]:
        keys = self.keys.values("pk")[start : start + count]
        return list(self.rows.filter(pk__in=keys).order_by(*self.keys.query.order_by))


class BothEndsPaginator(Paginator):
    """Pages of the second half are counted off from the end: the last of a million rows costs what the first does.

    ``total``: how many rows there are, where that is known or cheaper to ask.
    """

    def __init__(
        self, rows: QuerySet[Any], per_page: int, *args: Any, total: int | None = None, **more: Any
    ) -> None:
        super().__init__(rows, per_page, *args, **more)
        self.rows, self.total = rows, total

    @cached_property
    def count(self) -> int:
        return self.rows.count() if self.total is None else self.total

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, self.count)
        if start < self.count // 2:
            return Page(list(self.rows[start:end]), number, self)
        found = list(self.rows.reverse()[self.count - end : self.count - start])
        return Page(found[::-1], number, self)
