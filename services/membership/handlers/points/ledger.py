"""Entering points and taking them back. Other rooms call `earn` in their own transactions.

An account's row is locked before anything is decided about it: caps, balance and "once a source"
hold however many clients come at one time. Who earns for several subjects in one transaction
calls `earn_all`, which locks them in one order.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from contracts.event import Event
from contracts.kinds.points import PointsReason
from services.chassis.clock import LOCAL, business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import points as domain
from services.membership.domain.points import Earning, Entry, PointsRule
from services.membership.tables.points import ledger as tables
from services.membership.tables.points import rules
from services.membership.tables.points.ledger import EntryRow


async def earn(uow: UnitOfWork, earning: Earning, at: datetime | None = None) -> bool:
    """Enter what the rule in force on `earning.on` gives; true when an entry was made.

    Nothing is entered, and nothing goes wrong, when this source has been entered before, when no
    rule is in force there, or when its caps are reached. What exceeds a cap is cut off.
    """
    rule = await rules.rule_in_force(uow.session, earning.rule_code, earning.area, earning.on)
    if rule is None or rule.amount == 0 or not rule.concerns(earning.subject_type):
        return False
    await tables.lock_account(uow.session, earning)
    if await tables.known(uow.session, earning):
        return False
    amount = await left_of(uow, rule, earning, rule.amount * earning.times)
    if amount:
        await enter(uow, rule, earning, amount, PointsReason.BY_RULE, at)
    return bool(amount)


async def earn_all(uow: UnitOfWork, earnings: Iterable[Earning], at: datetime | None = None) -> int:
    """Earn for several subjects; how many entries were made."""
    ordered = sorted(earnings, key=lambda each: each.subject_id)
    return sum([await earn(uow, each, at) for each in ordered])


async def reverse_of_source(
    uow: UnitOfWork, source_id: UUID, reason_code: PointsReason, at: datetime | None = None
) -> int:
    """Take back whatever was entered for a source that is withdrawn; how many entries.

    Dated `at`, but never before the entry itself. Repeating it does nothing.
    """
    await tables.lock_accounts_of_source(uow.session, source_id)
    standing = await tables.standing_of_source(uow.session, source_id)
    for entry in standing:
        day = max(business_date(at or uow.now), entry.booked_on)
        await take_back(uow, entry, reason_code, at, on=day)
    return len(standing)


async def left_of(uow: UnitOfWork, rule: PointsRule, earning: Earning, worth: int) -> int:
    """What the caps leave of `worth`; the account is locked."""
    if rule.daily_cap is None and rule.yearly_cap is None:
        return worth
    spent = await tables.spent(
        uow.session, earning.subject_id, rule.code, earning.on, gains=worth > 0
    )
    return domain.granted(rule, worth, spent)


async def enter(
    uow: UnitOfWork,
    rule: PointsRule,
    earning: Earning,
    amount: int,
    reason: PointsReason,
    at: datetime | None,
) -> EntryRow:
    """Write one line and announce it; the account is locked."""
    entry = Entry(
        **vars(earning),
        entry_id=new_id(),
        rule_version=rule.version,
        amount=amount,
        automatic=reason is PointsReason.BY_RULE,
        booked_on=earning.on,
        reason=reason,
    )
    row = EntryRow.of(
        entry,
        rule_area=rule.area,
        revision=earning.revision,
        evidence=earning.evidence,
        entered_by=earning.entered_by,
        recorded_at=uow.now,
    )
    event = domain.entered(entry)
    return await _write(uow, row, event, at or _moment(earning.on, uow.now), version=1)


async def take_back(
    uow: UnitOfWork,
    entry: EntryRow,
    reason: PointsReason,
    at: datetime | None,
    *,
    on: date,
    evidence: str | None = None,
    entered_by: str | None = None,
) -> EntryRow:
    """Write the opposite of `entry`; the account is locked. Raises what `domain.reverse` raises."""
    taken_back = bool(await tables.reversed_by(uow.session, [entry.entry_id]))
    event = domain.reverse(entry, reversal_id=new_id(), reason=reason, on=on, taken_back=taken_back)
    opposite = entry.model_dump() | {
        "entry_id": event.reversal_id,
        "amount": -entry.amount,
        "automatic": entered_by is None,
        "booked_on": on,
        "reason": reason,
        "evidence": evidence,
        "entered_by": entered_by,
        "reverses_id": entry.entry_id,
        "recorded_at": uow.now,
    }
    return await _write(uow, EntryRow(**opposite), event, at or _moment(on, uow.now), version=2)


async def _write(
    uow: UnitOfWork, row: EntryRow, event: Event, at: datetime, *, version: int
) -> EntryRow:
    """At once: whoever asks next what is left must find it. A reversal is the entry's 2nd fact."""
    uow.session.add(row)
    await uow.session.flush()
    uow.announce(event, version=version, occurred_at=at)
    return row


def _moment(day: date, now: datetime) -> datetime:
    """An instant on the business day: now when it is today, else its noon."""
    return now if business_date(now) == day else datetime.combine(day, time(12), LOCAL)
