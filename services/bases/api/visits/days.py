"""Days of the office's calendar, as instants."""

from datetime import date, datetime, time, timedelta

from services.chassis.clock import LOCAL


def between(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """`[since, until)` of days that are both included."""
    since = datetime.combine(first, time.min, LOCAL) if first else None
    until = datetime.combine(last, time.min, LOCAL) + timedelta(days=1) if last else None
    return since, until
