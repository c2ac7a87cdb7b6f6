"""Ratings of visits, one by one and by base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, cast, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.bases.feedback import BookingFeedbackGiven
from services.bases.domain.feedback import SATISFIED_FROM
from services.bases.tables.rows import Row
from services.chassis.errors import NotFound
from services.chassis.rows import behind, for_update, inside

VERDICT_LESS = {"verdict"}
"""What the events say of it and the table does not keep: it follows from the score."""


class FeedbackRow(Row, table=True):
    """`comment` are people's own words."""

    __tablename__ = "booking_feedback"

    feedback_id: UUID = Field(primary_key=True)
    booking_id: UUID
    base_id: UUID
    base_kind: str
    area: str
    venue_id: UUID
    organisation_id: UUID
    channel: str
    visitor_level: str
    menu_item_id: UUID | None
    menu_item_kind: str | None
    score: int
    aspects: dict[str, int] = Field(sa_type=JSONB)
    comment: str | None
    on_behalf: bool
    given_at: datetime
    version: int
    recorded_at: datetime

    def facts(self) -> dict[str, Any]:
        kept = set(BookingFeedbackGiven.model_fields) - VERDICT_LESS
        return {name: getattr(self, name) for name in kept}


async def of_booking(
    session: AsyncSession, booking_id: UUID, *, lock: bool = False
) -> FeedbackRow | None:
    query = select(FeedbackRow).where(FeedbackRow.booking_id == booking_id)
    if lock:
        query = for_update(query)
    return (await session.exec(query)).first()


def unknown(booking_id: UUID) -> NotFound:
    return NotFound(f"Booking {booking_id} was not rated.", zh="该预约尚未评价。")


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which ratings a list shows; those given in `[since, until)`."""

    within: Sequence[str] | None
    """`None` for every area."""
    base_id: UUID | None = None
    venue_id: UUID | None = None
    organisation_id: UUID | None = None
    score: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        asked = ("base_id", "venue_id", "organisation_id", "score")
        said = ((name, getattr(self, name)) for name in asked)
        found = [getattr(FeedbackRow, name) == value for name, value in said if value is not None]
        if self.within is not None:
            found.append(inside(col(FeedbackRow.area), self.within))
        if self.since:
            found.append(col(FeedbackRow.given_at) >= self.since)
        if self.until:
            found.append(col(FeedbackRow.given_at) < self.until)
        return found


async def ratings(
    session: AsyncSession, sought: Sought, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[FeedbackRow]:
    """In the order in which they were given."""
    given, key = col(FeedbackRow.given_at), col(FeedbackRow.feedback_id)
    query = select(FeedbackRow).where(*sought.conditions()).order_by(given, key).limit(limit)
    query = query.where(*behind(after, given, key))
    return (await session.exec(query)).all()


async def by_base(session: AsyncSession, sought: Sought) -> Sequence[dict[str, Any]]:
    """Count, averages and how many were satisfied, of each base that was rated."""
    aspect = col(FeedbackRow.aspects)
    satisfied = func.count().filter(col(FeedbackRow.score) >= SATISFIED_FROM)
    query = (
        select(  # type: ignore[call-overload]  # more columns than its overloads
            FeedbackRow.base_id,
            func.count().label("count"),
            func.avg(cast(FeedbackRow.score, Float)).label("average"),
            satisfied.label("satisfied"),
            func.avg(aspect["venue"].as_float()).label("venue"),
            func.avg(aspect["guiding"].as_float()).label("guiding"),
            func.avg(aspect["service"].as_float()).label("service"),
        )
        .where(*sought.conditions())
        .group_by(col(FeedbackRow.base_id))
        .order_by(col(FeedbackRow.base_id))
    )
    return [dict(row) for row in (await session.exec(query)).mappings()]
