"""Reliefs in hardship: the branch studies, an organisation above approves, the months change."""

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from contracts.kinds.dues import ReliefState
from contracts.membership.dues import (
    DuesReliefApproved,
    DuesReliefEnded,
    DuesReliefEvent,
    DuesReliefProposed,
    DuesReliefRefused,
)
from services.chassis.clock import business_date
from services.chassis.lifecycle import Step
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues import decisions
from services.membership.domain.dues.decisions import ProposeRelief, ReliefOverlaps
from services.membership.domain.dues.months import check_month
from services.membership.handlers.dues.charging import Span, charge
from services.membership.handlers.dues.standards import payer, place_of
from services.membership.tables import dues as tables
from services.membership.tables import members, organisations
from services.membership.tables.dues import ReliefRow

E = TypeVar("E", bound=DuesReliefEvent)


async def propose(command: ProposeRelief, uow: UnitOfWork, at: datetime) -> ReliefRow:
    """Raises `ReliefOverlaps`, `NotAMember`, and what `check_relief` refuses."""
    decisions.check_relief(command)
    place = await place_of(uow, await payer(uow, command.member_id))
    row = ReliefRow(
        relief_id=command.relief_id,
        member_id=command.member_id,
        organisation_id=place.organisation_id,
        area=place.area,
        kind=command.kind.value,
        monthly=command.monthly,
        from_month=command.from_month,
        to_month=command.to_month,
        studied_on=command.studied_on,
        state=ReliefState.PROPOSED.value,
        recorded_at=uow.now,
    )
    if not await tables.add_relief(uow.session, row):
        raise ReliefOverlaps(
            "End the other one first, or name other months.",
            zh="该党员在所填月份中已有减免，请先终止原减免或另填月份。",
            field="from_month",
        )
    uow.announce(_told(DuesReliefProposed, row), version=1, occurred_at=at)
    return row


async def approve(relief_id: UUID, approver_id: UUID, uow: UnitOfWork, at: datetime) -> ReliefRow:
    """Months charged already get the relief as entries of their own. Raises `NotAbove`."""
    row = await _decide(relief_id, approver_id, decisions.APPROVE, DuesReliefApproved, uow, at)
    await _rewrite(row, row.to_month, uow)
    return row


async def refuse(relief_id: UUID, approver_id: UUID, uow: UnitOfWork, at: datetime) -> ReliefRow:
    """Raises `NotAbove`, `ReliefClosed`."""
    return await _decide(relief_id, approver_id, decisions.REFUSE, DuesReliefRefused, uow, at)


async def end(relief_id: UUID, last_month: date, uow: UnitOfWork, at: datetime) -> ReliefRow:
    """The hardship passed: months after `last_month` are owed whole again."""
    row = await _locked(relief_id, uow)
    decisions.END(ReliefState(row.state))
    check_month(last_month, "last_month")
    until = row.to_month
    row.to_month = min(last_month, row.to_month)
    uow.step(row, _told(DuesReliefEnded, row), at, state=decisions.END.to)
    await uow.session.flush()
    await _rewrite(row, until, uow)
    return row


async def _decide(
    relief_id: UUID,
    approver_id: UUID,
    how: Step[ReliefState],
    event: type[DuesReliefEvent],
    uow: UnitOfWork,
    at: datetime,
) -> ReliefRow:
    row = await _locked(relief_id, uow)
    how(ReliefState(row.state))
    above = await organisations.ancestors(uow.session, row.organisation_id)
    decisions.check_above(approver_id, above)
    decided = {"approver_id": approver_id, "decided_on": business_date(at)}
    uow.step(row, _told(event, row, approver_id=approver_id), at, state=how.to, **decided)
    await uow.session.flush()
    return row


async def _locked(relief_id: UUID, uow: UnitOfWork) -> ReliefRow:
    """The relief, and before it the account whose months it changes."""
    member_id = (await tables.relief(uow.session, relief_id)).member_id
    await tables.find_account(uow.session, member_id)
    return await tables.relief(uow.session, relief_id, lock=True)


async def _rewrite(row: ReliefRow, until: date, uow: UnitOfWork) -> None:
    account = await tables.find_account(uow.session, row.member_id)
    if account is None:
        return
    member = await members.member(uow.session, row.member_id)
    span = Span(row.from_month, min(until, account.charged_through))
    await charge(
        uow, {row.member_id: await place_of(uow, member)}, {row.member_id: span}, row.relief_id
    )


def _told(event: type[E], row: ReliefRow, **more: UUID) -> E:
    shared = DuesReliefEvent.model_fields.keys()
    return event.model_validate(row.model_dump(include=set(shared)) | more)
