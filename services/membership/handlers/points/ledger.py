"""Entering points and taking them back. Other rooms call `earn` in their own transactions.

An account's row is locked before anything is decided about it: caps, balance and "once a source"
hold however many clients come at one time. Who earns for several subjects in one transaction
calls `earn_all`, which locks them in one order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from contracts.kinds.points import PointsReason, SubjectType
from services.chassis.clock import LOCAL, business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import points as domain
from services.membership.domain.points import Entry, PointsRule
from services.membership.tables.points import ledger as tables
from services.membership.tables.points import rules


@dataclass(frozen=True, kw_only=True)
class Earning:
    """What somebody did, for a rule to turn into points.

    `area` and `organisation_id` are those of the organisation whose ledger it is. `revision`
    counts up when a source that was withdrawn stands again: else it would not count twice.
    `evidence` is a reference to a document, never words about a person.
    """

    subject_id: UUID
    subject_type: SubjectType
    rule_code: str
    source_type: str
    source_id: UUID
    area: str
    organisation_id: UUID | None
    on: date
    times: int = 1
    evidence: str | None = None
    revision: int = 0
    entered_by: str | None = None
    """The caller who told of it; `None` when the service did it by itself."""


async def earn(uow: UnitOfWork, earning: Earning, at: datetime | None = None) -> bool:
    """Enter what the rule in force on `earning.on` gives; true when an entry was made.

    Nothing is entered, and nothing goes wrong, when this source has been entered before, when no
    rule is in force there, or when its caps are reached. What exceeds a cap is cut off.
    """
    rule = await rules.rule_in_force(uow.session, earning.rule_code, earning.area, earning.on)
    if rule is None or rule.amount == 0 or not rule.concerns(earning.subject_type):
        return False
    await tables.lock_account(
        uow.session,
        earning.subject_id,
        earning.subject_type,
        earning.area,
        earning.organisation_id,
    )
    if await tables.known(
        uow.session, rule.code, earning.source_id, earning.subject_id, earning.revision
    ):
        return False
    amount = await left_of(uow, rule, earning.subject_id, rule.amount * earning.times, earning.on)
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


async def left_of(uow: UnitOfWork, rule: PointsRule, subject_id: UUID, worth: int, on: date) -> int:
    """What the caps leave of `worth`; the account is locked."""
    if rule.daily_cap is None and rule.yearly_cap is None:
        return worth
    spent = await tables.spent(uow.session, subject_id, rule.code, on, gains=worth > 0)
    return domain.granted(rule, worth, spent)


async def enter(
    uow: UnitOfWork,
    rule: PointsRule,
    earning: Earning,
    amount: int,
    reason: PointsReason,
    at: datetime | None,
) -> Entry:
    """Write one line and announce it; the account is locked."""
    entry = Entry(
        entry_id=new_id(),
        subject_id=earning.subject_id,
        subject_type=earning.subject_type,
        organisation_id=earning.organisation_id,
        area=earning.area,
        rule_code=rule.code,
        rule_version=rule.version,
        source_type=earning.source_type,
        source_id=earning.source_id,
        times=earning.times,
        amount=amount,
        automatic=reason is PointsReason.BY_RULE,
        booked_on=earning.on,
        reason=reason,
    )
    await tables.insert(
        uow.session,
        entry,
        rule_area=rule.area,
        revision=earning.revision,
        evidence=earning.evidence,
        entered_by=earning.entered_by,
        recorded_at=uow.now,
    )
    uow.announce(domain.entered(entry), version=1, occurred_at=at or _moment(earning.on, uow.now))
    return entry


async def take_back(
    uow: UnitOfWork,
    entry: Entry,
    reason: PointsReason,
    at: datetime | None,
    *,
    on: date,
    evidence: str | None = None,
    entered_by: str | None = None,
) -> Entry:
    """Write the opposite of `entry`; the account is locked. Raises what `domain.reverse` raises."""
    taken_back = await tables.is_reversed(uow.session, entry.entry_id)
    event = domain.reverse(entry, reversal_id=new_id(), reason=reason, on=on, taken_back=taken_back)
    opposite = Entry(
        **vars(entry)
        | {
            "entry_id": event.reversal_id,
            "amount": -entry.amount,
            "automatic": entered_by is None,
            "booked_on": on,
            "reason": reason,
            "reverses_id": entry.entry_id,
        }
    )
    await tables.insert_reversal(
        uow.session, opposite, evidence=evidence, entered_by=entered_by, recorded_at=uow.now
    )
    uow.announce(event, version=2, occurred_at=at or _moment(on, uow.now))
    return opposite


def _moment(day: date, now: datetime) -> datetime:
    """An instant on the business day: now when it is today, else its noon."""
    return now if business_date(now) == day else datetime.combine(day, time(12), LOCAL)
