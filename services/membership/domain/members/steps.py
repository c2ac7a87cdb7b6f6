"""The steps of joining as a table: where each stands, and which time runs after which."""

from dataclasses import dataclass

from contracts.kinds.members import ChangeReason, JoiningStep, MemberState
from services.chassis.rules import Rule
from services.membership.domain.members.life import ORDER
from services.membership.domain.members.rules import (
    ActivistCheck,
    FullApproval,
    JoiningApproval,
    JoiningOath,
    JoiningTalk,
    MeetingAfterReview,
)

Step = JoiningStep


@dataclass(frozen=True)
class Place:
    """Where a step stands: in which state it is taken, after which steps, and where it leads."""

    state: MemberState
    needs: tuple[Step, ...] = ()
    leads_to: MemberState | None = None
    reason: ChangeReason | None = None


_APPLICANT, _ACTIVIST, _TARGET, _PROBATIONARY, _FULL = ORDER

PLACES: dict[Step, Place] = {
    Step.APPLICATION: Place(_APPLICANT),
    Step.TALK: Place(_APPLICANT, (Step.APPLICATION,)),
    Step.ACTIVIST: Place(
        _APPLICANT, (Step.APPLICATION, Step.TALK), _ACTIVIST, ChangeReason.RECOGNISED
    ),
    Step.ACTIVIST_CHECK: Place(_ACTIVIST, (Step.ACTIVIST,)),
    Step.ACTIVIST_TRAINING: Place(_ACTIVIST, (Step.ACTIVIST,)),
    Step.NOTICE: Place(_ACTIVIST, (Step.ACTIVIST,)),
    Step.TARGET: Place(_ACTIVIST, (Step.ACTIVIST,), _TARGET, ChangeReason.LISTED),
    Step.TRAINING: Place(_TARGET, (Step.TARGET,)),
    Step.POLITICAL_REVIEW: Place(_TARGET, (Step.TARGET,)),
    Step.PRE_REVIEW: Place(_TARGET, (Step.TRAINING, Step.POLITICAL_REVIEW)),
    Step.BRANCH_MEETING: Place(_TARGET, (Step.PRE_REVIEW,)),
    Step.APPROVAL: Place(_TARGET, (Step.BRANCH_MEETING,), _PROBATIONARY, ChangeReason.ACCEPTED),
    Step.OATH: Place(_PROBATIONARY),
    Step.FULL_MEETING: Place(_PROBATIONARY, (Step.BRANCH_MEETING,)),
    Step.FULL_APPROVAL: Place(_PROBATIONARY, (Step.FULL_MEETING,), _FULL, ChangeReason.CONFIRMED),
}
OVER_AND_OVER = frozenset({Step.ACTIVIST_CHECK})

FIRST_STEP: dict[MemberState, Step] = {
    _APPLICANT: Step.APPLICATION,
    _ACTIVIST: Step.ACTIVIST,
    _TARGET: Step.TARGET,
    _PROBATIONARY: Step.BRANCH_MEETING,
}
"""What is known to have happened of somebody who is entered in a state."""


@dataclass(frozen=True)
class Deadline:
    """A step that must follow another: the months of a rule, and perhaps those at the very most."""

    after: Step
    rule: type[Rule]
    months: str = "within_months"
    most: str | None = None


DEADLINES: dict[Step, Deadline] = {
    Step.TALK: Deadline(Step.APPLICATION, JoiningTalk),
    Step.ACTIVIST_CHECK: Deadline(Step.ACTIVIST, ActivistCheck, "every_months"),
    Step.BRANCH_MEETING: Deadline(Step.PRE_REVIEW, MeetingAfterReview),
    Step.APPROVAL: Deadline(Step.BRANCH_MEETING, JoiningApproval, most="at_most_months"),
    Step.OATH: Deadline(Step.APPROVAL, JoiningOath),
    Step.FULL_APPROVAL: Deadline(Step.FULL_MEETING, FullApproval),
}
