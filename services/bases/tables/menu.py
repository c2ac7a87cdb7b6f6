"""Items, their editions, and packages of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, delete, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.domain.menu import Details, Item, Package, Part, Step
from services.bases.tables.rows import Row
from services.chassis.database import execute
from services.chassis.errors import NotFound
from services.chassis.rows import for_update, inside, one

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
    version: int
    recorded_at: datetime

    @property
    def details(self) -> Details:
        return details_of(self.said)

    def state(self) -> Item:
        names = ("item_id", "code", "area", "base_id", "retired_on", "version")
        return Item(**{name: getattr(self, name) for name in names}, details=self.details)


class EditionRow(Row, table=True):
    __tablename__ = "menu_item_edition"

    item_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    said: dict[str, Any] = Field(sa_type=JSONB)
    recorded_at: datetime


class PackageRow(Row, table=True):
    __tablename__ = "package"

    package_id: UUID = Field(primary_key=True)
    code: str
    area: str
    base_id: UUID | None
    name: str
    retired_on: date | None = None
    version: int
    recorded_at: datetime

    def state(self, parts: Sequence[Part]) -> Package:
        fields = self.model_dump(exclude={"version", "recorded_at"})
        return Package(**fields, parts=tuple(parts))


class PartRow(Row, table=True):
    __tablename__ = "package_part"

    package_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True)
    item_id: UUID
    pause_minutes: int


def details_of(said: Mapping[str, Any]) -> Details:
    steps = tuple(Step(**step) for step in said["steps"])
    lists = {name: tuple(said[name]) for name in ("venue_kinds", "equipment_kinds")}
    return Details(**{**said, **lists, "steps": steps})


def said_of(details: Details) -> dict[str, Any]:
    """As the tables keep it."""
    return json.loads(json.dumps(asdict(details)))  # type: ignore[no-any-return]  # tuples to lists


# For whoever has no session


async def item(
    connection: asyncpg.Connection, item_id: UUID, version: int | None = None
) -> Item | None:
    """The item as it is, or as a booking of that version has it. `None` when there is none."""
    row = await connection.fetchrow(ONE, item_id, version)
    if row is None:
        return None
    names = ("item_id", "code", "area", "base_id", "retired_on", "version")
    return Item(**{name: row[name] for name in names}, details=details_of(json.loads(row["said"])))


async def package(connection: asyncpg.Connection, package_id: UUID) -> Package | None:
    """`None` when there is none."""
    row = await connection.fetchrow(ONE_PACKAGE, package_id)
    if row is None:
        return None
    parts = await connection.fetch(PARTS_OF_ONE, package_id)
    return Package(**dict(row), parts=tuple(Part(**dict(part)) for part in parts))


# Rows


async def item_row(session: AsyncSession, item_id: UUID, *, lock: bool = False) -> ItemRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, ItemRow, item_id, "menu item", "菜单项目", lock=lock)


async def edition(session: AsyncSession, row: ItemRow, version: int) -> EditionRow:
    """Raises `NotFound`."""
    found = await session.get(EditionRow, (row.item_id, version))
    if found is None:
        raise NotFound(
            f"{row.code} has no version {version}.", zh=f"项目 {row.code} 没有第 {version} 版。"
        )
    return found


async def items_by_code(
    session: AsyncSession, codes: Sequence[str], *, lock: bool = False
) -> dict[str, ItemRow]:
    """In order of their ids, so that everybody locks them in one order."""
    query = select(ItemRow).where(col(ItemRow.code).in_(codes)).order_by(col(ItemRow.item_id))
    if lock:
        query = for_update(query)
    return {row.code: row for row in await session.exec(query)}


async def package_row(session: AsyncSession, package_id: UUID, *, lock: bool = False) -> PackageRow:
    """Raises `NotFound`."""
    return await one(session, PackageRow, package_id, "package", "套餐", lock=lock)


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


async def replace_parts(session: AsyncSession, package_id: UUID, told: Sequence[Part]) -> None:
    await execute(session, delete(PartRow).where(col(PartRow.package_id) == package_id))
    session.add_all(
        PartRow(package_id=package_id, position=position, **vars(part))
        for position, part in enumerate(told, start=1)
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


async def items_of(session: AsyncSession, base_id: UUID) -> Sequence[UUID]:
    """Those on the menu that only this base offers, in order of their ids."""
    query = select(ItemRow.item_id).where(
        ItemRow.base_id == base_id, col(ItemRow.retired_on).is_(None)
    )
    return (await session.exec(query.order_by(col(ItemRow.item_id)))).all()


async def packages_of(session: AsyncSession, base_id: UUID) -> Sequence[UUID]:
    """As `items_of`."""
    query = select(PackageRow.package_id).where(
        PackageRow.base_id == base_id, col(PackageRow.retired_on).is_(None)
    )
    return (await session.exec(query.order_by(col(PackageRow.package_id)))).all()


# Lists


async def items(
    session: AsyncSession,
    *,
    within: Sequence[str],
    base_id: UUID | None,
    kind: str | None,
    code: str | None,
    retired: bool,
    after: str | None,
    limit: int,
) -> Sequence[ItemRow]:
    query = select(ItemRow).where(inside(col(ItemRow.area), within))
    query = query.order_by(col(ItemRow.code)).limit(limit)
    if base_id:
        query = query.where(ItemRow.base_id == base_id)
    if kind:
        query = query.where(ItemRow.kind == kind)
    if code:
        query = query.where(ItemRow.code == code)
    elif not retired:
        query = query.where(col(ItemRow.retired_on).is_(None))
    if after:
        query = query.where(col(ItemRow.code) > after)
    return (await session.exec(query)).all()


async def packages(
    session: AsyncSession,
    *,
    within: Sequence[str],
    base_id: UUID | None,
    code: str | None,
    retired: bool,
    after: str | None,
    limit: int,
) -> Sequence[PackageRow]:
    query = select(PackageRow).where(inside(col(PackageRow.area), within))
    query = query.order_by(col(PackageRow.code)).limit(limit)
    if base_id:
        query = query.where(PackageRow.base_id == base_id)
    if code:
        query = query.where(PackageRow.code == code)
    elif not retired:
        query = query.where(col(PackageRow.retired_on).is_(None))
    if after:
        query = query.where(col(PackageRow.code) > after)
    return (await session.exec(query)).all()


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
