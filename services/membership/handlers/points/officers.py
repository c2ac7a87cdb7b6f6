"""What officers do to the ledger: entries by hand, reversals, versions of rules."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.kinds.points import PointsReason, SubjectType
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.rows import missing
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import points as domain
from services.membership.domain.points import Entry, PointsRule
from services.membership.handlers.points.ledger import Earning, enter, left_of, take_back
from services.membership.tables.points import ledger, rules
from services.membership.tables.points.subjects import Place


@dataclass(frozen=True, kw_only=True)
class EnterByHand:
    """`amount` under a rule with limits, else `times` of what the rule is worth."""

    subject_id: UUID
    subject_type: SubjectType
    rule_code: str
    amount: int | None
    times: int
    evidence: str


async def enter_by_hand(
    command: EnterByHand, place: Place, uow: UnitOfWork, at: datetime, actor: str
) -> Entry:
    """Raises `RuleNotInForce`, `WrongSubject`, `AmountOutOfLimits`, `AmountIsFixed`, `CapReached`.

    Unlike what earns points by itself, an entry by hand is refused rather than cut to the cap: an
    officer shall know.
    """
    day = business_date(at)
    rule = await rules.rule_in_force(uow.session, command.rule_code, place.area, day)
    worth, rule = domain.worth_by_hand(
        rule, command.rule_code, command.subject_type, command.amount, command.times
    )
    await ledger.lock_account(
        uow.session, command.subject_id, command.subject_type, place.area, place.organisation_id
    )
    left = await left_of(uow, rule, command.subject_id, worth, day)
    domain.require_room(rule, worth, left)
    earning = Earning(
        subject_id=command.subject_id,
        subject_type=command.subject_type,
        rule_code=rule.code,
        source_type="officer",
        source_id=new_id(),
        area=place.area,
        organisation_id=place.organisation_id,
        on=day,
        times=command.times,
        evidence=command.evidence,
        entered_by=actor,
    )
    return await enter(uow, rule, earning, worth, PointsReason.BY_OFFICER, at)


async def reverse_entry(
    entry: Entry,
    reason: PointsReason,
    evidence: str | None,
    uow: UnitOfWork,
    at: datetime,
    actor: str,
) -> Entry:
    """The opposite entry. Raises `AlreadyReversed`, `ReversalNotReversible`,
    `ReversedBeforeBooked`.
    """
    return await take_back(
        uow, entry, reason, at, on=business_date(at), evidence=evidence, entered_by=actor
    )


async def locked_entry(uow: UnitOfWork, entry_id: UUID) -> Entry:
    """An entry to be reversed, with its account. Raises `NotFound`."""
    entry = await ledger.lock_entry(uow.session, entry_id)
    if entry is None:
        raise missing("points entry", entry_id, "积分条目")
    return entry


async def state_rule(rule: PointsRule, uow: UnitOfWork, at: datetime, actor: str) -> PointsRule:
    """Add the next version of a rule in its area. Raises `VersionInThePast`."""
    newest = await rules.lock_newest(uow.session, rule.code, rule.area)
    version = newest.version + 1 if newest else 1
    following = PointsRule(**vars(rule) | {"version": version})
    event = domain.stated(following, newest, business_date(uow.now))
    await rules.add_rule(uow.session, following, recorded_at=uow.now, recorded_by=actor)
    uow.announce(event, version=version, occurred_at=at)
    return following
