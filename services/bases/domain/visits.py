"""Visits entered from the paper ledger."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.bases.visits import VisitCompleted
from contracts.kinds import Channel, VisitorLevel
from services.bases.domain.bookings.refusals import ImpossibleTime
from services.bases.domain.places import Base


@dataclass(frozen=True, kw_only=True)
class RecordVisit:
    visit_id: UUID
    base_id: UUID
    venue_id: UUID | None
    organisation_id: UUID | None
    visitor_level: VisitorLevel
    channel: Channel
    headcount: int
    planned_headcount: int | None
    started_at: datetime
    ended_at: datetime | None


def record_visit(command: RecordVisit, base: Base) -> VisitCompleted:
    """A batch out of the paper ledger. Raises `ImpossibleTime`."""
    if command.ended_at is not None and command.ended_at <= command.started_at:
        raise ImpossibleTime(
            "`ended_at` must be after `started_at`.",
            zh="结束时刻应晚于开始时刻。",
            field="ended_at",
        )
    return VisitCompleted(
        area=base.area,
        visit_id=command.visit_id,
        base_id=base.base_id,
        base_kind=base.kind,
        venue_id=command.venue_id,
        booking_id=None,
        organisation_id=command.organisation_id,
        visitor_level=command.visitor_level,
        channel=command.channel,
        planned_headcount=command.planned_headcount,
        actual_headcount=command.headcount,
        started_at=command.started_at,
        ended_at=command.ended_at,
    )
