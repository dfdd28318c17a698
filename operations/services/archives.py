"""One tar file that proves itself: every member's hash stands in a manifest, and the manifest's hash after it.

Members, in this order: the database's dump, ``files/<name>`` for each stored file, ``manifest.json``,
``manifest.sha256``. Whatever cuts the file short takes the last two away; whatever changes it no longer fits.
Any tar and sha256sum can open and check it without us.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

FORMAT = 1
CHUNK = 1024 * 1024
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
FILES = "files/"


class BackupError(Exception):
    """A backup that cannot be made, must not be believed, or must not be restored here. Says what to do."""


@dataclass
class Manifest:
    """``made_at`` as ISO 8601; ``tables`` name → rows; ``members`` path in the archive → [size, SHA-256].

    ``missing`` are files that a row names but the storage has not; ``altered`` those whose content is not the one
    that their row remembers.
    """

    engine: str
    database: str
    made_at: str
    key: str
    migrations: list[str]
    tables: dict[str, int]
    members: dict[str, tuple[int, str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def files(self) -> dict[str, str]:
        """Name in the storage → SHA-256."""
        return {
            name.removeprefix(FILES): of[1] for name, of in self.members.items() if name.startswith(FILES)
        }


class Hashing(io.RawIOBase):
    """Counts and hashes what is read through it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest, self.size = source, hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self.source.read(size)
        self.digest.update(chunk)
        self.size += len(chunk)
        return chunk


class Writer:
    """Write members one after the other; ``close`` adds the manifest and its seal."""

    def __init__(self, target: IO[bytes]) -> None:
        self._tar = tarfile.TarFile(fileobj=target, mode="w", format=tarfile.PAX_FORMAT)
        self.members: dict[str, tuple[int, str]] = {}

    def add(self, name: str, source: IO[bytes], size: int) -> str:
        """Return the SHA-256 of what was written. Raises BackupError when the source is shorter than ``size``."""
        reader = Hashing(source)
        about = tarfile.TarInfo(name)
        about.size = size
        try:
            self._tar.addfile(about, reader)
        except OSError as error:
            raise BackupError(f"{name} could not be written into the archive: {error}") from error
        self.members[name] = (size, reader.digest.hexdigest())
        return reader.digest.hexdigest()

    def close(self, manifest: Manifest) -> None:
        manifest.members = self.members
        content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True).encode()
        seal = f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n".encode()
        for name, text in ((MANIFEST, content), (SEAL, seal)):
            about = tarfile.TarInfo(name)
            about.size = len(text)
            self._tar.addfile(about, io.BytesIO(text))
        self._tar.close()


def check(path: Path) -> Manifest:
    """Read the whole archive and compare every hash. Raises BackupError for anything that does not fit."""
    found: dict[str, tuple[int, str]] = {}
    kept: dict[str, bytes] = {}
    try:
        with tarfile.open(path, mode="r:") as tar:
            for about in tar:
                if about.name in found or not about.isreg():
                    raise BackupError(f"{path.name}: {about.name} does not belong into a backup.")
                found[about.name], content = _read(tar, about)
                if content is not None:
                    kept[about.name] = content
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise BackupError(f"{path.name} is no whole backup: {error}") from error
    return _compared(path, found, kept)


def _read(tar: tarfile.TarFile, about: tarfile.TarInfo) -> tuple[tuple[int, str], bytes | None]:
    source = tar.extractfile(about)
    if source is None:
        raise BackupError(f"{about.name} cannot be read.")
    if about.name in {MANIFEST, SEAL}:
        content = source.read()
        return (len(content), hashlib.sha256(content).hexdigest()), content
    reader = Hashing(source)
    while reader.read(CHUNK):
        pass
    if reader.size != about.size:
        raise BackupError(f"{about.name} is cut short.")
    return (reader.size, reader.digest.hexdigest()), None


def _compared(path: Path, found: dict[str, tuple[int, str]], kept: dict[str, bytes]) -> Manifest:
    if set(kept) != {MANIFEST, SEAL}:
        raise BackupError(f"{path.name} is cut short: its end with the hashes is missing.")
    if not hmac.compare_digest(kept[SEAL].split()[:1][0].decode("ascii", "replace"), found[MANIFEST][1]):
        raise BackupError(f"{path.name} was changed: its manifest does not fit its seal.")
    manifest = _manifest(path, kept[MANIFEST])
    named = dict(manifest.members)
    contents = {name: of for name, of in found.items() if name not in kept}
    if wrong := sorted(name for name in {*named, *contents} if named.get(name) != contents.get(name)):
        raise BackupError(f"{path.name} was changed or is incomplete: {', '.join(wrong[:5])}.")
    if manifest.database not in named:
        raise BackupError(f"{path.name} holds no database.")
    return manifest


def _manifest(path: Path, content: bytes) -> Manifest:
    facts: dict[str, Any] = json.loads(content)
    if facts.get("format") != FORMAT:
        raise BackupError(f"{path.name} has format {facts.get('format')}; this version reads {FORMAT}.")
    facts["members"] = {name: (size, digest) for name, (size, digest) in facts["members"].items()}
    return Manifest(**facts)


def contents(path: Path, names: set[str]) -> Iterator[tuple[str, IO[bytes]]]:
    """The members of these names, in the order of the archive."""
    with tarfile.open(path, mode="r:") as tar:
        for about in tar:
            source = tar.extractfile(about) if about.name in names else None
            if source is not None:
                yield about.name, source
