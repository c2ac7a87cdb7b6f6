"""Visits entered from the paper ledger, put right, or taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.visits import (
    VisitCompleted,
    VisitCorrected,
    VisitEvent,
    VisitJoined,
    VisitParted,
    VisitWithdrawn,
)
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.books import WithdrawReason
from services.bases.domain.bookings.refusals import ImpossibleTime
from services.bases.domain.places import Base
from services.chassis.clock import business_date
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State

OF_THE_BOOKING = frozenset(
    {"venue_id", "organisation_id", "visitor_level", "channel", "planned_headcount", "started_at"}
)
"""What the visit of a booking says because its booking does."""


class Visit(State):
    """A batch that came, as it stands."""

    visit_id: UUID
    base_id: UUID = Field(title="基地")
    venue_id: UUID | None = Field(title="场馆")
    booking_id: UUID | None
    organisation_id: UUID | None = Field(title="来访党组织")
    with_organisation_ids: list[UUID] = Field(title="同行党组织")
    area: str = Field(title="区划")
    visitor_level: VisitorLevel = Field(title="来访层级")
    channel: Channel = Field(title="预约方式")
    purpose_kind: str | None = Field(title="来访目的")
    planned_headcount: int | None = Field(title="预约人数")
    actual_headcount: int = Field(title="实到人次")
    started_at: datetime = Field(title="开始时刻")
    ended_at: datetime | None = Field(title="结束时刻")
    withdrawn_at: datetime | None = Field(title="撤销时刻")

    def facts(self, base_kind: str) -> dict[str, Any]:
        """What every event about the visit repeats."""
        cross_unit = bool(self.with_organisation_ids)
        kept = self.model_dump(include={*VisitEvent.model_fields})
        return kept | {"base_kind": base_kind, "cross_unit": cross_unit}


Companions = Sequence[VisitJoined | VisitParted]
"""What is told of organisations that came along, beside the visit itself."""


# Refusals


class VisitAlreadyWithdrawn(Conflict):
    code = "visit-withdrawn"
    title, title_zh = "The visit was withdrawn", "该接待记录已撤销"


class VisitOfBooking(Conflict):
    code = "visit-of-booking"
    title, title_zh = "Its booking says so", "该接待来自预约，以预约为准"


class VisitDayFixed(Invalid):
    code = "visit-day-fixed"
    title, title_zh = "A visit stays on its day", "更正不能改变接待日期"


class CompanionTwice(Invalid):
    code = "companion-twice"
    title, title_zh = "An organisation comes once", "同一党组织不能重复填写"


# Decisions


def record_visit(visit: Visit, base: Base) -> VisitCompleted:
    """A batch out of the paper ledger. Raises `ImpossibleTime` or `CompanionTwice`."""
    check_times(visit.started_at, visit.ended_at)
    check_companions(visit.organisation_id, visit.with_organisation_ids)
    return VisitCompleted(**visit.facts(base.kind))


def correct(was: Visit, now: Visit, base_kind: str, correction: int) -> VisitCorrected | None:
    """`correction` counts them; `None` when it comes to the same.

    Raises `VisitAlreadyWithdrawn`, `VisitOfBooking`, `VisitDayFixed`, `ImpossibleTime` or
    `CompanionTwice`.
    """
    _check_standing(was)
    if now == was:
        return None
    _check_booking(was, now)
    if business_date(was.started_at) != business_date(now.started_at):
        raise VisitDayFixed(
            "Withdraw it, and enter it for the day it was on.",
            zh="日期填错的，请撤销后按实际日期重新补录。",
            field="started_at",
            day=str(business_date(was.started_at)),
        )
    check_times(now.started_at, now.ended_at)
    check_companions(now.organisation_id, now.with_organisation_ids)
    before = was.facts(base_kind)
    repeated = {name for name in VisitCorrected.model_fields if name.startswith("was_")}
    return VisitCorrected(
        **now.facts(base_kind),
        correction=correction,
        booked=was.booking_id is not None,
        **{name: before[name.removeprefix("was_")] for name in repeated},
    )


def withdraw(visit: Visit, base_kind: str, reason: WithdrawReason) -> VisitWithdrawn:
    """Raises `VisitAlreadyWithdrawn`, or `VisitOfBooking`: who came on a booking did come."""
    _check_standing(visit)
    if visit.booking_id is not None:
        raise VisitOfBooking(
            "Its booking was completed; correct the visit instead.",
            zh="该接待来自已完成的预约，不能撤销，可以更正。",
            booking_id=str(visit.booking_id),
        )
    return VisitWithdrawn(**visit.facts(base_kind), reason=reason)


def companions(was: VisitEvent | None, now: VisitEvent | None) -> Companions:
    """What changes for those who come along, in the order in which it is told."""
    before = dict.fromkeys(was.with_organisation_ids) if was else {}
    after = dict.fromkeys(now.with_organisation_ids) if now else {}
    parted = [_companion(VisitParted, was, each) for each in before if was and each not in after]
    joined = [_companion(VisitJoined, now, each) for each in after if now and each not in before]
    return (*parted, *joined)


def check_times(started_at: datetime, ended_at: datetime | None) -> None:
    if ended_at is not None and ended_at <= started_at:
        raise ImpossibleTime(
            "`ended_at` must be after `started_at`.",
            zh="结束时刻应晚于开始时刻。",
            field="ended_at",
        )


def check_companions(organisation_id: UUID | None, along: Sequence[UUID]) -> None:
    if len({organisation_id, *along}) < len(along) + 1:
        raise CompanionTwice(
            "`with_organisation_ids` names one twice, or the one that leads.",
            zh="同行党组织中有重复，或填写了来访党组织本身。",
            field="with_organisation_ids",
        )


def _companion(
    event: type[VisitJoined] | type[VisitParted], visit: VisitEvent, organisation_id: UUID
) -> VisitJoined | VisitParted:
    return event(
        area=visit.area,
        visit_id=visit.visit_id,
        base_id=visit.base_id,
        base_kind=visit.base_kind,
        organisation_id=organisation_id,
    )


def _check_standing(visit: Visit) -> None:
    if visit.withdrawn_at is not None:
        raise VisitAlreadyWithdrawn("It stands no more.", zh="该接待记录已撤销。")


def _check_booking(was: Visit, now: Visit) -> None:
    fixed = [name for name in sorted(OF_THE_BOOKING) if getattr(was, name) != getattr(now, name)]
    if was.booking_id is not None and fixed:
        raise VisitOfBooking(
            f"The booking says {', '.join(fixed)}.",
            zh="该接待来自预约，只能更正实到人次、同行党组织、来访目的和结束时刻。",
            field=fixed[0],
            booking_id=str(was.booking_id),
        )
