"""What the routes of volunteering share: holders, contact data, lists and files of rows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.members import HolderKind
from services.chassis.auth import Principal
from services.chassis.errors import Defect
from services.chassis.http import Timed
from services.chassis.http.context import ServiceContext
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.scopes import areas_to_list
from services.membership.domain.volunteering.holders import Holder
from services.membership.tables.rows import Row
from services.membership.tables.volunteering import rows as tables

R = TypeVar("R", bound=Row)
PART = 500
"""Rows read at a time for a file."""

Within = Annotated[AreaCode | None, Query(description="Only in this area.")]
AsFile = Annotated[Format, Query(alias="format")]
Purpose = Annotated[
    str,
    Query(
        min_length=2,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Why it is read; recorded with who read it.",
    ),
]
Text = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Line = Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Contact(BaseModel):
    """Whom to reach; sealed at once under a key of the case's own, shown masked."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = Field(default=None, title="联系人")
    phone: Line | None = Field(default=None, title="联系电话")
    address: Line | None = Field(default=None, title="地址")
    wish: Text | None = Field(default=None, title="具体内容")

    def fields(self) -> dict[str, str]:
        return {name: text for name, text in self.model_dump(exclude_none=True).items() if text}


class Shown(BaseModel):
    """Contact data as asked for, or masked; empty once erased."""

    name: str | None = Field(default=None, title="联系人")
    phone: str | None = Field(default=None, title="联系电话")
    address: str | None = Field(default=None, title="地址")
    wish: str | None = Field(default=None, title="具体内容")


class MayHold(Timed):
    """Names one who serves: a member, or a working member registered here."""

    member_id: UUID | None = Field(default=None, title="党员编号")
    registrant_id: UUID | None = Field(default=None, title="在职党员报到编号")

    def holder(self) -> Holder | None:
        if self.member_id is not None:
            return Holder(self.member_id, HolderKind.MEMBER)
        if self.registrant_id is not None:
            return Holder(self.registrant_id, HolderKind.REGISTRANT)
        return None

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.member_id is not None and self.registrant_id is not None:
            raise ValueError("党员编号与在职党员报到编号只填一个 (give one id, not both)")
        return self


class MustHold(MayHold):
    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.member_id is None and self.registrant_id is None:
            raise ValueError("须填党员编号或在职党员报到编号 (give the id of who serves)")
        return self

    def who(self) -> Holder:
        found = self.holder()
        if found is None:
            raise Defect("a body without a holder passed the validator")
        return found


class HolderShown(BaseModel):
    member_id: UUID | None = Field(default=None, title="党员编号")
    registrant_id: UUID | None = Field(default=None, title="在职党员报到编号")

    @property
    def holder_id(self) -> UUID | None:
        return self.member_id or self.registrant_id

    @property
    def holder_kind(self) -> HolderKind:
        return HolderKind.MEMBER if self.member_id else HolderKind.REGISTRANT


def holder_shown(row: Any) -> dict[str, Any]:
    """`holder_id` and `holder_kind` of a row, as the two members of a view; none for no row."""
    known = row.holder_id if row is not None else None
    member = known is not None and row.holder_kind == HolderKind.MEMBER
    return {
        "member_id": known if member else None,
        "registrant_id": None if member else known,
    }


def of_holder(member_id: UUID | None, registrant_id: UUID | None) -> dict[str, UUID | None]:
    """The filter of a list by who serves."""
    return {"holder_id": member_id or registrant_id}


async def page_rows(
    context: ServiceContext,
    caller: Principal,
    table: type[R],
    order: str,
    within: str | None,
    equal: Mapping[str, Any],
    cursor: Sequence[str] | None,
    limit: int,
    *,
    unset: str | None = None,
    action: Action = Action.READ,
) -> Sequence[R]:
    """`limit + 1` rows, as `page_of` wants them."""
    async with context.database.sessions() as session:
        return await tables.listed(
            session,
            table,
            order,
            within=areas_to_list(caller, within, action),
            after=cursor[0] if cursor else None,
            limit=limit + 1,
            equal=equal,
            unset=unset,
        )


Lines = Callable[[Sequence[R]], Awaitable[list[Sequence[Cell]]]]


async def file_of(
    context: ServiceContext,
    name: str,
    headings: Sequence[str],
    form: Format,
    table: type[R],
    order: str,
    within: Sequence[str],
    equal: Mapping[str, Any],
    lines: Lines[R],
    *,
    unset: str | None = None,
) -> Response:
    """All rows that the list with the same filters shows, as a download."""

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        after: str | None = None
        async with context.database.sessions() as session:
            while part := await tables.listed(
                session, table, order, within=within, after=after, limit=PART, equal=equal,
                unset=unset,
            ):  # fmt: skip
                for line in await lines(part):
                    yield line
                after = str(getattr(part[-1], order))
                session.expunge_all()

    return await exported(name, headings, rows(), form)


def label(codes: type[Any], code: str | None) -> str:
    return codes(code).label if code else ""
