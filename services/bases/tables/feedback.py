"""Ratings of visits, one by one and by base."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, cast, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.bases.feedback import BookingFeedbackGiven
from contracts.kinds import Channel, VisitorLevel
from services.bases.domain.feedback import SATISFIED_FROM
from services.bases.tables.rows import Row
from services.chassis.errors import NotFound
from services.chassis.rows import for_update

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
    channel: Channel
    visitor_level: VisitorLevel
    menu_item_id: UUID | None
    menu_item_kind: str | None
    score: int
    aspects: dict[str, int] = Field(sa_type=JSONB)
    comment: str | None
    on_behalf: bool
    given_at: datetime
    version: int = 1
    recorded_at: datetime

    def facts(self) -> dict[str, Any]:
        return self.model_dump(include=set(BookingFeedbackGiven.model_fields) - VERDICT_LESS)


async def of_booking(
    session: AsyncSession, booking_id: UUID, *, lock: bool = False
) -> FeedbackRow | None:
    query = select(FeedbackRow).where(FeedbackRow.booking_id == booking_id)
    if lock:
        query = for_update(query)
    return (await session.exec(query)).first()


def unknown(booking_id: UUID) -> NotFound:
    return NotFound(f"Booking {booking_id} was not rated.", zh="该预约尚未评价。")


async def by_base(session: AsyncSession, *asked: ColumnElement[bool]) -> Sequence[dict[str, Any]]:
    """Count, averages and how many were satisfied, of each base that was rated as `asked`."""
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
        .where(*asked)
        .group_by(col(FeedbackRow.base_id))
        .order_by(col(FeedbackRow.base_id))
    )
    return [dict(row) for row in (await session.exec(query)).mappings()]
