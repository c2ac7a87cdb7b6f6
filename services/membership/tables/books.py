"""Entries of the books as rows, and the only SQL that touches them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, exists, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.alerts import AlertKind
from services.chassis.database import execute
from services.chassis.rows import for_update
from services.membership.domain import books as domain
from services.membership.domain.books import Entry
from services.membership.tables.alerts import AlertRow
from services.membership.tables.rows import Row


class EntryRow(Entry, Row, table=True):
    __tablename__ = "book_entry"

    entry_id: UUID = Field(primary_key=True)
    subject_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    day: date
    version: int = 1
    recorded_at: datetime


def still_open() -> tuple[ColumnElement[bool], ...]:
    """Neither ended nor, as tasks are, finished."""
    state = col(EntryRow.state)
    return col(EntryRow.ended_at).is_(None), or_(state.is_(None), state.in_(domain.UNFINISHED))


async def due(session: AsyncSession, by: date, limit: int) -> Sequence[EntryRow]:
    """Tasks not done that are due by a day and have no alert yet, locked, the earliest first."""
    query = (
        select(EntryRow)
        .where(
            col(EntryRow.state).in_(domain.UNFINISHED),
            col(EntryRow.withdrawn_at).is_(None),
            col(EntryRow.due_on) <= by,
            ~exists().where(
                col(AlertRow.subject_id) == EntryRow.entry_id,
                col(AlertRow.kind) == AlertKind.TASK_DUE.value,
                col(AlertRow.cleared_at).is_(None),
            ),
        )
        .order_by(col(EntryRow.due_on), col(EntryRow.entry_id))
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True))).all()


GIVEN = """
SELECT a.code AS area, a.name, coalesce(sum(e.amount_fen), 0)::bigint AS amount_fen
  FROM area a
  LEFT JOIN book_entry e
    ON e.area >= a.code AND e.area < a.code || ':' AND e.book = 'fund' AND e.kind = ANY(:kinds)
   AND e.day BETWEEN :first AND :last AND e.withdrawn_at IS NULL AND e.amount_bound <> 'target'
 WHERE a.level = 'community' AND a.code >= :within AND a.code < :within || ':' AND a.code > :after
 GROUP BY a.code ORDER BY a.code LIMIT :limit
"""


BELOW = """
SELECT a.code AS area, a.name, coalesce(sum(e.amount_fen), 0)::bigint AS amount_fen
  FROM (SELECT DISTINCT left(area, 6) AS code FROM book_entry
         WHERE book = 'fund' AND kind = ANY(:kinds) AND day BETWEEN :first AND :last) AS district
  JOIN area a
    ON a.level = 'community' AND a.code >= district.code AND a.code < district.code || ':'
  LEFT JOIN book_entry e
    ON e.area >= a.code AND e.area < a.code || ':' AND e.book = 'fund' AND e.kind = ANY(:kinds)
   AND e.day BETWEEN :first AND :last AND e.withdrawn_at IS NULL AND e.amount_bound <> 'target'
 WHERE NOT EXISTS (SELECT FROM alert
                    WHERE alert.area = a.code AND alert.kind = :alert AND alert.key = :key
                      AND alert.cleared_at IS NULL)
 GROUP BY a.code HAVING coalesce(sum(e.amount_fen), 0) < :least ORDER BY a.code LIMIT :limit
"""
"""Only in districts that keep this ledger: elsewhere nothing is known, so nothing is short."""


@dataclass(frozen=True)
class Given:
    """What a community was given in a year."""

    area: str
    name: str
    amount_fen: int


async def given(
    session: AsyncSession,
    kinds: Sequence[str],
    year: int,
    within: str,
    *,
    after: str = "",
    limit: int,
) -> list[Given]:
    """Communities in order of code with their funds of `kinds`; lower bounds count as stated."""
    more = {"within": within, "after": after, "limit": limit}
    rows = await execute(session, GIVEN, {"kinds": list(kinds), **_year(year), **more})
    return [Given(row.area, row.name, row.amount_fen) for row in rows]


async def below(
    session: AsyncSession, kinds: Sequence[str], year: int, least_fen: int, limit: int
) -> list[Given]:
    """Communities given less than `least_fen` in `year` that have no alert about it yet."""
    alert = {"alert": AlertKind.FUND_BELOW_MINIMUM.value, "key": str(year)}
    more = {"least": least_fen, "limit": limit}
    rows = await execute(session, BELOW, {"kinds": list(kinds), **_year(year), **alert, **more})
    return [Given(row.area, row.name, row.amount_fen) for row in rows]


def _year(year: int) -> dict[str, date]:
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}
