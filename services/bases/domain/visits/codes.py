"""Check-in codes: six digits that find a booking at the door. A convenience, no credential.

Plain, since staff of the base read them out; whoever guesses too often has to wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import Field

from contracts.kinds import BookingStatus
from contracts.kinds.alerts import Severity
from services.bases.domain.bookings.terms import SAMPLE, SINCE
from services.chassis.clock import LOCAL, business_date
from services.chassis.errors import Conflict, NotFound, Refusal
from services.chassis.rules import Rule, Stated
from services.chassis.state import State

POSSIBLE = 10**6
"""How many codes there are: six digits, leading zeros included."""


class CheckInGuesses(Rule):
    code = "check-in.guesses"
    label = "签到码输错限制"

    most: int = Field(ge=1, le=1000, title="至多输错次数", description="Of one account at a base.")
    within_minutes: int = Field(ge=1, le=1440, title="统计分钟数")


RULES: tuple[type[Rule], ...] = (CheckInGuesses,)
SEEDS = (Stated(CheckInGuesses(most=5, within_minutes=10), "1", SINCE, Severity.BLOCK, SAMPLE),)


@dataclass(frozen=True)
class Guesses:
    """Wrong codes of one account at one base, since the first of them."""

    begins: datetime
    wrong: int


class Coded(State):
    """A booking of the base that has the code."""

    booking_id: UUID
    status: BookingStatus
    starts_at: datetime
    ends_at: datetime


# Refusals


class CodeUnknown(NotFound):
    code = "code-unknown"
    title, title_zh = "No booking of today has this code", "今日没有该签到码的预约"


class WrongDay(Conflict):
    code = "wrong-day"
    title, title_zh = "The booking is for another day", "预约不在今天"


class AlreadyCheckedIn(Conflict):
    code = "already-checked-in"
    title, title_zh = "They have checked in", "已签到"


class TooManyGuesses(Conflict):
    code = "too-many-wrong-codes"
    title, title_zh = "Too many wrong codes", "签到码输错次数过多"


# Decisions


def may_guess(guesses: Guesses | None, rule: CheckInGuesses, now: datetime) -> None:
    """Raises `TooManyGuesses`, which says from when on another try is welcome."""
    if guesses is None or guesses.wrong < rule.most or _over(guesses, rule, now):
        return
    until = guesses.begins + timedelta(minutes=rule.within_minutes)
    raise TooManyGuesses(
        f"Try again from {until.isoformat()} on, or check in by the booking.",
        zh=f"签到码输错次数过多，请于 {until.astimezone(LOCAL):%H:%M} 以后再试，或由工作人员签到。",
        retry_at=until.astimezone(LOCAL).isoformat(),
    )


def guessed(guesses: Guesses | None, rule: CheckInGuesses, now: datetime) -> Guesses:
    """With one more; counting begins anew when its time is over."""
    if guesses is None or _over(guesses, rule, now):
        return Guesses(now, 1)
    return Guesses(guesses.begins, guesses.wrong + 1)


def choose(found: Sequence[Coded], at: datetime, early: timedelta) -> Coded | Refusal:
    """Which of the bookings with a code is meant; or why none is.

    Of this day, or soon to begin, or still running from the day before. Whoever has a code of
    another day is told the day and nothing else.
    """
    near = sorted(found, key=lambda booking: abs(booking.starts_at - at))
    for booking in near:
        if _now(booking, at, early):
            return booking
    days = [business_date(booking.starts_at) for booking in near if _awaited(booking)]
    if days:
        return WrongDay(
            f"It is for {days[0]}.",
            zh=f"该预约的日期是 {days[0]}。",
            field="code",
            day=str(days[0]),
        )
    return CodeUnknown("Look at the code again.", zh="请核对签到码。", field="code")


def check_awaited(status: BookingStatus) -> None:
    """Raises `AlreadyCheckedIn`."""
    if status in {BookingStatus.CHECKED_IN, BookingStatus.COMPLETED}:
        raise AlreadyCheckedIn(f"The booking is {status}.", zh=f"该预约{status.label}。")


def _awaited(booking: Coded) -> bool:
    return booking.status is BookingStatus.CONFIRMED


def _now(booking: Coded, at: datetime, early: timedelta) -> bool:
    same_day = business_date(booking.starts_at) == business_date(at)
    return same_day or booking.starts_at - early <= at < booking.ends_at


def _over(guesses: Guesses, rule: CheckInGuesses, now: datetime) -> bool:
    return now >= guesses.begins + timedelta(minutes=rule.within_minutes)
