"""Named reads of the register for pages and other apps. Every list has an explicit order."""

from communities.selectors.facets import Facet, FacetLink
from communities.selectors.filters import RegisterFilters, search_condition
from communities.selectors.history import designation_timeline, status_sentence
from communities.selectors.members import filled_in_by, needs_approval, people_of, requests_of, requests_to
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
    "filled_in_by",
    "needs_approval",
    "neighbours",
    "people_of",
    "published_parts",
    "register_counts",
    "register_entries",
    "register_page",
    "requests_of",
    "requests_to",
    "search_condition",
    "status_sentence",
]
