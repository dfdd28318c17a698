"""What the log does not say: an address may be a key."""

import logging
import re

# Whoever reads a log must not be able to join as a unit's liaison, to choose somebody's password, or to upload or
# fill in for somebody.
_SECRET = re.compile(r"(/(?:join|password/set|email/confirm|apply/confirm|u|s)/)[^/\s]+")


class HiddenLinks(logging.Filter):
    """Puts dots in the place of invitation codes and password links, in the words of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(value) for value in record.args)
        return True


def _hidden(value: object) -> object:
    return _SECRET.sub(r"\1…", value) if isinstance(value, str) else value
