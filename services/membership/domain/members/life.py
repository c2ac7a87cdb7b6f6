"""The life of whoever is on a roll: how they advance, leave and come back.

Texts of its refusals are in `states.not_allowed`: they also say why somebody left.
"""

from itertools import pairwise

from contracts.kinds.members import COUNTED, LeavingReason, MemberState
from services.chassis.lifecycle import Lifecycle
from services.membership.domain.members.refusals import StepNotAllowed

ORDER = (
    MemberState.APPLICANT,
    MemberState.ACTIVIST,
    MemberState.TARGET,
    MemberState.PROBATIONARY,
    MemberState.FULL,
)
ON_THE_ROLL = frozenset(MemberState) - {MemberState.LEFT}
JOINING = ON_THE_ROLL - COUNTED

LIFE = Lifecycle("member", "人员", MemberState, StepNotAllowed)
REGISTER = [LIFE.begin("register", "登记", state) for state in MemberState if state in ON_THE_ROLL]
ADVANCE = {
    to: LIFE.step("advance", f"转为{to.label}", {since}, to) for since, to in pairwise(ORDER)
}
EXTEND = LIFE.step("extend", "延长预备期", {MemberState.PROBATIONARY}, None)
STAY = LIFE.step("change", "变更", ON_THE_ROLL, None)
LEAVE = {
    leaving: LIFE.step("leave", f"登记“{leaving.label}”", since, MemberState.LEFT)
    for leaving, since in {
        LeavingReason.PROBATION_CANCELLED: {MemberState.PROBATIONARY},
        LeavingReason.DISCONTINUED: JOINING,
        LeavingReason.STOPPED: COUNTED,
        LeavingReason.REMOVED: COUNTED,
        LeavingReason.EXPELLED: COUNTED,
        LeavingReason.SELF_REMOVED: COUNTED,
        LeavingReason.DECEASED: ON_THE_ROLL,
        LeavingReason.TRANSFERRED_OUT: ON_THE_ROLL,
    }.items()
}
COME_BACK = {
    to: LIFE.step("come back", f"恢复为{to.label}", {MemberState.LEFT}, to)
    for to in MemberState
    if to in ON_THE_ROLL
}

RETURNS_AS: dict[LeavingReason, frozenset[MemberState]] = {
    LeavingReason.STOPPED: COUNTED,
    LeavingReason.TRANSFERRED_OUT: ON_THE_ROLL,
    LeavingReason.REMOVED: frozenset({MemberState.APPLICANT}),
    LeavingReason.EXPELLED: frozenset({MemberState.APPLICANT}),
    LeavingReason.SELF_REMOVED: frozenset({MemberState.APPLICANT}),
    LeavingReason.PROBATION_CANCELLED: frozenset({MemberState.APPLICANT}),
    LeavingReason.DISCONTINUED: frozenset({MemberState.APPLICANT}),
    LeavingReason.DECEASED: frozenset(),
}
