"""What is said about when a base is open: hours from a day on, closures, closures taken back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.opening import ClosureAnnounced, ClosureWithdrawn, OpeningHoursStated
from contracts.kinds import BookingStatus
from contracts.kinds.bases import DayKind
from contracts.kinds.opening import ClosureStage
from services.bases.domain.opening import MIDNIGHT, WEEK, Spans
from services.bases.domain.places import Base
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State

SHOWN = 100
"""Bookings that a refusal lists; it always says how many there are."""

HERE = frozenset({BookingStatus.CHECKED_IN, BookingStatus.COMPLETED})
"""Visitors are in the venue, or were: no closure undoes that."""


# State


Clocks = Sequence[tuple[str, str]]
"""`("09:00", "17:00")` and so on; `24:00` is the end of the day."""


class OpeningHours(State):
    """Whose hours, and from when on. Without a venue those of the whole base."""

    opening_hours_id: UUID
    base_id: UUID = Field(title="基地")
    venue_id: UUID | None = Field(title="场馆")
    effective_from: date = Field(title="施行日期")


class Closure(State):
    """Of one venue, or of the whole base; in `[starts_at, ends_at)`."""

    closure_id: UUID
    base_id: UUID = Field(title="基地")
    venue_id: UUID | None = Field(title="场馆")
    area: str = Field(title="区划")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    reason_kind: str = Field(title="闭馆原因")
    reopens_at: datetime | None = Field(
        title="恢复开放时刻",
        description="Withdrawn: closed up to then; not after it began if equal.",
    )
    cancelled: int = Field(title="取消的预约数")

    def facts(self, base: Base) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(exclude={"reopens_at", "cancelled"}) | {"base_kind": base.kind}


class Booked(State):
    """A booking that holds a venue at some time of a closure."""

    booking_id: UUID
    venue_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: BookingStatus

    def shown(self) -> dict[str, str]:
        """In a refusal."""
        return {
            "booking_id": str(self.booking_id),
            "venue_id": str(self.venue_id),
            "starts_at": self.starts_at.astimezone(LOCAL).isoformat(),
            "ends_at": self.ends_at.astimezone(LOCAL).isoformat(),
            "status": self.status,
        }


# Refusals


class HoursReversed(Invalid):
    code = "hours-reversed"
    title, title_zh = "A span ends after it begins", "结束钟点应晚于开始钟点"


class HoursOverlap(Invalid):
    code = "hours-overlap"
    title, title_zh = "Spans of a day lie apart", "同一天的开放时段不能重叠"


class HoursBegun(Conflict):
    code = "hours-begun"
    title, title_zh = "Hours that hold already are not rewritten", "已施行的开放时间不能改写"


class ClosureReversed(Invalid):
    code = "closure-reversed"
    title, title_zh = "A closure ends after it begins", "闭馆结束时刻应晚于开始时刻"


class BookingsInTheWay(Conflict):
    code = "bookings-in-the-way"
    title, title_zh = "Bookings hold the venue at that time", "该时段已有预约"


class VisitorsInside(Conflict):
    code = "visitors-inside"
    title, title_zh = "Visitors are there at that time", "该时段已有来访"


class ClosureOver(Conflict):
    code = "closure-over"
    title, title_zh = "The closure is over, or was withdrawn", "闭馆已结束或已撤销"


# Decisions


def spans_of(hours: Mapping[DayKind, Clocks]) -> dict[DayKind, Spans]:
    """In minutes of the day, in order. Raises `HoursReversed` or `HoursOverlap`."""
    return {kind: _spans(kind, clocks) for kind, clocks in hours.items()}


def state_hours(
    stated: OpeningHours,
    spans: Mapping[DayKind, Spans],
    area: str,
    others: Collection[date],
    *,
    today: date,
) -> OpeningHoursStated:
    """`others` are the days from which the same place stated hours before, this day included.

    A kind of day without spans is closed, but `HOLIDAY` and `MAKE_UP`: see `Hours`.
    From today on hours may be stated and said anew. What lies before today was booked by: it is
    entered afterwards (补录) only where nothing was stated for that day or a later one. Raises
    `HoursBegun` else.
    """
    newest = max(others, default=None)
    if stated.effective_from < today and newest and newest >= stated.effective_from:
        raise HoursBegun(
            f"Hours from {newest} on are known; state new ones from today on.",
            zh=f"已有自 {newest} 起施行的开放时间，请从今天或以后的日期起另行公布。",
            field="effective_from",
            known_from=newest.isoformat(),
        )
    return OpeningHoursStated(
        **dict(stated),
        area=area,
        spans={kind: tuple(each) for kind, each in spans.items()},
        minutes_a_week=sum(b - a for kind in WEEK for a, b in spans.get(kind, ())),
    )


def announce_closure(
    closure: Closure, base: Base, booked: Sequence[Booked], *, cancel: bool
) -> ClosureAnnounced:
    """`booked` are the bookings in its way, as nobody can change them any more.

    Raises `VisitorsInside`, or `BookingsInTheWay` where it may not `cancel` them.
    """
    inside = [each for each in booked if each.status in HERE]
    if inside:
        raise VisitorsInside(
            f"{len(inside)} bookings have visitors there: close before or after them.",
            zh=f"该时段有 {len(inside)} 批来访已到场，请避开其时间。",
            field="starts_at",
            count=len(inside),
            bookings=[each.shown() for each in inside[:SHOWN]],
        )
    if booked and not cancel:
        raise BookingsInTheWay(
            f"{len(booked)} bookings lie there; `cancel_bookings` cancels them with the closure.",
            zh=f"该时段有 {len(booked)} 个预约；确认一并取消请设 cancel_bookings 为 true。",
            field="cancel_bookings",
            count=len(booked),
            bookings=[each.shown() for each in booked[:SHOWN]],
        )
    return ClosureAnnounced(**closure.facts(base), bookings_cancelled=len(booked))


def check_order(starts_at: datetime, ends_at: datetime) -> None:
    """Raises `ClosureReversed`."""
    if ends_at <= starts_at:
        raise ClosureReversed(
            "`ends_at` must be after `starts_at`.", zh="结束时刻应晚于开始时刻。", field="ends_at"
        )


def withdraw_closure(closure: Closure, base: Base, *, at: datetime) -> ClosureWithdrawn:
    """Before it begins it never happens; while it lasts, it ends at `at`. Raises `ClosureOver`."""
    if closure.reopens_at is not None or at >= closure.ends_at:
        raise ClosureOver(
            "It has ended or was withdrawn before.", zh="该闭馆安排已结束或已撤销，无须撤销。"
        )
    ahead = at < closure.starts_at
    return ClosureWithdrawn(
        **closure.facts(base),
        stage=ClosureStage.AHEAD if ahead else ClosureStage.UNDER_WAY,
        reopens_at=closure.starts_at if ahead else at,
    )


def _spans(kind: DayKind, clocks: Clocks) -> Spans:
    found = [
        (_minute(opens), _minute(closes), place) for place, (opens, closes) in enumerate(clocks)
    ]
    for opens, closes, place in found:
        if closes <= opens:
            raise HoursReversed(
                f"{kind}: a span ends at {_clock(closes)}, not after {_clock(opens)}.",
                zh=f"{kind.label}：{_clock(closes)} 不晚于 {_clock(opens)}；"
                "过夜的开放时间请分写在两天。",
                field=f"hours.{kind}.{place}",
            )
    ordered = sorted(found)
    for (_, closes, _), (opens, _, place) in pairwise(ordered):
        if opens < closes:
            raise HoursOverlap(
                f"{kind}: a span begins at {_clock(opens)}, before {_clock(closes)}.",
                zh=f"{kind.label}：{_clock(opens)} 起的时段与前一时段（至 {_clock(closes)}）重叠。",
                field=f"hours.{kind}.{place}",
            )
    return tuple((opens, closes) for opens, closes, _ in ordered)


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _clock(minute: int) -> str:
    return "24:00" if minute == MIDNIGHT else "{:02}:{:02}".format(*divmod(minute, 60))


def clocks_of(spans: Spans) -> list[tuple[str, str]]:
    """As people write them."""
    return [(_clock(opens), _clock(closes)) for opens, closes in spans]
