"""Areas and organisations as membership announces them: the copy that every other service keeps.

class AreaRow(tree.Area, Row, table=True): ...
membership = Inlet(SERVICE, "membership")
tree.hear(membership, AreaRow, OrganisationRow)
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel

from contracts.event import Event
from contracts.membership.organisations import (
    AreaRegistered,
    AreaRenamed,
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationRegistered,
)
from services.chassis.bus.handling import Work
from services.chassis.bus.inlet import Inlet
from services.chassis.database import execute
from services.chassis.unit_of_work import UnitOfWork


class Area(SQLModel):
    """That the area exists, and what it is called."""

    code: str = Field(primary_key=True)
    name: str


class Organisation(SQLModel):
    organisation_id: UUID = Field(primary_key=True)
    code: str
    name: str
    kind: str
    area: str
    dissolved_on: date | None = None


TABLES: tuple[str, ...] = (
    'CREATE TABLE area (code text COLLATE "C" PRIMARY KEY, name text NOT NULL)',
    """
    CREATE TABLE organisation (
        organisation_id uuid PRIMARY KEY,
        code            text NOT NULL,
        name            text NOT NULL,
        kind            text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        dissolved_on    date
    )
    """,
)
"""For the first migration of a service that keeps the copy."""


def hear(inlet: Inlet, areas: type[Area], organisations: type[Organisation]) -> None:
    """`inlet` is that of membership."""

    @inlet.on(AreaRegistered)
    async def area_registered(event: AreaRegistered, uow: Work) -> None:
        await keep(uow, areas, code=event.area, name=event.name)

    @inlet.on(AreaRenamed)
    async def area_renamed(event: AreaRenamed, uow: Work) -> None:
        await keep(uow, areas, code=event.area, name=event.name)

    @inlet.on(OrganisationRegistered)
    async def organisation_registered(event: OrganisationRegistered, uow: Work) -> None:
        await keep(uow, organisations, **_copied(event, organisations))

    @inlet.on(OrganisationChanged)
    async def organisation_changed(event: OrganisationChanged, uow: Work) -> None:
        await keep(uow, organisations, **_copied(event, organisations))

    @inlet.on(OrganisationDissolved)
    async def organisation_dissolved(event: OrganisationDissolved, uow: Work) -> None:
        row = await uow.session.get(organisations, event.organisation_id)
        if row is not None:
            row.dissolved_on = event.dissolved_on


def _copied(event: Event, table: type[SQLModel]) -> dict[str, Any]:
    return event.model_dump(include=set(table.model_fields))


async def keep(uow: UnitOfWork, table: type[SQLModel], **values: Any) -> None:
    """As it now is, whether it was known or not."""
    row = insert(table).values(**values)
    key = [column.name for column in row.table.primary_key]
    await execute(uow.session, row.on_conflict_do_update(index_elements=key, set_=values))
