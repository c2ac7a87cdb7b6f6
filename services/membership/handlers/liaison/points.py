"""Opening, changing and closing liaison points."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.chassis import kinds
from services.chassis.clock import business_date, from_day
from services.chassis.http import versions
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import points as domain
from services.membership.domain.liaison.points import ChangePoint, Point
from services.membership.handlers.liaison import rotas
from services.membership.handlers.liaison.references import area_of, check_code
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import (
    PointRow,
    columns_of_point,
    point_of,
    rota_of,
)


async def open_point(point: Point, uow: UnitOfWork, at: datetime) -> PointRow:
    """Raises `CodeTaken`, `AreaUnknown`, `OrganisationUnknown`, `UnknownKind`, a rule's refusal."""
    await check_code(uow, PointRow, point.code)
    await _check_artefacts(uow, point.artefacts, at)
    event = domain.open_point(point, await area_of(uow, point.organisation_id, point.area))
    row = PointRow(**columns_of_point(point), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=from_day(point.opened_on, at))
    return row


async def change_point(
    point_id: UUID, command: ChangePoint, expected: int, uow: UnitOfWork, at: datetime
) -> PointRow:
    """Raises `PreconditionFailed` when the caller saw another version than `expected`."""
    row = await store.load(uow.session, PointRow, point_id, lock=True)
    versions.check(expected, row.version)
    current = point_of(row)
    await _check_artefacts(uow, command.given.get("artefacts", ()), at)
    wanted = replace(current, **command.given)
    area = await area_of(uow, wanted.organisation_id, wanted.area)
    if (changed := domain.change_point(command, current, area)) is not None:
        point, event = changed
        row.sqlmodel_update(columns_of_point(point) | {"version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def close_point(
    point_id: UUID, on: date, expected: int, uow: UnitOfWork, at: datetime
) -> PointRow:
    """Its rotas end with it."""
    row = await store.load(uow.session, PointRow, point_id, lock=True)
    versions.check(expected, row.version)
    event = domain.close_point(point_of(row), on)
    for rota in await store.rotas_at(uow.session, point_id):
        await rotas.end_row(rota, max(on, rota_of(rota).effective_from), uow, at)
    row.closed_on, row.version = on, row.version + 1
    uow.announce(event, version=row.version, occurred_at=from_day(on, at))
    return row


async def _check_artefacts(uow: UnitOfWork, codes: Sequence[str], at: datetime) -> None:
    for code in codes:
        await kinds.check(uow.session, "liaison-artefact", code, business_date(at), "artefacts")
