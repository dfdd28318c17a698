"""Asking for the sealed copy as one document. Making it is the work of ``services.stamped``, in a worker."""

from __future__ import annotations

from documents import services as documents
from documents.models import Run
from surveys.models import SealedCopy
from surveys.selectors import stamped as selectors


def request_stamped(copy: SealedCopy) -> Run | None:
    """Ask for the document of a copy that was sent, unless it is there with these very pages."""
    if copy.sent_at is None:
        return None
    key = selectors.key_of(selectors.leaves(copy))
    if not key or (copy.stamped_id and copy.stamped_key == key):
        return None
    return documents.request_run(
        handler=selectors.HANDLER,
        parameters={"copy": copy.pk, "key": key},
        by=None,
        key=selectors.run_key(copy, key),
    )


def ask_for_stamped_again(*, copy: SealedCopy) -> None:
    """A lost document is queued once more; one that is there or on its way is left alone."""
    stamped = selectors.stamped_of(copy)
    if stamped is not None and stamped.is_lost:
        request_stamped(copy)
