"""Entries of the books as rows, and the only SQL that touches them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid, exists, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.alerts import AlertKind
from contracts.kinds.books import Book, Bound, Duration, Rank, TaskState
from services.chassis.database import execute
from services.chassis.rows import for_update, inside, one
from services.membership.domain.books import Entry
from services.membership.tables.alerts import AlertRow
from services.membership.tables.rows import Row


class EntryRow(Row, table=True):
    __tablename__ = "book_entry"

    entry_id: UUID = Field(primary_key=True)
    book: str
    kind: str
    code: str | None = None
    area: str
    organisation_id: UUID | None = None
    label: str
    remark: str = ""
    reference: str = ""
    duration: str
    rank: str
    quantity: int
    bound: str
    amount_fen: int = 0
    amount_bound: str
    state: str | None = None
    due_on: date | None = None
    parent_id: UUID | None = None
    subject_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    day: date
    occurred_at: datetime
    ended_at: datetime | None = None
    withdrawn_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


def entry_of(row: EntryRow) -> Entry:
    values = row.model_dump(exclude={"day", "recorded_at"})
    return Entry(
        **values
        | {
            "book": Book(row.book),
            "duration": Duration(row.duration),
            "rank": Rank(row.rank),
            "bound": Bound(row.bound),
            "amount_bound": Bound(row.amount_bound),
            "state": TaskState(row.state) if row.state else None,
            "subject_ids": tuple(row.subject_ids),
        }
    )


async def entry(session: AsyncSession, entry_id: UUID, *, lock: bool = False) -> EntryRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, EntryRow, entry_id, "entry", "台账条目", lock=lock)


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What a list of entries is limited to."""

    within: Sequence[str]
    book: str | None = None
    kind: str | None = None
    organisation_id: UUID | None = None
    subject_id: UUID | None = None
    parent_id: UUID | None = None
    code: str | None = None
    state: str | None = None
    first: date | None = None
    last: date | None = None
    due_by: date | None = None
    open_only: bool = False


async def entries(
    session: AsyncSession, sought: Sought, after: str | None, limit: int
) -> Sequence[EntryRow]:
    """In the order in which they were entered; without those withdrawn."""
    key = col(EntryRow.entry_id)
    query = select(EntryRow).order_by(key).limit(limit)
    query = query.where(col(EntryRow.withdrawn_at).is_(None))
    query = query.where(inside(col(EntryRow.area), sought.within))
    for name in ("book", "kind", "organisation_id", "parent_id", "code", "state"):
        if (value := getattr(sought, name)) is not None:
            query = query.where(getattr(EntryRow, name) == value)
    if sought.subject_id:
        query = query.where(col(EntryRow.subject_ids).contains([sought.subject_id]))
    if sought.first:
        query = query.where(EntryRow.day >= sought.first)
    if sought.last:
        query = query.where(EntryRow.day <= sought.last)
    if sought.due_by:
        query = query.where(col(EntryRow.due_on) <= sought.due_by)
    if sought.open_only:
        query = query.where(
            col(EntryRow.ended_at).is_(None),
            or_(col(EntryRow.state).is_(None), col(EntryRow.state).in_(("open", "under-way"))),
        )
    if after:
        query = query.where(key > UUID(after))
    return (await session.exec(query)).all()


async def due(session: AsyncSession, by: date, limit: int) -> Sequence[EntryRow]:
    """Tasks not done that are due by a day and have no alert yet, locked, the earliest first."""
    query = (
        select(EntryRow)
        .where(
            col(EntryRow.state).in_(("open", "under-way")),
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
