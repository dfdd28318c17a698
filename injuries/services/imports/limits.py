"""How large a table may be."""

from __future__ import annotations

from documents import sheets

# 100,000 rows of the widest table, every cell full.
ROWS = 100_000
LIMITS = sheets.Limits(
    size=40 * 2**20,
    unpacked=300 * 2**20,
    cells=4_000_000,
    strings=1_000_000,
    seconds=60,
    memory=1_200 * 2**20,
)
KINDS = (sheets.Kind.XLSX, sheets.Kind.XLS, sheets.Kind.ODS, sheets.Kind.CSV)
