"""No order of presses by two people of the unit and two reviewers leads where the table of moves does not."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.surveys.stateful import Life, World, make_world

# A few runs here, the same ones each time; ``make faults`` makes thousands of steps, other ones each time.
FEW = settings(
    max_examples=4,
    stateful_step_count=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),  # explaining a failure takes longer than reading it
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def world(community, li, zhao) -> World:
    return make_world(community, li, zhao)


def test_no_order_of_presses_leads_where_the_table_does_not(world):
    machine = type("Life", (Life,), {"world": world})
    run_state_machine_as_test(machine, settings=FEW)
    assert len(world.reached) > 5
