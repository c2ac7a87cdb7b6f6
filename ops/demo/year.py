"""The demo year: its working days, and whole numbers spread over them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

YEAR = 2019
SATURDAY = 5
HOLIDAYS = {
    *(date(YEAR, 2, day) for day in range(4, 11)),
    *(date(YEAR, 5, day) for day in range(1, 5)),
    *(date(YEAR, 10, day) for day in range(1, 8)),
    *(date(YEAR, 4, 5), date(YEAR, 6, 7), date(YEAR, 9, 13)),
}
FIRST = date(YEAR, 1, 8)


def weekdays(times: int, since: date = FIRST) -> Iterator[str]:
    """So many days spread evenly over the year from `since` on, none on a weekend or a holiday."""
    working = [day for day in _days(since) if day.weekday() < SATURDAY and day not in HOLIDAYS]
    return (working[number * len(working) // times].isoformat() for number in range(times))


def share(whole: int, parts: int) -> Sequence[int]:
    """The whole in parts as equal as can be."""
    return [whole // parts + (number < whole % parts) for number in range(parts)]


def _days(since: date) -> Iterator[date]:
    while since.year == YEAR:
        yield since
        since += timedelta(days=1)
