"""Commands on the menu: items, their editions, packages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.bases.domain import menu
from services.bases.domain.menu import Details, Item, ItemUnknown, Offer, Package, Part
from services.bases.handlers.places import check_in_use
from services.bases.tables import menu as tables
from services.bases.tables import places
from services.bases.tables.menu import EditionRow, ItemRow, PackageRow
from services.bases.tables.rows import AreaRow
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
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


async def area_of(uow: UnitOfWork, area: str | None, base_id: UUID | None) -> str:
    """Where those lie who offer something: one base, or every base of an area.

    A base is kept from being retired meanwhile. Raises `ScopeUnclear` unless one of both is given,
    `AreaUnknown`, `NotFound`, or what `check_in_use` does.
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
        return base.area
    area = area or ""
    await check_area(uow.session, AreaRow, area)
    return area


# Items


async def publish(item: Item, uow: UnitOfWork, at: datetime) -> ItemRow:
    """Raises `CodeTaken`, `UnknownKind` or a rule's refusal."""
    await _check_kinds(uow, item.details, None, at)
    await check_code(uow.session, ItemRow, item.code)
    event = menu.publish(item)
    row = ItemRow(
        **item.model_dump(exclude={"details"}), **_kept(item.details), recorded_at=uow.now
    )
    return await _edition(uow, uow.begin(row, event, at))


async def change(row: ItemRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime) -> ItemRow:
    """`changes` are fields of `Details`. What is booked keeps the version it was booked as."""
    was, details = row.state(), Details(**row.said | changes)
    await _check_kinds(uow, details, was.details, at)
    event = menu.change(was, was.model_copy(update={"details": details}))
    if event is None:
        return row
    return await _edition(uow, uow.step(row, event, at, **_kept(details)))


async def retire(row: ItemRow, uow: UnitOfWork, at: datetime) -> ItemRow:
    """Raises `ItemInPackage` while a package on the menu has it."""
    event = menu.retire(row.state(), await tables.packages_with(uow.session, row.item_id))
    return await _edition(uow, uow.step(row, event, at, retired_on=business_date(at)))


def _kept(details: Details) -> dict[str, Any]:
    return {"name": details.name, "kind": details.kind, "said": details.model_dump()}


async def _edition(uow: UnitOfWork, row: ItemRow) -> ItemRow:
    await uow.session.flush()
    uow.session.add(
        EditionRow(item_id=row.item_id, version=row.version, said=row.said, recorded_at=uow.now)
    )
    return row


async def _check_kinds(uow: UnitOfWork, now: Details, was: Details | None, at: datetime) -> None:
    """Codes that were there before may have gone out of use since. Raises `UnknownKind`."""
    for field, family in FAMILIES.items():
        before = _codes(was, field) if was else ()
        for code in _codes(now, field):
            if code not in before:
                await kinds.check(uow.session, family, code, business_date(at), field)


def _codes(details: Details, field: str) -> Sequence[str]:
    codes = getattr(details, field)
    if codes is None:
        return ()
    return (codes,) if isinstance(codes, str) else codes


# Packages

Stated = Sequence[tuple[str, int]]
"""Parts as a base writes them down: the item's code, and the minutes of pause before it."""


async def publish_package(
    offer: Offer, stated: Stated, uow: UnitOfWork, at: datetime
) -> PackageRow:
    """Raises `CodeTaken`, `ItemUnknown`, `ItemRetired` or `ItemNotOffered`."""
    parts, items = await _parts(uow, stated)
    await check_code(uow.session, PackageRow, offer.code)
    event = menu.publish_package(Package(**offer.model_dump(), parts=parts), items)
    row = uow.begin(PackageRow.of(offer, recorded_at=uow.now), event, at)
    await uow.session.flush()
    await tables.replace_parts(uow.session, row.package_id, parts)
    return row


async def change_package(
    row: PackageRow, name: str | None, stated: Stated | None, uow: UnitOfWork, at: datetime
) -> PackageRow:
    """`None` leaves as it is."""
    was = await _package(uow, row)
    parts, items = was.parts, list[Item]()
    if stated is not None:
        parts, items = await _parts(uow, stated)
    now = was.model_copy(update={"name": name or was.name, "parts": parts})
    event = menu.change_package(was, now, items)
    if event is None:
        return row
    await tables.replace_parts(uow.session, row.package_id, parts)
    return uow.step(row, event, at, name=now.name)


async def retire_package(row: PackageRow, uow: UnitOfWork, at: datetime) -> PackageRow:
    event = menu.retire_package(await _package(uow, row))
    return uow.step(row, event, at, retired_on=business_date(at))


async def retire_all(uow: UnitOfWork, base_id: UUID, at: datetime) -> None:
    """The menu of a base that is no more; what its area offers stays."""
    for package in await tables.packages_of(uow.session, base_id):
        await retire_package(package, uow, at)
    await uow.session.flush()
    for item in await tables.items_of(uow.session, base_id):
        await retire(item, uow, at)


async def _package(uow: UnitOfWork, row: PackageRow) -> Package:
    parts = (await tables.parts(uow.session, [row.package_id]))[row.package_id]
    return Package(**row.model_dump(), parts=[part.as_state(Part) for part, _ in parts])


async def _parts(uow: UnitOfWork, stated: Stated) -> tuple[list[Part], list[Item]]:
    """The items stay as they are until the transaction ends. Raises `ItemUnknown`."""
    codes = [code for code, _ in stated]
    rows = await tables.items_by_code(uow.session, codes)
    unknown = [code for code in codes if code not in rows]
    if unknown:
        raise ItemUnknown(
            f"No menu item {', '.join(unknown)}.",
            zh=f"没有代码为 {'、'.join(unknown)} 的菜单项目。",
            field="parts",
            value=unknown,
        )
    parts = [Part(item_id=rows[code].item_id, pause_minutes=pause) for code, pause in stated]
    return parts, [row.state() for row in rows.values()]
