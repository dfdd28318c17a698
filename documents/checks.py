"""Says at the start, not at the first print, that the machine cannot print Chinese or would take 100 times as long."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from documents import fonts

HINT = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk"


@register("printing")
def printing_is_possible(**options: Any) -> list[CheckMessage]:
    """The subset library (without it one form takes 5 s, not 0.05 s) and the Noto CJK fonts are there."""
    try:
        fonts.subsetter()
        for face in fonts.FACES:
            fonts.locate(face.source, bold=face.weight == "bold")
    except fonts.FontsMissing as missing:
        return [Error(f"Nothing can be printed: {missing}.", hint=HINT, id="documents.E001")]
    return []
