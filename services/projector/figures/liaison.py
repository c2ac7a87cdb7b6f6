"""Figures of liaison points, duties, visits and grids."""

from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, DutyKind, DutyOutcome, LiaisonChannel, LiaisonTopic
from contracts.kinds.members import HolderKind
from contracts.membership.liaison import (
    DutyAssigned,
    DutyCorrected,
    DutyRecorded,
    DutyReleased,
    DutyRotaAdopted,
    DutyRotaChanged,
    DutyRotaEnded,
    GridResponderAssigned,
    GridResponderReleased,
    LiaisonPointChanged,
    LiaisonPointClosed,
    LiaisonPointOpened,
    LiaisonVisitLogged,
    LiaisonVisitRetracted,
)
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Figure,
    Flow,
    Naming,
    Ratio,
    Reads,
    Section,
    Stock,
    adds,
    moves,
    removes,
)

ESTATE = Dimension("estate", "小区", "estate_code")
ORGANISATION = Dimension.of_things(Family.ORGANISATION, "负责党组织", read="organisation_id")
DUTY_KIND = Dimension.of_kinds("duty_kind", "值勤类别", DutyKind, read="kind")
HOLDER_KIND = Dimension.of_kinds("holder_kind", "人员类别", HolderKind)
CHANNEL = Dimension.of_kinds("liaison_channel", "来访方式", LiaisonChannel, read="channel")
TOPIC = Dimension.of_family(
    "liaison_topic", "事由", "liaison-topic", LiaisonTopic, read="topic_kind"
)
OF_VISIT = (CHANNEL, TOPIC, ORGANISATION)


def _rotas(amount: str | None = None, **where: str) -> tuple[Reads, ...]:
    return (
        *adds(DutyRotaAdopted, amount, **where),
        *moves(DutyRotaChanged, amount, **where),
        *removes(DutyRotaEnded, amount, **where),
    )


def _visits(amount: str | None = None, **where: str) -> tuple[Reads, ...]:
    return (
        *adds(LiaisonVisitLogged, amount, **where),
        *removes(LiaisonVisitRetracted, amount, **where),
    )


POINTS = (
    Stock(
        "membership.liaison_points",
        "党群联络点",
        "个",
        "期末设立的党群联络点数",
        clauses=(Clause(Section.VOLUNTEERING, 41, "设党群联络点{n}"),),
        reads=(
            *adds(LiaisonPointOpened),
            *moves(LiaisonPointChanged),
            *removes(LiaisonPointClosed),
        ),
        dimensions=(ESTATE, ORGANISATION),
    ),
    Stock(
        "membership.liaison_slots_per_week",
        "联络点每周值班班次",
        "班次",
        "期末各联络点值班安排每周的班次之和，由值班日与班次算出",
        clauses=(Clause(Section.VOLUNTEERING, 41, "每周安排党员值班{n}"),),
        reads=_rotas("slots_per_week", kind=DutyKind.DUTY),
        dimensions=(ORGANISATION,),
    ),
    Stock(
        "membership.duty_rotas",
        "值班值勤安排",
        "项",
        "期末有效的值班、巡防、督导安排数",
        reads=_rotas(),
        dimensions=(DUTY_KIND, ORGANISATION),
    ),
    Stock(
        "membership.duties_per_month",
        "按月值勤次数",
        "次",
        "期末按月安排的值勤次数之和，只计实数",
        reads=_rotas("times_per_month", bound=Bound.EXACT),
        dimensions=(DUTY_KIND,),
    ),
    Stock(
        "membership.duties_per_month_at_least",
        "按月值勤次数（下限）",
        "次",
        "期末按月安排的值勤次数之和，只计“至少”",
        clauses=(Clause(Section.VOLUNTEERING, 45, "固定每月至少开展{each}", split=DUTY_KIND.key),),
        reads=_rotas("times_per_month", bound=Bound.AT_LEAST),
        dimensions=(DUTY_KIND,),
    ),
    Stock(
        "membership.duties_per_month_target",
        "按月值勤次数（目标）",
        "次",
        "期末按月安排的值勤次数之和，只计目标",
        reads=_rotas("times_per_month", bound=Bound.TARGET),
        dimensions=(DUTY_KIND,),
    ),
)

DUTIES = (
    Flow(
        "membership.duties_assigned",
        "排定值勤",
        "人次",
        "本期排定的值勤人次，扣除取消的",
        reads=(*adds(DutyAssigned), *removes(DutyReleased)),
        dimensions=(DUTY_KIND, HOLDER_KIND, ORGANISATION),
    ),
    Flow(
        "membership.duties_kept",
        "到岗值勤",
        "人次",
        "本期登记到岗的值勤人次",
        clauses=(Clause(Section.VOLUNTEERING, 42, "党员到岗值勤{n}"),),
        reads=(
            *adds(DutyRecorded, outcome=DutyOutcome.ATTENDED),
            *moves(DutyCorrected, outcome=DutyOutcome.ATTENDED),
        ),
        dimensions=(DUTY_KIND, HOLDER_KIND, ORGANISATION),
    ),
    Flow(
        "membership.duties_missed",
        "缺岗",
        "人次",
        "本期登记缺岗的值勤人次",
        clauses=(Clause(Section.VOLUNTEERING, 42, "缺岗{n}"),),
        reads=(
            *adds(DutyRecorded, outcome=DutyOutcome.MISSED),
            *moves(DutyCorrected, outcome=DutyOutcome.MISSED),
        ),
        dimensions=(DUTY_KIND, HOLDER_KIND, ORGANISATION),
    ),
    Ratio(
        "membership.duty_attendance_rate",
        "值勤到岗率",
        "%",
        "到岗值勤占已登记值勤（到岗与缺岗之和）的百分比",
        over=("membership.duties_kept",),
        under=("membership.duties_kept", "membership.duties_missed"),
        scale=100,
    ),
)


def _counted(unit: CountUnit, bound: Bound) -> tuple[Reads, ...]:
    return _visits("headcount", counted_as=unit, bound=bound)


VISITS = (
    Flow(
        "membership.liaison_visits",
        "联络点来访来电",
        "件",
        "本期登记的来访来电件数，只计逐件登记的",
        clauses=(
            Clause(
                Section.VOLUNTEERING,
                43,
                "联络点接待来访来电{n}，其中{each}",
                split="liaison_channel",
            ),
        ),
        reads=_visits(bound=Bound.EXACT),
        dimensions=OF_VISIT,
    ),
    Flow(
        "membership.liaison_person_times",
        "联络点接待人次",
        "人次",
        "本期接待的人次，只计实数",
        clauses=(Clause(Section.VOLUNTEERING, 43, "共{n}"),),
        reads=_counted(CountUnit.PERSON_TIMES, Bound.EXACT),
        dimensions=OF_VISIT,
    ),
    Flow(
        "membership.liaison_person_times_at_least",
        "联络点接待人次（下限）",
        "人次",
        "本期以“余人次”报出的接待人次下限",
        reads=_counted(CountUnit.PERSON_TIMES, Bound.AT_LEAST),
        dimensions=OF_VISIT,
    ),
    Flow(
        "membership.liaison_person_times_target",
        "联络点接待人次（目标）",
        "人次",
        "本期接待人次的目标",
        reads=_counted(CountUnit.PERSON_TIMES, Bound.TARGET),
        dimensions=OF_VISIT,
    ),
    Flow(
        "membership.liaison_persons",
        "联络点接待人数",
        "人",
        "本期接待的人数，只计实数",
        reads=_counted(CountUnit.PERSONS, Bound.EXACT),
        dimensions=OF_VISIT,
    ),
    Flow(
        "membership.liaison_persons_at_least",
        "联络点接待人数（下限）",
        "人",
        "本期以“余人”报出的接待人数下限",
        reads=_counted(CountUnit.PERSONS, Bound.AT_LEAST),
        dimensions=OF_VISIT,
    ),
    Flow(
        "membership.liaison_persons_target",
        "联络点接待人数（目标）",
        "人",
        "本期接待人数的目标",
        reads=_counted(CountUnit.PERSONS, Bound.TARGET),
        dimensions=OF_VISIT,
    ),
    Flow(
        "membership.liaison_work_requests",
        "联络点受理的办理请求",
        "件",
        "本期来访来电中请求办理的件数",
        clauses=(Clause(Section.VOLUNTEERING, 43, "其中请求办理{n}", joint="；"),),
        reads=_visits("work_requests"),
        dimensions=OF_VISIT,
    ),
)

GRIDS = (
    Stock(
        "membership.grid_responders",
        "编入网格的党员",
        "人",
        "期末编入网格服务圈的党员数，每人只计一个网格",
        clauses=(
            Clause(Section.VOLUNTEERING, 44, "{n}编入网格服务圈，其中{each}", split="holder_kind"),
        ),
        reads=(*adds(GridResponderAssigned), *removes(GridResponderReleased)),
        dimensions=(HOLDER_KIND,),
    ),
)

FIGURES: tuple[Figure, ...] = (*POINTS, *DUTIES, *VISITS, *GRIDS)
NAMES: tuple[Naming, ...] = ()
