"""Here a kind of mail has no rules but those that a test registers."""

import pytest

from accounts.models import User
from notices import kinds
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    monkeypatch.setattr(kinds, "_rules", {})


@pytest.fixture
def recipient(db: None) -> User:
    return UserFactory(email="lin@example.org", name="林")
