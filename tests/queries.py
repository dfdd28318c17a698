"""How often a page asks the database."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, address: str, make: Callable[[], object], count: int) -> int:
    """Make so many more rows and count the queries of the page; the first call warms what is kept for long."""
    for _row in range(count):
        make()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
