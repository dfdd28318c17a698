"""News of a community: everybody reads what it shows, with its pictures, and nothing else (S1-16)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from projects.models import NewsItem
from projects.services.news import show_news
from tests.factories import MembershipFactory, RoleFactory, UserFactory
from tests.projects.factories import EvidenceFactory, NewsItemFactory
from tests.projects.test_evidence import photograph
from tests.queries import queries_of


@pytest.fixture
def clerk(community: Community) -> User:
    user = UserFactory()
    MembershipFactory(user=user, community=community, role=RoleFactory(code=RoleCode.COMMUNITY_CLERK))
    return user


def changed(client: Client, news: NewsItem, by: User, **more: object) -> list[str]:
    """Of which kinds the writer is told something after changing it."""
    client.force_login(by)
    where = reverse("projects:register_row", args=[news.community_id, "news", news.pk])
    seen = client.get(where).context["form"]["seen"].value()
    data = {"title": news.title, "on": news.on, "text": news.text, "seen": seen}
    return [one.level_tag for one in client.post(where, data | more, follow=True).context["messages"]]


def public(community: Community, *keys: int, name: str = "news") -> str:
    return reverse(f"projects:{name}", args=[community.pk, *keys])


def press(client: Client, news: NewsItem, shown: str) -> int:
    where = reverse("projects:news_show", args=[news.community_id, news.pk])
    return client.post(where, {"shown": shown}).status_code


def test_everybody_reads_what_is_shown_and_only_that(client: Client, community: Community) -> None:
    shown = NewsItemFactory(community=community)
    hidden = NewsItemFactory(community=community, is_published=False)
    assert [item.pk for item in client.get(public(community)).context["page"]] == [shown.pk]
    answers = [client.get(public(community, one.pk, name="news_item")).status_code for one in (shown, hidden)]
    assert answers == [200, 404]


def test_without_shown_news_there_is_no_page_and_no_link(client: Client, community: Community) -> None:
    home = reverse("communities:community", args=[community.pk])
    news = NewsItemFactory(community=community, is_published=False)
    found = []
    for shown in (False, True):
        NewsItem.objects.filter(pk=news.pk).update(is_published=shown)
        page = client.get(home).content.decode()
        found.append((client.get(public(community)).status_code, public(community) in page))
    assert found == [(404, False), (200, True)]


def test_a_community_that_is_not_public_shows_nothing(client: Client, community: Community) -> None:
    news = NewsItemFactory(community=community)
    Community.objects.filter(pk=community.pk).update(published=False)
    assert client.get(public(community)).status_code == 404
    assert client.get(public(community, news.pk, name="news_item")).status_code == 404


def test_pictures_of_shown_news_are_open_and_the_archive_is_not(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    sent = {"title": "演练", "on": "2026-03-01", "text": "参加。", "files": [photograph()]}
    client.post(reverse("projects:register_add", args=[community.pk, "news"]), sent)
    news = NewsItem.objects.get()
    (picture,) = news.evidence.all()
    paper = EvidenceFactory(community=community, file__content_type="application/pdf")
    news.evidence.add(paper)
    client.logout()
    at = public(community, news.pk, picture.pk, name="news_picture")
    assert client.get(at).status_code == 404
    show_news(news=news, shown=True, by=li)
    answer = client.get(at)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert client.get(public(community, news.pk, paper.pk, name="news_picture")).status_code == 404
    told = client.get(public(community, news.pk, name="news_item")).content.decode()
    assert answer.headers["Content-Disposition"] == 'inline; filename="picture-1.jpg"'
    assert (told.count('alt="演练"'), picture.file.original_name in told) == (1, False)
    closed = reverse("projects:evidence_file", args=[community.pk, picture.pk])
    assert client.get(closed).status_code == 302
    show_news(news=news, shown=False, by=li)
    assert client.get(at).status_code == 404


def test_who_shows_the_programmes_shows_the_news(
    client: Client, community: Community, clerk: User, li: User, wang: User, zhao: User
) -> None:
    news = NewsItemFactory(community=community, is_published=False)
    found = {}
    for user in (clerk, wang, zhao, li):
        client.force_login(user)
        found[user] = [press(client, news, shown) for shown in ("1", "1")]
    assert found == {clerk: [403, 403], wang: [403, 403], zhao: [404, 404], li: [302, 302]}
    assert press(client, news, "0") == 302
    with pytest.raises(PermissionDenied):
        show_news(news=news, shown=True, by=clerk)
    trail = AuditEntry.objects.filter(action__startswith="news.").order_by("pk")
    assert list(trail.values_list("action", flat=True)) == ["news.show", "news.hide"]


def test_shown_news_is_hidden_by_a_change_of_who_may_not_show_it(
    client: Client, community: Community, clerk: User
) -> None:
    found = {}
    for name, more in (("words", {"text": "改过的"}), ("files", {"files": [photograph()]}), ("nothing", {})):
        news = NewsItemFactory(community=community, title=name, on="2026-03-01", text="原文")
        told = changed(client, news, clerk, **more)
        found[name] = (told, NewsItem.objects.get(pk=news.pk).is_published)
    assert found == {
        "words": (["success", "warning"], False),
        "files": (["success", "warning"], False),
        "nothing": (["success"], True),
    }
    trail = AuditEntry.objects.filter(action__startswith="news.")
    assert list(trail.values_list("action", "actor_id")) == [("news.hide", clerk.pk)] * 2


def test_who_may_show_it_changes_it_in_sight(client: Client, community: Community, li: User) -> None:
    news = NewsItemFactory(community=community, on="2026-03-01")
    assert changed(client, news, li, text="改过的") == ["success"]
    news.refresh_from_db()
    assert (news.text, news.is_published) == ("改过的", True)


def test_what_is_typed_is_shown_as_text(client: Client, community: Community) -> None:
    news = NewsItemFactory(community=community, text="<script>alert(1)</script>")
    page = client.get(public(community, news.pk, name="news_item")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_asks_the_same_for_one_piece_and_for_twenty(client: Client, community: Community) -> None:
    def make() -> None:
        NewsItemFactory(community=community).evidence.add(EvidenceFactory(community=community))

    assert queries_of(client, public(community), make, 1) == queries_of(client, public(community), make, 18)
