"""Named reads of the register for pages and other apps. Every list has an explicit order."""

from communities.selectors.facets import Facet, FacetLink
from communities.selectors.filters import RegisterFilters, search_condition
from communities.selectors.history import designation_timeline, status_sentence
from communities.selectors.members import needs_approval, requests_of, requests_to
from communities.selectors.register import (
    INTERNATIONAL,
    RegisterPage,
    communities_of,
    community_entries,
    entry_by_number,
    export_rows,
    neighbours,
    published_parts,
    register_counts,
    register_entries,
    register_page,
)

__all__ = [
    "INTERNATIONAL",
    "Facet",
    "FacetLink",
    "RegisterFilters",
    "RegisterPage",
    "communities_of",
    "community_entries",
    "designation_timeline",
    "entry_by_number",
    "export_rows",
    "needs_approval",
    "neighbours",
    "published_parts",
    "register_counts",
    "register_entries",
    "register_page",
    "requests_of",
    "requests_to",
    "search_condition",
    "status_sentence",
]
