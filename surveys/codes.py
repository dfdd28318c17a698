"""What ties paper to the record: readable references, content hashes and the code on every printed page."""

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.enums import PageMatch

# No vowels (no words), no digit or letter that is taken for another: 0/O/Q/D, 1/I/L, 2/Z, 5/S, 8/B, U/V.
ALPHABET = "34679CFGHJKMNPRTWXY"
DIGEST_LENGTH = 8

_REFERENCE = re.compile(rf"([A-Z]{{2,4}}\d{{2}})-(\d{{4,6}})-([{ALPHABET}]{{4}})")
_PAYLOAD = re.compile(
    r"SC1:(?P<reference>[A-Z0-9-]{8,24}):(?P<version>[1-9]\d{0,3}):(?P<page>[1-9]\d{0,3}):(?P<pages>[1-9]\d{0,3})"
    rf":(?P<digest>[0-9A-F]{{{DIGEST_LENGTH}}})"
)
_LOOKS_LIKE_A_DIGIT = str.maketrans("OQDILZSB", "00011258")


def new_reference(prefix: str, number: int) -> str:
    """A reference such as AQ24-0420-7KHM: programme and year, the unit's number, four random letters.

    The random part keeps a reference from being guessed from the public number; the caller's unique
    constraint settles the rare case of a repeat (1 in 130,000 for the same unit).
    """
    reference = f"{prefix}-{number:04d}-{''.join(secrets.choice(ALPHABET) for _ in range(4))}"
    if not _REFERENCE.fullmatch(reference):
        raise ValueError(f"not a reference: {reference!r}")
    return reference


def parse_reference(typed: str) -> str | None:
    """The reference somebody copied from paper, in its one spelling; None when it cannot be one.

    Full-width letters, small letters, blanks, any dash or none at all are forgiven, and so are
    letters written where only a digit can stand.
    """
    plain = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", typed).upper())
    match = re.fullmatch(r"([A-Z]{2,4})([A-Z0-9]{2})([A-Z0-9]{4,6})([A-Z0-9]{4})", plain)
    if match is None:
        return None
    letters, year, number, rest = match.groups()
    reference = f"{letters}{_digits(year)}-{_digits(number)}-{rest}"
    return reference if _REFERENCE.fullmatch(reference) else None


def _digits(text: str) -> str:
    return text.translate(_LOOKS_LIKE_A_DIGIT)


def content_hash(answers: Mapping[str, Any]) -> str:
    """SHA-256 (64 small hex digits) of the canonical JSON of every answer.

    Only the copy being hashed is brought to NFC: two ways of typing the same sign give the same hash,
    while the stored text stays as typed. Lone surrogates are hashed too instead of raising.
    """
    canonical = json.dumps(_normal(answers), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_normal(key): _normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    return value


def short_hash(full: str) -> str:
    """The first 16 hex digits in groups of four, as printed: ``9F3C 61AD 7E02 B84D``."""
    head = full[:16].upper()
    return " ".join(head[i : i + 4] for i in range(0, len(head), 4))


def digest_of(full: str) -> str:
    """The part of a content hash that a page code carries."""
    return full[:DIGEST_LENGTH].upper()


@dataclass(frozen=True, slots=True)
class PageCode:
    """What the two QR codes of one printed page say. Pages count from 1."""

    reference: str
    version: int
    page: int
    pages: int
    digest: str

    @property
    def payload(self) -> str:
        """Only signs of QR's alphanumeric mode: a smaller code with bigger squares survives more."""
        return f"SC1:{self.reference}:{self.version}:{self.page}:{self.pages}:{self.digest}"

    @classmethod
    def parse(cls, payload: str) -> "PageCode | None":
        """Read a payload back; None for every code that is not ours to the letter."""
        match = _PAYLOAD.fullmatch(payload)
        if match is None or parse_reference(match["reference"]) != match["reference"]:
            return None
        code = cls(
            match["reference"],
            int(match["version"]),
            int(match["page"]),
            int(match["pages"]),
            match["digest"],
        )
        return code if code.page <= code.pages else None


@dataclass(frozen=True, slots=True)
class MatchedPages:
    """One result for each uploaded page in order, and the printed pages that nobody uploaded."""

    results: tuple[PageMatch, ...]
    missing: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Every printed page is there and nothing else is (a second picture of a page does no harm)."""
        return not self.missing and set(self.results) <= {PageMatch.MATCHED, PageMatch.DUPLICATE}


def match_pages(
    codes: Sequence[PageCode | None], *, reference: str, version: int, pages: int, digest: str
) -> MatchedPages:
    """Compare what was read from the uploaded pages with the one print that counts.

    ``digest`` may be the content hash or its printed beginning. A page of the right version with other
    content counts as another version: it was not printed from what was submitted.
    """
    found: set[int] = set()
    results = []
    for code in codes:
        if code is None:
            result = PageMatch.UNREADABLE
        elif code.reference != reference:
            result = PageMatch.OTHER_COMMUNITY
        elif (code.version, code.pages, code.digest) != (version, pages, digest_of(digest)):
            result = PageMatch.OTHER_VERSION
        elif code.page in found:
            result = PageMatch.DUPLICATE
        else:
            result = PageMatch.MATCHED
            found.add(code.page)
        results.append(result)
    return MatchedPages(tuple(results), tuple(n for n in range(1, pages + 1) if n not in found))
