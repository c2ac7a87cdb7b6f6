"""All lives of the platform, in every state and by every command; and their drawings."""

from typing import Any

import pytest

from contracts.kinds import BookingStatus
from contracts.kinds.lecturers import ShiftStatus
from contracts.kinds.members import MemberState
from contracts.kinds.partners import ProposalStatus
from contracts.kinds.transfers import TransferState
from contracts.kinds.volunteering import WishStatus
from ops import lifecycles
from services.bases.domain import partners
from services.bases.domain.bookings import life as bookings
from services.bases.domain.bookings.refusals import SecondApprover
from services.bases.domain.lecturers import shifts
from services.chassis.errors import Conflict, Refusal
from services.chassis.lifecycle import Lifecycle, Step
from services.membership.domain import transfers
from services.membership.domain.appraisal import rounds
from services.membership.domain.dues import decisions as dues
from services.membership.domain.volunteering import wishes
from tests.unit.steps import RULES

LIVES: list[Lifecycle[Any]] = [life for _, life in lifecycles.lifecycles()]
STEPS = [step for life in LIVES for step in life.steps]

BY_HANDLER = {
    bookings.ANSWER: "an offer is answered by `ask.request`, as if it were asked for anew",
    bookings.ASK_ANEW: "`ask.reschedule` goes on from `ask.wanted`, which is RESCHEDULE",
    **dict.fromkeys((dues.APPROVE, dues.REFUSE, dues.END), "the handler asks the table"),
    **dict.fromkeys((rounds.CHANGE, rounds.CLOSE), "the handler asks the table"),
}
"""Steps that no rule of their own takes."""

OTHERWISE: dict[tuple[Step[Any], Any], type[Refusal] | None] = {
    (bookings.ENDORSE, BookingStatus.ENDORSED): SecondApprover,
    (wishes.CLAIM, WishStatus.CLAIMED): wishes.WishTaken,
    (transfers.RECEIVE, TransferState.EXPIRED): transfers.LetterExpired,
    (partners.WITHDRAW, ProposalStatus.DECLINED): None,
    (partners.WITHDRAW, ProposalStatus.WITHDRAWN): None,
    (shifts.SERVE, ShiftStatus.SERVED): None,
    (shifts.MISS, ShiftStatus.MISSED): None,
}
"""Where a room says more than its table, or passes over what was asked."""


def test_every_life_of_the_platform_is_here_and_refuses_by_a_conflict():
    assert all(issubclass(step.refusal, Conflict) for step in STEPS)
    assert len(LIVES) >= 17
    assert {step for step in STEPS if step not in RULES} == set(BY_HANDLER)


def test_every_rule_goes_where_its_table_says_and_is_refused_everywhere_else():
    wrong = {}
    for step in STEPS:
        for state in step.life.states:
            said = _outcome(step, state)
            if said != _expected(step, state):
                wrong[f"{step.life.called}: {step.called} when {state}"] = said
    assert wrong == {}


def _expected(step: Step[Any], state: Any) -> object:
    if (step, state) in OTHERWISE:
        return OTHERWISE[step, state]
    return "done" if state in step.since else step.refusal


def _outcome(step: Step[Any], state: Any) -> object:
    """`done`, nothing, or the refusal, which names the state."""
    try:
        done = RULES.get(step, step)(state)
    except Refusal as refusal:
        named = refusal.facts.get(step.life.fact, state) == state and refusal.zh
        return type(refusal) if named else refusal
    return "done" if state in step.since else done


def test_every_step_leads_where_it_says_and_every_refusal_says_what_is_possible():
    for step in STEPS:
        for state in step.life.states:
            if state in step.since:
                assert step(state) == step.since[state]
                assert step.target in (None, step(state))
                continue
            with pytest.raises(step.refusal) as refused:
                step(state)
            assert state.label in refused.value.zh
            able = step.life.open_to(state)
            assert refused.value.facts["allowed"] == sorted({s(state) for s in able} - {state})
            assert all(each.zh in refused.value.zh for each in able if not each.clock)


CORRECTED = {"member", "registrant", "task", "shift", "unit"}
"""Lives without an end: whoever left comes back, and a step is put right by another."""


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.called)
def test_every_state_is_reached_and_from_every_state_the_end(life):
    def on_from(state: Any) -> set[Any]:
        return {step(state) for step in life.open_to(state)}

    def ahead_of(states: set[Any]) -> set[Any]:
        while more := set().union(*map(on_from, states)) - states:
            states = states | more
        return states

    ends = {state for state in life.states if on_from(state) <= {state}}
    assert ahead_of({begin.to for begin in life.begins}) == set(life.states)
    rests = all(ahead_of({state}) & ends for state in life.states)
    assert rests != (life.called in CORRECTED)


def test_the_drawings_in_the_readme_are_fresh():
    readme = lifecycles.README.read_text("utf-8")
    assert lifecycles.written_into(readme) == readme


def test_a_drawing_has_every_arrow():
    drawn = lifecycles.markdown()
    assert "collected --> claimed: 认领" in drawn
    assert "offered --> expired: 逾期（定时）" in drawn
    assert "[*] --> pending: 提出" in drawn
    assert f"{MemberState.PROBATIONARY} --> {MemberState.FULL}: 转为正式党员" in drawn
