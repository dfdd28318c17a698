"""Who uses the platform and what they may do. Scope (which communities) is said in ``communities``."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import Permission, RoleScope
from core.clock import now, today
from core.fields import Bilingual, only_choices
from core.masks import masked_email, masked_name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """For ``manage.py createsuperuser``: a staff user; the administrator's role is granted beside it."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """A person. Signs in by e-mail or mobile number; what they may do comes from role grants and memberships."""

    email = models.EmailField(_("e-mail"), unique=True)
    mobile = models.CharField(_("mobile"), max_length=11, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("works for the association"), default=False)
    is_guarded = models.BooleanField(
        _("signs in with a second factor"),
        default=False,
        help_text=_("holds for the association's staff anyway; set for whoever has a post at an authority"),
    )
    is_superuser = models.BooleanField(_("holds every permission"), default=False)
    email_confirmed_at = models.DateTimeField(_("e-mail confirmed"), null=True, blank=True)
    password_set_at = models.DateTimeField(_("password chosen"), null=True, blank=True)
    closed_at = models.DateTimeField(_("account closed"), null=True, blank=True)
    erased_at = models.DateTimeField(_("personal data erased"), null=True, blank=True)
    date_joined = models.DateTimeField(_("joined"), default=now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("email",)
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case"),
            models.CheckConstraint(
                condition=Q(mobile__isnull=True) | Q(mobile__regex=r"^1[3-9][0-9]{9}$"),
                name="user_mobile_form",
            ),
        )

    class Privacy:
        personal = frozenset({"email", "mobile", "name", "password"})
        plain = frozenset(
            {
                "id",
                "language",
                "is_active",
                "is_staff",
                "is_guarded",
                "is_superuser",
                "email_confirmed_at",
                "password_set_at",
                "closed_at",
                "erased_at",
                "date_joined",
                "last_login",
            }
        )

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def trail_label(self) -> str:
        """What the trail, which forgets nothing, may call a person; pages that show it ask for the name by number."""
        return masked_name(self.name) or masked_email(self.email)

    @property
    def needs_second_factor(self) -> bool:
        return self.is_staff or self.is_guarded

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_set_at = now() if raw_password is not None else None

    def get_short_name(self) -> str:
        return str(self)

    def get_full_name(self) -> str:
        return str(self)

    @property
    def platform_permissions(self) -> frozenset[str]:
        """Permissions that hold everywhere; read once per request and kept on the object."""
        if not self.is_active:
            return frozenset()
        if self.is_superuser:
            return frozenset(Permission.values)
        if "_platform_permissions" not in self.__dict__:
            held = RoleGrant.objects.filter(user=self).current().values_list("role__permissions", flat=True)
            self.__dict__["_platform_permissions"] = frozenset(code for codes in held for code in codes)
        return self.__dict__["_platform_permissions"]

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Only the platform-wide permissions; for one community ask ``communities.authz.can``."""
        return perm in self.platform_permissions

    def has_perms(self, perms: list[str], obj: object | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return bool(self.is_staff and self.platform_permissions)


class Role(models.Model):
    """A named bundle of permissions with a description that staff can read and edit."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    scope = models.CharField(_("scope"), max_length=10, choices=RoleScope)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    description_zh = models.TextField(_("Chinese description"), blank=True)
    description_en = models.TextField(_("English description"), blank=True)
    permissions = models.JSONField(_("permissions"), default=list, blank=True)
    name = Bilingual("name")
    description = Bilingual("description")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("pk",)
        constraints = (only_choices("scope", RoleScope, "role_scope_known"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {"id", "code", "scope", "name_zh", "name_en", "description_zh", "description_en", "permissions"}
        )

    def __str__(self) -> str:
        return str(self.name)


class RoleGrantQuerySet(models.QuerySet):
    def current(self) -> RoleGrantQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gte=today()))


class RoleGrant(models.Model):
    """A platform-wide role held by a user, since when, until when, by whose decision."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants", verbose_name=_("user"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants", verbose_name=_("role"))
    since = models.DateField(_("since"), default=today)
    until = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("granted by")
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ("user", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "role"), name="role_granted_once"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "user", "role", "since", "until", "granted_by"})

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Session(AbstractBaseSession):
    """An open session and whose it is, so that it can be shown and ended. Written by ``accounts.backends``."""

    user_id = models.BigIntegerField(_("user's number"), null=True, blank=True, db_index=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    browser = models.CharField(_("browser"), max_length=60, blank=True)
    began_at = models.DateTimeField(_("signed in"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    class Meta(AbstractBaseSession.Meta):
        ordering = ("-seen_at",)

    class Privacy:
        personal = frozenset({"session_key", "session_data", "address", "browser"})
        plain = frozenset({"user_id", "began_at", "seen_at", "expire_date"})

    @property
    def handle(self) -> str:
        """What a page may call it by; the key itself would open it."""
        return salted_hmac("accounts.session", self.session_key, algorithm="sha256").hexdigest()[:20]


class Authenticator(TOTPDevice):
    """The app that shows one-time codes. What it knows is derived from the row and the secret key together, so that
    who reads the table alone can make no code."""

    DERIVED = "authenticator, derived key"

    class Meta:
        proxy = True

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain: frozenset[str] = frozenset()

    @staticmethod
    def derived(seed: str) -> bytes:
        """The twenty bytes the app is told, from forty hexadecimal digits."""
        return salted_hmac("accounts.authenticator", seed, algorithm="sha256").digest()[:20]

    @property
    def bin_key(self) -> bytes:
        """Apps set up before keys were derived know the row's own."""
        return self.derived(self.key) if self.name == self.DERIVED else super().bin_key
