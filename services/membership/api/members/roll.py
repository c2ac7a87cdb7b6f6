"""Onto the roll, changes on it, off it and back."""

from typing import Annotated, Literal
from uuid import UUID

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
from services.chassis.http import Caller, Context, Timed, Work
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Day
from services.chassis.http.held import held
from services.chassis.ids import new_id
from services.membership.api.members.common import (
    MANAGE,
    SEALED,
    Held,
    IdentityNumber,
    MemberView,
    PersonName,
    Phone,
    commands,
    sealed,
    view,
)
from services.membership.handlers.members import roll as handlers
from services.membership.handlers.members import whereabouts
from services.membership.tables import members as tables
from services.membership.tables import organisations
from services.membership.tables.members import MemberRow

Edited = Annotated[MemberRow, held(MemberRow, "党员", MANAGE, edit=True)]
Unlocked = Annotated[MemberRow, held(MemberRow, "党员", MANAGE, lock=False)]


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


@edits(
    MemberRequest,
    *("code", "organisation_id", "state", "applied_on", "joined_on", "full_on", "probation_until"),
    null=["group_id"],
)
class MemberChange(Timed):
    """Fields left out stay as they are; `group_id: null` takes the group away."""


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
    request: MemberRequest, context: Context, caller: Caller, uow: Work
) -> MemberView:
    """An identity number is registered once on the platform, in whatever branch."""
    place = await organisations.find_organisation(uow.session, request.organisation_id)
    caller.require(MANAGE, place.area if place else _anywhere(caller))
    fields = {"member_id": new_id(), **request.fields(*SEALED)}
    at = request.at(uow)
    row = await handlers.register(fields, sealed(request), uow, context.vault, at)
    return view(row, caller)


@commands.patch("/members/{member_id}", summary="变更党员信息")
async def change_member(
    member: Edited, request: MemberChange, context: Context, caller: Caller, uow: Work
) -> MemberView:
    changes = {name: each for name, each in request.changes().items() if name not in SEALED}
    at = request.at(uow)
    row = await handlers.change(member, changes, sealed(request), uow, context.vault, at)
    return view(row, caller)


@commands.post("/members/{member_id}/reassign", summary="调整党支部")
async def reassign(
    member: Unlocked, request: Reassignment, caller: Caller, uow: Work
) -> MemberView:
    """Needs the right where the member is and where it goes."""
    at, place_id = request.at(uow), request.organisation_id
    row = await _on_the_way_to(place_id, member, caller, uow)
    group = {"group_id": request.group_id}
    return view(await handlers.move(row, place_id, request.reason, uow, at, **group), caller)


@commands.post("/members/{member_id}/leave", summary="登记离开")
async def leave(member: Held, request: Leaving, caller: Caller, uow: Work) -> MemberView:
    """For a transfer there is `/v1/transfers`, which sees to it that somebody receives."""
    return view(await handlers.leave(member, request.leaving, uow, request.at(uow)), caller)


@commands.post("/members/{member_id}/return", summary="恢复党籍或重新申请入党")
async def come_back(member: Unlocked, request: Return, caller: Caller, uow: Work) -> MemberView:
    at, place_id = request.at(uow), request.organisation_id or member.organisation_id
    row = await _on_the_way_to(place_id, member, caller, uow)
    anew = request.state is MemberState.APPLICANT
    reason = ChangeReason.REAPPLIED if anew else ChangeReason.RESTORED
    return view(await handlers.come_back(row, request.state, place_id, reason, uow, at), caller)


@commands.post("/members/{member_id}/whereabouts", summary="登记流动、失联或返回")
async def locate(member: Held, request: Locating, caller: Caller, uow: Work) -> MemberView:
    """From `occurred_at` on. A host branch looks after the member, who still counts at home."""
    place, at = request.whereabouts, request.at(uow)
    return view(await whereabouts.locate(member, place, request.host_id, uow, at), caller)


@commands.post("/members/{member_id}/erase", summary="清除个人信息")
async def erase(member: Held, request: Erasure, caller: Caller, uow: Work) -> MemberView:
    """Destroys the person's key for good. Refused for whoever is on a roll."""
    at = request.at(uow)
    caller.require(Action.READ_PERSONAL, member.area)
    return view(await handlers.erase(member, uow, at), caller)


async def _on_the_way_to(
    organisation_id: UUID, member: MemberRow, caller: Caller, uow: Work
) -> MemberRow:
    """The member, locked after the branch: a merger takes its locks in this order, too."""
    place = await organisations.find_organisation(uow.session, organisation_id)
    if place is not None:
        caller.require(MANAGE, place.area)
    return await tables.member(uow.session, member.member_id, lock=True)


def _anywhere(caller: Caller) -> str:
    """Where the organisation is unknown: some area the caller manages, so that is said instead."""
    granted = caller.areas(MANAGE)
    if not granted:
        caller.refuse(MANAGE)
    return granted[0]
