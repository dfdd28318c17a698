"""Test data. One factory per model; roles carry the permissions they ship with."""

import copy
import datetime as dt
import json
from typing import Any

import factory
from django.conf import settings

from accounts.enums import RoleCode, RoleScope
from accounts.models import Role, RoleGrant, User
from communities.enums import CodeSystem, CommunityKind, DatePrecision, MembershipState, RegionLevel, Standing
from communities.models import (
    AccessGrant,
    Authority,
    AuthorityPost,
    Community,
    Contact,
    Designation,
    Membership,
    Programme,
    Region,
    RegisterEntry,
)
from core.clock import ZONE, now
from documents.enums import FileKind
from documents.models import StoredFile
from surveys import figures
from surveys.enums import HANDED_IN, PageMatch, RoundStage, SettledBy, Stage
from surveys.models import (
    CopyPage,
    Invitation,
    OfficialNotice,
    QuestionnaireEdition,
    Response,
    Round,
    SealedCopy,
    SectionHandout,
    Submission,
    UploadedFile,
)
from surveys.selectors.rounds import questionnaire
from tests.roles import ROLE_PERMISSIONS

ROLE_SCOPES = {
    RoleCode.ADMINISTRATOR: RoleScope.PLATFORM,
    RoleCode.CASE_OFFICER: RoleScope.PLATFORM,
    RoleCode.LEADERSHIP: RoleScope.PLATFORM,
    RoleCode.AUTHORITY: RoleScope.AUTHORITY,
    RoleCode.HEALTH_DEPARTMENT: RoleScope.AUTHORITY,
}


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    name = factory.Sequence(lambda n: f"用户{n}")
    # An unusable hash: tests sign in with force_login and no test pays for hashing a password.
    password = "!"


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Role
        django_get_or_create = ("code",)

    code = RoleCode.CASE_OFFICER
    scope = factory.LazyAttribute(lambda role: ROLE_SCOPES.get(role.code, RoleScope.COMMUNITY))
    name_zh = factory.LazyAttribute(lambda role: str(RoleCode(role.code).label))
    permissions = factory.LazyAttribute(lambda role: [str(code) for code in ROLE_PERMISSIONS[role.code]])


class RoleGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory, is_staff=True)
    role = factory.SubFactory(RoleFactory)


def staff_user(code: str, **fields: object) -> User:
    """A member of the association's staff who holds this platform-wide role."""
    user = UserFactory(is_staff=True, **fields)
    RoleGrantFactory(user=user, role__code=code)
    return user


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region

    code = factory.Sequence(lambda n: f"{990000 + n}")
    code_system = CodeSystem.MCA
    edition = "2025"
    level = RegionLevel.COUNTY
    name_zh = factory.Sequence(lambda n: f"第{n}区")


class AuthorityFactory(factory.django.DjangoModelFactory):
    """``path`` is kept as the services keep it: the parent's path and the own number."""

    class Meta:
        model = Authority
        skip_postgeneration_save = True

    name_zh = factory.Sequence(lambda n: f"第{n}应急管理局")

    @factory.post_generation
    def path(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        above = self.parent.path if self.parent else "/"
        self.path = extracted or f"{above}{self.pk}/"
        self.save(update_fields=["path"])


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme
        django_get_or_create = ("code",)

    code = "international"
    name_zh = "国际安全社区"
    name_en = "International Safe Community"
    level = 40
    validity_months = 60


class CommunityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Community

    name_zh = factory.Sequence(lambda n: f"第{n}街道")
    kind = CommunityKind.SUBDISTRICT
    standing = Standing.NAMED
    published = True
    province_name = "福建省"
    city_name = "厦门市"
    # The services keep this; here it is enough to be found by the name shown.
    search_text = factory.SelfAttribute("name_zh")


class RegisterEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RegisterEntry

    community = factory.SubFactory(CommunityFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: 1000 + n)
    first_year = 2015
    source = "中安健协发〔2024〕12号 附件1"


class DesignationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Designation

    entry = factory.SubFactory(RegisterEntryFactory)
    community = factory.SelfAttribute("entry.community")
    cycle = 0
    designated_on = dt.date(2015, 1, 1)
    precision = DatePrecision.YEAR
    source = "中安健协发〔2024〕12号 附件1"


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    community = factory.SubFactory(CommunityFactory)
    role = "liaison"
    name = "李联络"
    mobile = "13800000001"
    email = "lianluo@example.org"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    community = factory.SubFactory(CommunityFactory)
    role = factory.SubFactory(RoleFactory, code=RoleCode.COMMUNITY_LIAISON)
    state = MembershipState.ACTIVE


class AuthorityPostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AuthorityPost

    user = factory.SubFactory(UserFactory)
    authority = factory.SubFactory(AuthorityFactory)
    role = factory.SubFactory(RoleFactory, code=RoleCode.AUTHORITY)


class AccessGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AccessGrant

    user = factory.SubFactory(UserFactory)
    community = factory.SubFactory(CommunityFactory)
    role = factory.SubFactory(RoleFactory, code=RoleCode.EXPERT)


# --- Surveys ----------------------------------------------------------------------------------------------

ANNEX_2 = json.loads((settings.BASE_DIR / "fixtures/questionnaires/annex2-2024.json").read_text("utf-8"))


class OfficialNoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OfficialNotice
        django_get_or_create = ("number",)

    number = "中安健协发〔2024〕12号"
    title = "关于开展国际安全社区认证和复评调查工作的通知"
    issuer = "中国职业安全健康协会"
    issued_on = dt.date(2024, 1, 14)
    body = "请各单位完成调查表的提交。"
    addressees = "各国际安全社区、有关单位"


class QuestionnaireEditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = QuestionnaireEdition
        django_get_or_create = ("code",)

    code = "annex2-2024"
    title_zh = "国际安全社区认证和复评调查表"
    definition = factory.LazyFunction(lambda: copy.deepcopy(ANNEX_2))
    published_at = factory.LazyFunction(now)


class RoundFactory(factory.django.DjangoModelFactory):
    """The true round of 2024: asked on 2024-01-14, due on the leap day."""

    class Meta:
        model = Round
        django_get_or_create = ("code",)

    code = "2024"
    title_zh = "2024年国际安全社区认证和复评调查"
    notice = factory.SubFactory(OfficialNoticeFactory)
    edition = factory.SubFactory(QuestionnaireEditionFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    opens_on = dt.date(2024, 1, 14)
    deadline_on = dt.date(2024, 2, 29)
    closes_on = dt.date(2024, 3, 31)
    stage = RoundStage.OPEN


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    round = factory.SubFactory(RoundFactory)
    community = factory.SubFactory(CommunityFactory)
    code_digest = factory.Sequence(lambda n: f"{n:064d}")
    valid_until = dt.date(2024, 4, 30)


class ResponseFactory(factory.django.DjangoModelFactory):
    """Give ``community`` and ``round``; a stage past the draft gets the time of submission it needs."""

    class Meta:
        model = Response

    class Params:
        asked_round = factory.SubFactory(RoundFactory)

    round = factory.SelfAttribute("asked_round")
    community = factory.SubFactory(CommunityFactory)
    invitation = factory.SubFactory(
        InvitationFactory,
        round=factory.SelfAttribute("..round"),
        community=factory.SelfAttribute("..community"),
    )
    reference = factory.Sequence(lambda n: f"AQ24-{n:04d}-TEST")
    stage = Stage.NOT_STARTED
    first_submitted_at = factory.LazyAttribute(
        lambda response: (
            dt.datetime(2024, 2, 20, 10, 58, tzinfo=ZONE) if response.stage in HANDED_IN else None
        )
    )

    @classmethod
    def _create(cls, model_class: type[Response], *args: Any, **values: Any) -> Response:
        response = super()._create(model_class, *args, **values)
        figures.asked([response])
        return response


class SectionHandoutFactory(factory.django.DjangoModelFactory):
    """Handed back, and not looked at yet; give ``filled_at=None`` for one that is still away."""

    class Meta:
        model = SectionHandout

    response = factory.SubFactory(ResponseFactory)
    section = "work"
    sent_to = "派出所"
    filled_by = "王警官"
    answers = factory.LazyFunction(lambda: {"work_now": "巡逻每周三次。"})
    filled_at = factory.LazyFunction(now)
    expires_at = factory.LazyFunction(lambda: now() + dt.timedelta(days=14))


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    response = factory.SubFactory(ResponseFactory, stage=Stage.SUBMITTED)
    version = 1
    answers = factory.LazyFunction(dict)
    content_hash = "0" * 64

    @classmethod
    def _create(cls, model_class: type[Submission], *args: Any, **values: Any) -> Submission:
        submission = super()._create(model_class, *args, **values)
        response = copy.copy(submission.response)
        if not response.submissions.filter(version__gt=submission.version).exists():
            response.version = submission.version
            answers = submission.answers
            change = figures.change_to(response, questionnaire(response.round.edition), answers)
            figures.keep(change)
            figures.moved(response, figures.standing_of(response), change)
        return submission


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A row without content on disk; give ``file`` where something opens it."""

    class Meta:
        model = StoredFile

    kind = FileKind.SEALED_SCAN
    file = factory.Sequence(lambda n: f"2024/02/{n}.jpg")
    original_name = factory.Sequence(lambda n: f"IMG_{n:04d}.jpg")
    content_type = "image/jpeg"
    size = 1000
    sha256 = factory.Sequence(lambda n: f"{n:064x}")


class SealedCopyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SealedCopy

    submission = factory.SubFactory(SubmissionFactory)
    response = factory.SelfAttribute("submission.response")


class UploadedFileFactory(factory.django.DjangoModelFactory):
    """A file that has been read."""

    class Meta:
        model = UploadedFile

    sealed_copy = factory.SubFactory(SealedCopyFactory)
    stored = factory.SubFactory(StoredFileFactory)
    read_at = dt.datetime(2024, 2, 22, 9, 0, tzinfo=ZONE)


class CopyPageFactory(factory.django.DjangoModelFactory):
    """Give ``page`` for a recognised page; without it nobody could read the page."""

    class Meta:
        model = CopyPage

    file = factory.SubFactory(UploadedFileFactory)
    index = 0
    page = None
    match = factory.LazyAttribute(lambda row: PageMatch.MATCHED if row.page else PageMatch.UNREADABLE)
    settled_by = factory.LazyAttribute(lambda row: SettledBy.CODE if row.page else "")
