"""Months, when what falls due in them is to be paid, and how a payment covers them."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from contracts.kinds.cadence import Every
from contracts.kinds.dues import DuesRhythm
from services.chassis.errors import Invalid
from services.chassis.periods import period_of, periods


class BadMonth(Invalid):
    code = "not-a-month"
    title, title_zh = "A month is named by its first day", "月份应填写该月第一天"


class MonthsInDisorder(Invalid):
    code = "months-in-disorder"
    title, title_zh = "The months are not in order", "起止月份有误"


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return month_of(month + timedelta(days=31))


def months(first: date, last: date) -> Iterator[date]:
    """From `first` to `last`, both included; none when `last` comes before."""
    return (period.first for period in periods(Every.MONTH, first, last))


def check_month(day: date, field: str) -> date:
    """Raises `BadMonth` for any day but the first."""
    if day.day != 1:
        raise BadMonth(
            f"`{field}` is {day}; write {month_of(day)}.",
            zh=f"“{field}”应填写该月第一天，如 {month_of(day)}。",
            field=field,
            value=day.isoformat(),
        )
    return day


def check_span(first: date, last: date) -> None:
    """Raises `BadMonth` or `MonthsInDisorder`."""
    check_month(first, "from_month")
    check_month(last, "to_month")
    if last < first:
        raise MonthsInDisorder(
            f"{last} comes before {first}.",
            zh="截止月份早于起始月份。",
            field="to_month",
            value=last.isoformat(),
        )


def due_on(month: date, rhythm: DuesRhythm) -> date:
    """The last day on which the month's dues are paid in time."""
    return period_of(Every.QUARTER if rhythm is DuesRhythm.QUARTERLY else Every.MONTH, month).last


def allocated(owed: Mapping[date, int], amount: int) -> dict[date, int]:
    """`amount` over the months, the earliest first. What is left over stands under no month."""
    shares: dict[date, int] = {}
    for month in sorted(owed):
        share = min(amount, max(owed[month], 0))
        if share:
            shares[month] = share
            amount -= share
    return shares
