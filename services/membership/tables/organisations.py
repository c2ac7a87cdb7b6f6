"""What membership keeps in PostgreSQL, and the only SQL that touches it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import level_of
from services.chassis.database import execute
from services.chassis.errors import NotFound
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
    area: str
    parent_id: UUID | None
    version: int
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


LIKE_ESCAPES = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


# Areas


async def area(session: AsyncSession, code: str) -> AreaRow | None:
    return await session.get(AreaRow, code)


async def area_exists(session: AsyncSession, code: str) -> bool:
    found = await session.exec(select(AreaRow.code).where(AreaRow.code == code))
    return found.first() is not None


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
        query = query.where(col(AreaRow.code).startswith(within))
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
    row = await session.get(
        OrganisationRow, organisation_id, with_for_update=lock or None, populate_existing=lock
    )
    if row is None:
        raise NotFound(f"No organisation {organisation_id}.", zh="没有该编号的党组织。")
    return row


async def find_organisation(session: AsyncSession, organisation_id: UUID) -> OrganisationRow | None:
    """Kept as it is until the transaction ends: what stands below it relies on its area."""
    return await session.get(
        OrganisationRow, organisation_id, with_for_update={"read": True}, populate_existing=True
    )


async def code_taken(session: AsyncSession, code: str) -> bool:
    """Whether an organisation has the code; nobody else can take it before the transaction ends."""
    await execute(
        session, "SELECT pg_advisory_xact_lock(hashtextextended(:code, 2))", {"code": code}
    )
    found = await session.exec(
        select(OrganisationRow.organisation_id).where(OrganisationRow.code == code)
    )
    return found.first() is not None


async def lock_tree(session: AsyncSession) -> None:
    """Moves in the tree take turns: two at once could close a cycle that neither sees."""
    await execute(session, "SELECT pg_advisory_xact_lock(31)")


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
        select(OrganisationRow.area).where(OrganisationRow.parent_id == organisation_id).distinct()
    )
    return found.all()


async def organisations(
    session: AsyncSession,
    *,
    within: Sequence[str],
    kind: str | None,
    code: str | None,
    parent_id: UUID | None,
    named: str | None,
    after: str | None,
    limit: int,
) -> Sequence[OrganisationRow]:
    """In order of code, beginning after `after`; only those in one of the areas `within`."""
    query = select(OrganisationRow).order_by(col(OrganisationRow.code)).limit(limit)
    query = query.where(or_(*(col(OrganisationRow.area).startswith(area) for area in within)))
    if kind:
        query = query.where(OrganisationRow.kind == kind)
    if code:
        query = query.where(OrganisationRow.code == code)
    if parent_id:
        query = query.where(OrganisationRow.parent_id == parent_id)
    if named:
        pattern = f"%{named.translate(LIKE_ESCAPES)}%"
        query = query.where(col(OrganisationRow.name).like(pattern, escape="\\"))
    if after:
        query = query.where(col(OrganisationRow.code) > after)
    return (await session.exec(query)).all()


def organisation_of(row: OrganisationRow) -> Organisation:
    return Organisation(**row.model_dump(exclude={"recorded_at"}))
