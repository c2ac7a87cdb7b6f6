"""Reliefs in hardship: the branch studies, an organisation above approves, the months change."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.dues import ReliefState
from contracts.membership.dues import (
    DuesReliefApproved,
    DuesReliefEnded,
    DuesReliefProposed,
    DuesReliefRefused,
)
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.lifecycle import Step
from services.chassis.rows import insert_once
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues import decisions
from services.membership.domain.dues.decisions import ReliefOverlaps
from services.membership.domain.dues.months import check_month
from services.membership.domain.dues.states import Relief
from services.membership.handlers.dues.charging import Span, charge, place_of
from services.membership.handlers.dues.standards import check_payer
from services.membership.tables import members, organisations
from services.membership.tables.dues import store
from services.membership.tables.dues.rows import ReliefRow
from services.membership.tables.members import MemberRow

FACTS = {decisions.APPROVE: DuesReliefApproved, decisions.REFUSE: DuesReliefRefused}


async def propose(
    member: MemberRow, fields: dict[str, Any], uow: UnitOfWork, at: datetime
) -> ReliefRow:
    """Raises `ReliefOverlaps`, `NotAMember`, and what `check_relief` refuses."""
    place = await place_of(uow, member)
    relief = Relief(
        relief_id=new_id(),
        organisation_id=place.organisation_id,
        state=decisions.PROPOSE.to,
        approver_id=None,
        decided_on=None,
        **fields,
    )
    decisions.check_relief(relief)
    check_payer(member)
    row = ReliefRow.of(relief, area=place.area, recorded_at=uow.now)
    if not await insert_once(uow.session, row):
        raise ReliefOverlaps(
            "End the other one first, or name other months.",
            zh="该党员在所填月份中已有减免，请先终止原减免或另填月份。",
            field="from_month",
        )
    uow.announce(DuesReliefProposed(**row.facts()), version=row.version, occurred_at=at)
    return row


async def decide(
    relief: ReliefRow, how: Step[ReliefState], approver_id: UUID, uow: UnitOfWork, at: datetime
) -> ReliefRow:
    """Months charged already get an approved relief as entries of their own.

    Raises `NotAbove`, `ReliefClosed`.
    """
    state = how(relief.state)
    above = await organisations.ancestors(uow.session, relief.organisation_id)
    decisions.check_above(approver_id, above)
    event, day = FACTS[how](**relief.facts(), approver_id=approver_id), business_date(at)
    uow.step(relief, event, at, state=state, approver_id=approver_id, decided_on=day)
    if how is decisions.APPROVE:
        await _rewrite(relief, relief.to_month, uow)
    return relief


async def end(relief: ReliefRow, last_month: date, uow: UnitOfWork, at: datetime) -> ReliefRow:
    """The hardship passed: months after `last_month` are owed whole again."""
    decisions.END(relief.state)
    check_month(last_month, "last_month")
    until = relief.to_month
    ended = {"to_month": min(last_month, until)}
    event = DuesReliefEnded(**relief.facts() | ended)
    uow.step(relief, event, at, state=decisions.END.to, **ended)
    await _rewrite(relief, until, uow)
    return relief


async def _rewrite(relief: ReliefRow, until: date, uow: UnitOfWork) -> None:
    """Charge the months up to `until` anew; the account is locked after the relief."""
    await uow.session.flush()
    key = relief.member_id
    account = await store.find_account(uow.session, key)
    if account is not None:
        place = await place_of(uow, await members.member(uow.session, key))
        span = Span(key, place, relief.from_month, min(until, account.charged_through))
        await charge(uow, [span], relief.relief_id)
