"""What the routes of this room share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import inspect
from sqlmodel import col

from contracts.access import Action
from services.bases.handlers.lecturers.claims import Permit
from services.bases.tables.lecturers import claims
from services.bases.tables.lecturers.rows import LecturerRow
from services.chassis.auth import Principal
from services.chassis.http import Page, sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Kind
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Condition, Filters, PageQuery
from services.chassis.http.words import of_family
from services.chassis.rows import Row

R = TypeVar("R", bound=Row)
V = TypeVar("V", bound=BaseModel)

TAGS = ["讲师"]

Handled = Annotated[
    LecturerRow, held(LecturerRow, "讲师", Action.HANDLE_BOOKINGS, first=claims.lock_one)
]
Seen = Annotated[LecturerRow, seen(LecturerRow, "讲师")]

Skill = Annotated[Kind, Field(title="所需专长", description="A code of `lecturer-skill`.")]
RoleCode = Annotated[str, of_family("lecturer-role")]
SkillCode = Annotated[str, of_family("lecturer-skill")]


class Person(BaseModel):
    """Who it is, as far as everybody may see; empty once erased."""

    name: str | None = Field(default=None, title="姓名（脱敏）")
    phone: str | None = Field(default=None, title="电话（脱敏）")


async def shown(context: ServiceContext, view: type[V], rows: Sequence[Any]) -> list[V]:
    """Of rows that say whose they are, with what one may see of that person."""
    who = await masked(context, [row.lecturer_id for row in rows])
    return [row.shown(view, person=who[row.lecturer_id]) for row in rows]


async def masked(context: ServiceContext, ids: Iterable[UUID]) -> defaultdict[UUID, Person]:
    known = await sealed.masked(context, set(ids))
    return defaultdict(Person, {key: Person(**fields) for key, fields in known.items()})


async def of_lecturer(
    lecturer: LecturerRow, table: type[R], paging: PageQuery, *where: Condition, order: Any = ()
) -> Page[R]:
    """A page of what is the lecturer's, wherever it lies."""
    key = col(LecturerRow.lecturer_id)
    own = [key == lecturer.lecturer_id, inspect(table).columns["lecturer_id"] == key]
    filters = Filters(within=lecturer.area)
    return await paging.rows(
        table, filters, order=order, area=LecturerRow.area, where=[*own, *where]
    )


def seen_by(caller: Principal) -> Permit:
    """Whom a caller may engage elsewhere than where they serve: whom they may see."""
    return partial(caller.require, Action.READ)
