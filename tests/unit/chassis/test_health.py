"""What readiness and liveness are made of."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.health import STALE_BEAT_S, Health


class Moving:
    """A clock and a timer that move when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def timer(self) -> float:
        return self.seconds


@pytest.fixture
def moving() -> Moving:
    return Moving()


@pytest.fixture
def health(moving: Moving) -> Health:
    return Health(moving.now, moving.timer)


def test_a_process_is_ready_when_every_part_is(health):
    assert health.ready
    health.set("relay", True)
    health.set("database", False, "gone")
    assert not health.ready
    health.set("database", True)
    assert health.ready


def test_a_draining_process_is_not_ready_whatever_its_parts_say(health):
    health.set("relay", True)
    health.draining = True
    assert not health.ready


def test_a_part_remembers_since_when_it_is_as_it_is(health, moving):
    health.set("relay", False, "refused")
    began = moving.now()
    moving.seconds = 60
    health.set("relay", False, "timed out")

    assert (health.parts["relay"].since, health.parts["relay"].detail) == (began, "timed out")
    health.set("relay", True)
    assert health.parts["relay"].since == moving.now()


def test_a_worker_that_stopped_beating_hangs_and_one_that_was_forgotten_does_not(health, moving):
    health.beat("relay")
    health.beat("import")
    moving.seconds = STALE_BEAT_S
    assert health.hung == []

    moving.seconds += 1
    health.beat("import")
    assert health.hung == ["relay"]
    health.forget("relay")
    assert health.hung == []
