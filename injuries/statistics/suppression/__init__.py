"""The guard of small numbers (小数抑制): what of a table of counts may be shown to people outside the community.

The rule (R13): a count under the threshold, by default 5, is hidden, be it a cell or a
total; and so much more is hidden that the sums give nothing away. Given all that is shown, and even told which of the
hidden figures are small, a reader who solves the linear programs finds 0 to 4 possible for *every* hidden figure.

A zero counts as small. If zeros were shown, a hidden figure would be known to be at least one, that is: that it
happened, to somebody. And a shown zero tells something of everybody in its row ("all who harmed themselves were
women"). Totals hide too where they are small or where nothing else helps; sparse tables therefore hide much, and are
better published in broader categories or for several years together.

What it does not do: know what a reader knows from elsewhere (the nurse knows her patient), or undo an earlier release.
So all tables of one year go through ``suppress_together`` once, the result is kept, and a correction is published
with the next year, not as a second cutting of the same.
"""

from collections.abc import Collection, Sequence

from injuries.statistics.rates import Interval
from injuries.statistics.suppression.attack import SLACK, ranges
from injuries.statistics.suppression.choice import hidden_figures
from injuries.statistics.suppression.tables import CountTable, Key, Release, ShownTable

__all__ = ["CountTable", "Interval", "Key", "ShownTable", "suppress", "suppress_together", "weak_spots"]

THRESHOLD = 5


def suppress(table: CountTable, *, threshold: int = THRESHOLD, every_hidden: bool = True) -> ShownTable:
    """One table that is published alone, with all its totals. See ``suppress_together``."""
    return suppress_together([table], threshold=threshold, every_hidden=every_hidden)[0]


def suppress_together(
    tables: Sequence[CountTable], *, threshold: int = THRESHOLD, every_hidden: bool = True
) -> tuple[ShownTable, ...]:
    """Tables of the same people, published together: equal axes share their totals, which are shown or hidden in all.

    ``every_hidden=False`` protects the small figures only: about half as many others go with them, but then the
    range of a figure that was hidden for the sake of others may show that it is not small.
    Never publish the same counts both ways. Raises ValueError where two tables disagree about a total.
    """
    if threshold < 1:
        raise ValueError("the threshold is the least count that may be shown")
    release = Release.of(tables)
    hidden = hidden_figures(release, threshold, every_hidden=every_hidden)
    return tuple(
        ShownTable(
            table.axes,
            table.categories,
            {name: None if name in hidden else count for name, count in table.figures().items()},
        )
        for table in tables
    )


def weak_spots(
    tables: Sequence[CountTable], hidden: Collection[Key], *, threshold: int = THRESHOLD
) -> dict[Key, Interval]:
    """The audit: each hidden figure for which not everything from 0 to ``threshold`` − 1 is possible, with what is.

    ``hidden``: the figures that are not shown. A small one that is shown is weak too, its range is the figure itself.
    """
    release = Release.of(tables)
    shown = {
        name: Interval(count, count)
        for name, count in release.figures.items()
        if count < threshold and name not in hidden
    }
    worked_out = {
        name: found
        for name, found in ranges(release, hidden, threshold).items()
        if found.lower > SLACK or found.upper < threshold - 1 - SLACK
    }
    return shown | worked_out
