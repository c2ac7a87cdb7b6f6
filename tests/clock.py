"""The day on which the tests' office works: always the same working day, so that no weekend and no
holiday of the real calendar decides what a test sees.
"""

from datetime import UTC, datetime, timedelta

from services.chassis.clock import LOCAL

OPENING = datetime(2026, 6, 10, 10, 0, tzinfo=LOCAL)
"""A Wednesday of a year whose holidays are published; a working week follows."""

SHIFT = OPENING - datetime.now(UTC)


def office_clock() -> datetime:
    """Runs like the real one, from `OPENING` on."""
    return datetime.now(UTC) + SHIFT


def tomorrow(hour: int, minute: int = 0, *, days: int = 1) -> str:
    """A time of the office's tomorrow, Asia/Shanghai, as clients send it."""
    day = office_clock().astimezone(LOCAL) + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0).isoformat()
