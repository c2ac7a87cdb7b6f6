"""What requests and answers about members have in common."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, Field

from contracts.access import Action
from contracts.kinds.members import (
    Education,
    Health,
    LeavingReason,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
)
from services.chassis.auth import Principal
from services.chassis.http import command_router, set_etag
from services.chassis.http.problems import RESPONSES
from services.chassis.spelling import plain
from services.membership.tables.members import MemberRow

commands = command_router(tags=["党员"])
queries = APIRouter(prefix="/v1", tags=["党员"], responses=dict(RESPONSES))

_VISIBLE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
PersonName = Annotated[
    str,
    AfterValidator(str.strip),
    Field(min_length=1, max_length=60, pattern=_VISIBLE, title="姓名"),
]
Phone = Annotated[
    str, AfterValidator(plain), Field(max_length=30, pattern=r"^\+?[0-9()-]{5,20}$", title="电话")
]
IdentityNumber = Annotated[
    str, AfterValidator(plain), Field(min_length=18, max_length=30, title="公民身份号码")
]
"""Eighteen places, however spaced; the rules look at the check digit."""


class MemberView(BaseModel):
    """`personal` is masked, and only where a list or a member is read: answers of commands are
    kept for repetition, and hold no personal data. Health and hardship need `members.manage`.
    """

    member_id: UUID
    code: str = Field(title="党员代码")
    organisation_id: UUID = Field(title="党支部")
    group_id: UUID | None = Field(title="党小组")
    area: str = Field(title="区划")
    state: MemberState = Field(title="身份")
    leaving: LeavingReason | None = Field(title="离开原因")
    since: date = Field(title="最近变更日期")
    education: Education = Field(title="学历")
    work_status: WorkStatus = Field(title="就业状况")
    occupation: Occupation = Field(title="职业")
    whereabouts: Whereabouts = Field(title="流动状态")
    whereabouts_since: date | None = Field(title="流动或失联起始日期")
    applied_on: date | None = Field(title="申请日期")
    joined_on: date | None = Field(title="入党日期")
    full_on: date | None = Field(title="转正日期")
    probation_until: date | None = Field(title="预备期满日期")
    health: Health | None = Field(default=None, title="身体状况")
    hardship: bool | None = Field(default=None, title="是否困难党员")
    personal: dict[str, str] | None = Field(default=None, title="个人信息（已遮挡）")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


def may_manage(caller: Principal, area: str) -> bool:
    return any(area.startswith(granted) for granted in caller.areas(Action.MANAGE_MEMBERS))


def view(
    row: MemberRow, caller: Principal, personal: Mapping[str, str] | None = None
) -> MemberView:
    """The member as `caller` may see it."""
    told = row.model_dump(exclude={"identity_digest", "birth_year", "joining_due", "attempt"})
    if not may_manage(caller, row.area):
        told |= {"health": None, "hardship": None}
    return MemberView(**told, personal=dict(personal) if personal is not None else None)


def answered(row: MemberRow, caller: Principal, response: Response) -> MemberView:
    """The answer of a command."""
    set_etag(response, row.version)
    return view(row, caller)


def sealed(said: Mapping[str, Any]) -> dict[str, str]:
    """Of a body's members those that are sealed, as text."""
    names = ("name", "phone", "identity_number", "birth_date")
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name in names
        if (value := said.get(name)) is not None
    }
