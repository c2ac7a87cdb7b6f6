"""Points, rotas, visits and grids: found, locked."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.chassis.rows import for_update, inside, missing, take_turn
from services.membership.tables.liaison.rows import PointRow, ResponderRow, RotaRow, VisitRow


async def hold(session: AsyncSession, point_id: UUID) -> PointRow:
    """The point, kept open as it is until the transaction ends. Raises `NotFound`."""
    found = await session.get(
        PointRow, point_id, with_for_update={"read": True}, populate_existing=True
    )
    if found is None:
        raise missing("liaison point", point_id, "联络点")
    return found


async def rotas_at(session: AsyncSession, point_id: UUID) -> Sequence[RotaRow]:
    """The rotas of a point that have not ended, locked."""
    query = (
        select(RotaRow)
        .where(RotaRow.point_id == point_id, col(RotaRow.ended_on).is_(None))
        .order_by(col(RotaRow.rota_id))
    )
    return (await session.exec(for_update(query))).all()


async def responders(session: AsyncSession, area: str, limit: int) -> Sequence[ResponderRow]:
    """Those who respond now."""
    query = select(ResponderRow).where(
        inside(col(ResponderRow.area), [area]), col(ResponderRow.released_at).is_(None)
    )
    query = query.order_by(col(ResponderRow.responder_id)).limit(limit)
    return (await session.exec(query)).all()


async def peopled(session: AsyncSession, areas: Sequence[str]) -> set[str]:
    """Those of `areas` in which somebody responds."""
    rows = await execute(
        session,
        "SELECT a FROM unnest(CAST(:areas AS text[])) AS a WHERE EXISTS ("
        " SELECT FROM grid_responder WHERE released_at IS NULL AND area >= a AND area < a || ':')",
        {"areas": list(areas)},
    )
    return set(rows.scalars())


async def points_near(
    session: AsyncSession, areas: Sequence[str], limit: int
) -> Sequence[PointRow]:
    """Open points of the first of `areas` that has any."""
    for area in areas:
        query = (
            select(PointRow)
            .where(inside(col(PointRow.area), [area]), col(PointRow.closed_on).is_(None))
            .order_by(col(PointRow.code))
            .limit(limit)
        )
        if found := (await session.exec(query)).all():
            return found
    return ()


async def grid_of(session: AsyncSession, holder_id: UUID) -> ResponderRow | None:
    """Where somebody responds now. Changes of one holder's grid wait for each other."""
    await take_turn(session, "grid of", holder_id)
    query = select(ResponderRow).where(
        ResponderRow.holder_id == holder_id, col(ResponderRow.released_at).is_(None)
    )
    return (await session.exec(for_update(query))).first()


async def number_taken(session: AsyncSession, point_id: UUID, number: str) -> bool:
    """Within a point; nobody else can take it before the transaction ends."""
    await take_turn(session, "logbook", point_id, number)
    found = await session.exec(
        select(VisitRow.visit_id).where(
            VisitRow.point_id == point_id,
            VisitRow.number == number,
            col(VisitRow.withdrawn).is_(False),
        )
    )
    return found.first() is not None
