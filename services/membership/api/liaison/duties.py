"""Single duties over HTTP: one-off visits, hand-over, swap, attendance."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.liaison import DutyKind, DutyOutcome
from services.chassis.http import Caller, IfMatch, Timed, Work, command_router, versions
from services.chassis.http.fields import Instant
from services.membership.api.liaison.common import HolderRequest
from services.membership.domain.liaison.duties import Duty, KeptDuty
from services.membership.domain.liaison.points import check_order
from services.membership.handlers.liaison import duties as handlers
from services.membership.tables.liaison import duties as tables

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


class DutyView(Duty):
    pass


async def _locked(duty_id: UUID, caller: Caller, uow: Work, version: IfMatch) -> KeptDuty:
    return (await _permitted(caller, uow, version, duty_id))[0]


Edited = Annotated[KeptDuty, Depends(_locked)]
"""As the caller saw it, and ours until the transaction ends."""


@commands.post("/duties", status_code=201, summary="安排单次值勤或督导")
async def arrange(request: ArrangeRequest, caller: Caller, uow: Work) -> list[DutyView]:
    """Outside any rota: a supervision visit to a branch, a walk through an estate."""
    caller.require(Action.MANAGE_SERVICE, request.area)
    check_order(request.starts_at, request.ends_at, field="ends_at")
    holders = [each.holder() for each in request.holders]
    slot = handlers.slot_of(holders, point_id=None, **request.fields("holders"))
    return [_view(duty) for duty in await handlers.arrange(slot, uow, request.at(uow))]


@commands.post("/duties/{duty_id}/hand-over", summary="换人值班")
async def hand_over(duty: Edited, request: HandOverRequest, uow: Work) -> DutyView:
    return _view(await handlers.hand_over(duty, request.to.holder(), uow, request.at(uow)))


@commands.post("/duties/{duty_id}/swap", summary="对调班次")
async def swap(
    duty_id: UUID, request: SwapRequest, caller: Caller, version: IfMatch, uow: Work
) -> list[DutyView]:
    """The two take each other's duty; `If-Match` is the version of the first."""
    first, second = await _permitted(caller, uow, version, duty_id, request.with_duty_id)
    return [_view(duty) for duty in await handlers.swap(first, second, uow, request.at(uow))]


@commands.post("/duties/{duty_id}/attendance", summary="登记到岗情况")
async def record(duty: Edited, request: AttendanceRequest, uow: Work) -> DutyView:
    """Once the duty has begun. Another outcome corrects the first, points included."""
    return _view(await handlers.record(duty, request.outcome, uow, request.at(uow)))


async def _permitted(caller: Caller, uow: Work, version: int, *duty_ids: UUID) -> list[KeptDuty]:
    """Locked in one order by everybody; `version` is that of the first."""
    duties = await tables.lock(uow.session, *duty_ids)
    for duty in duties:
        caller.require(Action.MANAGE_SERVICE, duty.area)
    versions.check(version, duties[0].version)
    return duties


def _view(duty: Duty) -> DutyView:
    return DutyView(**duty.model_dump())
