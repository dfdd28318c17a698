"""Months as one small number, year × 12 + month − 1: narrow in an index, and a span is a difference."""

from __future__ import annotations

import datetime as dt


class Month:
    """Ways between a day, a text and the number of a month."""

    @staticmethod
    def of(day: dt.date) -> int:
        return day.year * 12 + day.month - 1

    @staticmethod
    def at(year: int, month: int) -> int:
        return year * 12 + month - 1

    @staticmethod
    def year(number: int) -> int:
        return number // 12

    @staticmethod
    def first_day(number: int) -> dt.date:
        return dt.date(number // 12, number % 12 + 1, 1)

    @staticmethod
    def last_day(number: int) -> dt.date:
        return Month.first_day(number + 1) - dt.timedelta(days=1)

    @staticmethod
    def text(number: int) -> str:
        """2025-03."""
        return f"{number // 12}-{number % 12 + 1:02}"

    @staticmethod
    def read(text: str) -> int:
        """From 2025-03, 2025/3 or 2025年3月. Raises ValueError."""
        year, month = (
            text.strip().rstrip("月").replace("年", "-").replace("/", "-").replace(".", "-").split("-")
        )
        return Month.of(dt.date(int(year), int(month), 1))

    @staticmethod
    def span(first: int, last: int) -> str:
        """2025 for a whole year, 2025-03 for one month, 2025-01–2025-06 otherwise."""
        if first % 12 == 0 and last == first + 11:
            return str(first // 12)
        return Month.text(first) if first == last else f"{Month.text(first)}–{Month.text(last)}"
