"""What time brings about for agreements: they lapse, begin, are reminded of, renew, run out."""

from services.chassis.clock import business_date
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.handlers.agreements.running import wake
from services.cobuilding.tables import agreements as tables

BATCH = 100


async def tick(uow: UnitOfWork) -> Part:
    due = await tables.awake(uow.session, business_date(uow.now), BATCH)
    return await one_by_one(uow, due, lambda agreement_id: wake(agreement_id, uow))


SWEEPS = (Sweep("agreements.clock", tick),)
