"""Dates and times as Chinese staff write them (2024年2月29日, 10:32) and as English readers do.

Not left to Django's format strings alone, because a date here may be known to the year or month only
and because official documents stay Chinese whatever language the reader has chosen.
"""

import datetime as dt
import re

from django.utils.translation import get_language, gettext, ngettext

from core import clock

MONTHS = {
    1: "January",
    2: "February",
    3: "March",
    4: "April",
    5: "May",
    6: "June",
    7: "July",
    8: "August",
    9: "September",
    10: "October",
    11: "November",
    12: "December",
}
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = "一二三四五六日"
_PARTIAL = re.compile(r"^(\d{4})(?:-(0?[1-9]|1[0-2])(?:-(0?[1-9]|[12]\d|3[01]))?)?$")

PartialDate = dt.date | dt.datetime | int | str | None


def reads_english(language: str | None = None) -> bool:
    return (language or get_language() or "").startswith("en")


def parts(value: PartialDate) -> tuple[int, ...]:
    """(year,), (year, month) or (year, month, day), as precisely as known; () for nothing or not a date."""
    if isinstance(value, dt.datetime):
        value = clock.local(value).date()
    if isinstance(value, dt.date):
        return (value.year, value.month, value.day)
    found = _PARTIAL.match("" if value is None else str(value).strip())
    return tuple(int(group) for group in found.groups() if group) if found else ()


def format_date(value: PartialDate, language: str | None = None) -> str:
    """2024年2月29日, 2020年5月 or 2020年. What is not a date comes back as it was written."""
    known = parts(value)
    if not known:
        return "" if value is None else str(value)
    if reads_english(language):
        return " ".join([*map(str, known[2:]), *(MONTHS[month] for month in known[1:2]), str(known[0])])
    return "".join(f"{number}{unit}" for number, unit in zip(known, "年月日", strict=False))


def format_date_weekday(value: PartialDate, language: str | None = None) -> str:
    """2024年2月29日（周四）. A date not known to the day has no weekday and goes without."""
    known = parts(value)
    if len(known) < len(("year", "month", "day")):
        return format_date(value, language)
    try:
        weekday = dt.date(*known).weekday()
    except ValueError:  # 31 February: shown as written, without a weekday
        return format_date(value, language)
    written = format_date(value, language)
    if reads_english(language):
        return f"{WEEKDAYS_EN[weekday]} {written}"
    return f"{written}（周{WEEKDAYS_ZH[weekday]}）"


def format_time(value: dt.datetime | dt.time | None) -> str:
    """10:32, 24 hours, Shanghai time for a moment."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = clock.local(value).time()
    return value.strftime("%H:%M")


def format_moment(value: dt.datetime | None, language: str | None = None) -> str:
    """2024年2月29日 10:32; in English 29 February 2024, 10:32."""
    if value is None:
        return ""
    between = ", " if reads_english(language) else " "
    return format_date(value, language) + between + format_time(value)


def days_until(value: dt.date | dt.datetime, on: dt.date | None = None) -> int:
    """Whole days from today to the day in which the deadline lies; negative when it has passed."""
    day = clock.local(value).date() if isinstance(value, dt.datetime) else value
    return (day - (on or clock.today())).days


def days_left(value: dt.date | dt.datetime | None, on: dt.date | None = None) -> str:
    """还有 8 天, 今天截止 or 已过 3 天."""
    if value is None:
        return ""
    days = days_until(value, on)
    if days == 0:
        return gettext("Due today")
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ngettext("%(days)d day overdue", "%(days)d days overdue", -days) % {"days": -days}


_BETWEEN = r"\s*[-./\\·、]\s*"
# Year alone, year and month, or the whole day, as people write them; each with its words or its signs.
_WRITTEN = (
    re.compile(r"^(\d{4})\s*年?$", re.ASCII),
    re.compile(rf"^(\d{{4}})(?:\s*年\s*|{_BETWEEN})(\d{{1,2}})\s*月?(?:份)?$", re.ASCII),
    re.compile(
        rf"^(\d{{4}})(?:\s*年\s*|{_BETWEEN})(\d{{1,2}})(?:\s*月\s*|{_BETWEEN})(\d{{1,2}})\s*[日号]?$",
        re.ASCII,
    ),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$", re.ASCII),
)


def read_partial_date(text: str) -> str:
    """``2024.3.5``, ``2024年3月`` or ``20240305`` as 2024-03-05, 2024-03: as exact as written; "" for no date."""
    found = next((match for form in _WRITTEN if (match := form.match(text.strip()))), None)
    known = [int(group) for group in found.groups()] if found else []
    try:
        first = dt.date(*[*known, 1, 1][:3]) if known else None
    except ValueError:  # 31 February
        first = None
    return first.isoformat()[: (4, 7, 10)[len(known) - 1]] if first else ""
