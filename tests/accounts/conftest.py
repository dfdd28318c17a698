"""People who really type a password; everybody else is signed in with force_login."""

import pytest

from accounts.models import User
from tests.factories import UserFactory

PASSWORD = "correct-horse-7"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def person(db: None) -> User:
    return with_password(UserFactory(email="lin@example.org", mobile="13812349689", name="林"))


@pytest.fixture
def clerk(office: User) -> User:
    return with_password(office)
