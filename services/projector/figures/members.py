"""Figures of members: probationary and full members count, and who is away counts at home alone.

Numbers stated without a list stand apart from them, lower bounds and targets apart from those.
"""

from contracts.event import Event
from contracts.kinds.books import Bound
from contracts.kinds.members import (
    HIGH_SCHOOL,
    ChangeReason,
    Education,
    HeadcountKind,
    JoiningStep,
    LeavingReason,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
)
from contracts.membership.members import (
    HeadcountStated,
    HeadcountWithdrawn,
    JoiningStepRecorded,
    MemberAdvanced,
    MemberLeft,
    MemberLocated,
    MemberMoved,
    MemberReclassified,
    MemberRegistered,
    MemberReturned,
)
from services.projector.declare import (
    Clause,
    Dimension,
    Figure,
    Flow,
    Naming,
    Reads,
    Section,
    Stock,
    adds,
    moves,
    removes,
)

STATE = Dimension.of_kinds("member_state", "身份", MemberState, read="state")
EDUCATION = Dimension.of_kinds("education", "学历", Education)
WORK_STATUS = Dimension.of_kinds("work_status", "就业状况", WorkStatus)
OCCUPATION = Dimension.of_kinds("occupation", "职业", Occupation)
LEAVING = Dimension.of_kinds("leaving", "离开原因", LeavingReason)
HEADCOUNT_KIND = Dimension.of_family(
    "headcount_kind", "类别", "headcount", HeadcountKind, read="kind"
)

CHANGES: tuple[type[Event], ...] = (
    MemberAdvanced,
    MemberMoved,
    MemberReclassified,
    MemberLocated,
)


def on_the_roll(*states: MemberState, **where: str) -> tuple[Reads, ...]:
    """Whoever is in one of the states, through everything that may happen to them."""
    reads: tuple[Reads, ...] = ()
    for state in states:
        given = {**where, "state": state.value}
        reads += (*adds(MemberRegistered, **given), *adds(MemberReturned, **given))
        reads += removes(MemberLeft, **given)
        for change in CHANGES:
            reads += moves(change, **given)
    return reads


def became(state: MemberState, reason: ChangeReason, **where: str) -> tuple[Reads, ...]:
    """Whoever came into the state, be it that they are entered in it."""
    given = {**where, "state": state.value}
    return (
        *adds(MemberRegistered, **given),
        *adds(MemberAdvanced, reason=reason.value, **given),
    )


COUNTED = (MemberState.PROBATIONARY, MemberState.FULL)


def _stated(bound: Bound) -> tuple[Reads, ...]:
    given = {"bound": bound.value}
    return (
        *adds(HeadcountStated, "headcount", **given),
        *removes(HeadcountWithdrawn, "headcount", **given),
    )


def _served(bound: Bound) -> tuple[Reads, ...]:
    given = {"bound": bound.value, "kind": HeadcountKind.SERVED.value}
    return (
        *adds(HeadcountStated, "headcount", **given),
        *removes(HeadcountWithdrawn, "headcount", **given),
    )


ROLL = (
    Stock(
        "membership.members",
        "自管党员",
        "名",
        "期末在册的正式党员和预备党员",
        clauses=(Clause(Section.MEMBERS, 1, "现有自管党员{n}"),),
        reads=on_the_roll(*COUNTED),
        dimensions=(STATE, EDUCATION, WORK_STATUS, OCCUPATION),
    ),
    Stock(
        "membership.full_members",
        "正式党员",
        "名",
        "期末在册的正式党员",
        clauses=(Clause(Section.MEMBERS, 1, "其中正式党员{n}"),),
        reads=on_the_roll(MemberState.FULL),
    ),
    Stock(
        "membership.probationary_members",
        "预备党员",
        "名",
        "期末在册的预备党员",
        clauses=(Clause(Section.MEMBERS, 1, "预备党员{n}"),),
        reads=on_the_roll(MemberState.PROBATIONARY),
    ),
    Stock(
        "membership.mobile_members",
        "流动党员",
        "名",
        "期末外出流动的党员，只计入所在党支部",
        clauses=(Clause(Section.MEMBERS, 2, "流动党员{n}"),),
        reads=on_the_roll(*COUNTED, whereabouts=Whereabouts.AWAY.value),
    ),
    Stock(
        "membership.lost_members",
        "失联党员",
        "名",
        "期末失去联系的党员",
        clauses=(Clause(Section.CONCERNS, 4, "失联党员{n}"),),
        reads=on_the_roll(*COUNTED, whereabouts=Whereabouts.LOST.value),
    ),
)

PIPELINE = (
    Stock(
        "membership.applicants",
        "入党申请人",
        "名",
        "期末的入党申请人",
        reads=on_the_roll(MemberState.APPLICANT),
    ),
    Stock(
        "membership.activists_current",
        "在册入党积极分子",
        "名",
        "期末的入党积极分子",
        reads=on_the_roll(MemberState.ACTIVIST),
        dimensions=(EDUCATION,),
    ),
    Stock(
        "membership.targets",
        "发展对象",
        "名",
        "期末的发展对象",
        reads=on_the_roll(MemberState.TARGET),
    ),
    Flow(
        "membership.activists",
        "发展入党积极分子",
        "名",
        "本期确定的入党积极分子",
        clauses=(Clause(Section.MEMBERS, 3, "发展入党积极分子{n}"),),
        reads=became(MemberState.ACTIVIST, ChangeReason.RECOGNISED),
        dimensions=(EDUCATION,),
    ),
    Flow(
        "membership.activists_high_school",
        "高中以上学历的入党积极分子",
        "名",
        "本期确定的入党积极分子中具有高中以上学历的",
        clauses=(Clause(Section.MEMBERS, 3, "其中具有高中以上学历的{n}"),),
        reads=tuple(
            reading
            for education in HIGH_SCHOOL
            for reading in became(
                MemberState.ACTIVIST, ChangeReason.RECOGNISED, education=education.value
            )
        ),
    ),
    Flow(
        "membership.activists_trained",
        "参加培训学习的入党积极分子",
        "名",
        "本期参加培训学习的入党积极分子，每人只计一次",
        clauses=(Clause(Section.MEMBERS, 3, "参与培训学习{n}"),),
        reads=adds(JoiningStepRecorded, step=JoiningStep.ACTIVIST_TRAINING.value),
        dimensions=(EDUCATION,),
    ),
    Flow(
        "membership.members_accepted",
        "接收预备党员",
        "名",
        "本期接收的预备党员",
        clauses=(Clause(Section.MEMBERS, 4, "接收预备党员{n}"),),
        reads=adds(MemberAdvanced, reason=ChangeReason.ACCEPTED.value),
    ),
    Flow(
        "membership.members_confirmed",
        "预备党员转正",
        "名",
        "本期转为正式党员的",
        clauses=(Clause(Section.MEMBERS, 4, "预备党员转正{n}"),),
        reads=adds(MemberAdvanced, reason=ChangeReason.CONFIRMED.value),
    ),
    Flow(
        "membership.members_left",
        "减少党员",
        "名",
        "本期离开的正式党员和预备党员",
        reads=tuple(
            Reads(MemberLeft, before=True, where={"state": state.value}) for state in COUNTED
        ),
        dimensions=(LEAVING,),
    ),
)

STATED: tuple[Figure, ...] = (
    Flow(
        "membership.headcounts",
        "登记人数",
        "人",
        "本期登记的实数",
        reads=_stated(Bound.EXACT),
        dimensions=(HEADCOUNT_KIND,),
    ),
    Flow(
        "membership.headcounts_at_least",
        "登记人数（下限）",
        "余人",
        "本期以“余”登记的下限，不与实数相加",
        reads=_stated(Bound.AT_LEAST),
        dimensions=(HEADCOUNT_KIND,),
    ),
    Flow(
        "membership.headcounts_target",
        "登记人数（目标）",
        "人",
        "本期登记的目标，不与实数相加",
        reads=_stated(Bound.TARGET),
        dimensions=(HEADCOUNT_KIND,),
    ),
    Flow(
        "membership.served_members",
        "服务管理党员",
        "名",
        "本期登记的服务管理党员实数",
        reads=_served(Bound.EXACT),
    ),
    Flow(
        "membership.served_members_at_least",
        "服务管理党员（下限）",
        "余名",
        "本期以“余”登记的服务管理党员",
        clauses=(Clause(Section.MEMBERS, 5, "服务管理党员{n}"),),
        reads=_served(Bound.AT_LEAST),
    ),
)

FIGURES: tuple[Figure, ...] = (*ROLL, *PIPELINE, *STATED)
NAMES: tuple[Naming, ...] = ()
