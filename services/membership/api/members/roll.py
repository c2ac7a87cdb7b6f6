"""Onto the roll, changes on it, off it and back."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field

from contracts.access import Action
from contracts.kinds.members import (
    ChangeReason,
    Education,
    Health,
    LeavingReason,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
)
from services.chassis.clock import occurred
from services.chassis.http import Caller, Context, IfMatch, Timed, Work
from services.chassis.http.fields import Code, Day
from services.chassis.ids import new_id
from services.membership.api.members.common import (
    IdentityNumber,
    MemberView,
    PersonName,
    Phone,
    answered,
    commands,
    sealed,
)
from services.membership.domain.members.states import ChangeMember, RegisterMember
from services.membership.handlers import members as handlers
from services.membership.tables import members as tables
from services.membership.tables import organisations

SEALED = frozenset({"name", "phone", "identity_number", "birth_date"})


class MemberRequest(Timed):
    """`occurred_at` is the day the member came onto this roll in this state."""

    code: Code
    organisation_id: UUID = Field(title="党支部")
    group_id: UUID | None = Field(default=None, title="党小组")
    state: Literal[
        MemberState.APPLICANT,
        MemberState.ACTIVIST,
        MemberState.TARGET,
        MemberState.PROBATIONARY,
        MemberState.FULL,
    ] = Field(title="身份")
    name: PersonName | None = None
    phone: Phone | None = None
    identity_number: IdentityNumber | None = None
    birth_date: Day | None = Field(default=None, title="出生日期")
    education: Education = Field(default=Education.UNKNOWN, title="学历")
    work_status: WorkStatus = Field(default=WorkStatus.UNKNOWN, title="就业状况")
    occupation: Occupation = Field(default=Occupation.UNKNOWN, title="职业")
    health: Health = Field(default=Health.ABLE, title="身体状况")
    hardship: bool = Field(default=False, title="是否困难党员")
    applied_on: Day | None = Field(default=None, title="申请日期")
    joined_on: Day | None = Field(default=None, title="入党日期")
    full_on: Day | None = Field(default=None, title="转正日期")
    probation_until: Day | None = Field(default=None, title="预备期满日期")


class MemberChange(Timed):
    """Fields left out stay as they are; `group_id: null` takes the group away."""

    group_id: UUID | None = Field(default=None, title="党小组")
    name: PersonName | None = None
    phone: Phone | None = None
    identity_number: IdentityNumber | None = None
    birth_date: Day | None = Field(default=None, title="出生日期")
    education: Education | None = Field(default=None, title="学历")
    work_status: WorkStatus | None = Field(default=None, title="就业状况")
    occupation: Occupation | None = Field(default=None, title="职业")
    health: Health | None = Field(default=None, title="身体状况")
    hardship: bool | None = Field(default=None, title="是否困难党员")


class Reassignment(Timed):
    """Between branches of one committee's roll; between committees there is a transfer."""

    organisation_id: UUID = Field(title="调入党支部")
    group_id: UUID | None = Field(default=None, title="党小组")
    reason: Literal[ChangeReason.REASSIGNED, ChangeReason.CORRECTED] = Field(
        default=ChangeReason.REASSIGNED, title="事由"
    )


class Leaving(Timed):
    leaving: LeavingReason = Field(title="离开原因")


class Return(Timed):
    state: MemberState = Field(title="恢复后的身份")
    organisation_id: UUID | None = Field(default=None, title="党支部", description="Else the last.")


class Erasure(Timed):
    """Nothing to say but when."""


class Locating(Timed):
    whereabouts: Whereabouts = Field(title="流动状态")
    host_id: UUID | None = Field(default=None, title="流入地党组织")


@commands.post("/members", status_code=201, summary="登记党员（含申请人、积极分子）")
async def register_member(
    request: MemberRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> MemberView:
    """An identity number is registered once on the platform, in whatever branch."""
    place = await organisations.find_organisation(uow.session, request.organisation_id)
    caller.require(Action.MANAGE_MEMBERS, place.area if place else _anywhere(caller))
    told = request.model_dump(exclude={"occurred_at"})
    command = RegisterMember(
        member_id=new_id(),
        **{name: value for name, value in told.items() if name not in SEALED},
        personal=sealed(told),
    )
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.register(command, uow, context.vault, at)
    return answered(row, caller, response)


@commands.patch("/members/{member_id}", summary="变更党员信息")
async def change_member(
    member_id: UUID,
    request: MemberChange,
    context: Context,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> MemberView:
    await _mine(member_id, caller, uow)
    told = request.model_dump(exclude={"occurred_at"})
    command = ChangeMember(
        **{name: value for name, value in told.items() if name not in SEALED},
        no_group="group_id" in request.model_fields_set and request.group_id is None,
        personal=sealed(told),
    )
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.change(uow, context.vault, member_id, command, version, at)
    return answered(row, caller, response)


@commands.post("/members/{member_id}/reassign", summary="调整党支部")
async def reassign(
    member_id: UUID, request: Reassignment, caller: Caller, uow: Work, response: Response
) -> MemberView:
    """Needs the right where the member is and where it goes."""
    at = await _mine(member_id, caller, uow, request.occurred_at)
    place = await organisations.find_organisation(uow.session, request.organisation_id)
    if place is not None:
        caller.require(Action.MANAGE_MEMBERS, place.area)
    row = await handlers.move(
        uow, member_id, request.organisation_id, request.reason, at, group_id=request.group_id
    )
    return answered(row, caller, response)


@commands.post("/members/{member_id}/leave", summary="登记离开")
async def leave(
    member_id: UUID, request: Leaving, caller: Caller, uow: Work, response: Response
) -> MemberView:
    """For a transfer there is `/v1/transfers`, which sees to it that somebody receives."""
    at = await _mine(member_id, caller, uow, request.occurred_at)
    row = await handlers.leave(uow, member_id, request.leaving, at)
    return answered(row, caller, response)


@commands.post("/members/{member_id}/return", summary="恢复党籍或重新申请入党")
async def come_back(
    member_id: UUID, request: Return, caller: Caller, uow: Work, response: Response
) -> MemberView:
    at = await _mine(member_id, caller, uow, request.occurred_at)
    row = await tables.member(uow.session, member_id)
    place_id = request.organisation_id or row.organisation_id
    place = await organisations.find_organisation(uow.session, place_id)
    if place is not None:
        caller.require(Action.MANAGE_MEMBERS, place.area)
    anew = request.state is MemberState.APPLICANT
    reason = ChangeReason.REAPPLIED if anew else ChangeReason.RESTORED
    row = await handlers.come_back(uow, member_id, request.state, place_id, reason, at)
    return answered(row, caller, response)


@commands.post("/members/{member_id}/whereabouts", summary="登记流动、失联或返回")
async def locate(
    member_id: UUID, request: Locating, caller: Caller, uow: Work, response: Response
) -> MemberView:
    """From `occurred_at` on. A host branch looks after the member, who still counts at home."""
    at = await _mine(member_id, caller, uow, request.occurred_at)
    row = await handlers.locate(uow, member_id, request.whereabouts, at, host_id=request.host_id)
    return answered(row, caller, response)


@commands.post("/members/{member_id}/erase", summary="清除个人信息")
async def erase(
    member_id: UUID, request: Erasure, caller: Caller, uow: Work, response: Response
) -> MemberView:
    """Destroys the person's key for good. Refused for whoever is on a roll."""
    at = await _mine(member_id, caller, uow, request.occurred_at)
    caller.require(Action.READ_PERSONAL, (await tables.member(uow.session, member_id)).area)
    row = await handlers.erase(uow, member_id, at)
    return answered(row, caller, response)


def _anywhere(caller: Caller) -> str:
    """Where the organisation is unknown: some area the caller manages, so that is said instead."""
    granted = caller.areas(Action.MANAGE_MEMBERS)
    if not granted:
        caller.refuse(Action.MANAGE_MEMBERS)
    return granted[0]


async def _mine(
    member_id: UUID, caller: Caller, uow: Work, given: datetime | None = None
) -> datetime:
    """The business time of a command about a member whom the caller may manage."""
    row = await tables.member(uow.session, member_id)
    caller.require(Action.MANAGE_MEMBERS, row.area)
    return occurred(given, uow.now)
