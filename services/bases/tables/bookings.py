"""Bookings as they are read and moved on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from contracts.bases.bookings import BookingMissRetracted
from contracts.kinds import BookingStatus
from services.bases.tables.rows import (
    BaseRow,
    BookingRow,
    BookingStepRow,
    GuestRow,
    OrganisationRow,
    VenueRow,
)
from services.chassis.rows import behind, for_update, inside, one
from services.chassis.unit_of_work import Transaction

RETRACTED = BookingMissRetracted.names()[2]
ANNOUNCED_FOR = """
SELECT occurred_at FROM event_log WHERE aggregate_id = $1 AND aggregate_version = $2
"""


async def booking(session: AsyncSession, booking_id: UUID, *, lock: bool = False) -> BookingRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, BookingRow, booking_id, "booking", "预约", lock=lock)


Named = tuple[BookingRow, str | None, str | None]
"""A booking with the names of its venue and of its organisation or guest."""


async def named(session: AsyncSession, row: BookingRow) -> Named:
    venue = await session.get(VenueRow, row.venue_id)
    visitors = await visitors_of(session, row.organisation_id)
    return row, venue.name if venue else None, visitors.name if visitors else None


async def visitors_of(
    session: AsyncSession, organisation_id: UUID
) -> OrganisationRow | GuestRow | None:
    """Those who come: an organisation of the tree, or a guest."""
    found = await session.get(OrganisationRow, organisation_id)
    return found or await session.get(GuestRow, organisation_id)


async def actor_of(session: AsyncSession, booking_id: UUID, step: str) -> str | None:
    """Who took that step last."""
    newest = col(BookingStepRow.version).desc()
    query = select(BookingStepRow.actor).where(
        BookingStepRow.booking_id == booking_id, BookingStepRow.step == step
    )
    return (await session.exec(query.order_by(newest).limit(1))).first()


async def steps_of(session: AsyncSession, booking_id: UUID) -> Sequence[BookingStepRow]:
    query = select(BookingStepRow).where(BookingStepRow.booking_id == booking_id)
    return (await session.exec(query.order_by(col(BookingStepRow.version)))).all()


async def retractions(session: AsyncSession, booking_id: UUID) -> int:
    """How often a no-show of it was taken back."""
    steps = [each.step for each in await steps_of(session, booking_id)]
    return steps.count(RETRACTED)


async def announced_for(work: Transaction, row: BookingRow) -> datetime:
    """The business time of what was told of it last: the period in which that was counted."""
    connection = await work.driver()
    found: datetime = await connection.fetchval(ANNOUNCED_FOR, row.booking_id, row.version)
    return found


async def breaches(
    session: AsyncSession, organisation_id: UUID, *, late: bool
) -> Sequence[tuple[UUID, datetime]]:
    """Bookings that the organisation missed, and if `late` cancelled too late, and their starts."""
    missed = col(BookingRow.status) == BookingStatus.NO_SHOW
    query = select(BookingRow.booking_id, BookingRow.starts_at).where(
        BookingRow.organisation_id == organisation_id,
        or_(missed, col(BookingRow.late)) if late else missed,
    )
    return [(booking_id, at) for booking_id, at in await session.exec(query)]


# What the clock looks at. What was entered after it began is paper, and waits for a person; so does
# one of which a person has said that it was not missed.


async def begun(
    session: AsyncSession, statuses: Sequence[BookingStatus], now: datetime, limit: int
) -> Sequence[BookingRow]:
    """Locked, the oldest first; those that others work on are left out."""
    query = _entered_before(statuses).where(col(BookingRow.starts_at) <= now)
    return (await session.exec(_locked(query, limit))).all()


async def unclaimed(
    session: AsyncSession,
    statuses: Sequence[BookingStatus],
    now: datetime,
    release_minutes: int,
    limit: int,
) -> Sequence[BookingRow]:
    """Like `begun`, for which their base has waited long enough; `release_minutes` unless it states
    its own.
    """
    own = col(BaseRow.terms)["release_minutes"].as_integer()
    minutes = func.coalesce(own, release_minutes)
    patience = func.make_interval(0, 0, 0, 0, 0, minutes)
    query = (
        _entered_before(statuses)
        .join(BaseRow, col(BaseRow.base_id) == BookingRow.base_id)
        .where(col(BookingRow.starts_at) <= now, col(BookingRow.starts_at) + patience <= now)
        .where(~_retracted())
    )
    return (await session.exec(_locked(query, limit))).all()


def _retracted() -> ColumnElement[bool]:
    return exists().where(
        col(BookingStepRow.booking_id) == BookingRow.booking_id,
        col(BookingStepRow.step) == RETRACTED,
    )


def _entered_before(statuses: Sequence[BookingStatus]) -> SelectOfScalar[BookingRow]:
    return select(BookingRow).where(
        col(BookingRow.status).in_(statuses), BookingRow.recorded_at <= BookingRow.starts_at
    )


def _locked(query: SelectOfScalar[BookingRow], limit: int) -> SelectOfScalar[BookingRow]:
    ordered = query.order_by(col(BookingRow.starts_at), col(BookingRow.booking_id))
    return for_update(ordered.limit(limit), skip_locked=True, of=BookingRow)


# Lists


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which bookings a list shows; those that begin in `[since, until)`."""

    within: Sequence[str] | None
    """`None` for every area."""
    base_id: UUID | None = None
    venue_id: UUID | None = None
    organisation_id: UUID | None = None
    series_id: UUID | None = None
    package_booking_id: UUID | None = None
    statuses: Sequence[BookingStatus] = ()
    off_day: bool | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found = []
        if self.within is not None:
            found.append(inside(col(BookingRow.area), self.within))
        asked = (
            *("base_id", "venue_id", "organisation_id"),
            *("series_id", "package_booking_id", "off_day"),
        )
        said = ((name, getattr(self, name)) for name in asked)
        found += [getattr(BookingRow, name) == value for name, value in said if value is not None]
        if self.statuses:
            found.append(col(BookingRow.status).in_(self.statuses))
        if self.since:
            found.append(col(BookingRow.starts_at) >= self.since)
        if self.until:
            found.append(col(BookingRow.starts_at) < self.until)
        return found


async def bookings(
    session: AsyncSession, sought: Sought, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Named]:
    """In order of start."""
    started, key = col(BookingRow.starts_at), col(BookingRow.booking_id)
    visitors = func.coalesce(OrganisationRow.name, GuestRow.name)
    of_organisation = col(OrganisationRow.organisation_id) == BookingRow.organisation_id
    query = (
        select(BookingRow, VenueRow.name, visitors)
        .join(VenueRow, col(VenueRow.venue_id) == BookingRow.venue_id)
        .join(OrganisationRow, of_organisation, isouter=True)
        .join(GuestRow, col(GuestRow.guest_id) == BookingRow.organisation_id, isouter=True)
        .where(*sought.conditions())
        .order_by(started, key)
        .limit(limit)
    )
    query = query.where(*behind(after, started, key))
    return [(row, venue, name) for row, venue, name in await session.exec(query)]
