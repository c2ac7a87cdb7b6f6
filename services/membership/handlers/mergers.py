"""Two organisations become one: members and subordinates go over, and the first stands no more."""

from datetime import datetime
from uuid import UUID

from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.rows import by_key
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import organisations as domain
from services.membership.domain.organisations import Organisation, TakesNoMembers
from services.membership.domain.sizes import Traits
from services.membership.handlers import organisations as handlers
from services.membership.handlers.members import roll
from services.membership.handlers.sizes import resize
from services.membership.handlers.transfers import steps as transfers
from services.membership.tables import organisations as tables
from services.membership.tables.organisations import OrganisationRow


async def merge_organisation(
    organisation_id: UUID, into_id: UUID, expected: int, uow: UnitOfWork, at: datetime
) -> OrganisationRow:
    """Raises what `domain.merge` raises, `TakesNoMembers`, `PreconditionFailed`.

    Transfers under way from or to it become those of the other.
    """
    await tables.lock_tree(uow.session, moving=True)
    held = await by_key(uow.session, OrganisationRow, [organisation_id, into_id], lock=True)
    row, into = held[organisation_id], held[into_id]
    versions.check(expected, row.version)
    children = await tables.children(uow.session, organisation_id)
    moves, dissolved = domain.merge(
        row,
        into,
        await tables.ancestors(uow.session, into_id),
        [child.as_state(Organisation) for child in children],
        business_date(at),
    )
    await transfers.redirect(organisation_id, into_id, uow, at)
    await _check_takes_members(uow, row, into)
    await roll.merge(organisation_id, into_id, uow, at)
    for child, moved in zip(children, moves, strict=True):
        await handlers.change(uow, child, moved, at)
    await handlers.end(uow, row, dissolved, at)
    await resize(uow, into_id, at=at)
    return row


async def _check_takes_members(
    uow: UnitOfWork, row: OrganisationRow, into: OrganisationRow
) -> None:
    found = await tables.tally(await uow.driver(), row.organisation_id)
    sort = await kinds.of(uow.session, "organisation", into.kind)
    if found.members and not Traits.of(sort.traits).takes_members:
        raise TakesNoMembers(
            f"{into.code} takes no members; {row.code} has {found.members}.",
            zh=f"{into.name}不编入党员，而{row.name}有党员 {found.members} 名。",
            field="into_id",
        )
