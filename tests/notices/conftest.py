"""Here a kind of mail has no rules but those that a test registers."""

import pytest

from notices import kinds


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    monkeypatch.setattr(kinds, "_rules", {})
