"""The way in: each number of a rule on both sides, each version in its time."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.kinds.members import (
    ChangeReason,
    Education,
    Health,
    JoiningStep,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
)
from services.chassis.periods import years_on
from services.chassis.rules import Book, Stated
from services.chassis.working_days import WorkingCalendar
from services.membership.domain.members import joining
from services.membership.domain.members.joining import Candidate, TakeStep
from services.membership.domain.members.refusals import (
    ExtensionOutOfBounds,
    OutOfOrder,
    StepMissing,
    StepNotAllowed,
    StepRecorded,
    TooEarly,
    TooYoung,
    TrainingTooShort,
)
from services.membership.domain.members.rules import FIRST
from services.membership.domain.members.states import (
    Branch,
    Member,
    register,
)

Step, State = JoiningStep, MemberState
CALENDAR = WorkingCalendar(
    frozenset(range(2010, 2031)),
    {date(2026, 10, d): False for d in (1, 2, 5, 6, 7)} | {date(2026, 10, 10): True},
)
"""A national holiday week with one Saturday worked instead."""

MEMBER = Member(
    member_id=UUID(int=1),
    organisation_id=UUID(int=2),
    group_id=None,
    area="410305001001",
    code="D-1",
    state=State.ACTIVIST,
    leaving=None,
    since=date(2010, 1, 1),
    education=Education.COLLEGE,
    work_status=WorkStatus.EMPLOYED,
    occupation=Occupation.OTHER,
    whereabouts=Whereabouts.HERE,
    whereabouts_since=None,
    applied_on=None,
    joined_on=None,
    full_on=None,
    probation_until=None,
    health=Health.ABLE,
    hardship=False,
)


def member(state: State, **more: Any) -> Member:
    return MEMBER.model_copy(update={"state": state, **more})


def rules(day: date) -> Book:
    """What the project ships, as in force on `day`."""
    stated: dict[str, Stated] = {}
    for one in sorted(FIRST, key=lambda each: each.effective_from):
        if one.effective_from <= day or one.rule.code not in stated:
            stated[one.rule.code] = one
    return Book(stated.values())


def candidate(state: State, **done: date) -> Candidate:
    steps = {Step(name.replace("_", "-")): day for name, day in done.items()}
    return Candidate(member(state), steps)


def take(who: Candidate, step: Step, day: date, **more: int):
    return joining.take(who, TakeStep(step=step, **more), day, rules, CALENDAR)


DAY = timedelta(days=1)


# Age


@pytest.mark.parametrize(("born", "old_enough"), [("2001-06-08", True), ("2001-06-09", False)])
def test_applicants_are_eighteen_on_the_day(born, old_enough):
    branch = Branch(organisation_id=UUID(int=2), area="410305001001", takes_members=True)
    day = date(2019, 6, 8)
    told = member(State.APPLICANT, since=day), {"birth_date": born}, branch, rules

    assert years_on(date.fromisoformat(born), day) == (18 if old_enough else 17)
    if old_enough:
        register(*told, ChangeReason.ENTERED)
    else:
        with pytest.raises(TooYoung):
            register(*told, ChangeReason.ENTERED)


# Blocking early


def test_a_year_as_activist_before_being_listed_to_the_day():
    who = candidate(State.ACTIVIST, activist=date(2018, 6, 8))

    with pytest.raises(TooEarly) as refused:
        take(who, Step.TARGET, date(2019, 6, 7))
    assert refused.value.facts["earliest"] == "2019-06-08"
    assert refused.value.facts["rule_version"] == "2014"
    assert take(who, Step.TARGET, date(2019, 6, 8)).leads_to is State.TARGET


def test_five_working_days_of_notice_around_a_holiday_week():
    who = candidate(State.ACTIVIST, activist=date(2020, 1, 1), notice=date(2026, 9, 29))
    # 30 September, 8, 9, 10 (a Saturday worked) and 12 October
    with pytest.raises(TooEarly) as refused:
        take(who, Step.TARGET, date(2026, 10, 11))
    assert refused.value.facts["earliest"] == "2026-10-12"
    taken = take(who, Step.TARGET, date(2026, 10, 12))
    assert (taken.statement.code, taken.statement.version) == ("joining.notice", "2026.05")


def test_notice_is_asked_for_from_the_version_that_brought_it():
    who = candidate(State.ACTIVIST, activist=date(2020, 1, 1))

    assert take(who, Step.TARGET, date(2026, 5, 17)).statement.version == "2014"
    with pytest.raises(StepMissing) as refused:
        take(who, Step.TARGET, date(2026, 5, 18))
    assert refused.value.facts["missing"] == ["notice"]


@pytest.mark.parametrize(
    ("days", "hours", "enough"),
    [(3, None, True), (2, None, False), (None, 24, True), (2, 23, False), (None, None, False)],
)
def test_training_of_three_days_or_twenty_four_hours(days, hours, enough):
    who = candidate(State.TARGET, target=date(2019, 6, 8))

    if enough:
        assert take(who, Step.TRAINING, date(2019, 7, 1), days=days, hours=hours).event.held_on
    else:
        with pytest.raises(TrainingTooShort):
            take(who, Step.TRAINING, date(2019, 7, 1), days=days, hours=hours)


def test_a_meeting_comes_after_training_and_review():
    who = candidate(State.TARGET, target=date(2019, 6, 8), training=date(2019, 7, 1))

    with pytest.raises(StepMissing) as refused:
        take(who, Step.PRE_REVIEW, date(2019, 8, 1))
    assert refused.value.facts["missing"] == ["political-review"]
    with pytest.raises(StepMissing):
        take(who, Step.BRANCH_MEETING, date(2019, 8, 1))


def test_probation_lasts_a_year_from_the_meeting_to_the_day():
    who = candidate(State.PROBATIONARY, branch_meeting=date(2019, 6, 8), approval=date(2019, 7, 8))

    with pytest.raises(TooEarly):
        take(who, Step.FULL_MEETING, date(2020, 6, 7))
    assert take(who, Step.FULL_MEETING, date(2020, 6, 8)).statement.code == "joining.probation"


def test_an_extended_probation_ends_later():
    who = candidate(State.PROBATIONARY, branch_meeting=date(2019, 6, 8))
    longer = replace(who, member=member(State.PROBATIONARY, probation_until=date(2020, 12, 8)))

    with pytest.raises(TooEarly):
        take(longer, Step.FULL_MEETING, date(2020, 12, 7))
    assert take(longer, Step.FULL_MEETING, date(2020, 12, 8))


@pytest.mark.parametrize(
    ("until", "fits"),
    [
        (date(2020, 12, 7), False),
        (date(2020, 12, 8), True),
        (date(2021, 6, 8), True),
        (date(2021, 6, 9), False),
    ],
)
def test_probation_is_extended_by_half_a_year_to_a_year(until, fits):
    who = member(State.PROBATIONARY, probation_until=date(2020, 6, 8))
    book = rules(date(2020, 6, 8))

    if fits:
        joining.check_extension(who, date(2019, 6, 8), until, book)
    else:
        with pytest.raises(ExtensionOutOfBounds):
            joining.check_extension(who, date(2019, 6, 8), until, book)


def test_probation_is_extended_once():
    who = member(State.PROBATIONARY, probation_until=date(2020, 12, 8))

    with pytest.raises(ExtensionOutOfBounds):
        joining.check_extension(who, date(2019, 6, 8), date(2021, 6, 8), rules(date(2020, 6, 8)))


# Order


def test_a_step_of_a_later_state_is_not_allowed_yet():
    with pytest.raises(StepNotAllowed):
        take(
            candidate(State.APPLICANT, application=date(2018, 1, 1)), Step.TARGET, date(2019, 6, 8)
        )


def test_a_step_is_recorded_once_but_the_half_yearly_check_again_and_again():
    who = candidate(State.ACTIVIST, activist=date(2018, 6, 8), activist_check=date(2018, 12, 8))

    with pytest.raises(StepRecorded):
        take(who, Step.ACTIVIST, date(2019, 1, 1))
    assert take(who, Step.ACTIVIST_CHECK, date(2019, 6, 8))


def test_a_step_is_not_before_the_one_it_follows():
    who = candidate(State.TARGET, target=date(2019, 6, 8))

    with pytest.raises(OutOfOrder):
        take(who, Step.POLITICAL_REVIEW, date(2019, 6, 7))


def test_what_was_passed_long_ago_may_be_added_and_leads_nowhere():
    taken = take(candidate(State.FULL), Step.OATH, date(1999, 7, 1))

    assert (taken.leads_to, taken.statement) == (None, None)


# Alerting late


DEADLINES = [
    (State.APPLICANT, {"application": date(2026, 6, 8)}, Step.TALK, date(2026, 7, 8)),
    (State.ACTIVIST, {"activist": date(2026, 6, 8)}, Step.ACTIVIST_CHECK, date(2026, 12, 8)),
    (
        State.ACTIVIST,
        {"activist": date(2026, 1, 8), "activist_check": date(2026, 6, 8)},
        Step.ACTIVIST_CHECK,
        date(2026, 12, 8),
    ),
    (State.TARGET, {"pre_review": date(2026, 6, 8)}, Step.BRANCH_MEETING, date(2026, 7, 8)),
    (State.TARGET, {"branch_meeting": date(2026, 6, 8)}, Step.APPROVAL, date(2026, 9, 8)),
    (State.PROBATIONARY, {"approval": date(2026, 6, 8)}, Step.OATH, date(2026, 7, 8)),
    (State.PROBATIONARY, {"full_meeting": date(2026, 6, 8)}, Step.FULL_APPROVAL, date(2026, 9, 8)),
]


@pytest.mark.parametrize(("state", "done", "step", "due"), DEADLINES)
def test_a_step_is_overdue_from_the_day_after_its_deadline(state, done, step, due):
    who = candidate(state, **done)

    assert step not in {one.step for one in joining.overdue(who, due, rules)}
    late = {one.step: one for one in joining.overdue(who, due + DAY, rules)}
    assert late[step].due == due
    assert late[step].statement.version == "2026.05"
    assert joining.next_due(who, rules) == due


def test_late_is_never_refused():
    who = candidate(State.TARGET, pre_review=date(2026, 6, 8), target=date(2026, 1, 1))

    assert take(who, Step.BRANCH_MEETING, date(2027, 6, 8))


def test_a_deadline_keeps_the_version_under_which_it_began():
    """The meeting within a month came with 2026.05: what was reviewed before has no deadline."""
    before = candidate(State.TARGET, pre_review=date(2026, 5, 17))
    after = candidate(State.TARGET, pre_review=date(2026, 5, 18))

    assert joining.next_due(before, rules) is None
    assert joining.next_due(after, rules) == date(2026, 6, 18)


def test_approval_may_take_six_months_at_the_very_most():
    who = candidate(State.TARGET, branch_meeting=date(2026, 6, 8))

    assert joining.next_due(who, rules) == date(2026, 9, 8)
    assert joining.next_due(who, rules, past=date(2026, 9, 9)) == date(2026, 12, 8)
    assert joining.next_due(who, rules, past=date(2026, 12, 9)) is None


def test_the_plan_says_what_was_done_what_may_be_when_and_what_is_due():
    who = candidate(
        State.ACTIVIST,
        application=date(2026, 1, 1),
        activist=date(2026, 2, 2),
        notice=date(2027, 1, 29),
    )
    today = date(2026, 6, 8)
    plan = {one.step: one for one in joining.plan(who, today, rules, CALENDAR)}

    assert plan[Step.ACTIVIST].done_on == date(2026, 2, 2)
    assert plan[Step.ACTIVIST_CHECK].due == date(2026, 8, 2)
    assert plan[Step.TARGET].earliest == date(2027, 2, 5)
    assert Step.TALK not in plan  # of a state that was passed, only what was recorded


def test_a_year_without_calendar_leaves_the_plan_open_and_refuses_the_step():
    empty = WorkingCalendar(frozenset(), {})
    who = candidate(State.ACTIVIST, activist=date(2026, 1, 1), notice=date(2027, 1, 29))

    plan = {one.step: one for one in joining.plan(who, date(2027, 3, 1), rules, empty)}
    assert plan[Step.TARGET].earliest is None
