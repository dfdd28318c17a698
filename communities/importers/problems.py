"""What can be wrong with a cell or a row that staff bring in, and the sentence that says what to do about it."""

from __future__ import annotations

import enum
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Code(enum.StrEnum):
    """Of a cell, of a row, of a whole file: in this order."""

    NOT_A_NUMBER = "not_a_number"
    TOO_LONG = "too_long"
    SHORTENED = "shortened"
    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    TWO_EMAILS = "two_emails"
    DATE = "date"
    DATE_UNCLEAR = "date_unclear"
    DATE_RANGE = "date_range"
    DATE_ORDER = "date_order"
    DATES_FEWER = "dates_fewer"
    CHOICE = "choice"
    REQUIRED = "required"
    EMPTIED = "emptied"
    NOT_EMPTIED = "not_emptied"
    UNKNOWN_NUMBER = "unknown_number"
    UNKNOWN_NAME = "unknown_name"
    SIMILAR_NAME = "similar_name"
    AMBIGUOUS_NAME = "ambiguous_name"
    OTHER_NAME = "other_name"
    UNKNOWN_REGION = "unknown_region"
    UNKNOWN_AUTHORITY = "unknown_authority"
    BEYOND_REACH = "beyond_reach"
    NUMBER_TAKEN = "number_taken"
    HAS_NUMBER = "has_number"
    FIXED = "fixed"
    REFUSED = "refused"
    NO_KEY = "no_key"
    GONE = "gone"
    STALE = "stale"
    TWICE = "twice"
    OTHER_KIND = "other_kind"
    UNREADABLE = "unreadable"
    NO_HEAD = "no_head"
    TITLE_TWICE = "title_twice"
    NO_ROWS = "no_rows"
    TOO_MANY_ROWS = "too_many_rows"
    FILE_GONE = "file_gone"
    CHANGED_SINCE = "changed_since"
    UNDO_REFUSED = "undo_refused"


SENTENCES = {
    Code.NOT_A_NUMBER: _("“%(value)s” is not a whole number. Write it in digits, such as 362."),
    Code.TOO_LONG: _("The text is too long: at most %(most)s characters fit."),
    Code.SHORTENED: _(
        "Excel has shortened this number to “%(value)s” and digits are lost."
        " Format the cell as text and type the number again."
    ),
    Code.MOBILE: _("“%(value)s” is not a mobile number: 11 digits, beginning with 1."),
    Code.PHONE: _("“%(value)s” is not a telephone number. Write it as 010-64464565."),
    Code.EMAIL: _("“%(value)s” is not an e-mail address. Write it as name@example.org."),
    Code.TWO_EMAILS: _("Write one e-mail address only."),
    Code.DATE: _("“%(value)s” is not a date. Write it as 2024-03-05, 2024-03 or 2024."),
    Code.DATE_UNCLEAR: _(
        "“%(value)s” may be January or October: Excel drops a zero at the end. Write 2024-01 or 2024-10, with the year."
    ),
    Code.DATE_RANGE: _("“%(value)s” lies before 1989 or in the future."),
    Code.DATE_ORDER: _("The dates are not in order: %(earlier)s must not come after %(later)s."),
    Code.DATES_FEWER: _(
        "%(known)s are recorded. A date can be corrected or added here, but not removed: list all of them."
    ),
    Code.CHOICE: _("“%(value)s” is not in the list. Choose one of: %(choices)s."),
    Code.REQUIRED: _("This must be filled in."),
    Code.EMPTIED: _(
        "The cell has been emptied. Write “清空” to remove “%(old)s”, or put the value back to keep it."
    ),
    Code.NOT_EMPTIED: _("This value cannot be removed."),
    Code.UNKNOWN_NUMBER: _("No community with the number %(value)s is known to you."),
    Code.UNKNOWN_NAME: _("No community is called “%(value)s”. Write its number or its name in the register."),
    Code.SIMILAR_NAME: _("No community is called “%(value)s”. Did you mean %(candidates)s?"),
    Code.AMBIGUOUS_NAME: _(
        "Several communities are called “%(value)s”: %(candidates)s. Write the number, or province and city."
    ),
    Code.OTHER_NAME: _("Number %(number)s is %(known)s, not “%(value)s”. Correct the number or the name."),
    Code.UNKNOWN_REGION: _("No region has the code %(value)s."),
    Code.UNKNOWN_AUTHORITY: _("No authority is called “%(value)s”. Write its full name, or enter it first."),
    Code.BEYOND_REACH: _("Name an authority of your own region as the supervising authority."),
    Code.NUMBER_TAKEN: _("The number %(value)s belongs to %(known)s."),
    Code.HAS_NUMBER: _("%(known)s has the number %(number)s already; a number is given for life."),
    Code.FIXED: _("This column only says which row is meant; it is not changed by an import."),
    Code.REFUSED: "%(text)s",
    Code.NO_KEY: _("Write the designation number or the name of the community."),
    Code.GONE: _("What this row was about is no longer there, or not within your reach. Delete the row."),
    Code.STALE: _(
        "This row was changed on the platform after the table was downloaded. Download the table again"
        " and enter your change there."
    ),
    Code.TWICE: _("Row %(row)s is about the same. Keep one of the two."),
    Code.OTHER_KIND: _(
        "This row was downloaded in a table of another kind. Choose that kind when uploading."
    ),
    Code.UNREADABLE: "%(text)s",
    Code.NO_HEAD: _(
        "The row with the titles of the columns was not found among the first rows. It must hold: %(titles)s."
        " Download the template and copy your rows into it."
    ),
    Code.TITLE_TWICE: _("The column “%(title)s” stands there twice. Delete one of the two."),
    Code.NO_ROWS: _("There are no rows below the titles of the columns."),
    Code.TOO_MANY_ROWS: _(
        "The table has more than %(most)s rows. Divide it and upload the parts one by one."
    ),
    Code.FILE_GONE: _("The uploaded file is no longer there. Please upload it again."),
    Code.CHANGED_SINCE: _(
        "Nothing was undone: what rows %(rows)s wrote has been changed since. Correct these by hand."
    ),
    Code.UNDO_REFUSED: _("Nothing was undone, because of row %(row)s: %(text)s"),
}


class Problem(NamedTuple):
    """As it is kept: the sentence is made when somebody reads it, in that reader's language."""

    code: Code
    details: dict[str, str]

    def __str__(self) -> str:
        return sentence(list(self))


def problem(code: Code, **details: object) -> Problem:
    return Problem(code, {name: str(value) for name, value in details.items()})


def sentence(kept: list[Any]) -> str:
    """``[code, details]`` as it came back from the database."""
    code, details = kept
    return str(SENTENCES[Code(code)]) % details


class Unclear(Exception):  # noqa: N818 - an answer, not a fault
    """A cell that cannot be understood."""

    def __init__(self, code: Code, **details: object) -> None:
        self.problem = problem(code, **details)
        super().__init__(code)
