"""What is sealed, over HTTP: masked for whoever sees it, in full for a purpose and on record."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, model_validator

from services.chassis import personal
from services.chassis.auth import Principal
from services.chassis.errors import NotFound
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import PersonName, Phone

Purpose = Annotated[
    str,
    Query(
        min_length=2,
        max_length=120,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="Why it is read; kept with the record of the reading.",
    ),
]

Fields = dict[str, str]


class Contact(BaseModel):
    """Whom to call; each room says under whose key it is sealed."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.name is None and self.phone is None:
            raise ValueError("请填姓名或电话 (give a name or a phone)")
        return self

    def fields(self) -> Fields:
        return self.model_dump(exclude_none=True)


async def masked(context: ServiceContext, ids: Collection[UUID]) -> dict[UUID, Fields]:
    """By the id they are sealed under, of those that are known."""
    return await personal.shown(context.database.pool, context.vault, ids) if ids else {}


async def names(context: ServiceContext, ids: Collection[UUID]) -> dict[UUID, str | None]:
    """Masked; `None` for those who were erased."""
    return {key: fields.get("name") for key, fields in (await masked(context, ids)).items()}


async def in_full(
    context: ServiceContext, caller: Principal, sealed_id: UUID, area: str, purpose: str
) -> Fields:
    """In the clear, nothing once erased. Whoever calls asked for the right to read in `area`."""
    read = await all_in_full(context, caller, {area: [sealed_id]}, purpose)
    return read.get(sealed_id, {})


async def contact_in_full(
    context: ServiceContext, caller: Principal, sealed_id: UUID, area: str, purpose: str
) -> Fields:
    """`in_full` of what need not be there. Raises `NotFound`."""
    read = await in_full(context, caller, sealed_id, area, purpose)
    if not read:
        raise NotFound("Nothing is kept, or it was erased.", zh="未留存联系方式，或已按期销毁。")
    return read


async def all_in_full(
    context: ServiceContext,
    caller: Principal,
    ids: Mapping[str, Iterable[UUID]],
    purpose: str,
    fields: Collection[str] = (),
) -> dict[UUID, Fields]:
    """Of many, by the area where they are: all that is sealed, or only `fields`.

    Recorded in each area before anything is handed out.
    """
    read: dict[UUID, Fields] = {}
    async with context.database.pool.acquire() as connection, connection.transaction():
        for area, here in ids.items():
            read |= await personal.read(
                connection,
                context.vault,
                here,
                actor=caller.subject,
                purpose=purpose,
                at=context.clock(),
                area=area,
                fields=fields,
            )
    return read


async def known_as(context: ServiceContext, **texts: str | None) -> list[UUID] | None:
    """Those of whom every text that is asked for is exactly so; `None` where none is."""
    found: set[UUID] | None = None
    for field, text in texts.items():
        if text is not None:
            known = set(await personal.find(context.database.pool, context.vault, field, text))
            found = known if found is None else found & known
    return None if found is None else list(found)
