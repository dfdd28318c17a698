"""Electronically sealed files: what they are, never whether their seal is good."""

import stat
import zipfile
from pathlib import Path

from . import pdf as pdfs
from .limits import DAMAGED, SUSPICIOUS, ZIP_ENTRIES, ZIP_UNPACKED, Unusable


def pdf(path: Path) -> dict[str, bool]:
    with pdfs.opened(path) as document:
        return {"is_signed": pdfs.is_signed(document)}


def ofd(path: Path) -> dict[str, bool]:
    """Only the directory of the archive is read; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unusable(DAMAGED) from error
    names = [entry.filename for entry in entries]
    if "OFD.xml" not in names:
        raise Unusable("not_e_sealed")
    if (
        len(entries) > ZIP_ENTRIES
        or sum(entry.file_size for entry in entries) > ZIP_UNPACKED
        or len(set(names)) < len(names)
        or any(map(is_odd, entries))
    ):
        raise Unusable(SUSPICIOUS)
    return {"is_signed": any(name.lower().endswith("signatures.xml") for name in names)}


def is_odd(entry: zipfile.ZipInfo) -> bool:
    """A name that leads out of the archive, a link, or something locked."""
    parts = entry.orig_filename.replace("\\", "/").split("/")
    leads_out = ".." in parts or not parts[0] or ":" in parts[0] or "\0" in entry.orig_filename
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return leads_out or is_link or bool(entry.flag_bits & 0x1)


CHECKS = {"PDF": pdf, "OFD": ofd}
