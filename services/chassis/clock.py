"""The clock, handed in everywhere, and the office's calendar day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.chassis.errors import Invalid

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""

LOCAL = ZoneInfo("Asia/Shanghai")
"""The one zone business dates are counted in (no daylight saving since 1991)."""

WEEKDAYS = "一二三四五六日"
"""Monday first, as `date.weekday` counts."""

SKEW = timedelta(minutes=5)
"""How far a client's clock may be ahead of ours before its "now" is the future."""


class TimeInFuture(Invalid):
    code = "time-in-future"
    title, title_zh = "The time lies in the future", "时间不能晚于当前时刻"


def system_clock() -> datetime:
    return datetime.now(UTC)


def business_date(instant: datetime) -> date:
    """The day of `instant` on the office's wall calendar."""
    return instant.astimezone(LOCAL).date()


def in_chinese(day: date) -> str:
    """`2019年6月8日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def weekday(day: date) -> str:
    return f"星期{WEEKDAYS[day.weekday()]}"


def midnight(day: date) -> datetime:
    """With which the business day begins."""
    return datetime.combine(day, time(), LOCAL)


def days_between(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """`[since, until)` of business days that are both included; `None` where the end is open."""
    since = midnight(first) if first else None
    until = midnight(last + timedelta(days=1)) if last else None
    return since, until


def whole_days(first: date, last: date) -> tuple[datetime, datetime]:
    """`[since, until)` of business days that are both included."""
    return midnight(first), midnight(last + timedelta(days=1))


def from_day(day: date, at: datetime) -> datetime:
    """When something holds that holds from `day` on and was told at `at`: paper is told later."""
    return min(midnight(day).astimezone(UTC), at)


def occurred(given: datetime | None, now: datetime, *, field: str = "occurred_at") -> datetime:
    """Business time of a command: what the caller states (补录), else now.

    Raises `TimeInFuture` beyond `SKEW`: what has not happened cannot be entered.
    """
    if given is None:
        return now
    if given > now + SKEW:
        raise TimeInFuture(
            f"`{field}` is {given.isoformat()}, later than now.",
            zh=f"“{field}”晚于当前时刻，请填写实际发生的时间。",
            field=field,
            latest=now.isoformat(),
        )
    return given.astimezone(UTC)
