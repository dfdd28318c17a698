from injuries.models.access import RowAccess
from injuries.models.codes import Code, Family
from injuries.models.datasets import DataSet, LockException, StageChange, SubArea, Total
from injuries.models.imports import Batch, ColumnMap
from injuries.models.publishing import PublishedYear
from injuries.models.records import Record
from injuries.models.tallies import Scope, Tally

__all__ = [
    "Batch",
    "Code",
    "ColumnMap",
    "DataSet",
    "Family",
    "LockException",
    "PublishedYear",
    "Record",
    "RowAccess",
    "Scope",
    "StageChange",
    "SubArea",
    "Tally",
    "Total",
]
