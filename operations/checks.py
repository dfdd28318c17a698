"""Says at the start that no backup can be made, not on the night it is missed."""

from typing import Any

from django.core import checks

from operations.services import databases


@checks.register(checks.Tags.database)
def backups_are_possible(**options: Any) -> list[checks.CheckMessage]:
    if missing := databases.missing_programs():
        words = f"No backup can be made: {', '.join(missing)} not found."
        return [checks.Warning(words, hint=databases.INSTALL, id="operations.W001")]
    return []
