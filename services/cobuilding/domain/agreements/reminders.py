"""Reminders before the day by which somebody must act on the end of an agreement. Pure.

Each exists once: its key is (agreement, act-by, days), so an end that was moved has new ones.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import Field

from contracts.kinds.alerts import Severity
from services.chassis.rules import EVER, Rule, Stated


class RenewalReminders(Rule):
    code = "agreement.reminders"
    label = "协议到期提醒"

    days: tuple[int, ...] = Field(
        title="提前天数", min_length=1, max_length=12, description="Before the day to act by."
    )


@dataclass(frozen=True)
class Reminder:
    """`days` before `act_by`, on `on`."""

    days: int
    act_by: date
    on: date


@dataclass(frozen=True)
class Due:
    """What a sweep does today: one reminder at most, and those it overtakes."""

    fires: Reminder | None
    superseded: tuple[Reminder, ...]
    days_left: int


def reminders(act_by: date, effective_from: date, rule: RenewalReminders) -> list[Reminder]:
    """All there are, the earliest first: those whose day lies after it took effect."""
    days = sorted(set(rule.days), reverse=True)
    planned = [Reminder(n, act_by, act_by - timedelta(days=n)) for n in days]
    return [each for each in planned if each.on > effective_from]


def due(waiting: Collection[Reminder], today: date) -> Due:
    """Of those for one act-by that neither fired nor were superseded: the nearest to it fires at
    the first look on or after its day, while act-by has not passed.
    """
    come = sorted((each for each in waiting if each.on <= today), key=lambda each: each.on)
    if not come or come[-1].act_by < today:
        return Due(None, (), 0)
    *overtaken, nearest = come
    return Due(nearest, tuple(overtaken), (nearest.act_by - today).days)


def renewal_due(act_by: date, effective_from: date, rule: RenewalReminders, today: date) -> bool:
    """From its first reminder's day on until its end somebody should do something about it."""
    planned = reminders(act_by, effective_from, rule)
    return bool(planned) and planned[0].on <= today


RULES: tuple[type[Rule], ...] = (RenewalReminders,)
SEEDS = (
    Stated(RenewalReminders(days=(90, 30, 7)), "1", EVER, Severity.WARN, "示范数值，由区县发布"),
)
