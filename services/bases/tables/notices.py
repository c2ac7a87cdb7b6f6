"""Notices: issued in whatever transaction leads to them, listed, marked as delivered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.bases.notices import NoticeIssued
from contracts.kinds import BookingStatus
from contracts.kinds.notices import NoticeKind
from services.bases.domain.notices import Notice
from services.bases.tables.rows import (
    BaseRow,
    BookingRow,
    GuestRow,
    OrganisationRow,
    Row,
    VenueRow,
)
from services.chassis.rows import for_update
from services.chassis.unit_of_work import Transaction

ISSUE = """
INSERT INTO notice (notice_id, kind, area, base_id, venue_id, organisation_id, booking_id, entry_id,
                    starts_at, ends_at, headcount, until, due_at, issued_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)
"""


class NoticeRow(Notice, Row, table=True):
    __tablename__ = "notice"

    notice_id: UUID = Field(primary_key=True)
    headcount: int
    issued_at: datetime
    version: int


async def issue(work: Transaction, event: NoticeIssued, headcount: int) -> None:
    await work.write(
        ISSUE, event.notice_id, event.kind, event.area, event.base_id, event.venue_id,
        event.organisation_id, event.booking_id, event.entry_id, event.starts_at, event.ends_at,
        headcount, event.until, event.due_at, work.now,
    )  # fmt: skip


async def to_remind(
    session: AsyncSession, now: datetime, until: datetime, limit: int
) -> Sequence[BookingRow]:
    """Confirmed bookings that begin by `until` and were not reminded of for that start, locked."""
    reminded = (
        select(NoticeRow.notice_id)
        .where(
            NoticeRow.booking_id == BookingRow.booking_id,
            NoticeRow.starts_at == BookingRow.starts_at,
            NoticeRow.kind == NoticeKind.REMINDER,
        )
        .exists()
    )
    query = (
        select(BookingRow)
        .where(BookingRow.status == BookingStatus.CONFIRMED, ~reminded)
        .where(col(BookingRow.starts_at) > now, col(BookingRow.starts_at) <= until)
        .order_by(col(BookingRow.starts_at), col(BookingRow.booking_id))
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True, of=BookingRow))).all()


async def names(
    session: AsyncSession, ids: Sequence[UUID]
) -> dict[UUID, tuple[str, str | None, str | None]]:
    """By notice, those of its base, of its venue and of whom it is for."""
    to = NoticeRow.organisation_id
    query = (
        select(
            NoticeRow.notice_id,
            BaseRow.name,
            VenueRow.name,
            func.coalesce(OrganisationRow.name, GuestRow.name),
        )
        .join(BaseRow, col(BaseRow.base_id) == NoticeRow.base_id)
        .join(VenueRow, col(VenueRow.venue_id) == NoticeRow.venue_id, isouter=True)
        .join(OrganisationRow, col(OrganisationRow.organisation_id) == to, isouter=True)
        .join(GuestRow, col(GuestRow.guest_id) == to, isouter=True)
        .where(col(NoticeRow.notice_id).in_(ids))
    )
    return {key: (base, venue, name) for key, base, venue, name in await session.exec(query)}
