"""The register in the staff site: lists to find, forms that a service stores."""

from communities.admin.communities import CommunityAdmin
from communities.admin.entries import RegisterEntryAdmin
from communities.admin.members import AccessGrantAdmin, AuthorityPostAdmin, MembershipAdmin
from communities.admin.places import AuthorityAdmin, ProgrammeAdmin, RegionAdmin

__all__ = [
    "AccessGrantAdmin",
    "AuthorityAdmin",
    "AuthorityPostAdmin",
    "CommunityAdmin",
    "MembershipAdmin",
    "ProgrammeAdmin",
    "RegionAdmin",
    "RegisterEntryAdmin",
]
