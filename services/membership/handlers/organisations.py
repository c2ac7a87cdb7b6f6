"""One function a command: load, decide, record, announce. No rules and no protocol here."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.areas import parent_of
from contracts.kinds.members import MemberState
from contracts.membership.organisations import (
    AreaRegistered,
    OrganisationChanged,
    OrganisationDissolved,
)
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.kinds import Sort
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import organisations as domain
from services.membership.domain import sizes
from services.membership.domain.organisations import (
    Area,
    ChangeOrganisation,
    InTransit,
    RegisterArea,
    RegisterOrganisation,
    TakesNoMembers,
)
from services.membership.domain.sizes import Traits
from services.membership.handlers import members, terms
from services.membership.handlers.sizes import forget, resize
from services.membership.tables import members as roll
from services.membership.tables import organisations as tables
from services.membership.tables import transfers
from services.membership.tables.organisations import AreaRow, OrganisationRow


async def register_area(
    command: RegisterArea, uow: UnitOfWork, occurred_at: datetime
) -> tuple[Area, bool]:
    """The area as it is now, and whether it is new."""
    current = await tables.lock_area(uow.session, command.code)
    parent = parent_of(command.code)
    known = parent is not None and await tables.area(uow.session, parent) is not None
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
    """Raises `CodeTaken`, `AreaUnknown`, `OrganisationUnknown`, `UnknownKind`, a rule's refusal.

    A kind that the size rules are about asks how many full members it starts with, unless it was
    founded on a day before today.
    """
    sort = await _check_references(uow, command.area, command.kind, occurred_at)
    await check_code(uow.session, OrganisationRow, command.code, "组织代码")
    day = business_date(occurred_at)
    book = await rulebook.at(uow.session, day, *sizes.RULES)
    founding = day >= business_date(uow.now)
    traits = Traits.of(sort.traits)
    sizes.check_start(traits, command.starting_full_members, book, founding=founding)
    await tables.lock_tree(uow.session, moving=False)
    parent = await _parent(uow, command.parent_id)
    event = domain.register_organisation(
        command, tables.organisation_of(parent) if parent else None, sort.root
    )
    row = OrganisationRow(
        **event.model_dump(),
        founded_on=day,
        since=day,
        approval_number=command.approval_number,
        version=1,
        recorded_at=uow.now,
    )
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
    if command.to_root or command.parent_id is not None:
        await tables.lock_tree(uow.session, moving=True)
    row = await tables.organisation(uow.session, organisation_id, lock=True)
    versions.check(expected, row.version)
    if not command.to_root and command.parent_id is None:
        command = replace(command, parent_id=row.parent_id)
    kind = command.kind or row.kind
    sort = await _check_references(uow, command.area or row.area, kind, occurred_at)
    parent = await _parent(uow, command.parent_id)
    above = await tables.ancestors(uow.session, parent.organisation_id) if parent else set()
    moved = command.area not in {None, row.area}
    below = await tables.areas_below(uow.session, organisation_id) if moved else ()
    current = tables.organisation_of(row)
    event = domain.change_organisation(
        command,
        current,
        tables.organisation_of(parent) if parent else None,
        above,
        below,
        sort.root,
        business_date(occurred_at),
    )
    if event is not None:
        await check_kind(uow, row, Traits.of(sort.traits))
        row.approval_number = domain.approval_of(command, current)
        await change(uow, row, event, occurred_at)
        if moved:
            await members.follow(organisation_id, row.area, uow, occurred_at)
    return row


async def change(
    uow: UnitOfWork, row: OrganisationRow, event: OrganisationChanged, occurred_at: datetime
) -> None:
    """Write down what `event` says of a locked organisation, and settle the sizes it touches."""
    was_parent, was_kind = row.parent_id, row.kind
    row.sqlmodel_update(event.model_dump(include={"name", "kind", "category", "area", "parent_id"}))
    row.version, row.since = row.version + 1, business_date(occurred_at)
    await uow.session.flush()
    uow.announce(event, version=row.version, occurred_at=occurred_at)
    if row.kind != was_kind:
        await forget(uow, row.organisation_id, occurred_at)
    touched = [row.organisation_id]
    if was_parent is not None and was_parent != row.parent_id:
        touched.append(was_parent)
    await resize(uow, *touched, at=occurred_at)


async def check_kind(uow: UnitOfWork, row: OrganisationRow, traits: Traits) -> None:
    """Raises `TakesNoMembers` for a kind that cannot have the members that are there."""
    found = await tables.tally(await uow.driver(), row.organisation_id)
    if found.members and not traits.takes_members:
        raise TakesNoMembers(
            f"{row.code} has {found.members} members.",
            zh=f"{row.name}有党员 {found.members} 名，该类别不编入党员。",
            field="kind",
        )


async def dissolve_organisation(
    organisation_id: UUID, expected: int, uow: UnitOfWork, occurred_at: datetime
) -> OrganisationRow:
    """Raises `NotStanding`, `NotEmpty`, `BeforeLastChange`, `PreconditionFailed`."""
    await tables.lock_tree(uow.session, moving=True)
    row = await tables.organisation(uow.session, organisation_id, lock=True)
    versions.check(expected, row.version)
    below = await tables.children(uow.session, organisation_id)
    await check_at_rest(uow, row)
    on_roll = await roll.members_of(uow.session, organisation_id)
    event = domain.dissolve(
        tables.organisation_of(row),
        members=sum(one.state != MemberState.LEFT for one in on_roll),
        children=len(below),
        on=business_date(occurred_at),
    )
    await end(uow, row, event, occurred_at)
    return row


async def check_at_rest(uow: UnitOfWork, row: OrganisationRow) -> None:
    """Raises `InTransit` while somebody's membership is on its way from here or to here."""
    under_way = await transfers.open_transfers_of(uow.session, row.organisation_id, lock=True)
    if under_way:
        raise InTransit(
            f"{len(under_way)} transfers from or to {row.code} are under way; let them end first.",
            zh=f"{row.name}有 {len(under_way)} 件组织关系正在转接，请待办结后再办理。",
            transfers=[str(one.transfer_id) for one in under_way],
        )


async def end(
    uow: UnitOfWork, row: OrganisationRow, event: OrganisationDissolved, occurred_at: datetime
) -> None:
    """Write down that a locked organisation stands no more: its seats, terms and alerts end."""
    row.dissolved_on = row.since = event.dissolved_on
    row.merged_into_id = event.merged_into_id
    row.version += 1
    await uow.session.flush()
    uow.announce(event, version=row.version, occurred_at=occurred_at)
    await forget(uow, row.organisation_id, occurred_at)
    await terms.end_all(uow, row.organisation_id, event.dissolved_on, occurred_at)


async def _parent(uow: UnitOfWork, parent_id: UUID | None) -> OrganisationRow | None:
    if parent_id is None:
        return None
    zh = "没有该编号的上级党组织。"
    return await tables.referred(uow.session, parent_id, field="parent_id", zh=zh)


async def _check_references(uow: UnitOfWork, area: str, kind: str, occurred_at: datetime) -> Sort:
    """The kind, known and in use, and the area registered."""
    await check_area(uow.session, AreaRow, area)
    await kinds.check(uow.session, "organisation", kind, business_date(occurred_at), "kind")
    return await kinds.of(uow.session, "organisation", kind)
