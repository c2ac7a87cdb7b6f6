"""Figures of dues. Facts are in 分, figures in 元."""

from contracts.kinds.alerts import AlertKind
from contracts.kinds.dues import DuesChannel, DuesDestination, DuesPurpose, ReliefKind
from contracts.membership.alerts import AlertCleared, AlertRaised
from contracts.membership.dues import (
    DuesCharged,
    DuesPaid,
    DuesPaymentReversed,
    DuesReliefApproved,
    DuesReturned,
    DuesReturnReversed,
)
from services.projector.declare import (
    Clause,
    Dimension,
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

FEN = 100
"""In a 元."""

CHANNEL = Dimension.of_kinds("dues_channel", "交纳方式", DuesChannel, read="channel")
RELIEF = Dimension.of_kinds("relief_kind", "减免方式", ReliefKind, read="kind")


def _paid(**where: str) -> tuple[Reads, ...]:
    """A payment that was reversed is taken back on the day of its reversal."""
    return (
        *adds(DuesPaid, "amount", **where),
        *removes(DuesPaymentReversed, "amount", **where),
    )


OVERDUE = {"kind": AlertKind.DUES_OVERDUE.value}

FIGURES: tuple[Figure, ...] = (
    Flow(
        "membership.dues_due",
        "应交党费",
        "元",
        "本期各月按标准应交的党费，减免后",
        reads=moves(DuesCharged, "amount"),
        per=FEN,
    ),
    Flow(
        "membership.dues_paid",
        "实交党费",
        "元",
        "本期按标准交纳的党费，冲销后",
        clauses=(Clause(Section.MEMBERS, 21, "收缴党费{n}"),),
        reads=_paid(purpose=DuesPurpose.REGULAR.value),
        dimensions=(CHANNEL,),
        per=FEN,
    ),
    Ratio(
        "membership.dues_paid_rate",
        "党费收缴率",
        "%",
        "实交党费占应交党费的比例",
        over=("membership.dues_paid",),
        under=("membership.dues_due",),
        scale=100,
    ),
    Flow(
        "membership.dues_extra",
        "自愿多交党费",
        "元",
        "本期标准以外自愿多交的党费，冲销后",
        reads=_paid(purpose=DuesPurpose.EXTRA.value),
        dimensions=(CHANNEL,),
        per=FEN,
    ),
    Flow(
        "membership.dues_for_centre",
        "大额党费",
        "元",
        "本期一次多交达到规定数额、全额上缴中央的党费",
        reads=_paid(destination=DuesDestination.CENTRE.value),
        per=FEN,
    ),
    Flow(
        "membership.dues_reliefs",
        "党费减免",
        "人次",
        "本期批准的少交、免交党费",
        reads=adds(DuesReliefApproved),
        dimensions=(RELIEF,),
    ),
    Flow(
        "membership.dues_returned",
        "返还党费",
        "元",
        "本期返还“两新”党组织的党费，冲销后",
        clauses=(Clause(Section.MEMBERS, 21, "返还“两新”党组织党费{n}"),),
        reads=(
            *adds(DuesReturned, "amount"),
            *removes(DuesReturnReversed, "amount"),
        ),
        per=FEN,
    ),
    Stock(
        "membership.dues_overdue_members",
        "连续欠交党费的党员",
        "名",
        "期末连续未交党费、达到首次预警月数的党员",
        clauses=(Clause(Section.CONCERNS, 21, "连续数月未交党费的党员{n}"),),
        reads=(*adds(AlertRaised, **OVERDUE), *removes(AlertCleared, **OVERDUE)),
    ),
)
NAMES: tuple[Naming, ...] = ()
