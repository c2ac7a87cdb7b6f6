"""Terms of office and seats as rows."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.rows import for_update
from services.membership.domain.terms import Seat, Term
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.rows import Row


class TermRow(Term, Row, table=True):
    __tablename__ = "term"

    term_id: UUID = Field(primary_key=True)
    ended_on: date | None = None
    version: int = 1
    recorded_at: datetime


class SeatRow(Seat, Row, table=True):
    __tablename__ = "seat"

    seat_id: UUID = Field(primary_key=True)
    until: date | None = None
    version: int = 1
    recorded_at: datetime


SEATED = """
SELECT organisation_id, count(DISTINCT member_id)::int AS seated FROM seat
 WHERE organisation_id = ANY($1) AND until IS NULL GROUP BY organisation_id
"""
DUE = """
SELECT t.term_id, t.organisation_id, t.area, t.expires_on
  FROM term t JOIN organisation o USING (organisation_id)
 WHERE t.ended_on IS NULL AND t.body = 'party' AND t.expires_on <= $1 AND o.dissolved_on IS NULL
   AND NOT EXISTS (
       SELECT 1 FROM alert a
        WHERE a.kind = $2 AND a.subject_id = t.organisation_id AND a.cleared_at IS NULL)
 ORDER BY t.expires_on LIMIT $3
"""


async def seated(
    connection: asyncpg.Connection, organisation_ids: Collection[UUID]
) -> dict[UUID, int]:
    """How many members sit in the committees, each once; those without any are missing."""
    rows = await connection.fetch(SEATED, list(organisation_ids))
    return {row["organisation_id"]: row["seated"] for row in rows}


async def current(session: AsyncSession, organisation_id: UUID, body: str) -> TermRow | None:
    """The term that runs, or ran out without an election after it."""
    query = select(TermRow).where(
        TermRow.organisation_id == organisation_id,
        TermRow.body == body,
        col(TermRow.ended_on).is_(None),
    )
    return (await session.exec(query)).first()


async def running(session: AsyncSession, organisation_id: UUID) -> Sequence[TermRow]:
    query = select(TermRow).where(
        TermRow.organisation_id == organisation_id, col(TermRow.ended_on).is_(None)
    )
    return (await session.exec(query)).all()


async def due(
    connection: asyncpg.Connection, by: date, alert: str, limit: int
) -> list[asyncpg.Record]:
    """Terms that end by then, without an open alert about them."""
    return list(await connection.fetch(DUE, by, alert, limit))


async def by_organisation(
    session: AsyncSession, *conditions: ColumnElement[bool]
) -> Sequence[TermRow]:
    """In the order of the organisations' codes, and then of the elections."""
    query = select(TermRow).join(
        OrganisationRow, col(OrganisationRow.organisation_id) == TermRow.organisation_id
    )
    ordered = query.order_by(col(OrganisationRow.code), col(TermRow.held_on))
    return (await session.exec(ordered.where(*conditions))).all()


async def seats(
    session: AsyncSession, organisation_id: UUID, *, held_only: bool = True
) -> Sequence[SeatRow]:
    query = select(SeatRow).where(SeatRow.organisation_id == organisation_id)
    if held_only:
        query = query.where(col(SeatRow.until).is_(None))
    return (await session.exec(query.order_by(col(SeatRow.seat_id)))).all()


async def seats_of_member(session: AsyncSession, member_id: UUID) -> Sequence[SeatRow]:
    """Those that a member holds, locked until the transaction ends."""
    query = select(SeatRow).where(SeatRow.member_id == member_id, col(SeatRow.until).is_(None))
    return (await session.exec(for_update(query.order_by(col(SeatRow.seat_id))))).all()
