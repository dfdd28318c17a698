"""Every address of the platform and who may open it. A new route fails the suite until it stands here."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse


class Door(Enum):
    PUBLIC = "everybody"
    SIGNED_IN = "whoever is signed in; shows only their own"
    COMMUNITY = "the people of one community, and those set above it"
    STAFF = "the association's staff"


ROUTES: dict[str, Door] = {
    "health": Door.PUBLIC,
    "set_language": Door.PUBLIC,
    "javascript_catalog": Door.PUBLIC,
    "core:help": Door.PUBLIC,
    "core:accessibility": Door.PUBLIC,
    "core:privacy": Door.PUBLIC,
    "core:about": Door.PUBLIC,
    # The admin site's own pages; those of each model are added below.
    "admin:index": Door.STAFF,
    "admin:login": Door.PUBLIC,
    "admin:logout": Door.PUBLIC,
    "admin:password_change": Door.STAFF,
    "admin:password_change_done": Door.STAFF,
    "admin:autocomplete": Door.STAFF,
    "admin:jsi18n": Door.STAFF,
    "admin:view_on_site": Door.STAFF,
    "admin:app_list": Door.STAFF,
}
MODEL_PAGES = ("changelist", "add", "history", "delete", "change")


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]

    def url(self, things: dict[str, object]) -> str:
        """The address of a thing that exists and belongs to somebody else; an unknown parameter is made up."""
        return reverse(self.name, kwargs={name: things.get(name, 1) for name in self.parameters})


def admin_model_routes() -> dict[str, Door]:
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}": Door.STAFF
        for model in admin.site._registry
        for page in MODEL_PAGES
    }


def walk(
    patterns: list[URLPattern | URLResolver], namespace: str = "", above: tuple[str, ...] = ()
) -> Iterator[Route]:
    for pattern in patterns:
        parameters = (*above, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        parameters = tuple(dict.fromkeys(parameters))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner, parameters)
        else:
            yield Route(f"{namespace}{pattern.name}", parameters)


def all_routes() -> list[Route]:
    """Without the admin's redirect for old addresses and its catch-all, which have no name."""
    return [route for route in walk(get_resolver().url_patterns) if not route.name.endswith("None")]


DOORS = {**ROUTES, **admin_model_routes()}
