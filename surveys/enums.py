from django.db import models
from django.utils.translation import gettext_lazy as _


class Publicity(models.TextChoices):
    """信息公开形式, as official documents state it."""

    PUBLIC = "public", _("public")
    ON_REQUEST = "on_request", _("on request")
    CLOSED = "closed", _("not public")


class RoundStage(models.TextChoices):
    PREPARING = "preparing", _("being prepared")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Stage(models.TextChoices):
    """Where one unit's response stands."""

    NOT_STARTED = "not_started", _("not started")
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("sealed copy awaited")
    UPLOADED = "uploaded", _("sealed copy uploaded")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", _("returned for changes")
    COPY_RETURNED = "copy_returned", _("new sealed copy wanted")
    ACCEPTED = "accepted", _("accepted")
    ARCHIVED = "archived", _("archived")
    VOID = "void", _("void")


# Answers may be typed in these stages; in RETURNED only those with a remark.
WRITABLE = frozenset({Stage.NOT_STARTED, Stage.DRAFT, Stage.RETURNED})
# The unit has handed in its answers.
HANDED_IN = frozenset(
    {
        Stage.SUBMITTED,
        Stage.UPLOADED,
        Stage.IN_REVIEW,
        Stage.COPY_RETURNED,
        Stage.ACCEPTED,
        Stage.ARCHIVED,
        Stage.RETURNED,
    }
)
AWAITING_COPY = frozenset({Stage.SUBMITTED, Stage.COPY_RETURNED})
AWAITING_REVIEW = frozenset({Stage.UPLOADED, Stage.IN_REVIEW})


class Origin(models.TextChoices):
    """Where an answer came from."""

    TYPED = "typed", _("typed in")
    REGISTER = "register", _("from the register")
    LAST_ROUND = "last_round", _("from the last round")


class Decision(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    ANSWERS_RETURNED = "answers_returned", _("answers returned")
    COPY_RETURNED = "copy_returned", _("sealed copy returned")


class PageMatch(models.TextChoices):
    WAITING = "waiting", _("being read")
    MATCHED = "matched", _("recognised, same version")
    OTHER_VERSION = "other_version", _("another version of this form")
    OTHER_COMMUNITY = "other_community", _("a page of another form")
    DUPLICATE = "duplicate", _("this page is there already")
    UNREADABLE = "unreadable", _("not recognised")


class SettledBy(models.TextChoices):
    CODE = "code", _("read from the code")
    TYPED = "typed", _("printed number typed in")
    STAFF = "staff", _("settled by staff")


class ChangeState(models.TextChoices):
    OPEN = "open", _("to be decided")
    APPLIED = "applied", _("taken into the register")
    DISMISSED = "dismissed", _("left as it is")


# How the audit trail calls what happens here, and the facts that are no field of the object.
TRAIL_ACTIONS = {
    "response.start": _("Filling in begun"),
    "response.submit": _("Answers submitted"),
    "response.send_copy": _("Sealed copy sent for review"),
    "response.begin_review": _("Review begun"),
    "response.accept": _("Response accepted"),
    "response.return_answers": _("Answers returned for changes"),
    "response.return_copy": _("New sealed copy asked for"),
    "response.archive": _("Response archived"),
    "response.void": _("Response made void"),
    "copy.add_file": _("File of a sealed copy uploaded"),
    "copy.withdraw_file": _("File of a sealed copy taken back"),
    "copy.settle_page": _("Page of a sealed copy assigned"),
    "copy.leave_page": _("Page of a sealed copy left to staff"),
    "register_change.applied": _("Answer taken into the register"),
    "register_change.dismissed": _("Answer not taken into the register"),
    "edition.save": _("Questionnaire edition saved"),
    "edition.publish": _("Questionnaire edition published"),
    "official_notice.create": _("Notice recorded"),
    "official_notice.change": _("Notice changed"),
    "invitation.accept": _("Invitation taken up"),
    "invitation.extend": _("Deadline of a unit extended"),
    "invitation.reissue": _("Invitation code issued anew"),
    "invitation.revoke": _("Invitation revoked"),
    "invitation.show_code": _("Invitation code shown"),
    "round.create": _("Survey round created"),
    "round.change": _("Survey round changed"),
    "round.invite": _("Units asked"),
    "round.open": _("Survey round opened"),
    "round.close": _("Survey round closed"),
    "round.reopen": _("Survey round opened again"),
}
TRAIL_FACTS = {
    "units": _("units"),
    "questions": _("questions"),
    "copy": _("sealed copy"),
    "size": _("size in bytes"),
    "sha256": _("hash of the file"),
    "page": _("printed page"),
    "issue": _("issue of the code"),
    "membership": _("membership"),
}
