"""Figures of transfers. One under way counts at the sender, one from outside at its receiver."""

from contracts.event import Event
from contracts.kinds.transfers import ReturnReason, TransferCause, TransferDirection
from contracts.membership.transfers import (
    TransferCancelled,
    TransferClosed,
    TransferExpired,
    TransferReceived,
    TransferRedirected,
    TransferReturned,
    TransferSent,
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

DIRECTION = Dimension.of_kinds("direction", "转接方向", TransferDirection)
CAUSE = Dimension.of_family(
    "transfer_cause", "转接原因", "transfer-cause", TransferCause, read="cause_kind"
)
REASON = Dimension.of_family(
    "return_reason", "退回原因", "transfer-return", ReturnReason, read="reason_kind"
)
SPLITS = (DIRECTION, CAUSE)

ENDS: tuple[type[TransferClosed], ...] = (
    TransferReceived,
    TransferReturned,
    TransferExpired,
    TransferCancelled,
)


def _ended() -> tuple[Reads, ...]:
    return tuple(read for end in ENDS for read in removes(end))


def _flow(
    key: str,
    name: str,
    describes: str,
    event: type[Event],
    *clauses: Clause,
    more: tuple[Dimension, ...] = (),
) -> Flow:
    return Flow(
        f"membership.transfers_{key}",
        name,
        "人次",
        describes,
        clauses=clauses,
        reads=adds(event),
        dimensions=(*SPLITS, *more),
    )


FIGURES: tuple[Figure, ...] = (
    _flow(
        "sent",
        "开出组织关系介绍信",
        "本期开出的介绍信，含平台外开来并登记的",
        TransferSent,
        Clause(Section.MEMBERS, 20, "办理组织关系转接{n}"),
    ),
    _flow(
        "received",
        "接收组织关系",
        "本期办结的转接，计在转入党组织；转往平台外的计在转出党组织",
        TransferReceived,
        Clause(Section.MEMBERS, 20, "办结{n}"),
    ),
    _flow("returned", "退回介绍信", "本期被退回的转接", TransferReturned, more=(REASON,)),
    _flow("expired", "过期介绍信", "本期超过有效期未被接收的转接", TransferExpired),
    _flow("cancelled", "撤销转接", "本期由转出党组织撤销的转接", TransferCancelled),
    Stock(
        "membership.transfers_open",
        "在途组织关系",
        "名",
        "期末已开出介绍信、尚未接收的党员，计在转出党组织",
        clauses=(Clause(Section.CONCERNS, 20, "组织关系尚在转接途中的党员{n}"),),
        reads=(*adds(TransferSent), *moves(TransferRedirected), *_ended()),
        dimensions=SPLITS,
    ),
)
NAMES: tuple[Naming, ...] = ()
