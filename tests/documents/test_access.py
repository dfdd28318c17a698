"""A stored file is handed over as it came, to nobody's cache, and its loss is said politely."""

import pytest
from django.http import Http404

from documents import services
from documents.access import file_response
from documents.enums import FileKind
from documents.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored() -> StoredFile:
    return services.store_file(
        kind=FileKind.SEALED_SCAN,
        content=b"<script>alert(1)</script>",
        original_name="盖章件\r\nX-Evil: 1.html",
        content_type="text/html",
        by=None,
    )


def test_a_foreign_type_is_saved_and_never_shown(stored) -> None:
    answer = file_response(stored)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_a_name_cannot_bring_a_header_of_its_own(stored) -> None:
    assert "X-Evil" not in file_response(stored).headers


def test_a_file_that_is_gone_from_the_disk_is_not_found(stored) -> None:
    stored.file.storage.delete(stored.file.name)
    with pytest.raises(Http404):
        file_response(stored)
