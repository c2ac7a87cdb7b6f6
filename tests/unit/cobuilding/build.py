"""States that rules of co-building look at, plainly invented."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.kinds.agreements import AgreementStatus, AmendmentStatus, Side, SigningManner
from contracts.kinds.bodies import BodyStatus, Direction, SeatHolder
from contracts.kinds.undertakings import UndertakingStatus
from contracts.kinds.units import UnitStatus
from services.cobuilding.domain.agreements.amendments import Amendment
from services.cobuilding.domain.agreements.model import Agreement, Content, Party, Promise
from services.cobuilding.domain.agreements.signing import Sign
from services.cobuilding.domain.bodies import Body, Layer
from services.cobuilding.domain.seats import Seat
from services.cobuilding.domain.undertakings import Undertaking
from services.cobuilding.domain.units import Unit

AREA = "410305001001"
FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 2)
DIGEST = "0" * 64

UNIT = Unit(
    unit_id=UUID(int=1),
    code="DW-1",
    name="示例研究院",
    kind="public-institution",
    traits=["posted"],
    area=AREA,
    credit_code=None,
    employer_id=None,
    status=UnitStatus.IN_TOUCH,
)
PROMISE = Promise(line=1, side=Side.UNIT, kind="service", text="开展义诊", due_on=date(2026, 6, 30))
AGREEMENT = Agreement(
    agreement_id=UUID(int=2),
    number="示例街共建〔2026〕1号",
    kind="two-way",
    title="共建协议",
    area=AREA,
    organisation_id=UUID(int=3),
    unit_id=UNIT.unit_id,
    unit_kind=UNIT.kind,
    status=AgreementStatus.DRAFT,
    first_day=FIRST,
    last_day=LAST,
    stated_last_day=LAST,
    edition=1,
    digest=DIGEST,
    offered_on=date(2026, 2, 1),
    effective_from=FIRST,
)
CONTENT = Content(
    number=AGREEMENT.number,
    title=AGREEMENT.title,
    kind=AGREEMENT.kind,
    office=Party(id=UUID(int=3), name="示例街道党工委"),
    unit=Party(id=UNIT.unit_id, name=UNIT.name),
    first_day=FIRST,
    last_day=LAST,
    renewal=None,
    clauses=(),
    promises=(PROMISE,),
)
AMENDMENT = Amendment(
    amendment_id=UUID(int=4),
    agreement_id=AGREEMENT.agreement_id,
    area=AREA,
    of_edition=1,
    status=AmendmentStatus.OFFERED,
    reason="双方商定",
    last_day=date(2027, 6, 30),
    digest=DIGEST,
)
UNDERTAKING = Undertaking(
    undertaking_id=UUID(int=5),
    agreement_id=AGREEMENT.agreement_id,
    unit_id=UNIT.unit_id,
    unit_kind=UNIT.kind,
    area=AREA,
    line=1,
    side=Side.UNIT,
    kind="service",
    text="开展义诊",
    first_day=FIRST,
    due_on=date(2026, 6, 30),
    status=UndertakingStatus.OPEN,
    evidence=1,
)

BODY = Body(
    body_id=UUID(int=6),
    code="ZZ-1",
    name="示例社区大党委",
    kind="community-committee",
    area=AREA,
    organisation_id=UUID(int=3),
    layers=[
        Layer(code="core", label="核心层", seats=1),
        Layer(code="close", label="紧密层", seats=2),
        Layer(code="wide", label="联系层"),
    ],
    status=BodyStatus.STANDING,
    founded_on=FIRST,
)
SEAT = Seat(
    seat_id=UUID(int=7),
    body_id=BODY.body_id,
    body_kind=BODY.kind,
    area=AREA,
    kind="member",
    crosses=False,
    direction=Direction.INWARD,
    layer="close",
    holder_kind=SeatHolder.UNIT,
    unit_id=UNIT.unit_id,
    taken_on=TODAY,
)


def agreement(**given: Any) -> Agreement:
    return AGREEMENT.model_copy(update=given)


def amendment(**given: Any) -> Amendment:
    return AMENDMENT.model_copy(update=given)


def undertaking(**given: Any) -> Undertaking:
    return UNDERTAKING.model_copy(update=given)


def body(**given: Any) -> Body:
    return BODY.model_copy(update=given)


def seat(**given: Any) -> Seat:
    return SEAT.model_copy(update=given)


def unit(**given: Any) -> Unit:
    return UNIT.model_copy(update=given)


def signs(side: Side = Side.UNIT, **given: Any) -> Sign:
    asked = {"manner": SigningManner.BOTH, "signed_on": TODAY, "digest": DIGEST, "actor": "clerk"}
    return Sign(side=side, **asked | given)
