"""Survey rounds in the staff site: lists to find, forms that a service stores, states that nobody types."""

from surveys.admin.editions import OfficialNoticeAdmin, QuestionnaireEditionAdmin
from surveys.admin.invitations import InvitationAdmin
from surveys.admin.prospects import ProspectApplicationAdmin
from surveys.admin.responses import ResponseAdmin, ReturnReasonAdmin
from surveys.admin.rounds import RoundAdmin

__all__ = [
    "InvitationAdmin",
    "OfficialNoticeAdmin",
    "ProspectApplicationAdmin",
    "QuestionnaireEditionAdmin",
    "ResponseAdmin",
    "ReturnReasonAdmin",
    "RoundAdmin",
]
