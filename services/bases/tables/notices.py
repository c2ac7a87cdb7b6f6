"""Notices: issued in whatever transaction leads to them, listed, marked as delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.bases.notices import NoticeEvent, NoticeIssued
from contracts.kinds import BookingStatus
from contracts.kinds.notices import NoticeKind
from services.bases.tables.rows import (
    BaseRow,
    BookingRow,
    GuestRow,
    OrganisationRow,
    Row,
    VenueRow,
)
from services.chassis.rows import behind, for_update, inside, one
from services.chassis.unit_of_work import Transaction

ISSUE = """
INSERT INTO notice (notice_id, kind, area, base_id, venue_id, organisation_id, booking_id, entry_id,
                    starts_at, ends_at, headcount, until, due_at, issued_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)
"""


class NoticeRow(Row, table=True):
    __tablename__ = "notice"

    notice_id: UUID = Field(primary_key=True)
    kind: str
    area: str
    base_id: UUID
    venue_id: UUID | None
    organisation_id: UUID
    booking_id: UUID | None
    entry_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    headcount: int
    until: datetime | None
    due_at: datetime
    issued_at: datetime
    delivered_at: datetime | None = None
    channel: str | None = None
    version: int

    def facts(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in NoticeEvent.model_fields}


Worded = tuple[NoticeRow, str, str | None, str | None]
"""A notice with the names of its base, its venue and of whom it is for."""


async def issue(work: Transaction, event: NoticeIssued, headcount: int) -> None:
    await work.write(
        ISSUE, event.notice_id, event.kind, event.area, event.base_id, event.venue_id,
        event.organisation_id, event.booking_id, event.entry_id, event.starts_at, event.ends_at,
        headcount, event.until, event.due_at, work.now,
    )  # fmt: skip


async def notice(session: AsyncSession, notice_id: UUID, *, lock: bool = False) -> NoticeRow:
    """Raises `NotFound`."""
    return await one(session, NoticeRow, notice_id, "notice", "通知", lock=lock)


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


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which notices a list shows."""

    within: Sequence[str] | None
    """`None` for every area."""
    notice_id: UUID | None = None
    base_id: UUID | None = None
    organisation_id: UUID | None = None
    booking_id: UUID | None = None
    kind: NoticeKind | None = None
    delivered: bool | None = None
    since: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        asked = ("notice_id", "base_id", "organisation_id", "booking_id", "kind")
        said = ((name, getattr(self, name)) for name in asked)
        found = [getattr(NoticeRow, name) == value for name, value in said if value is not None]
        if self.within is not None:
            found.append(inside(col(NoticeRow.area), self.within))
        if self.delivered is not None:
            at = col(NoticeRow.delivered_at)
            found.append(at.is_not(None) if self.delivered else at.is_(None))
        if self.since:
            found.append(col(NoticeRow.due_at) >= self.since)
        return found


async def notices(
    session: AsyncSession, sought: Sought, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Worded]:
    """In the order in which they are due."""
    due, key = col(NoticeRow.due_at), col(NoticeRow.notice_id)
    to = NoticeRow.organisation_id
    query = (
        select(
            NoticeRow,
            BaseRow.name,
            VenueRow.name,
            func.coalesce(OrganisationRow.name, GuestRow.name),
        )
        .join(BaseRow, col(BaseRow.base_id) == NoticeRow.base_id)
        .join(VenueRow, col(VenueRow.venue_id) == NoticeRow.venue_id, isouter=True)
        .join(OrganisationRow, col(OrganisationRow.organisation_id) == to, isouter=True)
        .join(GuestRow, col(GuestRow.guest_id) == to, isouter=True)
        .where(*sought.conditions())
        .order_by(due, key)
        .limit(limit)
    )
    query = query.where(*behind(after, due, key))
    return [(row, base, venue, name) for row, base, venue, name in await session.exec(query)]
