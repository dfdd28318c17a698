from surveys.models.copies import CopyPage, SealedCopy, UploadedFile
from surveys.models.responses import Answer, Response, StageChange, Submission
from surveys.models.reviews import RegisterChange, Remark, Review
from surveys.models.rounds import Invitation, OfficialNotice, QuestionnaireEdition, Round

__all__ = [
    "Answer",
    "CopyPage",
    "Invitation",
    "OfficialNotice",
    "QuestionnaireEdition",
    "RegisterChange",
    "Remark",
    "Response",
    "Review",
    "Round",
    "SealedCopy",
    "StageChange",
    "Submission",
    "UploadedFile",
]
