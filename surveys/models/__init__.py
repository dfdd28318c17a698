from surveys.models.blank_forms import BlankForm
from surveys.models.copies import CopyPage, SealedCopy, UploadedFile
from surveys.models.figures import Figure, GivenAnswer
from surveys.models.handouts import SectionHandout
from surveys.models.prospects import ProspectApplication
from surveys.models.rehearsals import Rehearsal
from surveys.models.responses import Answer, Response, StageChange, Submission
from surveys.models.reviews import RegisterChange, Remark, ReturnReason, Review
from surveys.models.rounds import Invitation, OfficialNotice, QuestionnaireEdition, Round

__all__ = [
    "Answer",
    "BlankForm",
    "CopyPage",
    "Figure",
    "GivenAnswer",
    "Invitation",
    "OfficialNotice",
    "ProspectApplication",
    "QuestionnaireEdition",
    "RegisterChange",
    "Rehearsal",
    "Remark",
    "Response",
    "ReturnReason",
    "Review",
    "Round",
    "SealedCopy",
    "SectionHandout",
    "StageChange",
    "Submission",
    "UploadedFile",
]
