"""Items, their editions, and packages of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, delete, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.domain.menu import Details, Item, Offer, Package, Part
from services.bases.tables.rows import Row
from services.chassis.database import execute
from services.chassis.errors import NotFound
from services.chassis.rows import Versioned, for_update, one

ONE = """
SELECT i.item_id, i.code, i.area, i.base_id, i.retired_on, e.version, e.said::text AS said
  FROM menu_item i JOIN menu_item_edition e USING (item_id)
 WHERE i.item_id = $1 AND e.version = coalesce($2, i.version)
"""
ONE_PACKAGE = """
SELECT package_id, code, area, base_id, name, retired_on FROM package WHERE package_id = $1
"""
PARTS_OF_ONE = """
SELECT item_id, pause_minutes FROM package_part WHERE package_id = $1 ORDER BY position
"""


class ItemRow(Row, table=True):
    """`said` holds the fields of the domain's `Details`; `name` and `kind` are its, for lists."""

    __tablename__ = "menu_item"

    item_id: UUID = Field(primary_key=True)
    code: str
    area: str
    base_id: UUID | None
    name: str
    kind: str
    said: dict[str, Any] = Field(sa_type=JSONB)
    retired_on: date | None = None
    version: int = 1
    recorded_at: datetime

    @property
    def details(self) -> Details:
        return Details(**self.said)

    def state(self) -> Item:
        return Item(**self.model_dump(), details=self.details)


class EditionRow(Row, table=True):
    __tablename__ = "menu_item_edition"

    item_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    said: dict[str, Any] = Field(sa_type=JSONB)
    recorded_at: datetime

    @property
    def details(self) -> Details:
        return Details(**self.said)


class PackageRow(Offer, Versioned, Row, table=True):
    __tablename__ = "package"

    package_id: UUID = Field(primary_key=True)


class PartRow(Part, Row, table=True):
    __tablename__ = "package_part"

    package_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True)


# For whoever has no session


async def item(
    connection: asyncpg.Connection, item_id: UUID, version: int | None = None
) -> Item | None:
    """The item as it is, or as a booking of that version has it. `None` when there is none."""
    row = await connection.fetchrow(ONE, item_id, version)
    if row is None:
        return None
    return Item(**row, details=Details.model_validate_json(row["said"]))


async def package(connection: asyncpg.Connection, package_id: UUID) -> Package | None:
    """`None` when there is none."""
    row = await connection.fetchrow(ONE_PACKAGE, package_id)
    if row is None:
        return None
    parts = await connection.fetch(PARTS_OF_ONE, package_id)
    return Package(**row, parts=[Part(**part) for part in parts])


# Rows


async def item_row(session: AsyncSession, item_id: UUID) -> ItemRow:
    """Raises `NotFound`."""
    return await one(session, ItemRow, item_id, "menu item", "菜单项目")


async def edition(session: AsyncSession, row: ItemRow, version: int) -> EditionRow:
    """Raises `NotFound`."""
    found = await session.get(EditionRow, (row.item_id, version))
    if found is None:
        raise NotFound(
            f"{row.code} has no version {version}.", zh=f"项目 {row.code} 没有第 {version} 版。"
        )
    return found


async def items_by_code(session: AsyncSession, codes: Sequence[str]) -> dict[str, ItemRow]:
    """Locked in order of their ids: two callers never cross."""
    query = select(ItemRow).where(col(ItemRow.code).in_(codes)).order_by(col(ItemRow.item_id))
    return {row.code: row for row in await session.exec(for_update(query))}


Parts = list[tuple[PartRow, ItemRow]]


async def parts(session: AsyncSession, packages: Sequence[UUID]) -> dict[UUID, Parts]:
    """In order, with their items."""
    query = (
        select(PartRow, ItemRow)
        .join(ItemRow, col(ItemRow.item_id) == PartRow.item_id)
        .where(col(PartRow.package_id).in_(packages))
        .order_by(col(PartRow.package_id), col(PartRow.position))
    )
    found: dict[UUID, Parts] = {package_id: [] for package_id in packages}
    for part, row in await session.exec(query):
        found[part.package_id].append((part, row))
    return found


async def replace_parts(session: AsyncSession, package_id: UUID, now: Sequence[Part]) -> None:
    await execute(session, delete(PartRow).where(col(PartRow.package_id) == package_id))
    session.add_all(
        PartRow.of(part, package_id=package_id, position=position)
        for position, part in enumerate(now, start=1)
    )
    await session.flush()


async def packages_with(session: AsyncSession, item_id: UUID) -> Sequence[str]:
    """Codes of the packages on the menu that have the item."""
    query = (
        select(PackageRow.code)
        .join(PartRow, col(PartRow.package_id) == PackageRow.package_id)
        .where(PartRow.item_id == item_id, col(PackageRow.retired_on).is_(None))
        .order_by(col(PackageRow.code))
        .distinct()
    )
    return (await session.exec(query)).all()


async def items_of(session: AsyncSession, base_id: UUID) -> Sequence[ItemRow]:
    """Those on the menu that only this base offers, locked in order of their ids."""
    query = select(ItemRow).where(ItemRow.base_id == base_id, col(ItemRow.retired_on).is_(None))
    return (await session.exec(for_update(query.order_by(col(ItemRow.item_id))))).all()


async def packages_of(session: AsyncSession, base_id: UUID) -> Sequence[PackageRow]:
    """As `items_of`."""
    query = select(PackageRow).where(
        PackageRow.base_id == base_id, col(PackageRow.retired_on).is_(None)
    )
    return (await session.exec(for_update(query.order_by(col(PackageRow.package_id))))).all()


async def menu_of(
    session: AsyncSession, base_id: UUID, area: str
) -> tuple[Sequence[ItemRow], Sequence[PackageRow]]:
    """What may be had at the base, its area's included, each in order of code."""

    def here(row: type[ItemRow | PackageRow]) -> ColumnElement[bool]:
        of_area = col(row.area).in_([area[:length] for length in range(2, len(area) + 1)])
        return col(row.retired_on).is_(None) & or_(
            col(row.base_id) == base_id, col(row.base_id).is_(None) & of_area
        )

    found = await session.exec(select(ItemRow).where(here(ItemRow)).order_by(col(ItemRow.code)))
    packs = await session.exec(
        select(PackageRow).where(here(PackageRow)).order_by(col(PackageRow.code))
    )
    return found.all(), packs.all()
