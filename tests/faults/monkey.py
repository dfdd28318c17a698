"""Somebody who opens any page of a response and presses any form on it, with anything in its boxes.

Pages come from the addresses of the platform and forms from the pages themselves: what is added later is pressed
without a word here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote, urljoin, urlsplit

from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve
from hypothesis import strategies as st
from hypothesis.stateful import rule

from surveys.models import CopyPage, RegisterChange, UploadedFile
from tests.architecture.routes import Route, all_routes
from tests.surveys.hostile import hostile_texts
from tests.surveys.stateful import EVERYBODY, STAFF, UNIT, Life

FORM_TYPE = "application/x-www-form-urlencoded"
HOLDERS = {"input", "textarea", "select"}
UNPRESSED = {"submit", "button", "image", "reset", "file"}
# Pages that lead out of the response: other units are pressed nowhere, and nobody signs themselves out.
PRESSED_APPS = {"surveys", "projects", "reports", "documents"}
KNOWN = {"reference", "version", "file_id", "page_id", "change_id", "code"}


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page with what stands in them; of choices every one that could be made."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Form] = []
        self.inside: Form | None = None
        self.name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.address, given.get("action", ""))
            self.inside = Form(action, given.get("method", "get").lower())
            self.found.append(self.inside)
        elif tag == "option" and self.name:
            self._note(given.get("value", ""))
        elif tag == "button" and given.get("name"):
            self.name = given["name"]
            self._note(given.get("value", ""))
        elif tag in HOLDERS and given.get("type") not in UNPRESSED:
            self.name = given.get("name", "")
            self._note(given.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None

    def _note(self, value: str) -> None:
        if self.inside is not None and self.name:
            self.inside.values.setdefault(self.name, []).append(value)


def routes_of_a_response() -> list[Route]:
    """What can be opened by knowing the response and what hangs on it."""
    ours = [route for route in all_routes() if route.name.partition(":")[0] in PRESSED_APPS]
    return [route for route in ours if set(route.parameters) <= KNOWN]


def encoded(values: list[tuple[str, str]]) -> bytes:
    """As a browser would never send it: halves of characters go out as the bytes they would be."""
    pairs = (f"{quote(name)}={quote(text, errors='surrogatepass')}" for name, text in values)
    return "&".join(pairs).encode()


class Monkey(Life):
    """The life of a response with people who also press what they see."""

    statuses: ClassVar[Counter[int]]
    routes: ClassVar[list[Route]] = []

    def __init__(self) -> None:
        super().__init__()
        self.clients = {name: Client(raise_request_exception=False) for name in EVERYBODY}
        for name, client in self.clients.items():
            client.force_login(self.user(name))

    @rule(pages=st.integers(1, 8), data=st.data())
    def open_and_press(self, pages: int, data: st.DataObject) -> None:
        for _page in range(pages):
            address = data.draw(st.sampled_from(self.routes), label="route").url(self._things())
            usual = STAFF if address.startswith("/admin/") else UNIT
            self._open(
                self.clients[data.draw(st.sampled_from((*usual * 3, *EVERYBODY)), label="who")], address, data
            )

    def _open(self, client: Client, address: str, data: st.DataObject) -> None:
        page = self._asked(client.get(address))
        forms = [form for form in self._forms(address, page) if _is_pressed(form)]
        if forms:
            self._press(client, data.draw(st.sampled_from(forms), label="form"), data)
        elif page.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            text = data.draw(hostile_texts(), label="text")
            self._asked(client.post(address, encoded([("value", text)]), content_type=FORM_TYPE))

    def _press(self, client: Client, form: Form, data: st.DataObject) -> None:
        values = []
        for name, choices in form.values.items():
            # Mostly what stands there, so that the press gets somewhere.
            fate = data.draw(st.integers(0, 9), label=name)
            if fate == 0:
                values.append((name, data.draw(hostile_texts(), label="text")))
            elif fate > 1:
                values.append((name, choices[fate % len(choices)]))
        if form.method == "get":
            address = f"{urlsplit(form.action).path}?{encoded(values[:5])[:4000].decode()}"
            self._asked(client.get(address))
        else:
            self._asked(client.post(form.action, encoded(values), content_type=FORM_TYPE))

    def _asked(self, answer: HttpResponseBase) -> HttpResponseBase:
        self.statuses[answer.status_code] += 1
        assert answer.status_code < 500
        return answer

    def _forms(self, address: str, page: Any) -> list[Form]:
        if page.status_code != 200 or "html" not in page.headers.get("Content-Type", ""):
            return []
        parser = Forms(address)
        parser.feed(page.content.decode())
        return parser.found

    def _things(self) -> dict[str, object]:
        response = self.response()
        newest = {
            "file_id": UploadedFile.objects.order_by("-pk"),
            "page_id": CopyPage.objects.order_by("-pk"),
            "change_id": RegisterChange.objects.order_by("-pk"),
        }
        found = {name: rows.values_list("pk", flat=True).first() or 1 for name, rows in newest.items()}
        return {
            **found,
            "reference": response.reference,
            "version": response.version,
            "code": response.round.code,
        }


def _is_pressed(form: Form) -> bool:
    try:
        return resolve(urlsplit(form.action).path).app_name in PRESSED_APPS
    except Resolver404:
        return False
