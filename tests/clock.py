"""The day on which the tests' office works: always the same working day, so that no weekend and no
holiday of the real calendar decides what a test sees.
"""

from datetime import UTC, date, datetime, time, timedelta

from services.chassis.clock import LOCAL
from services.chassis.published_days import published_calendar, weekday_rule
from services.chassis.working_days import ONE_DAY

OPENING = datetime(2026, 6, 10, 10, 0, tzinfo=LOCAL)
"""A Wednesday of a year whose holidays are published; a working week follows."""


class Morning:
    """When the real clock showed what the office calls `OPENING`."""

    began = datetime.now(UTC)


def begin() -> None:
    """A new test is a new morning, however long the tests before it took."""
    Morning.began = datetime.now(UTC)


def office_clock() -> datetime:
    """Runs like the real one, from `OPENING` on, and like it speaks UTC."""
    return OPENING.astimezone(UTC) + (datetime.now(UTC) - Morning.began)


def tomorrow(hour: int, minute: int = 0, *, days: int = 1) -> str:
    """A time of the office's tomorrow, Asia/Shanghai, as clients send it."""
    day = office_clock().astimezone(LOCAL) + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0).isoformat()


# For what runs by the real clock: bookings are filed on working days, so on the last one.


def filed() -> datetime:
    """Ten o'clock of the last working day before today."""
    day = datetime.now(LOCAL).date() - ONE_DAY
    while not works(day):
        day -= ONE_DAY
    return datetime.combine(day, time(10), LOCAL)


def works(day: date) -> bool:
    """By the published calendar; years after it are entered into test stacks without holidays."""
    known = published_calendar()
    return known.works(day) if day.year in known.years else weekday_rule(day)


def unpublished() -> list[int]:
    """The year and the next one, as far as their holidays are not published yet."""
    this = datetime.now(LOCAL).year
    return [year for year in (this, this + 1) if year not in published_calendar().years]
