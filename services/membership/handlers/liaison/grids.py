"""Dividing members by grids, for the service circle."""

from datetime import datetime

from contracts.membership.liaison import GridResponderReleased
from services.chassis.ids import new_id
from services.chassis.rows import check_area
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import grids as domain
from services.membership.domain.liaison.grids import Responder
from services.membership.domain.volunteering.holders import Holder
from services.membership.handlers.liaison.references import check_holders
from services.membership.tables.liaison.rows import ResponderRow
from services.membership.tables.organisations import AreaRow


async def assign(
    holder: Holder, grid: str, current: ResponderRow | None, uow: UnitOfWork, at: datetime
) -> ResponderRow:
    """From now on; the `current` one is left. Raises `NoGrid`, `HolderUnknown`."""
    responder = Responder(responder_id=new_id(), area=grid, **vars(holder))
    event = domain.assign(responder)
    await check_area(uow.session, AreaRow, grid)
    await check_holders(uow, [holder])
    if current is not None:
        if current.area == grid:
            return current
        await release(current, uow, at)
    return uow.begin(ResponderRow.of(responder, recorded_at=uow.now), event, at)


async def release(row: ResponderRow, uow: UnitOfWork, at: datetime) -> ResponderRow:
    uow.step(row, GridResponderReleased(**row.facts()), at, released_at=at)
    await uow.session.flush()
    return row
