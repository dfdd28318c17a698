"""Absolute links for letters, mail and QR codes: from PUBLIC_URL, never from a browser's Host header."""

from django.conf import settings


def absolute(path: str) -> str:
    """``/register/422/`` becomes ``https://…/register/422/``. Raises ValueError for an unrooted path."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"expected a path from the root of the site, got {path!r}")
    return settings.PUBLIC_URL.rstrip("/") + path
