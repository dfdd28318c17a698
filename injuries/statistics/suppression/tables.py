"""Tables of counts with all their totals, and what binds the figures of tables that are published together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

#: Which figure: the categories it is limited to, sorted by axis. ``()`` is the grand total.
#: ``(("cause", "fall"), ("sex", "male"))`` is a cell, ``(("cause", "fall"),)`` a total – the same one in every table.
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """One total and the figures that it is the sum of."""

    total: Key
    parts: tuple[Key, ...]


def key(limits: Mapping[str, str]) -> Key:
    return tuple(sorted(limits.items()))


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts by one or two axes (or more): ``axes=("cause", "sex")``, ``categories=(("1", "2"), ("male", "female"))``.

    ``counts`` by category in the order of the axes; what is missing is 0. Everybody stands in exactly one cell: whoever
    has no known sex stands under a category of its own, or totals of linked tables will not agree.
    """

    axes: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    counts: Mapping[tuple[str, ...], int]

    def __post_init__(self) -> None:
        if not self.axes or len(set(self.axes)) != len(self.categories) or not all(self.categories):
            raise ValueError("a table has axes, each with a name of its own and its categories")
        cells = set(product(*self.categories))
        if strange := set(self.counts) - cells:
            raise ValueError(f"no place in the table for {sorted(strange)}")
        if min(self.counts.values(), default=0) < 0:
            raise ValueError("a count is never negative")

    def figures(self) -> dict[Key, int]:
        """Every cell and every total."""
        found: dict[Key, int] = {}
        for cell in product(*self.categories):
            count = self.counts.get(cell, 0)
            for limits in _limits(self.axes, cell):
                found[limits] = found.get(limits, 0) + count
        return found

    def sums(self) -> Iterator[Sum]:
        """Row totals, column totals, and the grand total both ways."""
        for place, axis in enumerate(self.axes):
            others = [(name, (*self.categories[i], None)) for i, name in enumerate(self.axes) if i != place]
            for chosen in product(*(values for _name, values in others)):
                limits = {
                    name: value for (name, _v), value in zip(others, chosen, strict=True) if value is not None
                }
                parts = tuple(key({**limits, axis: value}) for value in self.categories[place])
                yield Sum(key(limits), parts)


def _limits(axes: Sequence[str], cell: Sequence[str]) -> Iterator[Key]:
    for kept in product((True, False), repeat=len(axes)):
        yield key({axis: value for axis, value, keep in zip(axes, cell, kept, strict=True) if keep})


@dataclass(frozen=True, slots=True)
class Release:
    """All that is published together. ``keys`` are sorted, so that the order of rows on a page changes nothing."""

    keys: tuple[Key, ...]
    figures: Mapping[Key, int]
    sums: tuple[Sum, ...]

    @classmethod
    def of(cls, tables: Iterable[CountTable]) -> "Release":
        figures: dict[Key, int] = {}
        sums: dict[tuple[Key, tuple[Key, ...]], Sum] = {}
        for table in tables:
            for name, count in table.figures().items():
                if figures.setdefault(name, count) != count:
                    raise ValueError(f"tables disagree about {dict(name)}: {figures[name]} and {count}")
            for bound in table.sums():
                sums[bound.total, tuple(sorted(bound.parts))] = bound
        return cls(tuple(sorted(figures)), figures, tuple(sums[name] for name in sorted(sums)))


@dataclass(frozen=True, slots=True)
class ShownTable:
    """What may leave the house. A hidden figure is None – one mark for small ones and for those that protect them."""

    axes: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    shown: Mapping[Key, int | None] = field(repr=False)

    def value(self, *cell: str | None) -> int | None:
        """``value("fall", "male")``; None in place of a category asks for the total: ``value("fall", None)``."""
        return self.shown[
            key({axis: value for axis, value in zip(self.axes, cell, strict=True) if value is not None})
        ]

    def rows(self) -> Iterator[tuple[str | None, list[int | None], int | None]]:
        """Of a two-way table: category, its cells, its total; the last row (None) holds the totals of the columns."""
        rows, columns = self.categories
        for row in (*rows, None):
            yield row, [self.value(row, column) for column in columns], self.value(row, None)

    @property
    def hidden(self) -> int:
        return sum(value is None for value in self.shown.values())
