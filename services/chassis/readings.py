"""Who read personal data, and why, for those who audit it: in each service that keeps persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.http.fields import Sought
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.http.pages import Page, id_of, page_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list

LISTED = """
SELECT reading_id, person_id, actor, fields, purpose, read_at, area FROM personal_reading
 WHERE (area IS NULL OR EXISTS (SELECT 1 FROM unnest($1::text[]) AS one WHERE area ^@ one))
   AND ($2::uuid IS NULL OR person_id = $2)
   AND ($3::text IS NULL OR actor = $3)
   AND ($4::uuid IS NULL OR reading_id > $4)
 ORDER BY reading_id LIMIT $5
"""
"""A reading whose area nobody noted is shown to every auditor: hiding it would be worse."""


@dataclass(frozen=True)
class Asked:
    within: Sequence[str]
    subject_id: UUID | None = None
    actor: str | None = None


@dataclass(frozen=True)
class Reading:
    reading_id: UUID
    person_id: UUID
    actor: str
    fields: list[str]
    purpose: str
    read_at: datetime
    area: str | None


async def listed(
    pool: asyncpg.Pool, asked: Asked, after: UUID | None, limit: int
) -> Sequence[Reading]:
    """In the order in which they happened."""
    rows = await pool.fetch(LISTED, list(asked.within), asked.subject_id, asked.actor, after, limit)
    return [Reading(**row) for row in rows]


router = APIRouter(prefix="/v1", tags=["个人信息"], responses=dict(RESPONSES))


class ReadingView(BaseModel):
    reading_id: UUID
    read_at: datetime = Field(title="查看时刻")
    actor: str = Field(title="查看人")
    subject_id: UUID = Field(title="对象编号")
    fields: list[str] = Field(title="查看内容")
    purpose: str = Field(title="用途")
    area: str | None = Field(title="区划")


@as_file(router, "个人信息查看记录")
@router.get("/personal-readings", summary="个人信息查看记录")
async def list_readings(
    *,
    within: Annotated[AreaCode | None, Query()] = None,
    subject_id: UUID | None = None,
    actor: Sought | None = None,
    paging: Paging,
) -> Page[ReadingView]:
    """Who read whose personal data and why, in the order in which it happened."""
    asked = Asked(areas_to_list(paging.caller, within, Action.AUDIT), subject_id, actor)
    pool, after = paging.context.database.pool, id_of(paging.cursor)
    rows = await listed(pool, asked, after, paging.limit + 1)
    return page_of(rows, paging.limit, _view, lambda row: (row.reading_id,))


def _view(row: Reading) -> ReadingView:
    return ReadingView(subject_id=row.person_id, **vars(row))
