"""Fields, routers and helpers that the routes of this room share."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import AreaCode
from services.chassis.errors import Invalid
from services.chassis.http import Context, command_router, sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.export import Format
from services.chassis.http.fields import Kind, Name
from services.chassis.http.problems import RESPONSES

TAGS = ["在职党员进社区"]
PART = 500
"""Rows of an export that are fetched at a time."""

Row = TypeVar("Row")
Key = TypeVar("Key")

FileFormat = Annotated[Format, Query(alias="format")]
Within = Annotated[AreaCode | None, Query(description="Only in this area.")]
Year = Annotated[int, Field(ge=1949, le=2199, title="年度")]
Skills = Annotated[list[Kind], Field(max_length=12, title="专长", description="Best first.")]
Purpose = Annotated[
    str,
    Field(
        min_length=2,
        max_length=120,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="Why personal data is read; recorded.",
    ),
]

PersonName = Annotated[Name, Field(max_length=60, title="姓名")]
Phone = Annotated[
    str, AfterValidator(str.strip), Field(pattern=r"^\+?[0-9][0-9 -]{5,18}[0-9]$", title="电话")
]
IdentityNumber = Annotated[str, Field(pattern=r"^[0-9]{17}[0-9Xx]$", title="公民身份号码")]


class Masked(BaseModel):
    """Who it is, as far as everybody may see."""

    name: str | None = Field(default=None, title="姓名（脱敏）")
    phone: str | None = Field(default=None, title="电话（脱敏）")
    identity_number: str | None = Field(default=None, title="证件号（脱敏）")


def queries_router() -> APIRouter:
    return APIRouter(prefix="/v1", tags=list(TAGS), responses=dict(RESPONSES))


def commands_router() -> APIRouter:
    return command_router(tags=list(TAGS))


async def masked(context: ServiceContext, ids: Collection[UUID]) -> dict[UUID, Masked]:
    shown = await sealed.masked(context, ids)
    return {person_id: Masked(**fields) for person_id, fields in shown.items()}


async def every(
    context: Context,
    part: Callable[[AsyncSession, Key | None, int], Awaitable[Sequence[Row]]],
    key: Callable[[Row], Key],
) -> AsyncIterator[Sequence[Row]]:
    """All rows of a list, part by part: `part(session, after, limit)`."""
    after: Key | None = None
    async with context.database.sessions() as session:
        while rows := await part(session, after, PART):
            yield rows
            after = key(rows[-1])
            session.expunge_all()


def after_day(cursor: list[str] | None) -> tuple[date, UUID] | None:
    """The place a list in order of day goes on from. Raises `Invalid` for a foreign cursor."""
    if cursor is None:
        return None
    try:
        day, key = cursor
        return date.fromisoformat(day), UUID(key)
    except ValueError as error:
        raise _foreign_cursor() from error


def after_id(cursor: list[str] | None) -> UUID | None:
    """As `after_day`, for a list in order of id."""
    if cursor is None:
        return None
    try:
        return UUID(cursor[0])
    except ValueError as error:
        raise _foreign_cursor() from error


def _foreign_cursor() -> Invalid:
    return Invalid("`cursor` belongs to another list.", zh="cursor 不属于此列表。", field="cursor")
