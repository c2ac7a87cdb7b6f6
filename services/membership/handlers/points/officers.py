"""What officers do to the ledger: entries by hand, reversals, versions of rules."""

from datetime import datetime

from contracts.kinds.points import PointsReason
from services.chassis.clock import business_date
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import points as domain
from services.membership.domain.points import Earning, PointsRule
from services.membership.handlers.points.ledger import enter, left_of, take_back
from services.membership.tables.points import ledger, rules
from services.membership.tables.points.ledger import EntryRow
from services.membership.tables.points.rules import RuleRow


async def enter_by_hand(
    earning: Earning, amount: int | None, uow: UnitOfWork, at: datetime
) -> EntryRow:
    """`amount` under a rule with limits, else the earning's `times` of what the rule is worth.

    Raises `RuleNotInForce`, `WrongSubject`, `AmountOutOfLimits`, `AmountIsFixed`, `CapReached`.
    Unlike what earns points by itself, an entry by hand is refused rather than cut to the cap: an
    officer shall know.
    """
    code = earning.rule_code
    found = await rules.rule_in_force(uow.session, code, earning.area, earning.on)
    worth, rule = domain.worth_by_hand(found, code, earning.subject_type, amount, earning.times)
    await ledger.lock_account(uow.session, earning)
    domain.require_room(rule, worth, await left_of(uow, rule, earning, worth))
    return await enter(uow, rule, earning, worth, PointsReason.BY_OFFICER, at)


async def reverse_entry(
    entry: EntryRow,
    reason: PointsReason,
    evidence: str | None,
    uow: UnitOfWork,
    at: datetime,
    actor: str,
) -> EntryRow:
    """The opposite entry. Raises `AlreadyReversed`, `ReversalNotReversible`,
    `ReversedBeforeBooked`.
    """
    await ledger.lock_account_of(uow.session, entry)
    return await take_back(
        uow, entry, reason, at, on=business_date(at), evidence=evidence, entered_by=actor
    )


async def state_rule(rule: PointsRule, uow: UnitOfWork, at: datetime, actor: str) -> RuleRow:
    """Add the next version of a rule in its area. Raises `VersionInThePast`."""
    newest = await rules.lock_newest(uow.session, rule.code, rule.area)
    version = newest.version + 1 if newest else 1
    following = rule.model_copy(update={"version": version})
    event = domain.stated(following, newest, business_date(uow.now))
    return uow.begin(RuleRow.of(following, recorded_at=uow.now, recorded_by=actor), event, at)
