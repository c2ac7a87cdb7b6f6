"""Steps on the way in, each judged by the rules of its day."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.members import ChangeReason, JoiningStep, MemberState
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.periods import after_months
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import joining as domain
from services.membership.domain.members import states
from services.membership.domain.members.joining import Candidate, TakeStep
from services.membership.domain.members.rules import JOINING, Probation
from services.membership.handlers.members.changing import announce, apply, clear_joining
from services.membership.tables import members as tables
from services.membership.tables.calendar import working_calendar
from services.membership.tables.members import MemberRow, StepRow, member_of
from services.membership.tables.members.rules import Versions, versions_of


async def candidate_of(session: AsyncSession, row: MemberRow) -> Candidate:
    steps = await tables.steps(session, row.member_id, row.attempt)
    return Candidate(member_of(row), {JoiningStep(one.step): one.held_on for one in steps})


async def record_step(
    uow: UnitOfWork,
    member_id: UUID,
    command: TakeStep,
    at: datetime,
    *,
    minutes: str | None = None,
) -> MemberRow:
    """Record a step held on the day of `at`, and what it leads to."""
    row = await tables.member(uow.session, member_id, lock=True)
    day = business_date(at)
    rules = await versions_of(uow.session, *JOINING)
    candidate = await candidate_of(uow.session, row)
    calendar = await working_calendar(uow.session)
    taken = domain.take(candidate, command, day, rules, calendar)
    uow.session.add(
        StepRow(
            step_id=new_id(),
            member_id=member_id,
            attempt=row.attempt,
            step=command.step.value,
            held_on=day,
            organisation_id=row.organisation_id,
            minutes=minutes,
            days=command.days,
            hours=command.hours,
            rule=taken.statement.code if taken.statement else None,
            rule_version=taken.statement.version if taken.statement else None,
            recorded_at=uow.now,
        )
    )
    await uow.session.flush()
    announce(uow, row, taken.event, at)
    done = {**candidate.done, command.step: day}
    if taken.leads_to is not None and taken.reason is not None:
        _date(row, taken.leads_to, done, rules)
        event = states.advance(member_of(row), taken.leads_to, day, taken.reason, taken.statement)
        await apply(uow, row, event, taken.reason.value, at)
    await _look_again(uow, row, Candidate(member_of(row), done), rules, at)
    return row


def _date(row: MemberRow, to: MemberState, done: dict[JoiningStep, date], rules: Versions) -> None:
    """Membership counts from the meeting that accepted it, not from its approval."""
    if to is MemberState.PROBATIONARY:
        began = done[JoiningStep.BRANCH_MEETING]
        row.joined_on = began
        row.probation_until = after_months(began, rules(began)[Probation].months)
    if to is MemberState.FULL:
        row.full_on = done[JoiningStep.FULL_MEETING]
        row.probation_until = None


async def _look_again(
    uow: UnitOfWork, row: MemberRow, candidate: Candidate, rules: Versions, at: datetime
) -> None:
    """Clear what is overdue no more, and say when to look next."""
    late = {one.step.value for one in domain.overdue(candidate, business_date(uow.now), rules)}
    await clear_joining(uow, row, at, late)
    row.joining_due = domain.next_due(candidate, rules)


async def extend_probation(
    uow: UnitOfWork, member_id: UUID, until: date, at: datetime
) -> MemberRow:
    """Once, by half a year to a year. Raises `ExtensionOutOfBounds`."""
    row = await tables.member(uow.session, member_id, lock=True)
    member, day = member_of(row), business_date(at)
    rules = await versions_of(uow.session, *JOINING)
    began = row.joined_on or row.since
    domain.check_extension(member, began, until, rules(began))
    row.probation_until = until
    event = states.advance(
        member,
        MemberState.PROBATIONARY,
        day,
        ChangeReason.EXTENDED,
        rules(began).statement(Probation),
    )
    await apply(uow, row, event, ChangeReason.EXTENDED.value, at)
    return row
