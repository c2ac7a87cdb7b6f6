"""Reading what is sealed, and who did."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis import personal
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import Sought
from services.chassis.http.scopes import areas_to_list
from services.membership.api.members.common import queries
from services.membership.tables import members as tables
from services.membership.tables import readings
from services.membership.tables.readings import Asked, Reading

Purpose = Annotated[
    str,
    Query(
        min_length=2,
        max_length=120,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Why it is read; kept with the record of the reading.",
    ),
]
PART = 1000


class PersonalView(BaseModel):
    member_id: UUID
    fields: dict[str, str] = Field(title="个人信息", description="Empty once erased.")


class ReadingView(BaseModel):
    reading_id: UUID
    subject_id: UUID = Field(title="对象编号")
    actor: str = Field(title="查看人")
    fields: list[str] = Field(title="查看内容")
    purpose: str = Field(title="用途")
    read_at: datetime = Field(title="查看时刻")
    area: str | None = Field(title="区划")


@queries.get("/members/{member_id}/personal", summary="查看党员个人信息（留痕）")
async def get_personal(
    member_id: UUID, context: Context, caller: Caller, purpose: Purpose
) -> PersonalView:
    """In full. The reading is recorded before the answer leaves."""
    async with context.database.sessions() as session:
        row = await tables.member(session, member_id)
    caller.require(Action.READ_PERSONAL, row.area)
    async with context.database.pool.acquire() as connection, connection.transaction():
        opened = await personal.read(
            connection,
            context.vault,
            [member_id],
            actor=caller.subject,
            purpose=purpose,
            at=context.clock(),
            area=row.area,
        )
    return PersonalView(member_id=member_id, fields=opened.get(member_id, {}))


def _asked(
    caller: Caller,
    within: Annotated[AreaCode | None, Query()] = None,
    subject_id: UUID | None = None,
    actor: Sought | None = None,
) -> Asked:
    return Asked(areas_to_list(caller, within, Action.AUDIT), subject_id, actor)


@queries.get("/personal-readings", summary="个人信息查看记录")
async def list_readings(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    subject_id: UUID | None = None,
    actor: Sought | None = None,
    limit: Limit = 50,
) -> Page[ReadingView]:
    """Who read whose personal data and why, in the order in which it happened."""
    asked = _asked(caller, within, subject_id, actor)
    after = UUID(cursor[0]) if cursor else None
    rows = await readings.listed(context.database.pool, asked, after, limit + 1)
    return page_of(rows, limit, _shown, lambda row: (row.reading_id,))


@queries.get("/personal-readings/export", summary="导出查看记录", response_class=Response)
async def export_readings(
    *,
    context: Context,
    caller: Caller,
    within: Annotated[AreaCode | None, Query()] = None,
    subject_id: UUID | None = None,
    actor: Sought | None = None,
    form: Annotated[Format, Query(alias="format")] = "xlsx",
) -> Response:
    asked = _asked(caller, within, subject_id, actor)

    async def lines() -> AsyncIterator[Sequence[Cell]]:
        after: UUID | None = None
        while part := await readings.listed(context.database.pool, asked, after, PART):
            for row in part:
                yield (
                    row.read_at,
                    row.actor,
                    str(row.person_id),
                    "、".join(row.fields),
                    row.purpose,
                    row.area or "",
                )
            after = part[-1].reading_id

    headings = ("查看时刻", "查看人", "对象编号", "查看内容", "用途", "区划")
    return await exported("个人信息查看记录", headings, lines(), form)


def _shown(row: Reading) -> ReadingView:
    return ReadingView(
        reading_id=row.reading_id,
        subject_id=row.person_id,
        actor=row.actor,
        fields=row.fields,
        purpose=row.purpose,
        read_at=row.read_at,
        area=row.area,
    )
