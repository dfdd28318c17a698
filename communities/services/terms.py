"""How long a designation holds when its date is known to the year, the month or the day."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from communities.enums import DatePrecision
from communities.models import RegisterEntry

_LENGTHS = {
    DatePrecision.YEAR: relativedelta(years=1),
    DatePrecision.MONTH: relativedelta(months=1),
    DatePrecision.DAY: relativedelta(days=1),
}


def possible_days(first: date, precision: str) -> tuple[date, date]:
    """The first and the last day that a date of this precision may mean: 2021 is 2021-01-01 to 2021-12-31."""
    return first, first + _LENGTHS[DatePrecision(precision)] - relativedelta(days=1)


def possible_ends(first: date, precision: str, months: int | None) -> tuple[date | None, date | None]:
    """The earliest and the latest day on which the designation no longer holds; none without a period of validity."""
    if months is None:
        return None, None
    earliest, latest = possible_days(first, precision)
    period = relativedelta(months=months)
    return earliest + period, latest + period


def refresh_ends(entry: RegisterEntry) -> None:
    """Call after any change of the entry's designations. Sets both ends from the last one; the caller saves."""
    last = entry.designations.order_by("-cycle").first()
    months = entry.programme.validity_months
    entry.ends_earliest, entry.ends_latest = (
        possible_ends(last.designated_on, last.precision, months) if last else (None, None)
    )
