"""Figures of co-building: units, agreements, and what became of what was promised."""

from contracts.cobuilding.agreements import (
    AgreementBegan,
    AgreementConcluded,
    AgreementEnded,
    AgreementExtended,
    ReminderFired,
)
from contracts.cobuilding.alerts import CobuildingAlertCleared, CobuildingAlertRaised
from contracts.cobuilding.bodies import (
    BodyChanged,
    BodyDissolved,
    BodyFounded,
    SeatLeft,
    SeatTaken,
)
from contracts.cobuilding.undertakings import (
    UndertakingAssessed,
    UndertakingFellDue,
    UndertakingMade,
    UndertakingVoided,
)
from contracts.cobuilding.units import (
    ContactPointClosed,
    ContactPointMoved,
    ContactPointOpened,
    UnitChanged,
    UnitLeft,
    UnitRegistered,
    UnitReturned,
)
from contracts.cobuilding.venues import VenueOffered, VenueWithdrawn
from contracts.kinds.agreements import AgreementKind, AgreementStatus, Side
from contracts.kinds.alerts import CobuildingAlertKind, Severity
from contracts.kinds.bodies import BodyKind, BodySeatKind, Direction, SeatHolder
from contracts.kinds.undertakings import UndertakingKind, UndertakingStatus
from contracts.kinds.units import ContactKind, UnitKind
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
from services.projector.figures.partners import VENUE_KIND

UNIT_KIND = Dimension.of_family("unit_kind", "单位类别", "unit", UnitKind)
AGREEMENT_KIND = Dimension.of_family("agreement_kind", "协议类别", "agreement", AgreementKind)
PROMISED = Dimension.of_family("undertaking_kind", "事项类别", "undertaking", UndertakingKind)
SIDE = Dimension.of_kinds("side", "承诺方", Side)

BODY_KIND = Dimension.of_family("body_kind", "组织体类别", "body", BodyKind)
SEAT_KIND = Dimension.of_family("seat_kind", "席位类别", "seat", BodySeatKind)
HOLDER = Dimension.of_kinds("holder_kind", "席位归属", SeatHolder)
DIRECTION = Dimension.of_kinds("direction", "任职方向", Direction)

OF_AGREEMENT = (AGREEMENT_KIND, UNIT_KIND)
OF_UNDERTAKING = (PROMISED, SIDE, UNIT_KIND)


def _became(outcome: UndertakingStatus) -> tuple[Reads, ...]:
    """Of what fell due: as it stood on its day, and as it was assessed later for that day."""
    return (
        *adds(UndertakingFellDue, outcome=outcome),
        *moves(UndertakingAssessed, outcome=outcome, after_due=True),
    )


UNITS: tuple[Figure, ...] = (
    Stock(
        "cobuilding.units",
        "共建单位",
        "家",
        "期末在联系的驻区单位数",
        clauses=(
            Clause(Section.COBUILDING, 1, "联系驻区单位{n}，其中{each}", split=UNIT_KIND.key),
        ),
        reads=(
            *adds(UnitRegistered),
            *moves(UnitChanged),
            *removes(UnitLeft),
            *adds(UnitReturned),
        ),
        dimensions=(UNIT_KIND,),
    ),
    Stock(
        "cobuilding.contact_points",
        "单位联络点",
        "个",
        "期末设立的单位联络点数",
        clauses=(Clause(Section.COBUILDING, 1, "设立联络点{n}"),),
        reads=(
            *adds(ContactPointOpened),
            *moves(ContactPointMoved),
            *removes(ContactPointClosed),
        ),
        dimensions=(
            Dimension.of_family("point_kind", "联络类别", "contact", ContactKind),
            UNIT_KIND,
        ),
    ),
)

BODIES: tuple[Figure, ...] = (
    Stock(
        "cobuilding.bodies",
        "共建组织体",
        "个",
        "期末运行中的大工委、大党委、联席会议、协会、服务圈等组织体数",
        clauses=(Clause(Section.COBUILDING, 4, "共建组织体{n}，其中{each}", split=BODY_KIND.key),),
        reads=(*adds(BodyFounded), *moves(BodyChanged), *removes(BodyDissolved)),
        dimensions=(BODY_KIND,),
    ),
    Stock(
        "cobuilding.member_units",
        "组织体成员单位",
        "家",
        "期末在组织体内任席位的单位数，一家单位在一个组织体只计一次",
        reads=(
            *adds(SeatTaken, holder_kind=SeatHolder.UNIT, first_of_holder=True),
            *removes(SeatLeft, holder_kind=SeatHolder.UNIT, last_of_holder=True),
        ),
        dimensions=(BODY_KIND,),
    ),
    Stock(
        "cobuilding.seats",
        "组织体席位",
        "席",
        "期末在组织体内任职的席位数，派往对方的不计",
        reads=(
            *adds(SeatTaken, direction=Direction.INWARD),
            *removes(SeatLeft, direction=Direction.INWARD),
        ),
        dimensions=(BODY_KIND, SEAT_KIND, HOLDER),
    ),
    Stock(
        "cobuilding.cross_seats",
        "交叉任职",
        "席",
        "期末交叉任职的席位数，到本组织体任职与派往对方任职的都计",
        reads=(*adds(SeatTaken, crosses=True), *removes(SeatLeft, crosses=True)),
        dimensions=(DIRECTION, BODY_KIND, HOLDER),
    ),
)

AGREEMENTS: tuple[Figure, ...] = (
    Flow(
        "cobuilding.agreements_concluded",
        "签订协议",
        "份",
        "本期双方均已签署的协议数，含续签",
        clauses=(
            Clause(Section.COBUILDING, 2, "签订共建协议{n}，其中{each}", split=AGREEMENT_KIND.key),
        ),
        reads=adds(AgreementConcluded),
        dimensions=OF_AGREEMENT,
    ),
    Flow(
        "cobuilding.agreements_new",
        "新签协议",
        "份",
        "本期双方均已签署、不是续签的协议数",
        reads=adds(AgreementConcluded, is_renewal=False),
        dimensions=OF_AGREEMENT,
    ),
    Stock(
        "cobuilding.agreements_in_force",
        "有效协议",
        "份",
        "期末履行中的协议数",
        clauses=(Clause(Section.COBUILDING, 2, "期末履行中的协议{n}"),),
        reads=(*adds(AgreementBegan), *removes(AgreementEnded, was_in_force=True)),
        dimensions=OF_AGREEMENT,
    ),
    Stock(
        "cobuilding.units_under_agreement",
        "签约单位",
        "家",
        "期末有履行中协议的单位数，一家单位只计一次",
        clauses=(Clause(Section.COBUILDING, 2, "签约单位{n}"),),
        reads=(
            *adds(AgreementBegan, first_of_unit=True),
            *removes(AgreementEnded, last_of_unit=True),
        ),
        dimensions=(UNIT_KIND,),
    ),
    Flow(
        "cobuilding.agreements_renewed_in_time",
        "按期续签",
        "份",
        "本期生效、与原协议首尾相接的续签协议数",
        reads=adds(AgreementBegan, is_renewal=True, renewed_late=False),
        dimensions=OF_AGREEMENT,
    ),
    Flow(
        "cobuilding.agreements_renewed_late",
        "逾期续签",
        "份",
        "本期生效、原协议到期后才续签的协议数",
        reads=adds(AgreementBegan, is_renewal=True, renewed_late=True),
        dimensions=OF_AGREEMENT,
    ),
    Flow(
        "cobuilding.agreements_extended",
        "自动续期",
        "次",
        "本期按约定自动续期的次数",
        reads=adds(AgreementExtended),
        dimensions=OF_AGREEMENT,
    ),
    Flow(
        "cobuilding.agreements_expired",
        "到期未续协议",
        "份",
        "本期到期而没有及时续签的协议数",
        clauses=(Clause(Section.CONCERNS, 6, "到期未续签的协议{n}"),),
        reads=adds(AgreementEnded, how=AgreementStatus.EXPIRED),
        dimensions=OF_AGREEMENT,
    ),
    Flow(
        "cobuilding.agreements_terminated",
        "终止协议",
        "份",
        "本期提前终止的协议数",
        reads=adds(AgreementEnded, how=AgreementStatus.TERMINATED),
        dimensions=OF_AGREEMENT,
    ),
    Flow(
        "cobuilding.days_to_sign",
        "签署用时",
        "天",
        "本期签订的协议自发出到双方签署的天数合计",
        reads=adds(AgreementConcluded, "days_to_sign"),
        dimensions=OF_AGREEMENT,
    ),
    Ratio(
        "cobuilding.days_to_sign_mean",
        "平均签署用时",
        "天",
        "签署用时 ÷ 签订协议",
        over=("cobuilding.days_to_sign",),
        under=("cobuilding.agreements_concluded",),
    ),
    Flow(
        "cobuilding.reminders",
        "到期提醒",
        "次",
        "本期发出的协议到期提醒次数",
        reads=adds(ReminderFired),
        dimensions=(AGREEMENT_KIND,),
    ),
)

UNDERTAKINGS: tuple[Figure, ...] = (
    Flow(
        "cobuilding.undertakings_due",
        "到期承诺事项",
        "项",
        "应兑现日期在本期的承诺事项数，双方的都计",
        clauses=(Clause(Section.COBUILDING, 3, "到期承诺事项{n}"),),
        reads=adds(UndertakingFellDue),
        dimensions=OF_UNDERTAKING,
    ),
    Flow(
        "cobuilding.undertakings_met",
        "兑现承诺事项",
        "项",
        "应兑现日期在本期、评定为已兑现的承诺事项数",
        clauses=(Clause(Section.COBUILDING, 3, "已兑现{n}"),),
        reads=_became(UndertakingStatus.MET),
        dimensions=OF_UNDERTAKING,
    ),
    Flow(
        "cobuilding.undertakings_partly_met",
        "部分兑现承诺事项",
        "项",
        "应兑现日期在本期、评定为部分兑现的承诺事项数",
        clauses=(Clause(Section.COBUILDING, 3, "部分兑现{n}"),),
        reads=_became(UndertakingStatus.PARTLY),
        dimensions=OF_UNDERTAKING,
    ),
    Flow(
        "cobuilding.undertakings_not_met",
        "未兑现承诺事项",
        "项",
        "应兑现日期在本期、评定为未兑现的承诺事项数",
        clauses=(Clause(Section.CONCERNS, 7, "未兑现的承诺事项{n}"),),
        reads=_became(UndertakingStatus.NOT_MET),
        dimensions=OF_UNDERTAKING,
    ),
    Flow(
        "cobuilding.undertakings_unassessed",
        "到期未评定事项",
        "项",
        "应兑现日期在本期、尚未评定的承诺事项数",
        clauses=(Clause(Section.CONCERNS, 7, "到期未评定的承诺事项{n}"),),
        reads=_became(UndertakingStatus.OPEN),
        dimensions=OF_UNDERTAKING,
    ),
    Ratio(
        "cobuilding.undertakings_met_rate",
        "承诺兑现率",
        "%",
        "兑现承诺事项 ÷ 到期承诺事项，均按应兑现日期计",
        clauses=(Clause(Section.COBUILDING, 3, "兑现率{n}"),),
        over=("cobuilding.undertakings_met",),
        under=("cobuilding.undertakings_due",),
        scale=100,
    ),
    Stock(
        "cobuilding.undertakings_ahead",
        "未到期承诺事项",
        "项",
        "期末尚未到期的承诺事项数",
        reads=(
            *adds(UndertakingMade),
            *removes(UndertakingFellDue),
            *removes(UndertakingVoided),
        ),
        dimensions=OF_UNDERTAKING,
    ),
)

VENUES: tuple[Figure, ...] = (
    Stock(
        "cobuilding.venues_offered",
        "单位提供场馆",
        "个",
        "期末驻区单位按生效协议提供的场馆数，不论是否已纳入基地",
        clauses=(
            Clause(Section.COBUILDING, 4, "单位提供场馆{n}，其中{each}", split=VENUE_KIND.key),
        ),
        reads=(*adds(VenueOffered, continues=False), *removes(VenueWithdrawn)),
        dimensions=(VENUE_KIND,),
    ),
)

FIGURES: tuple[Figure, ...] = (
    *UNITS,
    *BODIES,
    *AGREEMENTS,
    *UNDERTAKINGS,
    *VENUES,
    Stock(
        "cobuilding.alerts",
        "未解除的共建预警",
        "条",
        "期末尚未解除的共建预警数",
        reads=(*adds(CobuildingAlertRaised), *removes(CobuildingAlertCleared)),
        dimensions=(
            Dimension.of_kinds("cobuilding_alert", "预警类别", CobuildingAlertKind, read="kind"),
            Dimension.of_kinds("severity", "程度", Severity),
        ),
    ),
)
NAMES: tuple[Naming, ...] = ()
