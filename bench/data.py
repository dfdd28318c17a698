"""Rows to measure on: communities as in the register, and one open round with a draft for each of some of them."""

import datetime as dt
import json

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction

from accounts.backends import SessionStore
from accounts.models import Role, User
from communities.models import Community, Designation, Membership, Programme, RegisterEntry
from core.clock import now, today
from surveys import figures
from surveys.enums import RoundStage, Stage
from surveys.models import Answer, Invitation, OfficialNotice, QuestionnaireEdition, Response, Round

PROVINCES = ("上海", "北京", "广东", "辽宁", "山东", "重庆", "江苏", "福建", "河北", "山西", "四川", "陕西")
DEFINITION = json.loads(
    (settings.BASE_DIR / "fixtures/questionnaires/annex2-2024.json").read_text(encoding="utf-8")
)
ANSWERS = {
    "community_name": "第1街道",
    "first_certified": "2015-06-01",
    "recertified": ["2020-06"],
    "leader_name": "王主任",
    "leader_phone": "0592-2234567",
    "leader_mobile": "13800000001",
    "contact_name": "李联络",
    "contact_phone": "0592-2234568",
    "contact_mobile": "13800000002",
    "email": "lianluo@example.org",
    "address": "福建省厦门市思明区某路1号",
    "work_now": "建立跨部门工作组，开展道路交通、居家和老年人跌倒三项干预。" * 4,
    "plan": "明年开展伤害监测数据分析，更新诊断报告，申请复评。" * 4,
    "suggestions": "希望组织交流。",
    "intends": "applies",
    "planned_year": 2027,
    "needs": ["training", "exchange"],
}


def fill(count: int) -> None:
    """``count`` communities, each in the international register with one designation."""
    programme, _made = Programme.objects.get_or_create(
        code="international", defaults={"name_zh": "国际安全社区", "level": 40, "validity_months": 60}
    )
    have = RegisterEntry.objects.filter(programme=programme).count()
    communities = Community.objects.bulk_create(
        Community(
            name_zh=f"第{number}街道",
            kind="subdistrict",
            standing="named",
            published=True,
            province_name=PROVINCES[number % len(PROVINCES)],
            city_name=f"第{number % 60}市",
            search_text=f"第{number}街道 di{number}jiedao",
        )
        for number in range(have, count)
    )
    entries = RegisterEntry.objects.bulk_create(
        RegisterEntry(
            community=community,
            programme=programme,
            number=1000 + have + index,
            sequence=1 + have + index,
            first_year=2006 + index % 18,
            ends_earliest=dt.date(2011 + index % 18, 1, 1),
            ends_latest=dt.date(2011 + index % 18, 12, 31),
            source="bench",
        )
        for index, community in enumerate(communities)
    )
    Designation.objects.bulk_create(
        Designation(
            entry=entry,
            community=entry.community,
            cycle=0,
            designated_on=dt.date(entry.first_year, 1, 1),
            precision="year",
            source="bench",
        )
        for entry in entries
    )
    analyse()


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself some minutes later


def round_of(code: str) -> Round:
    """The open round of that code, made if there is none."""
    edition, _made = QuestionnaireEdition.objects.get_or_create(
        code=DEFINITION["code"],
        defaults={"title_zh": DEFINITION["title_zh"], "definition": DEFINITION, "published_at": now()},
    )
    notice, _made = OfficialNotice.objects.get_or_create(
        number=f"测试〔2026〕{code}号",
        defaults={
            "title": "测试",
            "issuer": "测试",
            "issued_on": today(),
            "body": "测试",
            "addressees": "测试",
        },
    )
    survey_round, _made = Round.objects.get_or_create(
        code=code,
        defaults={
            "title_zh": "测速",
            "notice": notice,
            "edition": edition,
            "programme": Programme.objects.get(code="international"),
            "opens_on": today(),
            "deadline_on": today() + dt.timedelta(days=30),
            "closes_on": today() + dt.timedelta(days=60),
            "stage": RoundStage.OPEN,
        },
    )
    return survey_round


@transaction.atomic
def open_round(drafts: int, *, code: str) -> tuple[list[Response], str]:
    """A round with that many complete drafts, all of one liaison, and the liaison's session."""
    survey_round = round_of(code)
    liaison = User.objects.create_user(f"{code}@example.org", name="李联络")
    role = Role.objects.get(code="community_liaison")
    communities = list(Community.objects.order_by("pk")[:drafts])
    Membership.objects.bulk_create(
        Membership(user=liaison, community=community, role=role, state="active") for community in communities
    )
    invitations = Invitation.objects.bulk_create(
        Invitation(
            round=survey_round,
            community=community,
            code_digest=f"{code}-{community.pk}",
            valid_until=survey_round.closes_on,
        )
        for community in communities
    )
    responses = Response.objects.bulk_create(
        Response(
            round=survey_round,
            community=invitation.community,
            invitation=invitation,
            reference=f"AQ26-{invitation.pk:05d}-KHMT",
            stage=Stage.DRAFT,
        )
        for invitation in invitations
    )
    figures.asked(responses)
    Answer.objects.bulk_create(
        Answer(response=response, question=question, value=value)
        for response in responses
        for question, value in ANSWERS.items()
    )
    return responses, sign_in(liaison)


def sign_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
