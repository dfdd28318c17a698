"""What a rehearsal found: a level, a code and its values. The words are made where somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.dates import format_date_weekday


class Level(models.TextChoices):
    """An error would reach the units; a warning wants a look; what is fine is said too, so that it was looked at."""

    ERROR = "error", _("fault")
    WARNING = "warning", _("to be looked at")
    FINE = "fine", _("in order")


class Style(models.TextChoices):
    """How a made-up unit fills in a form."""

    SHORTEST = "shortest", _("as short as possible")
    LONGEST = "longest", _("as long as allowed")
    RARE = "rare", _("with rare signs")
    USUAL = "usual", _("as usual")


@dataclass(frozen=True, slots=True)
class Finding:
    """``values`` are plain JSON; days as ISO text under names that end in ``_on``, a style as ``kind``."""

    level: Level
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        return {"level": self.level.value, "code": self.code, "values": dict(self.values)}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Finding:
        return cls(Level(stored["level"]), stored["code"], stored["values"])

    @property
    def text(self) -> str:
        """The sentence; a code of another release is shown as it is."""
        if self.code not in SENTENCES:
            return self.code
        said: dict[str, Any] = {
            name: format_date_weekday(value) if name.endswith("_on") else value
            for name, value in self.values.items()
        }
        if said.get("kind") in Style:
            said["kind"] = Style(said["kind"]).label
        return str(SENTENCES[self.code]) % said


SENTENCES: dict[str, Any] = {
    # Questions
    "all_reachable": _("Every one of the %(count)d questions can be reached."),
    "unreachable": _("“%(question)s” is never asked: its condition cannot come true."),
    "no_answer": _("No answer to “%(question)s” could be made up that its rules take: %(reason)s"),
    "loose_edition": _("“%(question)s” continues an edition that does not exist: %(edition)s."),
    "loose_concept": _("“%(question)s” continues %(concept)s, which %(edition)s does not ask."),
    "respondents": _("%(count)d made-up units filled in the form; each could hand it in."),
    "not_handed_in": _(
        "A made-up unit that answered by the rules could not hand in: %(question)s: %(reason)s"
    ),
    # Units
    "audience": _("%(count)d units in %(provinces)d provinces will be asked."),
    "nobody": _("Nobody would be asked: no named community fits."),
    "prospects": _("Nobody is asked by letter: units come by the open link."),
    "prefilled": _(
        "Filled in already for the units: %(answers)d answers, of which %(last)d from an earlier round."
    ),
    "prefill_faults": _("“%(question)s” is filled in already against its own rule for %(count)d units."),
    # Mails and letters
    "mails": _(
        "%(accounts)d units have an account and get mails; %(contacts)d more are known by an e-mail address."
    ),
    "no_address": _(
        "%(count)d units have neither an account nor an e-mail address: only the letter reaches them."
    ),
    "no_place": _("%(count)d units have no postal address in the register; their letters need one."),
    "letters": _("One letter will be printed for each of the %(count)d units."),
    # Prints
    "prints": _(
        "Printed: %(usual)d usual forms, the shortest and the longest, each with its signature on page 1"
        " (longest: %(pages)d pages, %(size)d kB)."
    ),
    "print_failed": _("The form could not be printed (%(kind)s): %(reason)s"),
    "pages": _("The printed form does not keep to its planned pages (%(kind)s: %(pages)d)."),
    "signature": _("Signature and seal do not stand on page 1 (%(kind)s)."),
    "signs": _("Signs are lost in print: %(signs)s."),
    "size": _("A usual form has %(size)d kB; more than %(most)d kB are slow on a telephone."),
    # Statistics
    "counted": _("The statistics count all %(count)d made-up forms."),
    "miscounted": _("The statistics do not add up: %(what)s gives %(found)d instead of %(wanted)d."),
    # Days
    "days": _("Deadline %(deadline_on)s, closing %(closes_on)s: %(days)d days to fill in."),
    "passed": _("The deadline (%(deadline_on)s) has passed already."),
    "closed": _("The closing day (%(closes_on)s) has passed: nobody could hand in."),
    "weekend": _("The deadline (%(deadline_on)s) lies on a weekend."),
    "holiday": _("The deadline (%(deadline_on)s) is a public holiday."),
    "leap_day": _("The deadline is 29 February; a copy of this round in other years will say 28 February."),
    "closes_at_once": _("The round closes on the day of the deadline: nobody can hand in late."),
    "short": _("There are only %(days)d days from the opening to the deadline."),
}
