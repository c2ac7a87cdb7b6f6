"""Reading what is sealed."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from services.chassis.http import Caller, Context, sealed
from services.membership.api.members.common import Personal, queries

Purpose = Annotated[
    str,
    Query(
        min_length=2,
        max_length=120,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Why it is read; kept with the record of the reading.",
    ),
]


class PersonalView(BaseModel):
    member_id: UUID
    fields: dict[str, str] = Field(title="个人信息", description="Empty once erased.")


@queries.get("/members/{member_id}/personal", summary="查看党员个人信息（留痕）")
async def get_personal(
    member: Personal, context: Context, caller: Caller, purpose: Purpose
) -> PersonalView:
    """In full. The reading is recorded before the answer leaves."""
    opened = await sealed.in_full(context, caller, member.member_id, member.area, purpose)
    return PersonalView(member_id=member.member_id, fields=opened)
