"""Requests, help files and wishes: what of them stands, and what is due."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import inspect
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.volunteering import RequestStatus, WishStatus
from services.chassis.database import execute
from services.chassis.rows import batch
from services.membership.domain.volunteering.menu import Statement
from services.membership.tables.alerts import AlertRow
from services.membership.tables.volunteering.rows import (
    HelpFileRow,
    HelpPairRow,
    HelpVisitRow,
    RequestRow,
    StatementRow,
    WishClaimRow,
    WishRow,
)

BATCH = 100
"""What a sweep does in one transaction."""
OPEN = col(HelpFileRow.ended).is_(None)

DUE_ERASURE = """
SELECT {key} FROM {table} WHERE erase_on <= :day
 ORDER BY erase_on LIMIT :batch FOR UPDATE SKIP LOCKED
"""
FORGOTTEN = "UPDATE {table} SET erase_on = NULL WHERE {key} = ANY(:ids)"
SEALED = {"service_request": "request_id", "wish": "wish_id"}
"""Tables whose rows have contact data sealed under their own key, which outlives the case."""


async def stated(session: AsyncSession, statement: Statement) -> bool:
    """Whether such a number of the year stands already."""
    query = select(StatementRow.statement_id).where(
        StatementRow.organisation_id == statement.organisation_id,
        StatementRow.measure == statement.measure,
        StatementRow.year == statement.year,
        StatementRow.bound == statement.bound,
        col(StatementRow.withdrawn_at).is_(None),
    )
    return (await session.exec(query)).first() is not None


# Pairs and visits


async def pairs(session: AsyncSession, **of: UUID) -> Sequence[HelpPairRow]:
    """That stand, of a file or of a holder; lock that before, and nobody adds one."""
    query = select(HelpPairRow).filter_by(ended_on=None, **of)
    return (await session.exec(query.order_by(col(HelpPairRow.place)))).all()


async def end_pairs(session: AsyncSession, file_id: UUID, on: date) -> None:
    await execute(
        session,
        "UPDATE help_pair SET ended_on = :on WHERE file_id = :file AND ended_on IS NULL",
        {"on": on, "file": file_id},
    )


async def visits_of(session: AsyncSession, file_id: UUID) -> Sequence[HelpVisitRow]:
    query = select(HelpVisitRow).where(HelpVisitRow.file_id == file_id)
    return (await session.exec(query.order_by(col(HelpVisitRow.visited_on)))).all()


# Wishes


async def claim_of(session: AsyncSession, wish_id: UUID) -> WishClaimRow | None:
    """The claim that stands, or that made the wish true."""
    query = select(WishClaimRow).filter_by(wish_id=wish_id, released_at=None)
    return (await session.exec(query)).first()


async def claims_of(session: AsyncSession, wish_ids: Sequence[UUID]) -> dict[UUID, WishClaimRow]:
    query = select(WishClaimRow).where(
        col(WishClaimRow.wish_id).in_(wish_ids), col(WishClaimRow.released_at).is_(None)
    )
    return {row.wish_id: row for row in (await session.exec(query)).all()}


# What the clock finds due; rows another transaction holds wait for the next round


async def unanswered(session: AsyncSession, now: datetime) -> Sequence[RequestRow]:
    """Requests whose response target has passed and of which nobody was told."""
    waiting = RequestRow.status == RequestStatus.REQUESTED
    missed = (col(RequestRow.late).is_(False), RequestRow.respond_by < now)
    return await batch(session, RequestRow, "respond_by", waiting, *missed, limit=BATCH)


async def files_expired(session: AsyncSession, day: date) -> Sequence[HelpFileRow]:
    """Whose consent is not good on `day` any more."""
    over = HelpFileRow.expires_on <= day
    return await batch(session, HelpFileRow, "expires_on", OPEN, over, limit=BATCH)


async def wishes_expired(session: AsyncSession, day: date) -> Sequence[WishRow]:
    """Nobody claimed them in time."""
    waiting, over = WishRow.status == WishStatus.COLLECTED, WishRow.expires_on <= day
    return await batch(session, WishRow, "expires_on", waiting, over, limit=BATCH)


async def to_forget(session: AsyncSession, table: str, day: date) -> list[UUID]:
    """Closed cases whose contact data must be gone by `day`; held, and crossed off."""
    key = SEALED[table]
    given = {"table": table, "key": key}
    found = await execute(session, DUE_ERASURE.format(**given), {"day": day, "batch": BATCH})
    ids = list(found.scalars())
    if ids:
        await execute(session, FORGOTTEN.format(**given), {"ids": ids})
    return ids


async def due(session: AsyncSession, column: str, kind: str, day: date) -> Sequence[HelpFileRow]:
    """Open files whose `column` came by `day`, without an open alert of `kind`."""
    alerted = select(AlertRow.alert_id).where(
        AlertRow.kind == kind,
        AlertRow.subject_id == HelpFileRow.file_id,
        col(AlertRow.cleared_at).is_(None),
    )
    come = inspect(HelpFileRow).columns[column] <= day
    where = (OPEN, come, ~alerted.exists())
    return await batch(session, HelpFileRow, "file_id", *where, limit=BATCH)
