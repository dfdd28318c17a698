"""How the audit trail calls what happens to injury data."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "injury_data.begin": _("Data set begun"),
    "injury_data.change": _("Data set described anew"),
    "injury_data.remove": _("Data set removed"),
    "injury_data.count": _("Data set counted"),
    "injury_data.set_aside": _("Data set shown beside only"),
    "injury_data.close": _("Data set closed"),
    "injury_data.take_back": _("Closed data set taken back"),
    "injury_data.endorse": _("Data set approved by the district"),
    "injury_data.lock": _("Data set approved by the province"),
    "injury_data.send_back": _("Data set sent back"),
    "injury_data.reopen": _("Approved data set opened again"),
    "injury_data.except": _("Exception from the lock of a data set given"),
    "injury_record.add": _("Injury recorded"),
    "injury_record.change": _("Injury record changed"),
    "injury_record.remove": _("Injury record removed"),
    "injury_record.coarsen": _("What tells injury records apart erased after its time"),
    "injury_total.change": _("Totals of a month written"),
    "injury_rows.view": _("Single injury records looked at"),
    "injury_rows.allow": _("Access to single injury records given"),
    "injury_rows.end": _("Access to single injury records ended"),
    "injury_year.publish": _("Injury figures of a year published"),
    "injury_year.withdraw": _("Injury figures of a year withdrawn"),
    "population.write": _("Population of a year written"),
    "sub_area.add": _("Part of a community added"),
    "sub_area.change": _("Part of a community changed"),
    "injury_code.change": _("Words of a code changed"),
    "injury_family.change": _("Family of records changed"),
}
FACTS = {
    "month": _("month"),
    "year": _("year"),
    "totals": _("totals"),
    "records": _("records"),
    "fields": _("fields"),
    "instead": _("instead of"),
}
