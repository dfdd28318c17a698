"""The one admin site: every staff screen is a view of it, with one log-in, one menu and one look.

Apps above add to it from ``AppConfig.ready``, so that core need not know them:

* ``register_home_panel(fn)``: ``fn(request)`` returns ``{"title", "items": [{"label", "value", "url", "kind"}]}``
  for the home page, or None when this reader has no use for it; ``"template"`` names one of its own.
* ``register_staff_link(label, url_name, …)``: a word in the staff navigation (``core.navigation``).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from core.navigation import register_staff_link

__all__ = ["PlatformAdminSite", "register_home_panel", "register_staff_link", "staff_context", "staff_view"]

Panel = dict[str, Any]
PanelSource = Callable[[HttpRequest], Panel | None]
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_panels: list[tuple[int, PanelSource]] = []


def register_home_panel(source: PanelSource, *, order: int = 50) -> None:
    """Show a block of numbers on the staff home page; registering the same function again only moves it."""
    _panels[:] = [entry for entry in _panels if entry[1] is not source]
    _panels.append((order, source))
    _panels.sort(key=lambda entry: entry[0])


def home_panels(request: HttpRequest) -> list[Panel]:
    return [panel for _order, source in _panels if (panel := source(request)) is not None]


class PlatformAdminSite(admin.AdminSite):
    site_header = _("Safe Communities platform")
    site_title = _("Safe Communities platform")
    index_title = _("Work desk")
    # The menu is in the header and on the home page; a third one would only take the width of the tables.
    enable_nav_sidebar = False
    # Staff screens that are not model pages live in their own apps' urls.py, under the same /admin/.
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and user.is_staff and _second_factor_given(user))

    @method_decorator(never_cache)
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        panels = {"panels": home_panels(request)}
        return super().index(request, {**panels, **(extra_context or {})})

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Never a form of its own: the lock-out and the second factor are kept in one place, our log-in."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        user = request.user
        if user.is_authenticated and not user.is_staff:
            raise PermissionDenied
        target = _named("accounts:second_factor") if user.is_authenticated else None
        wanted = request.GET.get("next") or reverse("admin:index")
        return HttpResponseRedirect(
            f"{target or resolve_url(settings.LOGIN_URL)}?{urlencode({'next': wanted})}"
        )

    # Two pages of Django's admin that the accounts app has already; the stubs want them rendered here.
    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return LogoutView.as_view(next_page="/")(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if own := _named("accounts:password_change"):
            return HttpResponseRedirect(own)
        return super().password_change(request, extra_context)


def staff_view(permission: str | None = None) -> Callable[[View[P]], View[P]]:
    """Make a view a staff screen: first the admin's door (log-in, second factor), then 403 without permission.

    ``permission`` is a platform-wide code such as ``"round.view"``; ask about one community inside the view.
    """

    def decorate(view: View[P]) -> View[P]:
        def allowed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if permission is not None and not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        @wraps(view)
        def entry(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return admin.site.admin_view(allowed)(request, *args, **kwargs)

        return entry

    return decorate


def staff_context(request: HttpRequest, *, title: str, **extra: Any) -> dict[str, Any]:
    """What the templates of staff screens expect (site names, permissions, title), plus the view's own."""
    return {**admin.site.each_context(request), "title": title, **extra}


def _second_factor_given(user: Any) -> bool:
    if not settings.STAFF_SECOND_FACTOR_REQUIRED:
        return True
    is_verified = getattr(user, "is_verified", None)
    return bool(is_verified and is_verified())


def _named(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
