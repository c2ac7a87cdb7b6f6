"""What the routes of this room share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import inspect
from sqlmodel import col

from contracts.access import Action
from services.bases.handlers.lecturers.claims import Permit
from services.bases.tables.lecturers import people
from services.bases.tables.lecturers.rows import LecturerRow
from services.chassis.auth import Principal
from services.chassis.http import Page, sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Kind, Name
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Condition, Filters, listed
from services.chassis.http.words import of_family
from services.chassis.rows import Row

R = TypeVar("R", bound=Row)

TAGS = ["讲师"]

Handled = Annotated[
    LecturerRow, held(LecturerRow, "讲师", Action.HANDLE_BOOKINGS, first=people.lock)
]
Seen = Annotated[LecturerRow, seen(LecturerRow, "讲师")]

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


class Person(BaseModel):
    """Who it is, as far as everybody may see; empty once erased."""

    name: str | None = Field(default=None, title="姓名（脱敏）")
    phone: str | None = Field(default=None, title="电话（脱敏）")


async def masked(context: ServiceContext, ids: Iterable[UUID]) -> defaultdict[UUID, Person]:
    shown = await sealed.masked(context, set(ids))
    return defaultdict(Person, {key: Person(**fields) for key, fields in shown.items()})


async def of_lecturer(
    context: ServiceContext,
    caller: Principal,
    table: type[R],
    lecturer: LecturerRow,
    cursor: Sequence[str] | None,
    limit: int,
    *,
    order: Sequence[str] = (),
    where: Sequence[Condition] = (),
) -> Page[R]:
    """A page of what is the lecturer's, wherever it lies; `where` and `order` as in `listed`."""
    key = col(LecturerRow.lecturer_id)
    own = [key == lecturer.lecturer_id, inspect(table).columns["lecturer_id"] == key]
    return await listed(
        context, caller, table, Filters(within=lecturer.area), cursor, limit,
        order=order, area=LecturerRow.area, where=[*own, *where],
    )  # fmt: skip


def seen_by(caller: Principal) -> Permit:
    """Whom a caller may engage elsewhere than where they serve: whom they may see."""
    return partial(caller.require, Action.READ)
