from communities.models.access import AccessGrant, AuthorityPost, Membership
from communities.models.communities import Community, CommunityName, Contact, Population
from communities.models.figures import Touch
from communities.models.imports import ImportBatch, ImportRow
from communities.models.places import Authority, Region
from communities.models.register import Designation, Programme, RegisterEntry

__all__ = [
    "AccessGrant",
    "Authority",
    "AuthorityPost",
    "Community",
    "CommunityName",
    "Contact",
    "Designation",
    "ImportBatch",
    "ImportRow",
    "Membership",
    "Population",
    "Programme",
    "Region",
    "RegisterEntry",
    "Touch",
]
