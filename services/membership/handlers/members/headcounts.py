"""Stating numbers of people, and taking them back."""

from datetime import datetime

from services.chassis import kinds
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import headcounts as domain
from services.membership.domain.members.headcounts import Headcount
from services.membership.tables.members import HeadcountRow


async def state(uow: UnitOfWork, headcount: Headcount, at: datetime) -> HeadcountRow:
    """Raises `UnknownKind`, `ThresholdIncomplete`."""
    await kinds.check(uow.session, "headcount", headcount.kind, headcount.stated_on, "kind")
    row = HeadcountRow.of(headcount, recorded_at=uow.now)
    return uow.begin(row, domain.state(headcount), at)


async def withdraw(uow: UnitOfWork, row: HeadcountRow, at: datetime) -> HeadcountRow:
    """Taken back on the day it was stated for, so that every period is right again."""
    event = domain.withdraw(row, withdrawn=row.withdrawn_at is not None)
    return uow.step(row, event, at, withdrawn_at=at)
