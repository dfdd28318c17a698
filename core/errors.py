"""A refusal says everything that stands in the way at once, so that nobody is sent back twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing in the way: a (lazy) sentence for the reader, a code for programs, the field it concerns."""

    message: str | Promise
    code: str = "refused"
    field: str | None = None

    def __str__(self) -> str:
        return str(self.message)


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """Raised by services and lifecycles. Carries every reason; a view turns each into a form error."""

    def __init__(self, reasons: Reason | Iterable[Reason]) -> None:
        self.reasons: list[Reason] = [reasons] if isinstance(reasons, Reason) else list(reasons)
        if not self.reasons:
            raise ValueError("a refusal needs at least one reason")
        super().__init__(self.reasons)

    def __str__(self) -> str:
        return " ".join(str(reason) for reason in self.reasons)

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]


STALE = Reason(
    _("Somebody else has changed this meanwhile. Look at their words on the page, then save yours again."),
    code="stale",
)
