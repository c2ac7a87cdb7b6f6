"""The way into the organisation (发展党员): what may be done earliest when, what is due by when.

Nothing here counts steps or knows an article: every number is a rule of the book of its day. A
step taken is judged by the book of the day it was taken on, a deadline by that of the day it
began. So a new version changes nothing that was decided before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import Field

from contracts.kinds.members import ChangeReason, MemberState
from contracts.membership.members import JoiningStepRecorded
from services.chassis.periods import after_months
from services.chassis.rules import Book, Rule, Statement
from services.chassis.state import State
from services.chassis.working_days import CalendarMissing, WorkingCalendar
from services.membership.domain.members.life import ORDER
from services.membership.domain.members.refusals import (
    ExtensionOutOfBounds,
    OutOfOrder,
    StepMissing,
    StepRecorded,
    TooEarly,
    TrainingTooShort,
)
from services.membership.domain.members.rules import (
    ActivistPeriod,
    JoiningTraining,
    Probation,
    Rules,
    TargetNotice,
)
from services.membership.domain.members.states import Member, in_order, not_allowed, resting_on
from services.membership.domain.members.steps import (
    DEADLINES,
    FIRST_STEP,
    OVER_AND_OVER,
    PLACES,
    Step,
)


@dataclass(frozen=True)
class Candidate:
    """A member on the way in, and the days of what was done; of repeated steps the last."""

    member: Member
    done: Mapping[Step, date]


@dataclass(frozen=True, kw_only=True)
class TakeStep:
    step: Step
    minutes: str | None = None
    """Code of the record of the meeting."""
    days: int | None = None
    """Days of training; hours beside or instead."""
    hours: int | None = None


class Recorded(State):
    """A step as it was taken, with the rule it rests on."""

    step: Step = Field(title="步骤")
    held_on: date = Field(title="日期")
    organisation_id: UUID = Field(title="党支部")
    minutes: str | None = Field(title="会议记录编号")
    days: int | None = Field(title="培训天数")
    hours: int | None = Field(title="培训学时")
    rule: str | None = Field(title="依据规则")
    rule_version: str | None = Field(title="规则版本")


@dataclass(frozen=True)
class Taken:
    """A step that may be taken: what it rests on, and where it leads."""

    event: JoiningStepRecorded
    statement: Statement | None
    leads_to: MemberState | None
    reason: ChangeReason | None


@dataclass(frozen=True)
class Running:
    """The time that a step has."""

    step: Step
    due: date
    latest: date | None
    statement: Statement


class Expected(State):
    """One step as a plan shows it; all days are inclusive."""

    step: Step = Field(title="步骤")
    done_on: date | None = Field(title="完成日期")
    earliest: date | None = Field(title="最早日期")
    due: date | None = Field(title="期限")
    latest: date | None = Field(title="特殊情况最迟")
    rule: str | None = Field(title="依据规则")
    rule_version: str | None = Field(title="规则版本")
    source: str | None = Field(title="条款")

    def overdue_on(self, today: date) -> bool:
        return self.done_on is None and self.due is not None and today > self.due


def first_step(member: Member) -> tuple[Step, date] | None:
    """The step that coming onto the roll tells of, and its day."""
    step = FIRST_STEP.get(member.state)
    if step is None:
        return None
    dates = {Step.APPLICATION: member.applied_on, Step.BRANCH_MEETING: member.joined_on}
    return step, dates.get(step) or member.since


def take(
    candidate: Candidate, command: TakeStep, day: date, rules: Rules, calendar: WorkingCalendar
) -> Taken:
    """Judge a step taken on `day`. What was passed long ago may be added and leads nowhere.

    Raises `StepNotAllowed`, `StepMissing`, `StepRecorded`, `TooEarly`, `TrainingTooShort`.
    """
    member, step, place = candidate.member, command.step, PLACES[command.step]
    if step in candidate.done and step not in OVER_AND_OVER:
        raise StepRecorded(
            f"{step} was recorded for {candidate.done[step]}.",
            zh=f"“{step.label}”已于 {candidate.done[step]} 登记。",
            field="step",
        )
    if member.state not in ORDER:
        raise not_allowed(member, step.label)
    ahead = ORDER.index(place.state) - ORDER.index(member.state)
    checked_later = step is Step.ACTIVIST_CHECK and member.state is MemberState.TARGET
    if ahead < 0 and not checked_later:
        return Taken(_event(member, step, day, None), None, None, None)
    if ahead > 0:
        raise not_allowed(member, step.label)
    if place.leads_to is not None:
        in_order(member, day)
    _check_needs(candidate, step, day, rules(day))
    _check_training(command, rules(day))
    statement = _not_too_early(candidate, step, day, rules(day), calendar)
    return Taken(_event(member, step, day, statement), statement, place.leads_to, place.reason)


def _not_too_early(
    candidate: Candidate, step: Step, day: date, book: Book, calendar: WorkingCalendar
) -> Statement | None:
    """The rule that the step rests on. Raises `TooEarly`, which says from when on it may be."""
    earliest, rule = _earliest(candidate, step, book, calendar)
    if rule is None:
        return None
    statement = book.statement(rule)
    if earliest and day < earliest:
        raise TooEarly(
            f"{step} is possible from {earliest} on.",
            zh=f"“{step.label}”最早 {earliest} 方可进行（{statement.source}）。",
            field="occurred_at",
            earliest=earliest.isoformat(),
            rule=statement.code,
            rule_version=statement.version,
        )
    return statement


def plan(
    candidate: Candidate, today: date, rules: Rules, calendar: WorkingCalendar
) -> list[Expected]:
    """Every step with its day, or from when and until when it may and should be taken."""
    return [
        _expected(candidate, step, today, rules, calendar)
        for step in PLACES
        if step in candidate.done or _ahead(candidate.member, step)
    ]


def overdue(candidate: Candidate, today: date, rules: Rules) -> list[Running]:
    """What of the time of steps has passed."""
    return [running for running in _waiting(candidate, rules) if today > running.due]


def next_due(candidate: Candidate, rules: Rules, past: date = date.min) -> date | None:
    """The next end of a deadline that is not before `past`; nothing while none runs."""
    ends = [
        end
        for running in _waiting(candidate, rules)
        for end in (running.due, running.latest)
        if end and end >= past
    ]
    return min(ends, default=None)


def _waiting(candidate: Candidate, rules: Rules) -> list[Running]:
    return [
        running
        for step in DEADLINES
        if _ahead(candidate.member, step)
        and (step in OVER_AND_OVER or step not in candidate.done)
        and (running := _running(candidate, step, rules))
    ]


def check_extension(member: Member, meeting: date, until: date, book: Book) -> None:
    """Once, and within the bounds. `meeting` is the one that accepted the member.

    Raises `StepNotAllowed`, `ExtensionOutOfBounds`.
    """
    if member.state is not MemberState.PROBATIONARY:
        raise not_allowed(member, ChangeReason.EXTENDED.label)
    rule = book[Probation]
    ends = after_months(meeting, rule.months)
    least = after_months(ends, rule.extension_least_months)
    most = after_months(ends, rule.extension_most_months)
    again = member.probation_until is not None and member.probation_until > ends
    if again or not least <= until <= most:
        raise ExtensionOutOfBounds(
            f"The probation ends between {least} and {most}, and is extended once.",
            zh=f"预备期只能延长一次，延长后应在 {least} 至 {most} 之间期满。",
            field="probation_until",
            least=least.isoformat(),
            most=most.isoformat(),
        )


def _ahead(member: Member, step: Step) -> bool:
    """Whether the step is still to come; the half-yearly check goes on for a target."""
    if member.state not in ORDER:
        return False
    ahead = ORDER.index(PLACES[step].state) >= ORDER.index(member.state)
    return ahead or (step is Step.ACTIVIST_CHECK and member.state is MemberState.TARGET)


def _expected(
    candidate: Candidate, step: Step, today: date, rules: Rules, calendar: WorkingCalendar
) -> Expected:
    done_on, earliest, running, statement = candidate.done.get(step), None, None, None
    if done_on is None or step in OVER_AND_OVER:
        done_on, book = None, rules(today)
        try:
            earliest, blocking = _earliest(candidate, step, book, calendar)
        except CalendarMissing:
            blocking = TargetNotice
        running = _running(candidate, step, rules)
        statement = book.statement(blocking) if blocking else None
        statement = running.statement if running else statement
    return Expected(
        step=step,
        done_on=done_on,
        earliest=earliest,
        due=running.due if running else None,
        latest=running.latest if running else None,
        rule=statement.code if statement else None,
        rule_version=statement.version if statement else None,
        source=statement.source if statement else None,
    )


def _needs(step: Step, book: Book) -> tuple[Step, ...]:
    noticed = step is Step.TARGET and book[TargetNotice].least_working_days > 0
    return (*PLACES[step].needs, *((Step.NOTICE,) if noticed else ()))


def _check_needs(candidate: Candidate, step: Step, day: date, book: Book) -> None:
    needs = _needs(step, book)
    missing = [need for need in needs if need not in candidate.done]
    if missing:
        raise StepMissing(
            f"{step} comes after {', '.join(missing)}.",
            zh=f"“{step.label}”之前应先完成：{'、'.join(need.label for need in missing)}。",
            field="step",
            missing=[str(need) for need in missing],
        )
    last = max((candidate.done[need] for need in needs), default=day)
    if day < last:
        raise OutOfOrder(
            f"{step} comes after {last}.",
            zh=f"“{step.label}”不能早于前置步骤的日期 {last}。",
            field="occurred_at",
            latest=last.isoformat(),
        )


def _check_training(command: TakeStep, book: Book) -> None:
    if command.step is not Step.TRAINING:
        return
    rule = book[JoiningTraining]
    if (command.days or 0) < rule.least_days and (command.hours or 0) < rule.least_hours:
        raise TrainingTooShort(
            f"At least {rule.least_days} days or {rule.least_hours} hours.",
            zh=f"集中培训不少于 {rule.least_days} 天或 {rule.least_hours} 学时"
            f"（{book.statement(JoiningTraining).source}）。",
            field="days",
            least_days=rule.least_days,
            least_hours=rule.least_hours,
        )


def _earliest(
    candidate: Candidate, step: Step, book: Book, calendar: WorkingCalendar
) -> tuple[date | None, type[Rule] | None]:
    """From when on a step may be taken, as far as that is known, and the rule that says so."""
    done = candidate.done
    if step is Step.TARGET and Step.ACTIVIST in done:
        ripe = after_months(done[Step.ACTIVIST], book[ActivistPeriod].least_months)
        working_days = book[TargetNotice].least_working_days
        if not working_days or Step.NOTICE not in done:
            return ripe, ActivistPeriod
        noticed = calendar.after(done[Step.NOTICE], working_days)
        return (noticed, TargetNotice) if noticed > ripe else (ripe, ActivistPeriod)
    if step is Step.FULL_MEETING and Step.BRANCH_MEETING in done:
        ends = after_months(done[Step.BRANCH_MEETING], book[Probation].months)
        return max(ends, candidate.member.probation_until or ends), Probation
    if step is Step.TRAINING:
        return None, JoiningTraining
    return None, None


def _running(candidate: Candidate, step: Step, rules: Rules) -> Running | None:
    """Once it has begun."""
    deadline = DEADLINES.get(step)
    if deadline is None:
        return None
    began = candidate.done.get(deadline.after)
    if step in OVER_AND_OVER:
        began = candidate.done.get(step, began)
    if began is None:
        return None
    book = rules(began)
    rule = book[deadline.rule]
    months = getattr(rule, deadline.months)
    if months is None:
        return None
    most = getattr(rule, deadline.most) if deadline.most else None
    latest = None if most is None else after_months(began, most)
    return Running(step, after_months(began, months), latest, book.statement(deadline.rule))


def _event(
    member: Member, step: Step, day: date, statement: Statement | None
) -> JoiningStepRecorded:
    return JoiningStepRecorded(**member.facts(), step=step, held_on=day, **resting_on(statement))
