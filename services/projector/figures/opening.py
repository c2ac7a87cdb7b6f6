"""Figures of closures."""

from contracts.bases.opening import ClosureAnnounced, ClosureWithdrawn
from contracts.kinds.opening import ClosureReason, ClosureStage
from services.projector.declare import (
    Clause,
    Dimension,
    Figure,
    Flow,
    Naming,
    Section,
    adds,
    removes,
)
from services.projector.figures.bases import BASE, BASE_KIND

REASON = Dimension.of_family(
    "closure_reason", "闭馆原因", "closure-reason", ClosureReason, read="reason_kind"
)

FIGURES: tuple[Figure, ...] = (
    Flow(
        "bases.closures",
        "闭馆",
        "次",
        "本期公告的闭馆次数，扣除开始前撤销的",
        clauses=(Clause(Section.BASES, 15, "公告闭馆{n}，其中{each}", split=REASON.key),),
        reads=(*adds(ClosureAnnounced), *removes(ClosureWithdrawn, stage=ClosureStage.AHEAD)),
        dimensions=(REASON, BASE_KIND, BASE),
    ),
    Flow(
        "bases.bookings_closed_out",
        "因闭馆取消的预约",
        "次",
        "本期公告闭馆时取消的预约次数",
        clauses=(Clause(Section.BASES, 15, "因此取消预约{n}"),),
        reads=adds(ClosureAnnounced, "bookings_cancelled"),
        dimensions=(REASON, BASE_KIND, BASE),
    ),
)
NAMES: tuple[Naming, ...] = ()
