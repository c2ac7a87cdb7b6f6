"""What the clock does to transfers: reminds of those near their end, ends those beyond it."""

from services.chassis.clock import business_date
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import UnitOfWork
from services.membership.handlers.transfers.steps import expire, remind
from services.membership.tables import transfers as tables

BATCH = 200


async def expire_lapsed(uow: UnitOfWork) -> Part:
    rows = await tables.lapsed(uow.session, business_date(uow.now), BATCH)
    return await one_by_one(uow, rows, lambda row: expire(row, uow))


async def remind_near(uow: UnitOfWork) -> Part:
    """Once each; further reminders are the sender's."""
    rows = await tables.to_remind(uow.session, business_date(uow.now), BATCH)
    return await one_by_one(uow, rows, lambda row: remind(row, uow, uow.now))


EXPIRE = Sweep("transfers.expire", expire_lapsed)
REMIND = Sweep("transfers.remind", remind_near)
SWEEPS = (EXPIRE, REMIND)
