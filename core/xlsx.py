"""What an Excel file is called and which text it can hold; without the library that writes one."""

from __future__ import annotations

import re

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Signs that an XML file cannot hold; Excel would call the workbook broken.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
MOST_SIGNS = 32_767  # of one cell, by Excel's own limit
# What a workbook takes for an escaped sign (_x000D_ is a line end) unless its underscore is escaped itself.
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def storable(text: str) -> str:
    """The text without what no workbook can hold."""
    return _FORBIDDEN.sub("", text)[:MOST_SIGNS]


def escaped(text: str) -> str:
    """As it must be written, so that Excel shows it as it is."""
    return _ESCAPED.sub("_x005F_", storable(text))
