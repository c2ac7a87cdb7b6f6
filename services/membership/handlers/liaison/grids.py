"""Dividing members by grids, for the service circle."""

from datetime import datetime
from uuid import UUID

from services.chassis.errors import NotFound
from services.chassis.ids import new_id
from services.chassis.rows import check_area
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import grids as domain
from services.membership.domain.liaison.grids import Responder
from services.membership.domain.liaison.rotation import Holder
from services.membership.handlers.liaison.references import check_holders
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import ResponderRow
from services.membership.tables.organisations import AreaRow


async def assign(holder: Holder, grid: str, uow: UnitOfWork, at: datetime) -> ResponderRow:
    """The holder's grid from now on; another one is left. Raises `NoGrid`, `HolderUnknown`."""
    responder = Responder(
        responder_id=new_id(), holder_id=holder.holder_id, holder_kind=holder.kind, area=grid
    )
    event = domain.assign(responder)
    await check_area(uow.session, AreaRow, grid)
    await check_holders(uow, [holder])
    await store.take_turns_of(uow.session, holder.holder_id)
    current = await store.grid_of(uow.session, holder.holder_id)
    if current is not None:
        if current.area == grid:
            return current
        await _release(current, uow, at)
    return uow.begin(ResponderRow.of(responder, recorded_at=uow.now), event, at)


async def release(holder_id: UUID, uow: UnitOfWork, at: datetime) -> ResponderRow:
    await store.take_turns_of(uow.session, holder_id)
    current = await store.grid_of(uow.session, holder_id)
    if current is None:
        raise NotFound(f"{holder_id} belongs to no grid.", zh="此人未编入任何网格。")
    return await _release(current, uow, at)


async def _release(row: ResponderRow, uow: UnitOfWork, at: datetime) -> ResponderRow:
    uow.step(row, domain.release(row), at, released_at=at)
    await uow.session.flush()
    return row
