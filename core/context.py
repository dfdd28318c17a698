"""What every page needs around its content: who runs the platform, and whether this is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def platform(request: HttpRequest) -> dict[str, Any]:
    return {
        "association": settings.ASSOCIATION,
        "demonstration": settings.DEMONSTRATION,
    }
