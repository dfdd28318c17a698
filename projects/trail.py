"""How the audit trail calls what happens in the safety work, and the facts that are no field of the object."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "safety_work.begin": _("Safety work begun"),
    "safety_work.show": _("Programmes shown to the public"),
    "safety_work.hide": _("Programmes no longer shown to the public"),
    "evidence.add": _("Evidence added"),
    "evidence.change": _("Evidence described anew"),
    "evidence.remove": _("Evidence removed"),
    "resident_survey.open": _("Survey of residents opened"),
    "resident_survey.end": _("Survey of residents ended"),
    "report.plan": _("Reports of a new period laid out"),
    "report.write": _("Report written"),
    "report.submit": _("Report sent"),
    "report.take_back": _("Report taken back"),
    "report.send_back": _("Report sent back"),
    "report.accept": _("Report accepted"),
    "report.reopen": _("Accepted report opened again"),
    "report_rule.change": _("Rule of a report changed"),
    "yearly_minimum.change": _("Yearly minimum changed"),
}
FACTS = {
    "template": _("template"),
    "laid_out": _("reports laid out"),
    "moved": _("moved due days"),
    "organisation.fill": _("Organisation filled from a template"),
    "organisation.add": _("Organisation added"),
    "organisation.change": _("Organisation changed"),
    "organisation.remove": _("Organisation removed"),
    "body.add": _("Working body added"),
    "body.change": _("Working body changed"),
    "body.remove": _("Working body removed"),
    "seat.add": _("Seat added"),
    "seat.change": _("Seat changed"),
    "seat.move": _("Seat moved"),
    "seat.remove": _("Seat removed"),
    "responsibility.add": _("Letter of responsibility added"),
    "responsibility.change": _("Letter of responsibility changed"),
    "responsibility.remove": _("Letter of responsibility removed"),
}
FACTS = {
    "template": _("template"),
    "organisations": _("number of organisations"),
    "bodies": _("number of working bodies"),
    "seats": _("number of seats"),
    "body": _("working body"),
    "files": _("files"),
}
