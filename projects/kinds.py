"""Which files the archive takes, by their first bytes: pictures, text, sound, film (渝办发〔2010〕93号)."""

from __future__ import annotations

import zipfile
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused
from surveys.scans.kinds import HEIC_BRANDS, Kind, Refusal

MAX_SIZE = 50 * 2**20

# Pictures and PDF are opened in a process of their own and get a small picture; the rest is kept unopened.
PICTURED = frozenset({Kind.PDF.value, Kind.JPEG.value, Kind.PNG.value, Kind.HEIC.value})

OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
FILM = frozenset({b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  ", b"3gp4", b"3gp5"})

EMPTY = Refusal.EMPTY.reason
TOO_LARGE = Reason(_("The file is larger than 50 MB."), code="too_large")
UNKNOWN = Reason(
    _("The archive takes pictures, PDF, Word, Excel and PowerPoint files, sound (MP3, M4A) and film (MP4)."),
    code="unknown_type",
)


def kind_of(path: Path, filename: str) -> str:
    """The content type. Raises Refused for what the archive does not take."""
    size = path.stat().st_size
    if not size:
        raise Refused(EMPTY)
    if size > MAX_SIZE:
        raise Refused(TOO_LARGE)
    with path.open("rb") as file:
        head = file.read(16)
    found = _by_head(head) or (_office(path, filename) if head.startswith(b"PK\x03\x04") else "")
    if not found:
        raise Refused(UNKNOWN)
    return found


def _by_head(head: bytes) -> str:
    starts = {
        b"%PDF-": Kind.PDF.value,
        b"\xff\xd8\xff": Kind.JPEG.value,
        b"\x89PNG\r\n\x1a\n": Kind.PNG.value,
        b"ID3": "audio/mpeg",
        b"\xff\xfb": "audio/mpeg",
        b"\xff\xf3": "audio/mpeg",
    }
    for start, kind in starts.items():
        if head.startswith(start):
            return kind
    return _by_brand(head[8:12]) if head[4:8] == b"ftyp" else ""


def _by_brand(brand: bytes) -> str:
    if brand in HEIC_BRANDS:
        return Kind.HEIC.value
    if brand == b"M4A ":
        return "audio/mp4"
    return "video/mp4" if brand in FILM else ""


def _office(path: Path, filename: str) -> str:
    """Only the list of names is read; a file with a macro, or named otherwise than it is, is not taken."""
    suffix = Path(filename).suffix.lower()
    folder = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}.get(suffix)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    has_macro = any(name.endswith("vbaProject.bin") for name in names)
    fits = folder is not None and any(name.startswith(folder) for name in names)
    return OFFICE[suffix] if fits and not has_macro else ""
