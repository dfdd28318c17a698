"""A copy of what is stored about oneself."""

import json

from django.urls import reverse

from accounts import services
from accounts.services.own_data import LEFT_OUT
from audit.models import AuditEntry
from notices.enums import Kind
from notices.services import queue

TAKE = reverse("accounts:own_data")


def taken(client) -> dict:
    answer = client.post(TAKE)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    return json.loads(answer.content)["data"]


def test_somebody_reads_what_is_stored_about_them(client, li, community) -> None:
    services.change_user(user=li, by=li, mobile="13812349689")
    queue(kind=Kind.PASSWORD_RESET, subject=li, recipient=li)
    client.force_login(li)
    data = taken(client)
    (person,) = data["用户"]
    assert (person["名称"], person["手机号"], person["电子邮箱"]) == ("李", "13812349689", li.email)
    assert [row["社区"] for row in data["社区成员"]] == [str(community)]
    assert [row["地址"] for row in data["发出的通知"]] == [li.email]
    assert any("修改账号" in line for line in data["操作记录"])


def test_what_opens_something_is_left_out(client, li) -> None:
    li.set_password("correct horse 47")
    li.save()
    client.force_login(li)
    text = json.dumps(taken(client))
    assert li.password not in text
    assert client.session.session_key not in text
    assert {"password", "session_key", "session_data"} <= LEFT_OUT


def test_nothing_of_others_is_in_it(client, li, zhao, elsewhere) -> None:
    client.force_login(li)
    text = json.dumps(taken(client), ensure_ascii=False)
    assert zhao.email not in text
    assert str(elsewhere) not in text


def test_taking_it_is_an_entry_and_looking_takes_nothing(client, li) -> None:
    client.force_login(li)
    assert client.get(TAKE).status_code == 405
    taken(client)
    assert AuditEntry.objects.filter(action="account.data_export", actor_id=li.pk).count() == 1


def test_staff_without_the_second_factor_take_nothing(client, office, settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    client.force_login(office)
    assert client.post(TAKE).status_code == 302
