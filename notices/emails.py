"""A notice as a mail: three templates in the recipient's language, sent through Django's mail backend."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from smtplib import SMTPRecipientsRefused
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from core.clock import local, now
from core.dates import days_left, format_date, parts
from core.links import absolute
from notices import kinds
from notices.models import MailText, Notice
from notices.selectors import words_of

OK = 250  # RFC 5321, 4.2.1
# What stands in a preview where the mail has its one-time link.
HIDDEN_LINK = "https://…"


PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    page: str


Kept = Mapping[tuple[str, str], MailText]


def render(notice: Notice, kept: Kept | None = None) -> Mail:
    """The mail as it leaves, one-time links included: never shown to staff, never stored."""
    return _render(notice, kinds.prepared(notice), kept)


def preview(notice: Notice) -> Mail:
    return _render(notice, {"link": absolute(notice.context["path"])} if _path(notice) else {})


def headline(notice: Notice, kept: Kept) -> str:
    """What a message on the site says in its list: the subject line of its kind, in the language of its reader.

    ``kept``: the office's own words, by kind and language, read once for a whole page.
    """
    words = kept.get((notice.kind, notice.language))
    with translation.override(notice.language):
        context = _context(notice)
        own = notice.own_subject or (words.subject if words else "")
        if not own:
            return _one_line(render_to_string(f"notices/{notice.kind}/subject.txt", context))
        values = {name: _value(name, context) for name in kinds.PLACEHOLDERS[notice.kind]}
        return _one_line(_put_in(own, values))


def preview_with(notice: Notice, words: Words) -> Mail:
    """As a mail would read with these words. A notice without a row shows the placeholders themselves."""
    context = _context(notice)
    if notice.pk is None:
        context |= {name: f"{{{name}}}" for name in kinds.PLACEHOLDERS[notice.kind]}
    with translation.override(notice.language):
        return _filled(words, notice.kind, context)


def _render(notice: Notice, secrets: dict[str, Any], kept: Kept | None = None) -> Mail:
    with translation.override(notice.language):
        context = _context(notice) | secrets
        own = _own_words(notice, kept)
        mail = _filled(own, notice.kind, context) if own else _from_files(notice.kind, context)
        marked = gettext("[Test] %(subject)s") % {"subject": mail.subject} if notice.is_test else mail.subject
    return Mail(marked, mail.text, mail.page)


def _context(notice: Notice) -> dict[str, Any]:
    return {
        "link": absolute(_path(notice)) if _path(notice) else HIDDEN_LINK,
        **notice.context,
        "recipient": notice.recipient or {"name": notice.context.get("name", "")},
        "days_left": _days_left(notice.due_on or notice.context.get("deadline")),
        "association": settings.ASSOCIATION,
        "home": absolute("/"),
    }


def _days_left(day: Any) -> str:
    known = parts(day)
    return days_left(dt.date(*known)) if len(known) == 3 else ""


def _from_files(kind: str, context: dict[str, Any]) -> Mail:
    names = ("subject.txt", "body.txt", "body.html")
    subject, text, page = (render_to_string(f"notices/{kind}/{name}", context) for name in names)
    return Mail(_one_line(subject), text.strip() + "\n", page)


def _filled(words: Words, kind: str, context: dict[str, Any]) -> Mail:
    """Words of the office's own with what stands in braces put in; greeting and signature around them."""
    values = {name: _value(name, context) for name in kinds.PLACEHOLDERS[kind]}
    subject, body = (_put_in(text, values) for text in (words.subject, words.text))
    wrapped = {**context, "words": body}
    text, page = (render_to_string(f"notices/own.{end}", wrapped) for end in ("txt", "html"))
    return Mail(_one_line(subject), text.strip() + "\n", page)


def _value(name: str, context: dict[str, Any]) -> str:
    value = context.get(name, "")
    return format_date(value) if name == "deadline" else str(value)


def _put_in(text: str, values: Mapping[str, str]) -> str:
    """One pass: what a value holds in braces stays as it is."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _own_words(notice: Notice, kept: Kept | None = None) -> Words | None:
    """``kept``: the office's own words, read once for many mails."""
    if notice.own_text:
        return Words(notice.own_subject, notice.own_text)
    key = (notice.kind, notice.language)
    found = words_of(*key) if kept is None else kept.get(key)
    return Words(found.subject, found.text) if found else None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _path(notice: Notice) -> str:
    return str(notice.context.get("path") or "")


# --- Words to begin with when somebody edits them -------------------------------------------------------------


def words_of_kind(kind: str, language: str) -> Words:
    """The office's own, else those of the files, with placeholders in braces."""
    kept = words_of(kind, language)
    return Words(kept.subject, kept.text) if kept else shipped_words(kind, language)


def shipped_words(kind: str, language: str) -> Words:
    literal = {name: f"{{{name}}}" for name in kinds.PLACEHOLDERS[kind]}
    return _body_of(Notice(kind=kind, language=language), {"is_exact": True, **literal})


def words_of_notice(notice: Notice) -> Words:
    """A mail's words for editing: all put in but the link, which is only made when it leaves."""
    own = _own_words(notice)
    if own is None:
        return _body_of(notice, {"link": "{link}"})
    with translation.override(notice.language):
        context = _context(notice) | {"link": "{link}"}
        values = {name: _value(name, context) for name in kinds.PLACEHOLDERS[notice.kind]}
        return Words(_put_in(own.subject, values), _put_in(own.text, values))


def _body_of(notice: Notice, given: dict[str, Any]) -> Words:
    with translation.override(notice.language):
        mail = _from_files(notice.kind, _context(notice) | given | {"is_body_only": True})
    return Words(mail.subject, mail.text.strip())


class AddressRefused(Exception):  # noqa: N818 - what the mail server did
    """The mail server says for good that nobody takes mail at this address; the text is its answer."""


class Post:
    """Sends notices over one connection: ``with Post() as send: send(notice)``.

    Raises AddressRefused, or OSError (SMTPException is one) when the mail was not taken.
    """

    def __enter__(self) -> Self:
        self._connection = get_connection()
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()

    def __call__(self, notice: Notice, kept: Kept | None = None) -> None:
        self._leave_a_dead_line()
        try:
            self._connection.open()
            message(notice, self._connection, kept).send()
        except SMTPRecipientsRefused as refused:
            self._connection.close()
            for code, answer in refused.recipients.values():
                said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
                if _is_for_good(code, said):
                    raise AddressRefused(f"{code} {said}") from None
            raise
        except OSError:
            self._connection.close()
            raise

    def _leave_a_dead_line(self) -> None:
        """Many servers hang up after some mails or a pause; that is no reason to put a mail off."""
        line = getattr(self._connection, "connection", None)
        if line is None:
            return
        try:
            is_there = line.noop()[0] == OK
        except OSError:
            is_there = False
        if not is_there:
            self._connection.close()


def _is_for_good(code: int, answer: str) -> bool:
    """A full mailbox is emptied one day (RFC 3463: x.2.2)."""
    return 500 <= code < 600 and code != 552 and not answer.startswith("5.2.2")


def message(notice: Notice, connection: Any = None, kept: Kept | None = None) -> EmailMultiAlternatives:
    mail = render(notice, kept)
    written = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[notice.address],
        headers={
            # The same notice keeps its identity if a worker dies between the server's yes and our note of it: who gets
            # it twice is shown it once. The moment tells it from one that had its number before a backup came back.
            "Message-ID": f"<notice.{notice.pk}.{notice.created_at:%Y%m%d%H%M%S}@{settings.PUBLIC_HOST}>",
            "Date": format_datetime(local(now())),
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )
    written.attach_alternative(mail.page, "text/html")
    for attachment in kinds.attached(notice):
        written.attach(attachment.name, attachment.content, attachment.content_type)
    return written


def send(notice: Notice, kept: Kept | None = None) -> None:
    """Hand one mail to the mail server."""
    with Post() as post:
        post(notice, kept)
