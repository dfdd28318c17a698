"""A broker that is away costs one page a moment, and no page its answer."""

import pytest
from kombu.exceptions import OperationalError

from config import bell
from documents.tasks import perform_run


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    """Runs for which the broker was asked; it is away."""
    tried: list[int] = []

    def refuse(given: tuple[int], **_options: object) -> None:
        tried.extend(given)
        raise OperationalError("Connection refused")

    monkeypatch.setattr(perform_run, "apply_async", refuse)
    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    return tried


def test_a_ring_that_nobody_hears_is_no_error_and_not_tried_again_at_once(rung) -> None:
    bell.ring(1)
    bell.ring(2)
    assert rung == [1]


def test_after_a_while_the_bell_is_rung_again(rung, monkeypatch) -> None:
    bell.ring(1)
    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    bell.ring(2)
    assert rung == [1, 2]
