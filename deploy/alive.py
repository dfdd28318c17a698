"""Whether the web server in this container lives: exits with 0 or 1. Run as ``python deploy/alive.py``."""

import http.client
import os
import sys


def status(port: int) -> int:
    """Straight to /healthz, as the proxy would ask: under the public name, and as if by https."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    host = os.environ.get("PUBLIC_URL", "http://127.0.0.1").split("://")[-1].split("/")[0]
    connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
    return connection.getresponse().status


if __name__ == "__main__":
    try:
        sys.exit(0 if status(int(os.environ.get("PORT", "8000"))) == 200 else 1)
    except OSError as error:
        sys.exit(f"no answer: {error}")
