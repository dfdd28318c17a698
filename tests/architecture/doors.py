"""Who may open a page at all; what is seen inside is tested where the page is."""

from enum import Enum


class Door(Enum):
    PUBLIC = "everybody"
    SIGNED_IN = "whoever is signed in; shows only their own"
    COMMUNITY = "the people of one community, and those set above it"
    STAFF = "the association's staff"
