"""A stored table as rows: through the limited reader, whatever kind of file it is."""

from __future__ import annotations

from communities.importers.problems import Code, Unclear
from communities.importers.tables import SheetTable, find_table
from communities.models import ImportBatch
from communities.services.imports.handlers import handler_of
from core.errors import Refused
from documents import sheets

# Twenty thousand rows of the widest table, every cell full.
LIMITS = sheets.Limits(
    size=20 * 2**20,
    unpacked=150 * 2**20,
    cells=500_000,
    strings=400_000,
    seconds=30,
    memory=700 * 2**20,
)
KINDS = (sheets.Kind.XLSX, sheets.Kind.XLS, sheets.Kind.ODS, sheets.Kind.CSV)


def read_batch(batch: ImportBatch) -> SheetTable:
    """Raises Unclear with what is wrong with the file as a whole."""
    if batch.file is None:
        raise Unclear(Code.FILE_GONE)
    try:
        with batch.file.file.open("rb") as file:
            book = sheets.read(file.read(), kinds=KINDS, limits=LIMITS)
    except FileNotFoundError as error:
        raise Unclear(Code.FILE_GONE) from error
    except Refused as refused:
        raise Unclear(Code.UNREADABLE, text=refused) from refused
    return find_table(book, handler_of(batch.kind).table)
