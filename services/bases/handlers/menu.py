"""Commands on the menu: items, their editions, packages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.bases.menu import MenuItemEvent
from services.bases.domain import menu
from services.bases.domain.menu import Details, Item, ItemUnknown, Package, Part
from services.bases.handlers.places import check_in_use
from services.bases.tables import menu as tables
from services.bases.tables import places
from services.bases.tables.menu import EditionRow, ItemRow, PackageRow
from services.bases.tables.rows import AreaRow
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork

FAMILIES = {
    "kind": "menu-item",
    "venue_kinds": "venue",
    "equipment_kinds": "equipment",
    "skill_code": "lecturer-skill",
}
"""Which kinds the codes of an item are."""


class ScopeUnclear(Invalid):
    code = "scope-unclear"
    title, title_zh = "Offered by a base, or by all of an area", "须指明提供的基地或区划"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Who offers something: one base, or with `base_id` null every base of the area."""

    area: str
    base_id: UUID | None


async def scope(uow: UnitOfWork, area: str | None, base_id: UUID | None) -> Scope:
    """A base is kept from being retired meanwhile.

    Raises `ScopeUnclear` unless one of both is given, `AreaUnknown`, `NotFound`, or what
    `check_in_use` does.
    """
    if (area is None) == (base_id is None):
        raise ScopeUnclear(
            "Name a base, or an area for all its bases.",
            zh="请填写基地，或填写区划（由该区划的全部基地提供），二者填一。",
            field="base_id",
        )
    if base_id is not None:
        base = await places.base(uow.session, base_id, lock=True)
        check_in_use(base)
        return Scope(area=base.area, base_id=base_id)
    area = area or ""
    await check_area(uow.session, AreaRow, area)
    return Scope(area=area, base_id=None)


# Items


async def publish(code: str, by: Scope, details: Details, uow: UnitOfWork, at: datetime) -> ItemRow:
    """Raises `CodeTaken`, `UnknownKind` or a rule's refusal."""
    await _check_kinds(uow, details, None, at)
    await check_code(uow.session, ItemRow, code)
    item = Item(
        item_id=new_id(),
        code=code,
        area=by.area,
        base_id=by.base_id,
        details=details,
        retired_on=None,
        version=1,
    )
    event = menu.publish(item)
    row = ItemRow(
        **event.model_dump(include={"item_id", "code", "area", "base_id", "name", "kind"}),
        said=tables.said_of(details),
        version=1,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    await _edition(uow, row, event, at)
    return row


async def change(
    item_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> ItemRow:
    """`changes` are fields of `Details`. What is booked keeps the version it was booked as."""
    row = await tables.item_row(uow.session, item_id, lock=True)
    versions.check(expected, row.version)
    was = row.state()
    now = replace(was.details, **changes)
    await _check_kinds(uow, now, was.details, at)
    event = menu.change(was, now)
    if event is not None:
        row.name, row.kind, row.said = now.name, now.kind, tables.said_of(now)
        row.version += 1
        await _edition(uow, row, event, at)
    return row


async def retire(item_id: UUID, uow: UnitOfWork, at: datetime) -> ItemRow:
    """Raises `ItemInPackage` while a package on the menu has it."""
    row = await tables.item_row(uow.session, item_id, lock=True)
    event = menu.retire(row.state(), await tables.packages_with(uow.session, item_id))
    row.retired_on, row.version = business_date(at), row.version + 1
    await _edition(uow, row, event, at)
    return row


async def _edition(uow: UnitOfWork, row: ItemRow, event: MenuItemEvent, at: datetime) -> None:
    await uow.session.flush()
    uow.session.add(
        EditionRow(item_id=row.item_id, version=row.version, said=row.said, recorded_at=uow.now)
    )
    uow.announce(event, version=row.version, occurred_at=at)


async def _check_kinds(uow: UnitOfWork, now: Details, was: Details | None, at: datetime) -> None:
    """Codes that were there before may have gone out of use since. Raises `UnknownKind`."""
    for field, family in FAMILIES.items():
        before = _codes(was, field) if was else ()
        for code in _codes(now, field):
            if code not in before:
                await kinds.check(uow.session, family, code, business_date(at), field)


def _codes(details: Details, field: str) -> Sequence[str]:
    told = getattr(details, field)
    if told is None:
        return ()
    return (told,) if isinstance(told, str) else tuple(told)


# Packages


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A part as a base writes it down."""

    item_code: str
    pause_minutes: int


async def publish_package(
    code: str, name: str, by: Scope, asked: Sequence[Asked], uow: UnitOfWork, at: datetime
) -> PackageRow:
    """Raises `CodeTaken`, `ItemUnknown`, `ItemRetired` or `ItemNotOffered`."""
    parts, items = await _parts(uow, asked)
    await check_code(uow.session, PackageRow, code)
    package = Package(
        package_id=new_id(),
        code=code,
        area=by.area,
        base_id=by.base_id,
        name=name,
        parts=parts,
        retired_on=None,
    )
    event = menu.publish_package(package, items)
    fields = {name: value for name, value in vars(package).items() if name != "parts"}
    row = PackageRow(**fields, version=1, recorded_at=uow.now)
    uow.session.add(row)
    await uow.session.flush()
    await tables.replace_parts(uow.session, row.package_id, parts)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def change_package(
    package_id: UUID,
    name: str | None,
    asked: Sequence[Asked] | None,
    expected: int,
    uow: UnitOfWork,
    at: datetime,
) -> PackageRow:
    """`None` leaves as it is."""
    row = await tables.package_row(uow.session, package_id, lock=True)
    versions.check(expected, row.version)
    was = await package_of(uow, row)
    parts, items = was.parts, list[Item]()
    if asked is not None:
        parts, items = await _parts(uow, asked)
    event = menu.change_package(was, replace(was, name=name or was.name, parts=parts), items)
    if event is not None:
        row.name, row.version = event.name, row.version + 1
        await tables.replace_parts(uow.session, package_id, parts)
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def retire_package(package_id: UUID, uow: UnitOfWork, at: datetime) -> PackageRow:
    row = await tables.package_row(uow.session, package_id, lock=True)
    event = menu.retire_package(await package_of(uow, row))
    row.retired_on, row.version = business_date(at), row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def retire_all(uow: UnitOfWork, base_id: UUID, at: datetime) -> None:
    """The menu of a base that is no more; what its area offers stays."""
    for package in await tables.packages_of(uow.session, base_id):
        await retire_package(package, uow, at)
    await uow.session.flush()
    for item in await tables.items_of(uow.session, base_id):
        await retire(item, uow, at)


async def package_of(uow: UnitOfWork, row: PackageRow) -> Package:
    found = await tables.parts(uow.session, [row.package_id])
    return row.state(
        [
            Part(item_id=part.item_id, pause_minutes=part.pause_minutes)
            for part, _ in found[row.package_id]
        ]
    )


async def _parts(uow: UnitOfWork, asked: Sequence[Asked]) -> tuple[tuple[Part, ...], list[Item]]:
    """The items stay as they are until the transaction ends. Raises `ItemUnknown`."""
    codes = [part.item_code for part in asked]
    rows = await tables.items_by_code(uow.session, codes, lock=True)
    unknown = [code for code in codes if code not in rows]
    if unknown:
        raise ItemUnknown(
            f"No menu item {', '.join(unknown)}.",
            zh=f"没有代码为 {'、'.join(unknown)} 的菜单项目。",
            field="parts",
            value=unknown,
        )
    parts = tuple(
        Part(item_id=rows[part.item_code].item_id, pause_minutes=part.pause_minutes)
        for part in asked
    )
    return parts, [row.state() for row in rows.values()]
