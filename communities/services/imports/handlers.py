"""Which handler looks after which kind of table."""

from __future__ import annotations

from communities.enums import ImportKind
from communities.services.imports.communities import CommunityTable
from communities.services.imports.comparing import Handler
from communities.services.imports.contacts import ContactTable, EmailTable
from communities.services.imports.designations import DesignationTable

_HANDLERS: dict[ImportKind, Handler] = {
    ImportKind.EMAILS: EmailTable(),
    ImportKind.CONTACTS: ContactTable(),
    ImportKind.COMMUNITIES: CommunityTable(),
    ImportKind.DESIGNATIONS: DesignationTable(),
}


def handler_of(kind: str) -> Handler:
    return _HANDLERS[ImportKind(kind)]
