"""Commands on liaison points."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from services.chassis import kinds
from services.chassis.clock import business_date, from_day
from services.chassis.rows import check_code
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import points as domain
from services.membership.domain.liaison.points import Point
from services.membership.handlers.liaison import rotas
from services.membership.handlers.liaison.references import area_of
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import PointRow


async def open_point(point: Point, uow: UnitOfWork, at: datetime) -> PointRow:
    """Raises `CodeTaken`, `AreaUnknown`, `OrganisationUnknown`, `UnknownKind`, a rule's refusal."""
    await check_code(uow.session, PointRow, point.code)
    await _check_artefacts(uow, point.artefacts, at)
    event = domain.open_point(point, await area_of(uow, point.organisation_id, point.area))
    return uow.begin(PointRow.of(point, recorded_at=uow.now), event, from_day(point.opened_on, at))


async def change_point(
    row: PointRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime
) -> PointRow:
    await _check_artefacts(uow, changes.get("artefacts", ()), at)
    now = row.as_state(Point, **changes)
    area = await area_of(uow, now.organisation_id, now.area)
    event = domain.change_point(row.as_state(Point), now, area)
    return row if event is None else uow.step(row, event, at, **changes)


async def close_point(row: PointRow, on: date, uow: UnitOfWork, at: datetime) -> PointRow:
    """Its rotas end with it."""
    event = domain.close_point(row, on)
    for rota in await store.rotas_at(uow.session, row.point_id):
        await rotas.end(rota, max(on, rota.effective_from), uow, at)
    return uow.step(row, event, from_day(on, at), closed_on=on)


async def _check_artefacts(uow: UnitOfWork, codes: Sequence[str], at: datetime) -> None:
    for code in codes:
        await kinds.check(uow.session, "liaison-artefact", code, business_date(at), "artefacts")
