"""Which files are taken, told by their content, and in which words others are refused."""

import enum
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused

MAX_SIZE = 30 * 2**20


class Refusal(enum.StrEnum):
    """Why a file is not taken; the code of the reason that ``Refused`` carries."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    UNKNOWN_TYPE = "unknown_type"
    NOT_E_SEALED = "not_e_sealed"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    SUSPICIOUS = "suspicious"
    UNFINISHED = "unfinished"

    @property
    def reason(self) -> Reason:
        return Reason(SENTENCES[self], code=self.value)


SENTENCES = {
    Refusal.EMPTY: _("The file is empty."),
    Refusal.TOO_LARGE: _("The file is larger than 30 MB. Scan at a lower resolution or upload page by page."),
    Refusal.NOT_WHAT_IT_SAYS: _("The file is named as a PDF or picture but holds something else."),
    Refusal.UNKNOWN_TYPE: _("Only PDF, JPG, PNG and HEIC files can be uploaded."),
    Refusal.NOT_E_SEALED: _("An electronically sealed file is a PDF or OFD. This file is neither."),
    Refusal.ENCRYPTED: _("The PDF is protected by a password. Remove the password and upload it again."),
    Refusal.TOO_MANY_PAGES: _("The PDF has more than 40 pages. Upload only the pages of this form."),
    Refusal.TOO_MANY_PIXELS: _("The picture is too large. A photograph of a phone's usual size is enough."),
    Refusal.DAMAGED: _("The file is damaged or incomplete. Please upload it again."),
    Refusal.SUSPICIOUS: _(
        "The OFD file is not built as such files are. Please export it again and upload that."
    ),
    Refusal.UNFINISHED: _("The file could not be read in time. Please scan the page again."),
}


class Kind(enum.StrEnum):
    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    OFD = "application/ofd"


# What phones write into the first box of a HEIC file: one picture, a burst, or only "a picture of this family".
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def check_size(path: Path) -> None:
    size = path.stat().st_size
    if not size:
        raise Refused(Refusal.EMPTY.reason)
    if size > MAX_SIZE:
        raise Refused(Refusal.TOO_LARGE.reason)


def kind_of(path: Path, filename: str = "") -> Kind:
    """The type by the first bytes; the name only chooses the words of a refusal."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return Kind.HEIC
    named_so = filename.lower().endswith((".pdf", ".jpg", ".jpeg", ".png", ".heic", ".heif"))
    raise Refused((Refusal.NOT_WHAT_IT_SAYS if named_so else Refusal.UNKNOWN_TYPE).reason)


def kind_of_esealed(path: Path) -> Kind:
    with path.open("rb") as file:
        head = file.read(5)
    if head == b"%PDF-":
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return Kind.OFD
    raise Refused(Refusal.NOT_E_SEALED.reason)
