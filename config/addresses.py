"""Which address a request comes from, for the lock-out after wrong passwords."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Believe the proxy's header only where a proxy of ours is known to overwrite it; anybody can send one."""
    if settings.BEHIND_PROXY:
        return request.META.get("HTTP_X_REAL_IP", "")
    return request.META.get("REMOTE_ADDR", "")
