"""What the routes of this room share."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.bases.api.written import LecturerId
from services.bases.handlers.lecturers.claims import Permit
from services.bases.tables.lecturers import people
from services.bases.tables.lecturers.rows import LecturerRow
from services.chassis.auth import Principal
from services.chassis.clock import occurred
from services.chassis.http import Timed, command_router, sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Kind, Name
from services.chassis.http.problems import RESPONSES
from services.chassis.http.words import of_family
from services.chassis.unit_of_work import UnitOfWork

TAGS = ["讲师"]

Within = Annotated[AreaCode | None, Query(description="Only in this area.")]
PersonName = Annotated[Name, Field(max_length=60, title="姓名", description="Sealed.")]
Phone = Annotated[
    str,
    AfterValidator(str.strip),
    Field(
        pattern=r"^\+?[0-9][0-9 -]{5,18}[0-9]$", max_length=20, title="电话", description="Sealed."
    ),
]
Skill = Annotated[Kind, Field(title="所需专长", description="A code of `lecturer-skill`.")]
RoleCode = Annotated[str, of_family("lecturer-role")]
SkillCode = Annotated[str, of_family("lecturer-skill")]

__all__ = ["LecturerId"]


class Person(BaseModel):
    """Who it is, as far as everybody may see; empty once erased."""

    name: str | None = Field(default=None, title="姓名（脱敏）")
    phone: str | None = Field(default=None, title="电话（脱敏）")


def queries_router() -> APIRouter:
    return APIRouter(prefix="/v1", tags=list(TAGS), responses=dict(RESPONSES))


def commands_router() -> APIRouter:
    return command_router(tags=list(TAGS))


async def masked(context: ServiceContext, ids: Iterable[UUID]) -> dict[UUID, Person]:
    shown = await sealed.masked(context, set(ids))
    return {person_id: Person(**fields) for person_id, fields in shown.items()}


async def managed(
    lecturer_id: UUID, request: Timed, caller: Principal, uow: UnitOfWork, action: Action
) -> tuple[LecturerRow, datetime]:
    """The locked row and the time of the command, after the caller's right was checked."""
    row = await people.lecturer(uow.session, lecturer_id, lock=True)
    caller.require(action, row.area)
    return row, occurred(request.occurred_at, uow.now)


def seen_by(caller: Principal) -> Permit:
    """Whom a caller may engage elsewhere than where they serve: whom they may see."""
    return partial(caller.require, Action.READ)
