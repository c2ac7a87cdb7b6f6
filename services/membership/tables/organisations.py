"""Areas and the organisation tree as rows: as it is, as it was on any day, and what it counts.

Triggers of the database keep each row's `path` from the root and its line of history, so that no
writer can forget them.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import level_of
from services.chassis.database import execute
from services.chassis.known import organisation_unknown
from services.chassis.rows import for_update, inside, one
from services.chassis.unit_of_work import Transaction
from services.membership.domain.organisations import Area, Organisation
from services.membership.tables.rows import Row


class AreaRow(Row, table=True):
    __tablename__ = "area"

    code: str = Field(primary_key=True)
    name: str
    level: str
    version: int


class OrganisationRow(Row, table=True):
    __tablename__ = "organisation"

    organisation_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    name: str
    kind: str
    category: str = ""
    """The kind of which all kinds above its own are sorts."""
    area: str
    parent_id: UUID | None
    path: str = ""
    founded_on: date
    since: date
    """The business day from which it has been as it is now."""
    dissolved_on: date | None = None
    merged_into_id: UUID | None = None
    approval_number: str | None = None
    version: int
    recorded_at: datetime


class PastOrganisationRow(Row, table=True):
    """An organisation as it was from `since` up to, not including, `until`."""

    __tablename__ = "organisation_history"

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    code: str
    name: str
    kind: str
    category: str
    area: str
    parent_id: UUID | None
    since: date
    until: date | None
    recorded_at: datetime


Seen = OrganisationRow | PastOrganisationRow


@dataclass(frozen=True)
class Found:
    """What a list of organisations is asked for; only those in one of the areas `within`."""

    within: Sequence[str]
    kind: str | None = None
    category: str | None = None
    code: str | None = None
    parent_id: UUID | None = None
    named: str | None = None


@dataclass(frozen=True)
class Tally:
    """Members of one organisation, or of a subtree."""

    full_members: int = 0
    probationary: int = 0

    @property
    def members(self) -> int:
        return self.full_members + self.probationary


OPEN_TALLIES = """
INSERT INTO organisation_tally (organisation_id, full_members, probationary)
SELECT id, 0, 0 FROM unnest($1::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING
"""
LOCK_TALLIES = """
SELECT 1 FROM organisation_tally WHERE organisation_id = ANY($1)
 ORDER BY organisation_id FOR UPDATE
"""
COUNT = """
UPDATE organisation_tally AS t
   SET full_members = t.full_members + n.full_members,
       probationary = t.probationary + n.probationary
  FROM unnest($1::uuid[], $2::int[], $3::int[]) AS n (organisation_id, full_members, probationary)
 WHERE t.organisation_id = n.organisation_id
"""
TALLIES = """
SELECT organisation_id, full_members, probationary FROM organisation_tally
 WHERE organisation_id = ANY($1)
"""

LIKE_ESCAPES = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


# Areas


async def area(session: AsyncSession, code: str) -> AreaRow | None:
    return await session.get(AreaRow, code)


async def lock_area(session: AsyncSession, code: str) -> Area | None:
    """The area, with writers of the same code kept out until the transaction ends."""
    await execute(
        session, "SELECT pg_advisory_xact_lock(hashtextextended(:code, 1))", {"code": code}
    )
    row = await session.get(AreaRow, code)
    return Area(code=row.code, name=row.name, version=row.version) if row else None


async def save_area(session: AsyncSession, code: str, name: str, version: int) -> None:
    values = {"code": code, "name": name, "level": level_of(code).value, "version": version}
    row = insert(AreaRow).values(**values)
    await execute(
        session,
        row.on_conflict_do_update(index_elements=["code"], set_={"name": name, "version": version}),
    )


async def areas(
    session: AsyncSession, within: str | None, level: str | None, after: str | None, limit: int
) -> Sequence[AreaRow]:
    query = select(AreaRow).order_by(col(AreaRow.code)).limit(limit)
    if within:
        query = query.where(inside(col(AreaRow.code), [within]))
    if level:
        query = query.where(AreaRow.level == level)
    if after:
        query = query.where(col(AreaRow.code) > after)
    return (await session.exec(query)).all()


# Organisations


async def organisation(
    session: AsyncSession, organisation_id: UUID, *, lock: bool = False
) -> OrganisationRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, OrganisationRow, organisation_id, "organisation", "党组织", lock=lock)


async def referred(
    session: AsyncSession,
    organisation_id: UUID,
    *,
    field: str = "organisation_id",
    zh: str = "没有该编号的党组织。",
    standing: bool = False,
) -> OrganisationRow:
    """What a `field` refers to, as `find_organisation` keeps it. Raises `OrganisationUnknown`.

    With `standing` what was dissolved is unknown, too.
    """
    row = await find_organisation(session, organisation_id)
    if row is None or (standing and row.dissolved_on is not None):
        zh = "没有该编号的党组织，或该党组织已撤销。" if standing else zh
        raise organisation_unknown(organisation_id, field=field, zh=zh)
    return row


async def area_of(session: AsyncSession, row: Any) -> str:
    """Where the organisation of a row lies now."""
    return (await organisation(session, row.organisation_id)).area


async def find_organisation(session: AsyncSession, organisation_id: UUID) -> OrganisationRow | None:
    """Kept as it is until the transaction ends: what stands below it relies on its area."""
    return await session.get(
        OrganisationRow, organisation_id, with_for_update={"read": True}, populate_existing=True
    )


async def lock_tree(session: AsyncSession, *, moving: bool) -> None:
    """Moves in the tree take turns: two at once could close a cycle that neither sees.

    Who only adds to the tree shares it with others who do, and waits for a move alone: its place
    must not move away between look and insertion.
    """
    lock = "pg_advisory_xact_lock" if moving else "pg_advisory_xact_lock_shared"
    await execute(session, f"SELECT {lock}(31)")


async def ancestors(session: AsyncSession, organisation_id: UUID) -> set[UUID]:
    """All organisations above this one."""
    rows = await execute(
        session,
        (
            "WITH RECURSIVE up AS ("
            "  SELECT parent_id FROM organisation WHERE organisation_id = :id"
            "  UNION SELECT o.parent_id FROM organisation o JOIN up"
            "    ON o.organisation_id = up.parent_id)"
            " SELECT parent_id FROM up WHERE parent_id IS NOT NULL"
        ),
        {"id": organisation_id},
    )
    return set(rows.scalars())


async def areas_below(session: AsyncSession, organisation_id: UUID) -> Sequence[str]:
    """Areas of the direct subordinates."""
    found = await session.exec(
        select(OrganisationRow.area)
        .where(
            OrganisationRow.parent_id == organisation_id,
            col(OrganisationRow.dissolved_on).is_(None),
        )
        .distinct()
    )
    return found.all()


async def listed(
    session: AsyncSession,
    found: Found,
    day: date | None,
    *,
    dissolved: bool = False,
    after: str | None = None,
    limit: int,
) -> Sequence[Seen]:
    """`organisations`, or what they were at the end of `day`."""
    if day is None:
        return await organisations(session, found, dissolved=dissolved, after=after, limit=limit)
    return await organisations_at(session, day, found, after=after, limit=limit)


async def organisations(
    session: AsyncSession, found: Found, *, dissolved: bool, after: str | None, limit: int
) -> Sequence[OrganisationRow]:
    """In order of code, beginning after `after`."""
    query = select(OrganisationRow).order_by(col(OrganisationRow.code)).limit(limit)
    query = query.where(*_matches(OrganisationRow, found, after))
    if not dissolved:
        query = query.where(col(OrganisationRow.dissolved_on).is_(None))
    return (await session.exec(query)).all()


async def organisations_at(
    session: AsyncSession, day: date, found: Found, *, after: str | None, limit: int
) -> Sequence[PastOrganisationRow]:
    """`organisations` as they were at the end of `day`."""
    past = PastOrganisationRow
    query = select(past).order_by(col(past.code)).limit(limit)
    query = query.where(*_matches(past, found, after), *_in_force(day))
    return (await session.exec(query)).all()


async def every(session: AsyncSession, found: Found, day: date | None) -> AsyncIterator[Seen]:
    """All that `found` asks for, a page at a time: never more in memory."""
    after: str | None = None
    while True:
        rows = await listed(session, found, day, after=after, limit=PAGE)
        for row in rows:
            yield row
        if len(rows) < PAGE:
            return
        after = rows[-1].code
        session.expunge_all()


PAGE = 1000


def _in_force(day: date) -> tuple[ColumnElement[bool], ...]:
    past = PastOrganisationRow
    return past.since <= day, or_(col(past.until).is_(None), col(past.until) > day)  # type: ignore[return-value]


def _matches(table: type[Seen], found: Found, after: str | None) -> Sequence[ColumnElement[bool]]:
    """The conditions that ask for what `found` says."""
    where = [inside(col(table.area), found.within)]
    given = {
        "kind": found.kind,
        "category": found.category,
        "code": found.code,
        "parent_id": found.parent_id,
    }
    where += [col(getattr(table, name)) == value for name, value in given.items() if value]
    if found.named:
        pattern = f"%{found.named.translate(LIKE_ESCAPES)}%"
        where.append(col(table.name).like(pattern, escape="\\"))
    if after:
        where.append(col(table.code) > after)
    return where


async def history(session: AsyncSession, organisation_id: UUID) -> Sequence[PastOrganisationRow]:
    """What it was, oldest first."""
    past = PastOrganisationRow
    query = select(past).where(past.organisation_id == organisation_id)
    return (await session.exec(query.order_by(col(past.version)))).all()


async def children(session: AsyncSession, organisation_id: UUID) -> Sequence[OrganisationRow]:
    """The standing organisations directly below, kept as they are until the transaction ends."""
    query = (
        select(OrganisationRow)
        .where(
            OrganisationRow.parent_id == organisation_id,
            col(OrganisationRow.dissolved_on).is_(None),
        )
        .order_by(col(OrganisationRow.organisation_id))
    )
    return (await session.exec(for_update(query))).all()


# Counts


async def count_members(uow: Transaction, changes: Mapping[UUID, Tally]) -> None:
    """Add to the counters of organisations, or take away.

    The counters are locked until the transaction ends, in one order for everybody. Call
    `handlers.sizes.resize` for them afterwards.
    """
    connection = await uow.driver()
    ids = sorted(changes)
    await connection.execute(OPEN_TALLIES, ids)
    await connection.execute(LOCK_TALLIES, ids)
    full = [changes[each].full_members for each in ids]
    await connection.execute(COUNT, ids, full, [changes[each].probationary for each in ids])


async def counted(
    connection: asyncpg.Connection, organisation_ids: Collection[UUID]
) -> dict[UUID, Tally]:
    """What organisations count; those that never counted anybody are missing."""
    rows = await connection.fetch(TALLIES, list(organisation_ids))
    return {row["organisation_id"]: Tally(row["full_members"], row["probationary"]) for row in rows}


async def tally(connection: asyncpg.Connection, organisation_id: UUID) -> Tally:
    return (await counted(connection, [organisation_id])).get(organisation_id, Tally())


def organisation_of(row: OrganisationRow) -> Organisation:
    return Organisation(**row.model_dump(include=set(Organisation.__dataclass_fields__)))
