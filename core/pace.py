"""How often somebody did something lately, kept in the cache."""

from django.core.cache import cache


def count(key: str, seconds: int) -> int:
    """Count once more and return how many there are now; the count is forgotten after so many quiet seconds.

    Not ``cache.incr``: kept in files, the cache would forget the length of the pause with it.
    """
    number = counted(key) + 1
    cache.set(key, number, seconds)
    return number


def counted(key: str) -> int:
    return int(cache.get(key, 0))
