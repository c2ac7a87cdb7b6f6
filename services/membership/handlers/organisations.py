"""One function a command: load, decide, record, announce. No rules and no protocol here."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.areas import parent_of
from contracts.membership.organisations import AreaRegistered
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import organisations as domain
from services.membership.domain.organisations import (
    Area,
    ChangeOrganisation,
    CodeTaken,
    OrganisationUnknown,
    RegisterArea,
    RegisterOrganisation,
)
from services.membership.tables import organisations as tables
from services.membership.tables.organisations import OrganisationRow


async def register_area(
    command: RegisterArea, uow: UnitOfWork, occurred_at: datetime
) -> tuple[Area, bool]:
    """The area as it is now, and whether it is new."""
    current = await tables.lock_area(uow.session, command.code)
    parent = parent_of(command.code)
    known = parent is not None and await tables.area_exists(uow.session, parent)
    event = domain.register_area(command, current, parent_known=known)
    version = current.version if current else 0
    if event is not None:
        version += 1
        await tables.save_area(uow.session, command.code, command.name, version)
        uow.announce(event, version=version, occurred_at=occurred_at)
    area = Area(code=command.code, name=command.name, version=version)
    return area, isinstance(event, AreaRegistered)


async def register_organisation(
    command: RegisterOrganisation, uow: UnitOfWork, occurred_at: datetime
) -> OrganisationRow:
    """Raises `CodeTaken`, `AreaUnknown`, `OrganisationUnknown`, `UnknownKind`, a rule's refusal."""
    await _check_references(uow, command.area, command.kind, occurred_at)
    if await tables.code_taken(uow.session, command.code):
        raise CodeTaken(
            f"Code {command.code} belongs to another organisation.",
            zh=f"组织代码 {command.code} 已被使用。",
            field="code",
            value=command.code,
        )
    parent = await _parent(uow, command.parent_id)
    event = domain.register_organisation(
        command, tables.organisation_of(parent) if parent else None
    )
    row = OrganisationRow(**event.model_dump(), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=occurred_at)
    return row


async def change_organisation(
    organisation_id: UUID,
    command: ChangeOrganisation,
    expected: int,
    uow: UnitOfWork,
    occurred_at: datetime,
) -> OrganisationRow:
    """Raises `PreconditionFailed` when the caller saw another version than `expected`."""
    await tables.lock_tree(uow.session)
    row = await tables.organisation(uow.session, organisation_id, lock=True)
    versions.check(expected, row.version)
    if not command.to_root and command.parent_id is None:
        command = replace(command, parent_id=row.parent_id)
    await _check_references(uow, command.area or row.area, command.kind or row.kind, occurred_at)
    parent = await _parent(uow, command.parent_id)
    above = await tables.ancestors(uow.session, parent.organisation_id) if parent else set()
    moved = command.area not in {None, row.area}
    below = await tables.areas_below(uow.session, organisation_id) if moved else ()
    event = domain.change_organisation(
        command,
        tables.organisation_of(row),
        tables.organisation_of(parent) if parent else None,
        above,
        below,
    )
    if event is not None:
        row.sqlmodel_update(
            event.model_dump(include={"name", "kind", "area", "parent_id"})
            | {"version": row.version + 1}
        )
        uow.announce(event, version=row.version, occurred_at=occurred_at)
    return row


async def _parent(uow: UnitOfWork, parent_id: UUID | None) -> OrganisationRow | None:
    if parent_id is None:
        return None
    parent = await tables.find_organisation(uow.session, parent_id)
    if parent is None:
        raise OrganisationUnknown(
            f"No organisation {parent_id}.",
            zh="没有该编号的上级党组织。",
            field="parent_id",
            value=str(parent_id),
        )
    return parent


async def _check_references(uow: UnitOfWork, area: str, kind: str, occurred_at: datetime) -> None:
    if not await tables.area_exists(uow.session, area):
        raise domain.area_unknown(area, field="area")
    await kinds.check(uow.session, "organisation", kind, business_date(occurred_at), "kind")
