"""Survey rounds in the staff site: lists to find, forms that a service stores, states that nobody types."""

from surveys.admin.responses import ResponseAdmin
from surveys.admin.rounds import InvitationAdmin, OfficialNoticeAdmin, QuestionnaireEditionAdmin, RoundAdmin

__all__ = [
    "InvitationAdmin",
    "OfficialNoticeAdmin",
    "QuestionnaireEditionAdmin",
    "ResponseAdmin",
    "RoundAdmin",
]
