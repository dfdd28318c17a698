"""Tags and filters for every template: icons, state rings, dates, masks and components."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core import dates, logs, masks, navigation

register = template.Library()

SPRITE = "img/icons.svg"
register.filter("masked_mobile", masks.masked_mobile)
register.filter("masked_email", masks.masked_email)
register.filter("masked_name", masks.masked_name)
register.filter("zh_time", dates.format_time)


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """``{% icon "check" %}``: decoration beside a word; it says nothing to a screen reader."""
    return _drawing(f"icon {extra_class}".strip(), f"i-{name}")


@register.simple_tag
def ring(kind: str) -> SafeString:
    """``{% ring "draft" %}``: the ring that fills up as the work moves on."""
    return _drawing("ring", f"r-{kind}")


@lru_cache(maxsize=256)
def _drawing(classes: str, part: str) -> SafeString:
    """A list page draws the same dozen signs in every row; their addresses change only with a new release."""
    drawing = '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>'
    return format_html(drawing, classes, static(SPRITE), part)


@register.simple_tag
def request_id() -> str:
    """``{% request_id %}``: the number under which the log tells of this page."""
    return logs.request_id()


@register.simple_tag
def act_picture(name: str) -> SafeString:
    """``{% act_picture "sign" %}``, ``"seal"``, ``"date"``: the three things done on paper."""
    drawing = '<svg viewBox="0 0 96 112" aria-hidden="true"><use href="{}#act-{}"/></svg>'
    return format_html(drawing, static(SPRITE), name)


@register.filter
def zh_date(value: Any, language: str | None = None) -> str:
    """2024年2月29日, or as much of it as is known ("2020-05"). ``|zh_date:"zh"`` for official documents."""
    return dates.format_date(value, language)


@register.filter
def zh_date_weekday(value: Any, language: str | None = None) -> str:
    return dates.format_date_weekday(value, language)


@register.filter
def zh_moment(value: dt.datetime | None, language: str | None = None) -> str:
    return dates.format_moment(value, language)


@register.filter
def days_left(value: dt.date | dt.datetime | None) -> str:
    return dates.days_left(value)


@register.filter
def percent(done: float | None, total: float | None) -> str:
    """``{{ sent|percent:invited }}``: 66%, rounded down so that 100% means all; a dash without a whole."""
    if not total:
        return "–"
    return f"{int((done or 0) * 100 // total)}%"


@register.simple_tag(takes_context=True)
def community_links(context: template.Context, community: Any) -> list[navigation.PageLink]:
    """Where else this reader learns about the community."""
    return navigation.community_links(context["request"].user, community)


@register.simple_tag(takes_context=True)
def site_links(context: template.Context) -> list[dict[str, object]]:
    """The navigation of this reader; a page without a request (an error) has none."""
    request = context.get("request")
    return navigation.links_for(request) if request else []


@register.simple_tag
def site_footer() -> SafeString:
    """Who runs the platform and how to reach them: the same on every page of a language."""
    return _footer(get_language(), settings.ICP_NUMBER, settings.PUBLIC_SECURITY_NUMBER)


@lru_cache(maxsize=8)
def _footer(language: str, icp: str, public_security: str) -> SafeString:
    context = {
        "association": settings.ASSOCIATION,
        "filings": {"icp": icp, "public_security": public_security},
    }
    return render_to_string("components/site_footer.html", context)


@register.simple_tag
def url_if(name: str) -> str:
    """The address of a named page, or nothing while that page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str = "") -> dict[str, Any]:
    """A thin bar; its width is an SVG attribute, because a strict CSP forbids style attributes."""
    return {"width": _width(done, total), "label": label, "done": done, "total": total}


@register.inclusion_tag("components/bar.html")
def bar(done: int, total: int, label: str = "") -> dict[str, Any]:
    """A bar with its per cent beside it, for table cells."""
    return {"width": _width(done, total), "label": label, "value": percent(done, total)}


def _width(done: float | None, total: float | None) -> str:
    share = min(max((done or 0) / total, 0), 1) if total else 0
    return f"{share * 100:.1f}%"


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """``{% pagination page %}`` for a ``Page``; keeps every other parameter of the address."""
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
    return {
        "request": context["request"],
        "page": page,
        "pages": [{"number": number, "query": _query(context, parameter, number)} for number in numbers],
        "gap": page.paginator.ELLIPSIS,
        "previous": _query(context, parameter, page.number - 1) if page.has_previous() else None,
        "next": _query(context, parameter, page.number + 1) if page.has_next() else None,
    }


def _query(context: template.Context, parameter: str, value: object) -> str:
    query = context["request"].GET.copy()
    query[parameter] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, optional: bool = False, extra_class: str = "") -> dict[str, Any]:
    """``{% field form.email %}``: label, hint, error, input, tied together for screen readers."""
    kind = WIDGET_KINDS.get(bound.widget_type, "input")
    described = _described_by(bound)
    attrs: dict[str, str | bool] = {"class": f"{kind} {extra_class}".strip()}
    if described:
        attrs["aria-describedby"] = described
    return {
        "field": bound,
        "kind": kind,
        "optional": optional,
        "described": described,
        "widget": bound.as_widget(attrs=attrs) if kind not in {"group", "tick"} else "",
        "columns": "" if getattr(bound.field.widget, "one_per_line", False) else "choices--inline",
    }


def _described_by(bound: BoundField) -> str:
    hint = f"{bound.auto_id}_helptext" if bound.help_text else ""
    error = f"{bound.auto_id}_error" if bound.errors else ""
    return f"{hint} {error}".strip()


WIDGET_KINDS = {
    "textarea": "textarea",
    "select": "select",
    "selectmultiple": "select",
    "nullbooleanselect": "select",
    "radioselect": "group",
    "checkboxselectmultiple": "group",
    "checkbox": "tick",
    "clearablefile": "file",
    "file": "file",
}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """``{% error_summary form %}``: every error of the page on top, each a link to its field."""
    items = [
        {"message": message, **_whereabouts(form, name)}
        for form in forms
        for name, messages in form.errors.items()
        for message in messages
    ]
    return {"items": items, "count": len(items)}


def _whereabouts(form: BaseForm, name: str) -> dict[str, Any]:
    if name not in form.fields:
        return {"href": "", "label": ""}
    return {"href": f"#{form[name].auto_id}", "label": form[name].label}
