"""Working days of China, with the public holidays and the weekends worked instead (调休), and the office's hours.

The days are those of the State Council's yearly notices, as the library ``chinesecalendar`` holds them. A year that it
does not know yet counts Monday to Friday; single days are put right by exceptions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from chinese_calendar import is_workday
from chinese_calendar.constants import holidays
from django.conf import settings

from core.clock import ZONE

LAST_KNOWN_YEAR = max(day.year for day in holidays)
# No run of days off is longer; the longest known were the ten of the Spring Festival of 2020.
LONGEST_REST = 30


@dataclass(frozen=True, slots=True)
class Calendar:
    """``exceptions``: days that work, or do not, whatever the notices say."""

    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)

    def works(self, day: dt.date) -> bool:
        if day in self.exceptions:
            return self.exceptions[day]
        try:
            return bool(is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5

    def first_from(self, day: dt.date) -> dt.date:
        """The day itself if it works, else the next that does."""
        return self._found(day, dt.timedelta(days=1))

    def last_until(self, day: dt.date) -> dt.date:
        return self._found(day, dt.timedelta(days=-1))

    def _found(self, day: dt.date, step: dt.timedelta) -> dt.date:
        """Exceptions may close a whole month by mistake; then the day asked for counts."""
        days = (day + step * count for count in range(LONGEST_REST))
        return next((candidate for candidate in days if self.works(candidate)), day)

    def office_opens(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(settings.OFFICE_HOURS[0]), tzinfo=ZONE)

    def office_moment(self, moment: dt.datetime) -> dt.datetime:
        """The moment itself if the office works then, else the next opening."""
        day = moment.astimezone(ZONE).date()
        closes = dt.datetime.combine(day, dt.time(settings.OFFICE_HOURS[1]), tzinfo=ZONE)
        if moment >= closes:
            day += dt.timedelta(days=1)
        return max(moment, self.office_opens(self.first_from(day)))
