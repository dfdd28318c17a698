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


class Asked(models.TextChoices):
    """Whom a round asks."""

    NAMED = "named", _("named communities")
    PROSPECTS = "prospects", _("units that intend to apply")


class Respondent(models.TextChoices):
    """Whom a questionnaire is written for. Only those for units may be asked in a round."""

    UNITS = "units", _("units")
    RESIDENTS = "residents", _("residents")


class Stage(models.TextChoices):
    """Where one unit's response stands."""

    NOT_STARTED = "not_started", _("not started")
    DRAFT = "draft", _("draft")
    TO_CHECK = "to_check", _("answers to be checked")
    SUBMITTED = "submitted", _("sealed copy awaited")
    UPLOADED = "uploaded", _("sealed copy uploaded")
    IN_REVIEW = "in_review", _("in review")
    SECOND_LOOK = "second_look", _("second look awaited")
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
        Stage.TO_CHECK,
        Stage.SUBMITTED,
        Stage.UPLOADED,
        Stage.IN_REVIEW,
        Stage.SECOND_LOOK,
        Stage.COPY_RETURNED,
        Stage.ACCEPTED,
        Stage.ARCHIVED,
        Stage.RETURNED,
    }
)
AWAITING_COPY = frozenset({Stage.SUBMITTED, Stage.COPY_RETURNED})
AWAITING_REVIEW = frozenset({Stage.UPLOADED, Stage.IN_REVIEW})
# Somebody of the association has to decide: on a sealed copy, on answers without one, or a second time.
AWAITING_DECISION = AWAITING_REVIEW | {Stage.TO_CHECK, Stage.SECOND_LOOK}
# The answers are on paper, or go on paper now.
PRINTED = AWAITING_COPY | AWAITING_REVIEW | {Stage.SECOND_LOOK, Stage.ACCEPTED, Stage.ARCHIVED}
# The unit may take back what it handed in, as long as nobody has begun to review it.
WITHDRAWABLE = frozenset({Stage.TO_CHECK, Stage.SUBMITTED, Stage.UPLOADED})


class Owed(models.TextChoices):
    """What a unit whose turn it is still has to do."""

    ANSWERS = "answers", _("answers to be filled in")
    COPY = "copy", _("sealed copy to be uploaded")
    CHANGES = "changes", _("answers to be changed")
    NEW_COPY = "new_copy", _("sealed copy to be uploaded again")


class Origin(models.TextChoices):
    """Where an answer came from."""

    TYPED = "typed", _("typed in")
    REGISTER = "register", _("from the register")
    LAST_ROUND = "last_round", _("from the last round")
    SECTION = "section", _("from a section handed out")
    STAFF = "staff", _("entered by the association")


class Arrival(models.TextChoices):
    """How the answers of a unit came; what came on paper is typed in by staff."""

    ONLINE = "online", _("online")
    POST = "post", _("on paper by post")
    EMAIL = "email", _("by e-mail")


class Decision(models.TextChoices):
    CLEARED = "cleared", _("cleared for sealing")
    PROPOSED = "proposed", _("proposed for acceptance")
    ACCEPTED = "accepted", _("accepted")
    ANSWERS_RETURNED = "answers_returned", _("answers returned")
    COPY_RETURNED = "copy_returned", _("sealed copy returned")


class HandoutState(models.TextChoices):
    """Where a section handed out stands; told from its times, never stored."""

    NOT_OPENED = "not_opened", _("not opened yet")
    OPENED = "opened", _("opened")
    HANDED_BACK = "handed_back", _("handed back")
    ACCEPTED = "accepted", _("taken over")
    EXPIRED = "expired", _("run out")
    REVOKED = "revoked", _("called back")


class ReasonAbout(models.TextChoices):
    """What a reason for returning speaks of."""

    ANSWERS = "answers", _("an answer")
    COPY = "copy", _("the sealed copy")


class BlankFormat(models.TextChoices):
    """What the blank form can be had as."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word")


class FilePurpose(models.TextChoices):
    """Pages are recognised; an electronically sealed file is stored untouched and never judged."""

    PAGES = "pages", _("scanned or photographed pages")
    E_SEALED = "e_sealed", _("electronically sealed file")


class PageMatch(models.TextChoices):
    WAITING = "waiting", _("being read")
    MATCHED = "matched", _("recognised, same version")
    OTHER_VERSION = "other_version", _("another version of this form")
    OTHER_COMMUNITY = "other_community", _("a page of another form")
    DUPLICATE = "duplicate", _("this page is there already")
    ATTACHMENT = "attachment", _("own attachment")
    TWO_PAGES = "two_pages", _("two pages on one picture")
    BLANK = "blank", _("blank page")
    UNREADABLE = "unreadable", _("not recognised")


class Advice(models.TextChoices):
    """What a picture of a page may lack: hints for people, never a bar."""

    BLURRED = "blurred", _("The picture is blurred. Hold the telephone still and take it again.")
    DARK = "dark", _("The picture is dark. Take it again where there is more light.")
    CUT_OFF = "cut_off", _("A part of the page is cut off. The whole sheet should be in the picture.")
    NO_RED = "no_red", _("No red seal can be seen in the box for it.")
    NO_SIGNATURE = "no_signature", _("The box for the signature seems to be empty.")


class SettledBy(models.TextChoices):
    CODE = "code", _("read from the code")
    TYPED = "typed", _("printed number typed in")
    UNIT = "unit", _("settled by the unit")
    STAFF = "staff", _("settled by staff")


class ChangeState(models.TextChoices):
    OPEN = "open", _("to be decided")
    APPLIED = "applied", _("taken into the register")
    DISMISSED = "dismissed", _("left as it is")


# How the audit trail calls what happens here, and the facts that are no field of the object.
TRAIL_ACTIONS = {
    "response.start": _("Filling in begun"),
    "response.submit": _("Answers submitted"),
    "response.submit_for_check": _("Answers submitted to be checked"),
    "response.clear": _("Answers cleared for sealing"),
    "response.propose": _("Acceptance proposed"),
    "response.withdraw": _("Submission taken back"),
    "response.enter_paper": _("Paper entered by the association"),
    "response.reopen": _("Void response opened again"),
    "response.send_copy": _("Sealed copy sent for review"),
    "response.begin_review": _("Review begun"),
    "response.accept": _("Response accepted"),
    "response.return_answers": _("Answers returned for changes"),
    "response.return_copy": _("New sealed copy asked for"),
    "response.archive": _("Response archived"),
    "response.void": _("Response made void"),
    "response.set_due_day": _("Day to answer a return set"),
    "return_reason.create": _("Reason for returning added"),
    "return_reason.change": _("Reason for returning changed"),
    "prospect.apply": _("Unit entered that intends to apply"),
    "prospect.confirm": _("Prospect confirmed the address"),
    "copy.add_file": _("File of a sealed copy uploaded"),
    "copy.withdraw_file": _("File of a sealed copy taken back"),
    "copy.settle_page": _("Page of a sealed copy assigned"),
    "copy.leave_page": _("Page of a sealed copy left to staff"),
    "copy.attach_page": _("Page of a sealed copy set as own attachment"),
    "copy.detach_page": _("Page of a sealed copy no longer an own attachment"),
    "copy.order_attachments": _("Own attachments put in order"),
    "handout.create": _("Section handed out"),
    "handout.hand_back": _("Section handed back by link"),
    "handout.open_again": _("Section handed back opened again"),
    "handout.accept": _("Answers of a section taken over"),
    "handout.revoke": _("Link of a section called back"),
    "copy.receive_by_link": _("Pictures of a sealed copy received by a code"),
    "workbook.upload": _("Questionnaire in Excel uploaded"),
    "workbook.apply": _("Answers taken over from Excel"),
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
    "invitation.print_letter": _("Invitation letter printed"),
    "invitation.mail_letter": _("Invitation letter sent by mail"),
    "round.mail_letters": _("Invitation letters sent by mail"),
    "round.letters": _("Invitation letters asked for"),
    "round.create": _("Survey round created"),
    "round.change": _("Survey round changed"),
    "round.invite": _("Units asked"),
    "round.rehearse": _("Survey round rehearsed"),
    "round.open": _("Survey round opened"),
    "round.close": _("Survey round closed"),
    "round.reopen": _("Survey round opened again"),
}
TRAIL_FACTS = {
    "units": _("units"),
    "mails": _("mails"),
    "letters": _("letters that go along"),
    "batch": _("batch"),
    "held": _("held for a look"),
    "states": _("states"),
    "questions": _("questions"),
    "copy": _("sealed copy"),
    "size": _("size in bytes"),
    "sha256": _("hash of the file"),
    "page": _("printed page"),
    "files": _("files"),
    "file": _("file"),
    "link": _("kind of link"),
    "section": _("section"),
    "issue": _("issue of the code"),
    "run": _("background work"),
    "membership": _("membership"),
}
