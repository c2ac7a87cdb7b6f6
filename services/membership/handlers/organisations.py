"""One function a command: load, decide, record, announce. No rules and no protocol here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.areas import level_of, parent_of
from contracts.kinds.members import MemberState
from contracts.membership.organisations import OrganisationChanged, OrganisationDissolved
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.kinds import Sort
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import organisations as domain
from services.membership.domain import sizes
from services.membership.domain.organisations import Area, InTransit, Organisation, TakesNoMembers
from services.membership.domain.sizes import Traits
from services.membership.handlers import terms
from services.membership.handlers.members import roll as members
from services.membership.handlers.sizes import forget, resize
from services.membership.tables import members as roll
from services.membership.tables import organisations as tables
from services.membership.tables import transfers
from services.membership.tables.organisations import AreaRow, OrganisationRow


async def register_area(area: Area, uow: UnitOfWork, at: datetime) -> tuple[AreaRow, bool]:
    """The area as it is now, and whether it is new."""
    row = await tables.lock_area(uow.session, area.code)
    if row is not None:
        renamed = domain.rename_area(row, area)
        return (uow.step(row, renamed, at, name=area.name) if renamed else row), False
    parent = parent_of(area.code)
    known = parent is not None and await uow.session.get(AreaRow, parent) is not None
    event = domain.register_area(area, parent_known=known)
    return uow.begin(AreaRow.of(area, level=level_of(area.code)), event, at), True


async def register_organisation(
    fields: dict[str, Any], starting: int | None, uow: UnitOfWork, at: datetime
) -> OrganisationRow:
    """Raises `CodeTaken`, `AreaUnknown`, `OrganisationUnknown`, `UnknownKind`, a rule's refusal.

    A kind that the size rules are about asks how many full members it is `starting` with, unless
    it was founded on a day before today.
    """
    sort = await _check_references(uow, fields["area"], fields["kind"], at)
    await check_code(uow.session, OrganisationRow, fields["code"], "组织代码")
    day = business_date(at)
    book = await rulebook.at(uow.session, day, *sizes.RULES)
    founding = day >= business_date(uow.now)
    sizes.check_start(Traits.of(sort.traits), starting, book, founding=founding)
    await tables.lock_tree(uow.session, moving=False)
    parent = await _parent(uow, fields["parent_id"])
    organisation = Organisation(
        **fields, organisation_id=new_id(), category=sort.root, since=day, founded_on=day
    )
    event = domain.register_organisation(organisation, parent)
    return uow.begin(OrganisationRow.of(organisation, recorded_at=uow.now), event, at)


async def change_organisation(
    organisation_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> OrganisationRow:
    """Raises `PreconditionFailed` when the caller saw another version than `expected`."""
    if "parent_id" in changes:
        await tables.lock_tree(uow.session, moving=True)
    row = await tables.organisation(uow.session, organisation_id, lock=True)
    versions.check(expected, row.version)
    area, kind = changes.get("area", row.area), changes.get("kind", row.kind)
    sort = await _check_references(uow, area, kind, at)
    was = row.as_state(Organisation)
    now = row.as_state(Organisation, **changes, category=sort.root)
    parent = await _parent(uow, now.parent_id)
    above = await tables.ancestors(uow.session, parent.organisation_id) if parent else set()
    moved = now.area != was.area
    below = await tables.areas_below(uow.session, organisation_id) if moved else ()
    event = domain.change_organisation(was, now, parent, above, below, business_date(at))
    if event is not None:
        await check_kind(uow, row, Traits.of(sort.traits))
        await change(uow, row, event, at, approval_number=now.approval_number)
        if moved:
            await members.follow(organisation_id, row.area, uow, at)
    return row


async def change(
    uow: UnitOfWork, row: OrganisationRow, event: OrganisationChanged, at: datetime, **more: Any
) -> None:
    """Write down what `event` says of a locked organisation, and settle the sizes it touches."""
    left = () if row.parent_id in {event.parent_id, None} else (row.parent_id,)
    fields = event.model_dump(include={"name", "kind", "category", "area", "parent_id"})
    uow.step(row, event, at, **fields, **more, since=business_date(at))
    await uow.session.flush()
    if event.kind != event.was_kind:
        await forget(uow, row.organisation_id, at)
    await resize(uow, row.organisation_id, *left, at=at)


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
    organisation_id: UUID, expected: int, uow: UnitOfWork, at: datetime
) -> OrganisationRow:
    """Raises `NotStanding`, `NotEmpty`, `BeforeLastChange`, `PreconditionFailed`."""
    await tables.lock_tree(uow.session, moving=True)
    row = await tables.organisation(uow.session, organisation_id, lock=True)
    versions.check(expected, row.version)
    below = await tables.children(uow.session, organisation_id)
    await check_at_rest(uow, row)
    on_roll = await roll.members_of(uow.session, organisation_id)
    left = sum(one.state != MemberState.LEFT for one in on_roll)
    event = domain.dissolve(row, members=left, children=len(below), on=business_date(at))
    return await end(uow, row, event, at)


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
    uow: UnitOfWork, row: OrganisationRow, event: OrganisationDissolved, at: datetime
) -> OrganisationRow:
    """Write down that a locked organisation stands no more: its seats, terms and alerts end."""
    on, into = event.dissolved_on, event.merged_into_id
    uow.step(row, event, at, dissolved_on=on, since=on, merged_into_id=into)
    await uow.session.flush()
    await forget(uow, row.organisation_id, at)
    await terms.end_all(uow, row.organisation_id, on, at)
    return row


async def _parent(uow: UnitOfWork, parent_id: UUID | None) -> OrganisationRow | None:
    if parent_id is None:
        return None
    zh = "没有该编号的上级党组织。"
    return await tables.referred(uow.session, parent_id, field="parent_id", zh=zh)


async def _check_references(uow: UnitOfWork, area: str, kind: str, at: datetime) -> Sort:
    """The kind, known and in use, and the area registered."""
    await check_area(uow.session, AreaRow, area)
    await kinds.check(uow.session, "organisation", kind, business_date(at), "kind")
    return await kinds.of(uow.session, "organisation", kind)
