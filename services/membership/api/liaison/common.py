"""What the routes of this room share."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.kinds.members import HolderKind
from services.chassis.http.export import Format
from services.membership.domain.liaison.rotation import Holder
from services.membership.tables.liaison.store import Wanted

R = TypeVar("R")

Form = Annotated[Format, Query(alias="format")]
BATCH = 500
"""Rows that an export reads at a time."""


class HolderRequest(BaseModel):
    model_config = {"extra": "forbid"}

    holder_id: UUID = Field(title="值勤人员编号")
    holder_kind: HolderKind = Field(default=HolderKind.MEMBER, title="值勤人员类别")

    def holder(self) -> Holder:
        return Holder(self.holder_id, self.holder_kind)


async def everything(
    page: Callable[[Wanted], Awaitable[Sequence[R]]],
    wanted: Wanted,
    key: Callable[[R], Sequence[str]],
) -> AsyncIterator[R]:
    """All rows of a list, a batch at a time."""
    after: Sequence[str] | None = None
    while True:
        rows = await page(Wanted(**vars(wanted) | {"after": after, "limit": BATCH}))
        for row in rows:
            yield row
        if len(rows) < BATCH:
            return
        after = key(rows[-1])


def given(**filters: object) -> dict[str, object]:
    """The filters that were asked for."""
    return {name: value for name, value in filters.items() if value is not None}
