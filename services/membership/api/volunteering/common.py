"""What the routes of volunteering share: holders, contact data, the right of an organisation."""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.access import Action
from contracts.kinds.members import HolderKind
from services.chassis.errors import Defect
from services.chassis.http import Caller, Timed, Work, sealed
from services.chassis.http.context import ServiceContext
from services.membership.domain.volunteering.holders import Holder
from services.membership.handlers.volunteering import references

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


class Sealed(BaseModel):
    """What is sealed at once under a key of the case's own; nothing of what was not said."""

    model_config = ConfigDict(extra="forbid")

    def fields(self) -> dict[str, str]:
        return {name: text for name, text in self.model_dump(exclude_none=True).items() if text}


class Contact(Sealed):
    """Whom to reach; sealed at once under a key of the case's own, shown masked."""

    name: Line | None = Field(default=None, title="联系人")
    phone: Line | None = Field(default=None, title="联系电话")
    address: Line | None = Field(default=None, title="地址")
    wish: Text | None = Field(default=None, title="具体内容")


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

    @model_validator(mode="before")
    @classmethod
    def _as_one_of_both(cls, row: dict[str, Any]) -> dict[str, Any]:
        """`holder_id` and `holder_kind` of a row; of none where nobody holds it."""
        kind = row.get("holder_kind")
        return row | {f"{kind}_id": row["holder_id"]} if kind else row

    @property
    def holder_id(self) -> UUID | None:
        return self.member_id or self.registrant_id

    @property
    def holder_kind(self) -> HolderKind:
        return HolderKind.MEMBER if self.member_id else HolderKind.REGISTRANT


async def contacts(context: ServiceContext, ids: Sequence[UUID]) -> dict[UUID, Shown]:
    """Masked; of each of them, be it that nothing is known."""
    known = await sealed.masked(context, ids)
    return {key: Shown(**known.get(key, {})) for key in ids}


async def check_right(caller: Caller, uow: Work, organisation_id: UUID, area: str | None) -> None:
    """To manage service where the organisation is and, if it is to be elsewhere, in that `area`."""
    organisation = await references.organisation(uow, organisation_id)
    for place in {organisation.area, area or organisation.area}:
        caller.require(Action.MANAGE_SERVICE, place)
