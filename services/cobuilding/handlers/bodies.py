"""Bodies are founded, change, and are dissolved with all of their seats."""

from datetime import datetime
from typing import Any

from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain import bodies as domain
from services.cobuilding.domain import seats as seating
from services.cobuilding.domain.bodies import Body, Layer
from services.cobuilding.handlers import seats
from services.cobuilding.tables import bodies as tables
from services.cobuilding.tables.bodies import BodyRow
from services.cobuilding.tables.rows import AreaRow


async def found(fields: dict[str, Any], uow: UnitOfWork, at: datetime) -> BodyRow:
    """Without `layers` it has those that its kind says.

    Raises `AreaUnknown`, `UnknownKind`, `CodeTaken`, `OrganisationUnknown`, `OrganisationGone` or
    `LayerRepeated`.
    """
    on = business_date(at)
    await kinds.check(uow.session, "body", fields["kind"], on, "kind")
    if fields["layers"] is None:
        traits = (await kinds.of(uow.session, "body", fields["kind"])).traits
        fields = fields | {"layers": Layer.of_kind(traits)}
    body = Body(**fields, body_id=new_id(), status=domain.FOUND.to, founded_on=on)
    await check_area(uow.session, AreaRow, body.area)
    await seats.check_organisation(body.organisation_id, uow)
    await check_code(uow.session, BodyRow, body.code, "组织体代码")
    event = domain.found(body)
    return uow.begin(BodyRow.of(body, recorded_at=uow.now), event, at)


async def change(body: BodyRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime) -> BodyRow:
    """Raises what founding raises, `LayerTaken` or `BodySeated`."""
    was, now = body.as_state(Body), body.as_state(Body, **changes)
    if now.kind != was.kind:
        await kinds.check(uow.session, "body", now.kind, business_date(at), "kind")
    if now.area != was.area:
        await check_area(uow.session, AreaRow, now.area)
    if now.organisation_id != was.organisation_id:
        await seats.check_organisation(now.organisation_id, uow)
    held = await tables.held_in(uow.session, [body.body_id])
    event = domain.change(was, now, seating.seated(held), len(held))
    if event is None:
        return body
    return uow.step(body, event, at, **{name: getattr(now, name) for name in changes})


async def dissolve(body: BodyRow, uow: UnitOfWork, at: datetime) -> BodyRow:
    """Raises `DayOutOfOrder` for a day before it was founded or a seat was taken."""
    on = business_date(at)
    event = domain.dissolve(body, on)
    await seats.end_of_body(body.body_id, uow, at)
    return uow.step(body, event, at, status=domain.DISSOLVE.to, dissolved_on=on)
