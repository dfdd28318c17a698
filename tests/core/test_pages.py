"""The pages that belong to no app, in both languages, and what every answer carries."""

import re

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import path
from psycopg_pool import PoolTimeout

from config.urls import handler500
from config.urls import urlpatterns as platform_urls
from core import outages, views

PAGES = {
    "/help/": ("填报说明", "How to fill in the form"),
    "/help/about/": ("关于本平台", "About this platform"),
    "/help/privacy/": ("个人信息保护", "Protection of personal data"),
    "/help/accessibility/": ("无障碍说明", "Accessibility"),
}


def broken(request):
    raise ZeroDivisionError


def without_database(request):
    raise OperationalError("the server is away")


def without_connection(request):
    raise OperationalError("no connection") from PoolTimeout()


def nowhere(request):
    raise Http404


urlpatterns = [
    path("broken/", broken),
    path("away/", without_database),
    path("unreachable/", without_connection),
    path("nowhere/", nowhere),
    *platform_urls,
]
assert handler500 == "core.views.server_error"


@pytest.fixture
def faulty(settings) -> Client:
    settings.ROOT_URLCONF = "tests.core.test_pages"
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "headings"), PAGES.items())
def test_help_is_there_in_both_languages(client, address: str, headings: tuple[str, str]) -> None:
    chinese = client.get(address)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.get(address)
    assert (chinese.status_code, english.status_code) == (200, 200)
    assert f"<h1>{headings[0]}</h1>" in chinese.content.decode()
    assert '<html lang="zh-CN">' in chinese.content.decode()
    assert f"<h1>{headings[1]}</h1>" in english.content.decode()
    assert '<html lang="en">' in english.content.decode()


@pytest.mark.parametrize("address", [*PAGES, "/nowhere/"])
def test_every_page_forbids_inline_code_and_framing(faulty, address: str) -> None:
    response = faulty.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page


def test_the_browsers_language_does_not_decide(client) -> None:
    response = client.get("/help/", headers={"accept-language": "en-US,en;q=0.9"})
    assert "<h1>填报说明</h1>" in response.content.decode()


def test_the_switch_changes_the_language_and_comes_back(client) -> None:
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/help/about/"})
    assert response.headers["Location"] == "/help/about/"
    assert "<h1>About this platform</h1>" in client.get("/help/about/").content.decode()


def test_an_unknown_language_is_ignored(client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tlh"
    assert "<h1>填报说明</h1>" in client.get("/help/").content.decode()


def test_the_public_sees_office_lines_and_no_mobile_number(client) -> None:
    page = client.get("/help/").content.decode()
    assert "010-64464565" in page
    assert "coshase@163.com" in page
    assert re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", page) == []


def test_only_a_demonstration_says_it_is_one(client, settings) -> None:
    assert "演示系统" not in client.get("/help/").content.decode()
    settings.DEMONSTRATION = True
    assert "演示系统" in client.get("/help/").content.decode()


def test_a_page_that_is_not_there_says_what_to_do(faulty) -> None:
    response = faulty.get("/nowhere/")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_a_mistake_of_ours_is_admitted(faulty) -> None:
    response = faulty.get("/broken/")
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()


def test_a_database_that_is_away_asks_to_come_again(faulty) -> None:
    response = faulty.get("/away/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "系统暂时不可用" in response.content.decode()


def test_while_the_database_is_known_to_be_away_nobody_waits_for_it(faulty, monkeypatch) -> None:
    """The page that waited in vain tells the others, for a second; whoever asks how we are is let through."""
    monkeypatch.setattr(outages, "_is_unproved", False)
    monkeypatch.setattr(outages, "_until", 0.0)
    assert faulty.get("/unreachable/").status_code == 503
    response = faulty.get("/broken/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert response.headers["X-Request-ID"] in response.content.decode()
    assert faulty.get("/healthz").status_code == 200
    monkeypatch.setattr(outages, "_until", 0.0)
    monkeypatch.setattr(outages, "_is_unproved", False)
    assert faulty.get("/broken/").status_code == 500


def test_one_page_finds_out_whether_the_database_is_back_and_the_others_do_not_wait(
    faulty, monkeypatch
) -> None:
    monkeypatch.setattr(outages, "_is_unproved", False)
    monkeypatch.setattr(outages, "_until", 0.0)
    faulty.get("/unreachable/")
    monkeypatch.setattr(outages, "_until", 0.0)
    assert [faulty.get("/broken/").status_code for _page in range(3)] == [500, 503, 503]
    monkeypatch.setattr(outages, "_until", 0.0)
    assert [faulty.get("/broken/").status_code for _page in range(3)] == [500, 500, 500]


def test_a_form_from_an_old_page_is_asked_for_once_more() -> None:
    response = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    assert "请重新提交一次" in response.content.decode()


def test_an_answer_to_a_breakdown_needs_no_request_data() -> None:
    assert views.server_error(RequestFactory().get("/")).status_code == 500


@pytest.mark.parametrize("address", ["/register/%00/", "/portal/responses/%00/", "/register/?q=%00"])
def test_an_address_with_nul_does_not_exist(client, address: str) -> None:
    assert client.get(address).status_code == 404
