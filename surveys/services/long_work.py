"""The long work of surveys: its name, who makes it, for whom it is, and what its page says.

What makes it is named by its path, so that web workers, which only ask for it, load neither engine nor reader.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from documents.services import register_handler
from surveys.selectors import stamped
from surveys.services import blank_forms, copies, letters, rehearsals, submissions


def register() -> None:
    work = "surveys.services"
    register_handler(submissions.PRINT, f"{work}.prints.make_print", label=_("Form to print"))
    register_handler(copies.HANDLER, copies.read_copy, label=_("Reading of a sealed copy"))
    register_handler(stamped.HANDLER, f"{work}.stamped.make_stamped", label=_("Stamped PDF"))
    forms = f"{work}.blank_form_files.make_blank_forms"
    register_handler(blank_forms.HANDLER, forms, label=_("Blank form to download"))
    register_handler(
        rehearsals.REHEARSAL,
        f"{work}.rehearsal_runs.rehearse",
        label=_("Rehearsal of a round"),
        allowed=rehearsals.may_rehearse,
        back=rehearsals.page_of,
        is_told=True,
    )
    for name, maker, label in (
        (letters.ONE_FILE, "make_letters", _("Invitation letters as one PDF")),
        (letters.ONE_EACH, "make_letter_files", _("Invitation letters, one PDF each")),
    ):
        register_handler(
            name,
            f"{work}.letter_files.{maker}",
            label=label,
            allowed=letters.may_have_letters,
            back=letters.page_of,
            remarks=letters.left_out,
            is_told=True,
        )
