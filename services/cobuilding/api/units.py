"""Resident units and whom to call there."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.units import UnitStatus
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, part_of, with_past
from services.chassis.http.lists import as_file
from services.chassis.http.sealed import Purpose
from services.chassis.http.words import called, of_family
from services.chassis.ids import new_id
from services.cobuilding.domain import units as domain
from services.cobuilding.domain.units import ContactPoint, Unit
from services.cobuilding.handlers import units as handlers
from services.cobuilding.tables.rows import EmployerRow
from services.cobuilding.tables.units import ContactPointRow, UnitRow

TAGS = ["单位"]
commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Held = Annotated[UnitRow, held(UnitRow, "单位", Action.MANAGE_COBUILDING)]
Edited = Annotated[UnitRow, held(UnitRow, "单位", Action.MANAGE_COBUILDING, edit=True)]
Seen = Annotated[UnitRow, seen(UnitRow, "单位")]
HeldPoint = Annotated[ContactPointRow, held(ContactPointRow, "联络点", Action.MANAGE_COBUILDING)]
SeenPoint = Annotated[ContactPointRow, seen(ContactPointRow, "联络点", Action.MANAGE_COBUILDING)]

CreditCode = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-HJ-NP-RTUW-Y]{18}$",
        title="统一社会信用代码",
        description="18 places, GB 32100.",
    ),
]


class UnitRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    traits: list[Kind] = Field(default_factory=list, title="单位特征", max_length=20)
    area: AreaCode
    credit_code: CreditCode | None = None
    employer_id: UUID | None = Field(
        default=None, title="来源单位", description="Membership's employer that it is."
    )


@edits(UnitRequest, "code", null=["credit_code", "employer_id"])
class UnitChange(Timed):
    """Fields left out stay as they are."""


class UnitView(Unit):
    kind: Annotated[str, of_family("unit")] = Field(title="单位类别")
    employer_id: Annotated[UUID | None, called(EmployerRow.name)] = Field(title="来源单位")
    version: int


class UnitFilters(Filters):
    code: Sought | None = None
    kind: Sought | None = None
    status: UnitStatus | None = None
    employer_id: UUID | None = None
    credit_code: Sought | None = None
    q: Annotated[Sought | None, part_of("name")] = Field(
        default=None, description="Part of the name."
    )


class Contact(sealed.Contact):
    """Sealed at once, under a key of the contact point's own; shown masked."""


class ContactShown(BaseModel):
    name: str | None = Field(default=None, title="联系人（已脱敏）")
    phone: str | None = Field(default=None, title="电话（已脱敏）")


class ContactPointRequest(Timed):
    kind: Kind = Field(title="联络类别")
    contact: Contact


class ContactPointView(ContactPoint):
    unit_id: Annotated[UUID, called(UnitRow.name)] = Field(title="单位")
    kind: Annotated[str, of_family("contact")] = Field(title="联络类别")
    contact: ContactShown = Field(default_factory=ContactShown, title="联系方式（已脱敏）")
    version: int


class ContactPointFilters(Filters):
    unit_id: UUID | None = None
    kind: Sought | None = None
    closed: Annotated[bool, with_past("closed_on")] = Field(
        default=False, description="Show those that were closed, too."
    )


@commands.post("/units", status_code=201, summary="登记单位")
async def register_unit(request: UnitRequest, caller: Caller, uow: Work) -> UnitView:
    caller.require(Action.MANAGE_COBUILDING, request.area)
    unit = Unit(unit_id=new_id(), status=domain.REGISTER.to, **request.fields())
    return (await handlers.register(unit, uow, request.at(uow))).shown(UnitView)


@commands.patch("/units/{unit_id}", summary="变更单位")
async def change_unit(unit: Edited, request: UnitChange, caller: Caller, uow: Work) -> UnitView:
    """A change of area needs the right in both."""
    changes = request.changes()
    caller.require(Action.MANAGE_COBUILDING, changes.get("area", unit.area))
    return (await handlers.change(unit, changes, uow, request.at(uow))).shown(UnitView)


@commands.post("/units/{unit_id}/departure", summary="登记单位退出")
async def leave(unit: Held, request: Timed, uow: Work) -> UnitView:
    """Its contact points are closed, and erased."""
    return (await handlers.leave(unit, uow, request.at(uow))).shown(UnitView)


@commands.post("/units/{unit_id}/return", summary="恢复与单位的联系")
async def come_back(unit: Held, request: Timed, uow: Work) -> UnitView:
    return (await handlers.come_back(unit, uow, request.at(uow))).shown(UnitView)


@commands.post("/units/{unit_id}/contact-points", status_code=201, summary="设立联络点")
async def open_contact(
    unit: Held, request: ContactPointRequest, context: Context, uow: Work
) -> ContactPointView:
    """The answer says nothing of whom to call: answers of commands are kept for repetition."""
    contact, at = request.contact.fields(), request.at(uow)
    point = await handlers.open_contact(unit, request.kind, contact, context.vault, uow, at)
    return _point(point, {})


@commands.put("/contact-points/{contact_point_id}/contact", status_code=204, summary="更正联系方式")
async def correct_contact(
    point: HeldPoint, request: Contact, context: Context, uow: Work
) -> Response:
    """What is left out stays as it was."""
    await handlers.correct_contact(point, request.fields(), context.vault, uow)
    return Response(status_code=204)


@commands.post("/contact-points/{contact_point_id}/closure", summary="撤销联络点")
async def close_contact(point: HeldPoint, request: Timed, uow: Work) -> ContactPointView:
    return _point(await handlers.close_contact(point, uow, request.at(uow)), {})


@as_file(queries, "驻区单位")
@queries.get("/units", summary="单位列表")
async def list_units(filters: Annotated[UnitFilters, Query()], paging: Paging) -> Page[UnitView]:
    """In order of code."""
    return await paging.shown(UnitRow, UnitView, filters, order="code")


@queries.get("/units/{unit_id}", summary="单个单位")
async def get_unit(unit: Seen) -> UnitView:
    return unit.shown(UnitView)


@as_file(queries, "联络点")
@queries.get("/contact-points", summary="联络点列表")
async def list_contact_points(
    filters: Annotated[ContactPointFilters, Query()], paging: Paging
) -> Page[ContactPointView]:
    """Contact data masked."""
    page = await paging.rows(ContactPointRow, filters)
    known = await sealed.masked(paging.context, [row.contact_point_id for row in page.items])
    return page.of([_point(row, known.get(row.contact_point_id, {})) for row in page.items])


@queries.get("/contact-points/{contact_point_id}/contact", summary="查看联系方式（留痕）")
async def read_contact(
    point: SeenPoint, purpose: Purpose, context: Context, caller: Caller
) -> ContactShown:
    """In full, for whoever manages the unit. Who read it, and why, is recorded."""
    key, area = point.contact_point_id, point.area
    return ContactShown(**await sealed.contact_in_full(context, caller, key, area, purpose))


def _point(row: ContactPointRow, contact: dict[str, str]) -> ContactPointView:
    return ContactPointView(**row.model_dump(), contact=ContactShown(**contact))


routers = (commands, queries)
