"""Stating numbers of people, and taking them back."""

from datetime import datetime
from uuid import UUID

from contracts.kinds.books import Bound
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import headcounts as domain
from services.membership.domain.members.headcounts import StateHeadcount
from services.membership.tables import members as tables
from services.membership.tables import organisations
from services.membership.tables.members import HeadcountRow


async def state(uow: UnitOfWork, command: StateHeadcount, at: datetime) -> HeadcountRow:
    """Raises `UnknownKind`, `ThresholdIncomplete`."""
    day = business_date(at)
    await kinds.check(uow.session, "headcount", command.kind, day, "kind")
    place = await organisations.organisation(uow.session, command.organisation_id)
    event = domain.state(command, place.area)
    row = HeadcountRow(
        **event.model_dump(mode="python") | {"bound": event.bound.value},
        stated_on=day,
        recorded_at=uow.now,
    )
    row.years_of = event.years_of.value if event.years_of else None
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def withdraw(uow: UnitOfWork, headcount_id: UUID, at: datetime) -> HeadcountRow:
    """Taken back on the day it was stated for, so that every period is right again."""
    row = await tables.headcount(uow.session, headcount_id, lock=True)
    stated = StateHeadcount(
        headcount_id=row.headcount_id,
        organisation_id=row.organisation_id,
        kind=row.kind,
        headcount=row.headcount,
        bound=Bound(row.bound),
    )
    event = domain.withdraw(stated, row.area, withdrawn=row.withdrawn_at is not None)
    row.withdrawn_at, row.version = at, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row
