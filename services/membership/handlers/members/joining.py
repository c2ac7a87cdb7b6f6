"""Steps on the way in, each judged by the rules of its day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.members import ChangeReason, JoiningStep, MemberState
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.periods import after_months
from services.chassis.rules import Statement
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import joining as domain
from services.membership.domain.members import states
from services.membership.domain.members.joining import Candidate, Recorded, TakeStep
from services.membership.domain.members.rules import JOINING, Probation, Rules
from services.membership.handlers.members.changing import apply, clear_joining
from services.membership.tables import members as tables
from services.membership.tables.calendar import working_calendar
from services.membership.tables.members import MemberRow, StepRow
from services.membership.tables.members.rules import versions_of


async def candidate_of(session: AsyncSession, row: MemberRow) -> Candidate:
    steps = await tables.steps(session, row.member_id, row.attempt)
    return Candidate(row, {each.step: each.held_on for each in steps})


async def begin_joining(row: MemberRow, uow: UnitOfWork, rules: Rules) -> None:
    """The step that a registration tells of, and when the next one is due."""
    first = domain.first_step(row)
    if first is None:
        return
    step, held_on = first
    _keep(row, TakeStep(step=step), held_on, None, uow)
    row.joining_due = domain.next_due(Candidate(row, {step: held_on}), rules)
    await uow.session.flush()


async def record_step(
    row: MemberRow, command: TakeStep, uow: UnitOfWork, at: datetime
) -> MemberRow:
    """Record a step held on the day of `at`, and what it leads to."""
    day = business_date(at)
    rules = await versions_of(uow.session, *JOINING)
    candidate = await candidate_of(uow.session, row)
    calendar = await working_calendar(uow.session)
    taken = domain.take(candidate, command, day, rules, calendar)
    _keep(row, command, day, taken.statement, uow)
    await uow.session.flush()
    uow.step(row, taken.event, at)
    done = {**candidate.done, command.step: day}
    if taken.leads_to is not None and taken.reason is not None:
        dates = _dates(taken.leads_to, done, rules)
        event = states.advance(row, taken.leads_to, day, taken.reason, taken.statement)
        await apply(row, event, taken.reason, uow, at, **dates)
    await _look_again(Candidate(row, done), row, rules, uow, at)
    return row


def _keep(
    row: MemberRow, command: TakeStep, day: date, rule: Statement | None, uow: UnitOfWork
) -> None:
    step = Recorded(
        **vars(command),
        held_on=day,
        organisation_id=row.organisation_id,
        rule=rule.code if rule else None,
        rule_version=rule.version if rule else None,
    )
    kept = {"member_id": row.member_id, "attempt": row.attempt, "recorded_at": uow.now}
    uow.session.add(StepRow.of(step, step_id=new_id(), **kept))


def _dates(to: MemberState, done: Mapping[JoiningStep, date], rules: Rules) -> dict[str, Any]:
    """Membership counts from the meeting that accepted it, not from its approval."""
    if to is MemberState.PROBATIONARY:
        began = done[JoiningStep.BRANCH_MEETING]
        until = after_months(began, rules(began)[Probation].months)
        return {"joined_on": began, "probation_until": until}
    if to is MemberState.FULL:
        return {"full_on": done[JoiningStep.FULL_MEETING], "probation_until": None}
    return {}


async def _look_again(
    candidate: Candidate, row: MemberRow, rules: Rules, uow: UnitOfWork, at: datetime
) -> None:
    """Clear what is overdue no more, and say when to look next."""
    late = {each.step for each in domain.overdue(candidate, business_date(uow.now), rules)}
    await clear_joining(row, uow, at, late)
    row.joining_due = domain.next_due(candidate, rules)


async def extend_probation(row: MemberRow, until: date, uow: UnitOfWork, at: datetime) -> MemberRow:
    """Once, by half a year to a year. Raises `ExtensionOutOfBounds`."""
    began = row.joined_on or row.since
    book = (await versions_of(uow.session, *JOINING))(began)
    domain.check_extension(row, began, until, book)
    reason, rule = ChangeReason.EXTENDED, book.statement(Probation)
    event = states.advance(row, MemberState.PROBATIONARY, business_date(at), reason, rule)
    return await apply(row, event, reason, uow, at, probation_until=until)
