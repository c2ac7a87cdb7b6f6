"""Business time of commands that state a day."""

from datetime import date, datetime

from services.chassis.clock import business_date, midnight, occurred


def on_day(day: date, now: datetime, field: str, stated: datetime | None = None) -> datetime:
    """When it happened: as `stated`, else some time of `day`. Raises `TimeInFuture`."""
    if stated is not None:
        return occurred(stated, now)
    if day == business_date(now):
        return now
    return occurred(midnight(day), now, field=field)
