"""How much is tried: in proportion with every commit, at length by `make storm`.

Hypothesis never measures time here: a slow machine is no defect. A test says only what differs.
"""

import os

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

LONG = "STORM" in os.environ


def examples(at_length: int) -> int:
    """How many examples of a property are drawn: a third of what is drawn at length."""
    return at_length if LONG else at_length // 3


SHARED = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
"""Suppressed where all examples of a test meet one and the same service."""
settings.register_profile(
    "jiceng",
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("jiceng")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make storm` runs at length: who draws examples, takes rounds or waits longer."""
    for item in items:
        if (
            is_hypothesis_test(item.obj)
            or {"storms", "examples", "LONG"} & vars(item.module).keys()
        ):
            item.add_marker("storm")
