"""Single duties over HTTP: one-off visits, hand-over, swap, attendance."""

from datetime import datetime
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.liaison import DutyKind, DutyOutcome
from contracts.kinds.members import HolderKind
from services.chassis.clock import occurred
from services.chassis.http import Caller, IfMatch, Timed, Work, command_router, set_etag
from services.chassis.http.fields import Instant
from services.membership.api.liaison.common import HolderRequest
from services.membership.domain.liaison.points import check_order
from services.membership.handlers.liaison import duties as handlers
from services.membership.handlers.liaison.duties import Arrange
from services.membership.tables.liaison import duties as tables
from services.membership.tables.liaison.duties import Held

commands = command_router(tags=["值班值勤"])


class ArrangeRequest(Timed):
    kind: DutyKind = Field(default=DutyKind.SUPERVISION, title="值勤类别")
    organisation_id: UUID = Field(title="负责党组织")
    area: AreaCode
    visited_id: UUID | None = Field(default=None, title="被督导党组织")
    starts_at: Instant = Field(title="开始时刻")
    ends_at: Instant = Field(title="结束时刻")
    holders: list[HolderRequest] = Field(min_length=1, max_length=50, title="参加人员")


class HandOverRequest(Timed):
    to: HolderRequest = Field(title="接班人员")


class SwapRequest(Timed):
    with_duty_id: UUID = Field(title="对调的班次")


class AttendanceRequest(Timed):
    outcome: DutyOutcome = Field(title="到岗情况")


class DutyView(BaseModel):
    duty_id: UUID
    slot_id: UUID
    kind: DutyKind = Field(title="值勤类别")
    organisation_id: UUID = Field(title="负责党组织")
    area: str = Field(title="区划")
    point_id: UUID | None = Field(title="联络点")
    visited_id: UUID | None = Field(title="被督导党组织")
    holder_id: UUID = Field(title="值勤人员编号")
    holder_kind: HolderKind = Field(title="值勤人员类别")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    outcome: DutyOutcome | None = Field(title="到岗情况")
    version: int


@commands.post("/duties", status_code=201, summary="安排单次值勤或督导")
async def arrange(request: ArrangeRequest, caller: Caller, uow: Work) -> list[DutyView]:
    """Outside any rota: a supervision visit to a branch, a walk through an estate."""
    caller.require(Action.MANAGE_SERVICE, request.area)
    check_order(request.starts_at, request.ends_at, field="ends_at")
    said = request.model_dump(exclude={"occurred_at", "holders"})
    command = Arrange(holders=[each.holder() for each in request.holders], **said)
    at = occurred(request.occurred_at, uow.now)
    return [_duty(held) for held in await handlers.arrange(command, uow, at)]


@commands.post("/duties/{duty_id}/hand-over", summary="换人值班")
async def hand_over(
    duty_id: UUID,
    request: HandOverRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> DutyView:
    await _require(caller, uow, duty_id)
    at = occurred(request.occurred_at, uow.now)
    held = await handlers.hand_over(duty_id, request.to.holder(), version, uow, at)
    set_etag(response, held.version)
    return _duty(held)


@commands.post("/duties/{duty_id}/swap", summary="对调班次")
async def swap(
    duty_id: UUID, request: SwapRequest, caller: Caller, version: IfMatch, uow: Work
) -> list[DutyView]:
    """The two take each other's duty; `If-Match` is the version of the first."""
    await _require(caller, uow, duty_id, request.with_duty_id)
    at = occurred(request.occurred_at, uow.now)
    swapped = await handlers.swap(duty_id, request.with_duty_id, version, uow, at)
    return [_duty(held) for held in swapped]


@commands.post("/duties/{duty_id}/attendance", summary="登记到岗情况")
async def record(
    duty_id: UUID,
    request: AttendanceRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> DutyView:
    """Once the duty has begun. Another outcome corrects the first, points included."""
    await _require(caller, uow, duty_id)
    at = occurred(request.occurred_at, uow.now)
    held = await handlers.record(duty_id, request.outcome, version, uow, at)
    set_etag(response, held.version)
    return _duty(held)


async def _require(caller: Caller, uow: Work, *duty_ids: UUID) -> None:
    for held in await tables.lock(uow.session, *duty_ids):
        caller.require(Action.MANAGE_SERVICE, held.duty.area)


def _duty(held: Held) -> DutyView:
    duty = held.duty
    return DutyView(
        **{name: value for name, value in vars(duty).items() if name not in {"holder", "released"}},
        slot_id=held.slot_id,
        holder_id=duty.holder.holder_id,
        holder_kind=duty.holder.kind,
        version=held.version,
    )
