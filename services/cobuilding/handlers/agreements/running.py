"""Agreements in force: they begin, renew themselves, are ended, run out. By command and by clock.

Whoever locks several takes a renewal before what it renews, and the unit last.
"""

from datetime import date, datetime
from uuid import UUID

from contracts.kinds.agreements import AgreementStatus, Side
from contracts.kinds.undertakings import VoidReason
from services.chassis import kinds
from services.chassis.clock import business_date, from_day
from services.chassis.lifecycle import Step
from services.chassis.rows import one
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain.agreements import life
from services.cobuilding.domain.agreements import running as domain
from services.cobuilding.domain.agreements.model import Agreement
from services.cobuilding.domain.agreements.terms import Term
from services.cobuilding.handlers import undertakings, venues
from services.cobuilding.handlers.agreements import amendments, drafts, wakes
from services.cobuilding.tables import agreements as tables
from services.cobuilding.tables.agreements import AgreementRow
from services.cobuilding.tables.units import UnitRow

EFFECTIVE = AgreementStatus.EFFECTIVE


async def begin_if_due(row: AgreementRow, uow: UnitOfWork) -> None:
    """A concluded agreement whose day has come: in force from that day, and what it renews ends."""
    begins = row.effective_from
    if row.status is not AgreementStatus.CONCLUDED or begins is None:
        return
    if begins > business_date(uow.now):
        return
    before = None
    if row.predecessor_id is not None:
        before = await one(
            uow.session, AgreementRow, row.predecessor_id, "agreement", "协议", lock=True
        )
        await _renewed(before, row, begins, uow)
    others = await _others_in_force(row, uow)
    event = domain.begin(row, others, before)
    uow.step(row, event, from_day(begins, uow.now), status=life.BEGIN.to)
    await uow.session.flush()
    await undertakings.follow(row, begins, uow)
    await venues.follow(row, begins, uow)


async def stop_reminding(agreement_id: UUID, uow: UnitOfWork) -> None:
    """A renewal was concluded: nobody needs to be told of the end any more."""
    row = await one(uow.session, AgreementRow, agreement_id, "agreement", "协议", lock=True)
    await wakes.set_alarm(row, uow)


async def object_to_renewal(
    row: AgreementRow, side: Side, uow: UnitOfWork, at: datetime
) -> AgreementRow:
    on = business_date(at)
    event = domain.object_to_renewal(row, side, on)
    uow.step(row, event, at, objected_on=on)
    return await wakes.set_alarm(row, uow)


async def terminate(
    row: AgreementRow, on: date, reason_kind: str, uow: UnitOfWork, at: datetime
) -> AgreementRow:
    """From `on` it is not in force any more; until a day ahead all goes on."""
    today = business_date(uow.now)
    await kinds.check(uow.session, "agreement-end", reason_kind, business_date(at), "reason_kind")
    domain.check_end(row, on)
    if on > today:
        event = domain.announce_end(row, on, reason_kind)
        uow.step(row, event, at, terminates_on=on, end_reason=reason_kind)
        if row.status is EFFECTIVE:
            await venues.follow(row, today, uow)
    else:
        await _end(row, life.TERMINATE, on, uow, reason_kind)
    return await wakes.set_alarm(row, uow)


async def wake(agreement_id: UUID, uow: UnitOfWork) -> None:
    """All that time has brought about for an agreement, in the order of its days; also after an
    outage, each with the day on which it came about.
    """
    renewal = await tables.successor(uow.session, agreement_id)
    row = await one(uow.session, AgreementRow, agreement_id, "agreement", "协议", lock=True)
    today = business_date(uow.now)
    while row.wakes_on is not None and row.wakes_on <= today:
        await _come_about(row, renewal, row.wakes_on, uow)
        await wakes.set_alarm(row, uow)


async def _come_about(
    row: AgreementRow, renewal: AgreementRow | None, on: date, uow: UnitOfWork
) -> None:
    if row.status in life.OUT:
        await drafts.lapse(row, on, uow)
    elif row.terminates_on is not None and row.terminates_on <= on:
        await _end(row, life.TERMINATE, row.terminates_on, uow, row.end_reason)
    elif row.status is AgreementStatus.CONCLUDED:
        await begin_if_due(row, uow)
    elif row.over > on:
        await wakes.remind(row, business_date(uow.now), uow)
    elif renewal is not None and renewal.effective_from and renewal.effective_from <= row.over:
        await begin_if_due(renewal, uow)  # which ends this one
        await wakes.set_alarm(renewal, uow)
    elif row.renews and renewal is None:
        await _extend(row, uow)
    else:
        await _end(row, life.EXPIRE, row.over, uow)


async def _extend(row: AgreementRow, uow: UnitOfWork) -> None:
    was = row.as_state(Agreement)
    now = was.extended()
    term = now.model_dump(include=set(Term.model_fields))
    uow.step(row, domain.extend(was, now), from_day(was.over, uow.now), **term)
    await uow.session.flush()
    await undertakings.follow(row, was.over, uow)
    await venues.follow(row, was.over, uow)


async def _renewed(
    before: AgreementRow, renewal: AgreementRow, begins: date, uow: UnitOfWork
) -> None:
    """Its renewal takes effect: it ends the day before, or ended when it ran out."""
    if before.status is not EFFECTIVE:
        return
    step = life.RENEW if begins <= before.over else life.EXPIRE
    if step is life.RENEW:
        await venues.follow(renewal, begins, uow)  # what it takes over does not end with this one
    await _end(before, step, min(begins, before.over), uow)
    await wakes.set_alarm(before, uow)


async def _end(
    row: AgreementRow,
    step: Step[AgreementStatus],
    over: date,
    uow: UnitOfWork,
    reason_kind: str | None = None,
) -> None:
    """`over` is the first day on which it is not in force. What was promised for later is void."""
    others = await _others_in_force(row, uow)
    event = domain.end(row, step, over, others, reason_kind)
    at = from_day(over, uow.now)
    ended = {"ended_on": event.ended_on, "end_reason": reason_kind}
    uow.step(row, event, at, status=step.to, **ended)
    await uow.session.flush()
    await amendments.void_open(row, uow, at)
    await undertakings.void_from(row, over, VoidReason.AGREEMENT_ENDED, uow)
    await venues.withdraw_from(row, over, uow)


async def _others_in_force(row: AgreementRow, uow: UnitOfWork) -> int:
    """With the same unit, which is ours from here: who begins and ends first is told in order."""
    await one(uow.session, UnitRow, row.unit_id, "unit", "单位", lock=True)
    await uow.session.flush()
    known = await tables.numbers(uow.session, row.unit_id, EFFECTIVE)
    return len([number for number in known if number != row.number])
