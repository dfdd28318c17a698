"""Permissions are code, roles are data: a role is a row with a description and a list of these."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    REGISTER_VIEW = "register.view", _("see the whole register")
    REGISTER_CHANGE = "register.change", _("change the register")
    IMPORT_MANAGE = "import.manage", _("see and finish tables that colleagues bring in")
    ROUND_VIEW = "round.view", _("see survey rounds and their results")
    ROUND_MANAGE = "round.manage", _("open and close survey rounds")
    RESPONSE_VIEW = "response.view", _("see survey answers")
    RESPONSE_FILL = "response.fill", _("fill in and submit a survey")
    RESPONSE_REVIEW = "response.review", _("check, return and accept survey answers")
    WORK_VIEW = "work.view", _("see the safety work of communities")
    WORK_RECORD = "work.record", _("record the safety work of a community")
    WORK_REVIEW = "work.review", _("review the projects of a community")
    WORK_JUDGE = "work.judge", _("read, return and accept the reports of communities")
    WORK_MANAGE = "work.manage", _("set yearly minima and the days of reports")
    INJURY_VIEW = "injury.view", _("see the figures of injuries")
    INJURY_RECORD = "injury.record", _("record the injuries of a community")
    INJURY_APPROVE = "injury.approve", _("approve the injury data of communities")
    INJURY_MANAGE = "injury.manage", _("set codes and families of injury records")
    CONTACT_VIEW = "contact.view", _("see contact persons unmasked")
    RESULT_EXPORT = "result.export", _("export results")
    ACCOUNT_VIEW = "account.view", _("see accounts and memberships")
    ACCOUNT_MANAGE = "account.manage", _("manage accounts and memberships")
    RETENTION_MANAGE = "retention.manage", _("set how long data are kept")
    AUDIT_VIEW = "audit.view", _("read the audit trail")
    NOTICE_VIEW = "notice.view", _("see the outbox")
    NOTICE_MANAGE = "notice.manage", _("release, repeat or drop notices")


class RoleScope(models.TextChoices):
    PLATFORM = "platform", _("everything")
    AUTHORITY = "authority", _("the communities below an authority")
    COMMUNITY = "community", _("one community")


class RoleCode(models.TextChoices):
    """The roles that ship with the platform; further ones may be added as rows."""

    ADMINISTRATOR = "administrator", _("administrator")
    CASE_OFFICER = "case_officer", _("case officer")
    LEADERSHIP = "leadership", _("leadership")
    CERTIFYING_CENTRE = "certifying_centre", _("certifying centre")
    AUTHORITY = "authority", _("authority")
    HEALTH_DEPARTMENT = "health_department", _("health department")
    EXPERT = "expert", _("expert")
    COMMUNITY_LEADER = "community_leader", _("community leader")
    COMMUNITY_LIAISON = "community_liaison", _("community liaison")
    COMMUNITY_CLERK = "community_clerk", _("community clerk")
