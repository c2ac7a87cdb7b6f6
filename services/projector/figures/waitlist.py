"""Figures of the waiting list."""

from contracts.bases.waitlist import (
    WaitlistAccepted,
    WaitlistDeclined,
    WaitlistExpired,
    WaitlistJoined,
    WaitlistLapsed,
    WaitlistLeft,
    WaitlistOffered,
)
from services.projector.declare import Clause, Flow, Naming, Ratio, Section, adds
from services.projector.figures.bases import BASE, BASE_KIND, CHANNEL, ORGANISATION, VISITOR_LEVEL

OF_ENTRY = (CHANNEL, VISITOR_LEVEL, BASE_KIND, BASE, ORGANISATION)

FIGURES = (
    Flow(
        "bases.waitlist_joined",
        "候补",
        "次",
        "本期加入候补的次数",
        clauses=(Clause(Section.VISITS, 3, "登记候补{n}"),),
        reads=adds(WaitlistJoined),
        dimensions=OF_ENTRY,
    ),
    Flow(
        "bases.waitlist_offers",
        "发出的候补名额",
        "个",
        "本期保留给候补组织的名额数",
        clauses=(Clause(Section.VISITS, 3, "发出名额{n}"),),
        reads=adds(WaitlistOffered),
        dimensions=OF_ENTRY,
    ),
    Flow(
        "bases.waitlist_accepted",
        "接受的候补名额",
        "个",
        "本期候补组织接受的名额数",
        clauses=(Clause(Section.VISITS, 3, "候补成功{n}"),),
        reads=adds(WaitlistAccepted),
        dimensions=OF_ENTRY,
    ),
    Flow(
        "bases.waitlist_declined",
        "放弃的候补名额",
        "个",
        "本期候补组织放弃的名额数",
        reads=adds(WaitlistDeclined),
        dimensions=OF_ENTRY,
    ),
    Flow(
        "bases.waitlist_expired",
        "过期的候补名额",
        "个",
        "本期逾期未答复的候补名额数",
        reads=adds(WaitlistExpired),
        dimensions=OF_ENTRY,
    ),
    Flow(
        "bases.waitlist_unserved",
        "未等到的候补",
        "次",
        "本期退出候补或至开始时仍无名额的次数",
        reads=(*adds(WaitlistLeft), *adds(WaitlistLapsed)),
        dimensions=OF_ENTRY,
    ),
    Ratio(
        "bases.waitlist_conversion",
        "候补成功率",
        "%",
        "接受的候补名额占加入候补次数的百分比",
        over=("bases.waitlist_accepted",),
        under=("bases.waitlist_joined",),
        scale=100,
    ),
)

NAMES: tuple[Naming, ...] = ()
