from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    PROVINCE = "province", _("province")
    PREFECTURE = "prefecture", _("prefecture")
    COUNTY = "county", _("county")
    TOWN = "town", _("sub-district or town")
    VILLAGE = "village", _("residents' committee or village")


class CodeSystem(models.TextChoices):
    """The two published code systems differ below county level even for the same unit."""

    MCA = "mca", _("Ministry of Civil Affairs")
    NBS = "nbs", _("National Bureau of Statistics")


class CommunityKind(models.TextChoices):
    """The administrative shape of the unit."""

    SUBDISTRICT = "subdistrict", _("sub-district")
    TOWN = "town", _("town")
    TOWNSHIP = "township", _("township")
    COUNTY = "county", _("district or county")
    PARK = "park", _("park")
    ENTERPRISE = "enterprise", _("enterprise")
    RESIDENTIAL = "residential", _("residents' committee")
    UNKNOWN = "unknown", _("kind to be confirmed")


class CommunityType(models.TextChoices):
    """The type in the sense of the schemes, which is not the administrative kind."""

    URBAN = "urban", _("urban")
    RURAL = "rural", _("rural")
    ENTERPRISE = "enterprise", _("enterprise-led")
    PARK = "park", _("industrial park")
    UNKNOWN = "unknown", _("type unknown")


# 安康 2013 reports parks together with enterprise-led communities (安政发〔2013〕8号).
THREE_TYPES = {
    CommunityType.URBAN: CommunityType.URBAN.label,
    CommunityType.RURAL: CommunityType.RURAL.label,
    CommunityType.ENTERPRISE: _("enterprise-led or industrial park"),
    CommunityType.PARK: _("enterprise-led or industrial park"),
    CommunityType.UNKNOWN: CommunityType.UNKNOWN.label,
}


class Standing(models.TextChoices):
    CANDIDATE = "candidate", _("candidate")
    NAMED = "named", _("named")
    MERGED = "merged", _("merged into another")


class NameStatus(models.TextChoices):
    AS_PRINTED = "as_printed", _("as printed")
    CORRECTED = "corrected", _("corrected")
    TO_BE_CONFIRMED = "to_be_confirmed", _("to be confirmed by the unit")
    CUT_OFF = "cut_off", _("cut off in print")


class NameKind(models.TextChoices):
    PRINTED = "printed", _("as printed")
    SUGGESTED = "suggested", _("suggested, to be confirmed")
    ALIAS = "alias", _("also called")
    FORMER = "former", _("former name")
    TODAY = "today", _("name today")


class DatePrecision(models.TextChoices):
    YEAR = "year", _("year")
    MONTH = "month", _("month")
    DAY = "day", _("day")


class EntryEnd(models.TextChoices):
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REVOKED = "revoked", _("revoked")


class Status(models.TextChoices):
    """Computed, never typed. Unknown is a real state: neither valid nor expired."""

    ACTIVE = "active", _("valid")
    DUE = "due", _("due within a year")
    OVERDUE = "overdue", _("overdue")
    LAPSED = "lapsed", _("lapsed")
    UNKNOWN = "unknown", _("status unknown")
    WITHDRAWN = "withdrawn", _("designation withdrawn")
    MERGED = "merged", _("merged")


class ContactRole(models.TextChoices):
    LEADER = "leader", _("person in charge")
    LIAISON = "liaison", _("contact person")


class MembershipState(models.TextChoices):
    """Who asks reaches nothing yet; who is provisional works already, and somebody has still to vouch for them."""

    REQUESTED = "requested", _("approval asked")
    PROVISIONAL = "provisional", _("provisional")
    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")


REACHING = (MembershipState.PROVISIONAL, MembershipState.ACTIVE)
TO_APPROVE = (MembershipState.REQUESTED, MembershipState.PROVISIONAL)


class PopulationBasis(models.TextChoices):
    RESIDENT = "resident", _("resident population")
    REGISTERED = "registered", _("registered population")
    MIGRANT = "migrant", _("migrant population")


class Sex(models.TextChoices):
    ALL = "all", _("all")
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class ImportKind(models.TextChoices):
    """What a table holds that staff bring in."""

    EMAILS = "emails", _("e-mail addresses")
    CONTACTS = "contacts", _("contacts")
    COMMUNITIES = "communities", _("communities")
    DESIGNATIONS = "designations", _("designations")


# Kinds of tables whose cells are personal.
ABOUT_PERSONS = frozenset({ImportKind.EMAILS, ImportKind.CONTACTS})


class ImportState(models.TextChoices):
    READING = "reading", _("table being read")
    UNREADABLE = "unreadable", _("table cannot be read")
    CHECKED = "checked", _("checked, nothing changed yet")
    APPLIED = "applied", _("imported")
    UNDONE = "undone", _("undone")


class RowFate(models.TextChoices):
    """What a row of a table would do."""

    ERROR = "error", _("to be mended")
    CREATE = "create", _("new")
    CHANGE = "change", _("changes")
    SAME = "same", _("as before")


# How the audit trail calls what happens here.
TRAIL_ACTIONS = {
    "register.load": _("List loaded"),
    "region.load": _("Regions loaded"),
    "programme.load": _("Programme loaded"),
    "authority.load": _("Authority loaded"),
    "community.create": _("Community entered"),
    "community.change": _("Community changed"),
    "community.rename": _("Community renamed"),
    "community.confirm_name": _("Name confirmed"),
    "community.add_name": _("Name added"),
    "community.remove_name": _("Name removed"),
    "community.merge": _("Community merged"),
    "contact.set": _("Contact changed"),
    "contact.reveal": _("Contacts looked at"),
    "entry.add": _("Entered in a register"),
    "entry.change": _("Register entry changed"),
    "entry.end": _("End of the designation recorded"),
    "designation.record": _("Date of designation recorded"),
    "membership.add": _("Member added"),
    "membership.approve": _("Member approved"),
    "membership.role": _("Role in the unit changed"),
    "membership.hand_over": _("Work of the unit handed over"),
    "membership.end": _("Membership ended"),
    "post.appoint": _("Post at an authority given"),
    "post.end": _("Post at an authority ended"),
    "grant.give": _("Access given"),
    "grant.end": _("Access ended"),
    "authority.create": _("Authority entered"),
    "authority.change": _("Authority changed"),
    "programme.change": _("Programme changed"),
    "import.receive": _("Table brought in"),
    "import.apply": _("Table taken over"),
    "import.undo": _("Import undone"),
    "import.expire": _("Rows of an import deleted"),
    "import.table": _("Table for import downloaded"),
    "contact.take_back": _("Contact put back by undoing an import"),
    "community.take_back": _("Community put back by undoing an import"),
    "designation.take_back": _("Designation put back by undoing an import"),
}
TRAIL_FACTS = {
    "user": _("account"),
    "post": _("post"),
    "grant": _("access right"),
    "contacts": _("contacts"),
    "number": _("worldwide number"),
    "programme": _("programme"),
    "source": _("source"),
    "regions": _("regions"),
    "kind": _("kind"),
    "rows": _("rows"),
}
