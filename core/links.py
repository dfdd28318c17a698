"""Absolute links for letters, mail and QR codes: from PUBLIC_URL, never from a browser's Host header."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import signing

from core.clock import now


def absolute(path: str) -> str:
    """``/register/422/`` becomes ``https://…/register/422/``. Raises ValueError for an unrooted path."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"expected a path from the root of the site, got {path!r}")
    return settings.PUBLIC_URL.rstrip("/") + path


def signed(content: dict[str, Any], *, salt: str, lifetime: dt.timedelta) -> str:
    """A token for a mailed link; ``salt`` says what it is for. Its content can be read, but not changed unseen."""
    until = int((now() + lifetime).timestamp())
    return signing.dumps({**content, "until": until}, salt=salt)


def opened(token: str, *, salt: str) -> dict[str, Any] | None:
    """What a token holds; None when it is forged, made for something else, or too old."""
    try:
        content: dict[str, Any] = signing.loads(token, salt=salt)
        return content if now().timestamp() < content["until"] else None
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
