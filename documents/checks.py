"""Says at the start, not at the first print, that the machine cannot print Chinese."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from documents import fonts

HINT = "apt-get install fonts-noto-cjk"


@register("printing")
def printing_is_possible(**options: Any) -> list[CheckMessage]:
    """The fonts that the layouts name are there."""
    return [
        Error(f"Nothing can be printed: the font {family} is not installed.", hint=HINT, id="documents.E001")
        for family in fonts.missing()
    ]
