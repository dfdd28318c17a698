"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def platform(request: HttpRequest) -> dict[str, object]:
    return {"demonstration": settings.DEMONSTRATION}
