"""Why a row is not taken, or should be looked at again, in the words of the page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from injuries.rules import DOUBTS

FAULTS: dict[str, str | Promise] = {
    "code": _("This code is not in the list."),
    "month": _("The month of the injury is missing or cannot be read. Write it as 2025-03."),
    "outside": _("This month lies outside the data set."),
    "day": _("This is no day. Write it as 2025-03-01."),
    "future": _("This day lies in the future."),
    "other_month": _("The day lies in another month."),
    "hour": _("Hours are 0 to 23."),
    "age": _("Ages are 0 to 120."),
    "band": _("This is no age band, as 0-14 or 65+ are."),
    "age_band": _("The age does not lie in the age band."),
    "icd10": _("This is no code of ICD-10, as W01.0 is."),
    "area": _("No part of the community has this name. Add it to the parts first, or leave the cell empty."),
    "follow_up": _("Write yes (是), no (否) or done (已回访)."),
    "telling_key": _(
        "This looks like the number of an identity card or a telephone. It is not taken as the number of a card."
    ),
    "long": _("This text is too long."),
    "double": _("A card of this number is here already."),
    "twice": _("This number stands in more than one row of the table."),
}
SENTENCES: dict[str, str | Promise] = {**FAULTS, **{code: text for code, _field, _holds, text in DOUBTS}}


def sentence(code: str) -> str:
    return str(SENTENCES[code])
