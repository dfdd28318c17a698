"""The log: one line an event, with the request it belongs to; and what it does not say, as an address may be a key."""

import datetime as dt
import json
import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Whoever reads a log must not be able to join as a unit's liaison, to choose somebody's password, or to upload and
# fill in for somebody.
_SECRET = re.compile(r"(/(?:join|password/set|email/confirm|apply/confirm|u|s)/)[^/\s]+")
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Of the request, or of the task that a request rang for; empty outside both."""
    return _request_id.get()


def take_up(wanted: str) -> None:
    """From here on every line of this worker bears the id of the request that rang, until the next task."""
    _request_id.set(wanted if _ID.fullmatch(wanted) else secrets.token_hex(8))


@contextmanager
def under_request_id(wanted: str = "") -> Iterator[str]:
    """Everything logged inside bears this id; one that nobody could have given us is replaced by a new one."""
    given = wanted if _ID.fullmatch(wanted) else secrets.token_hex(8)
    token = _request_id.set(given)
    try:
        yield given
    finally:
        _request_id.reset(token)


class HiddenLinks(logging.Filter):
    """Puts dots in the place of invitation codes and password links, in the words of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(hidden(value) for value in record.args)
        return True


class Numbered(logging.Filter):
    """Gives every line the id of its request; ``-`` where there is none.

    Django tells of a 404 when the request has left all middleware, but hands the request along.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        of_request = getattr(getattr(record, "request", None), "META", {}).get("REQUEST_ID", "")
        record.request_id = request_id() or of_request or "-"
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line, for whatever collects logs: time in UTC, level, logger, message, request, facts."""

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, tz=dt.UTC)
        line = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def hidden(value: object) -> object:
    return _SECRET.sub(r"\1…", value) if isinstance(value, str) else value
