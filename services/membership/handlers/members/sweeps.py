"""What time does to members: steps grow overdue, absences too long."""

from datetime import date, timedelta

from contracts.kinds.alerts import AlertKind
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.periods import after_months
from services.chassis.rules import Book, Rule
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import joining
from services.membership.domain.members.rules import (
    JOINING,
    WHEREABOUTS,
    LostMember,
    MobileMember,
    Rules,
)
from services.membership.handlers import alerts
from services.membership.handlers.members.changing import LATEST, alert_about
from services.membership.handlers.members.joining import candidate_of
from services.membership.tables.members import MemberRow
from services.membership.tables.members import due as tables
from services.membership.tables.members.rules import versions_of

BATCH = 200


async def sweep_joining(uow: UnitOfWork) -> Part:
    """Raise an alert for each step whose time has passed; then look when the next one ends."""
    today = business_date(uow.now)
    rows = await tables.joining_due(uow.session, today, BATCH)
    if not rows:
        return Part(0)
    rules = await versions_of(uow.session, *JOINING)
    return await one_by_one(uow, rows, lambda row: _raise_overdue(uow, row, today, rules))


async def _raise_overdue(uow: UnitOfWork, row: MemberRow, today: date, rules: Rules) -> None:
    candidate = await candidate_of(uow.session, row)
    for late in joining.overdue(candidate, today, rules):
        for key, end in ((late.step, late.due), (late.step + LATEST, late.latest)):
            if end is None or today <= end:
                continue
            wanted = alert_about(
                row,
                AlertKind.JOINING_OVERDUE,
                key=key,
                rule=late.statement,
                due_on=end,
                facts={"step": late.step},
            )
            await alerts.keep(uow, wanted)
    row.joining_due = joining.next_due(candidate, rules, past=today)


async def sweep_whereabouts(uow: UnitOfWork) -> int:
    """Mobile too long without transfer; lost long enough to stop, stopped long enough to remove."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, *WHEREABOUTS)
    lost = book[LostMember]
    return sum(
        [
            await _raise(uow, tables.AWAY, MobileMember, book[MobileMember].months, book, today),
            await _raise(uow, tables.LOST, LostMember, lost.stop_months, book, today),
            await _raise(uow, tables.STOPPED, LostMember, lost.remove_months, book, today),
        ]
    )


async def _raise(
    uow: UnitOfWork, which: tables.Long, rule: type[Rule], months: int, book: Book, today: date
) -> int:
    rows = await tables.too_long(uow.session, which, months, today, BATCH)
    for row in rows:
        since = row.whereabouts_since or row.since
        wanted = alert_about(
            row,
            which.alert,
            rule=book.statement(rule),
            due_on=after_months(since, months),
            facts={"since": since.isoformat(), "months": months},
        )
        await alerts.keep(uow, wanted)
    return len(rows)


JOINING_SWEEP = Sweep("members.joining", sweep_joining, every=timedelta(minutes=10))
WHEREABOUTS_SWEEP = Sweep("members.whereabouts", sweep_whereabouts, every=timedelta(minutes=10))
