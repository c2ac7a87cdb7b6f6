"""Points, rotas, visits and grids: found by id, locked, listed in keyset order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.clock import LOCAL
from services.chassis.database import execute
from services.chassis.errors import Invalid, NotFound
from services.chassis.rows import for_update, inside
from services.membership.tables.liaison.rows import (
    PointRow,
    ResponderRow,
    RotaRow,
    VisitRow,
)
from services.membership.tables.rows import Row

R = TypeVar("R", bound=Row)

MISSING = {
    PointRow: "没有该联络点。",
    RotaRow: "没有该值班安排。",
    VisitRow: "没有该来访登记。",
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list is asked for; `equal` names columns. Both days are included."""

    within: Sequence[str]
    equal: dict[str, Any] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    after: Sequence[str] | None = None
    limit: int


async def load(session: AsyncSession, row: type[R], key: UUID, *, lock: bool = False) -> R:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    found = await session.get(row, key, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound(f"No {row.__tablename__} {key}.", zh=MISSING[row], key=key)
    return found


async def hold(session: AsyncSession, point_id: UUID) -> PointRow:
    """The point, kept open as it is until the transaction ends. Raises `NotFound`."""
    found = await session.get(
        PointRow, point_id, with_for_update={"read": True}, populate_existing=True
    )
    if found is None:
        raise NotFound(f"No liaison point {point_id}.", zh=MISSING[PointRow], key=point_id)
    return found


async def points(session: AsyncSession, wanted: Wanted) -> Sequence[PointRow]:
    """In order of code."""
    return await _listed(session, PointRow, wanted, "code")


async def rotas(session: AsyncSession, wanted: Wanted) -> Sequence[RotaRow]:
    """In order of code."""
    return await _listed(session, RotaRow, wanted, "code")


async def rotas_at(session: AsyncSession, point_id: UUID) -> Sequence[RotaRow]:
    """The rotas of a point that have not ended, locked."""
    query = (
        select(RotaRow)
        .where(RotaRow.point_id == point_id, col(RotaRow.ended_on).is_(None))
        .order_by(col(RotaRow.rota_id))
    )
    return (await session.exec(for_update(query))).all()


async def responders(session: AsyncSession, wanted: Wanted) -> Sequence[ResponderRow]:
    """Those who respond now."""
    return await _listed(
        session, ResponderRow, wanted, "responder_id", col(ResponderRow.released_at).is_(None)
    )


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


async def take_turns_of(session: AsyncSession, holder_id: UUID) -> None:
    """Changes of one holder's grid wait for each other."""
    await execute(
        session, "SELECT pg_advisory_xact_lock(hashtextextended(:key, 55))", {"key": str(holder_id)}
    )


async def grid_of(session: AsyncSession, holder_id: UUID) -> ResponderRow | None:
    """Where somebody responds now, locked."""
    query = select(ResponderRow).where(
        ResponderRow.holder_id == holder_id, col(ResponderRow.released_at).is_(None)
    )
    return (await session.exec(for_update(query))).first()


async def visits(session: AsyncSession, wanted: Wanted) -> Sequence[VisitRow]:
    """The newest first; withdrawn lines are left out."""
    query = (
        select(VisitRow)
        .where(
            inside(col(VisitRow.area), wanted.within),
            col(VisitRow.withdrawn).is_(False),
        )
        .order_by(col(VisitRow.occurred_at).desc(), col(VisitRow.visit_id).desc())
        .limit(wanted.limit)
    )
    for name, value in wanted.equal.items():
        query = query.where(getattr(VisitRow, name) == value)
    if wanted.first:
        query = query.where(col(VisitRow.occurred_at) >= midnight(wanted.first))
    if wanted.last:
        query = query.where(col(VisitRow.occurred_at) < midnight(wanted.last, days=1))
    if wanted.after:
        at, visit_id = wanted.after
        seen, key = datetime.fromisoformat(at), UUID(visit_id)
        query = query.where(
            or_(
                col(VisitRow.occurred_at) < seen,
                (col(VisitRow.occurred_at) == seen) & (col(VisitRow.visit_id) < key),
            )
        )
    return (await session.exec(query)).all()


async def number_taken(session: AsyncSession, point_id: UUID, number: str) -> bool:
    """Within a point; nobody else can take it before the transaction ends."""
    await execute(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 53))",
        {"key": f"{point_id} {number}"},
    )
    found = await session.exec(
        select(VisitRow.visit_id).where(
            VisitRow.point_id == point_id,
            VisitRow.number == number,
            col(VisitRow.withdrawn).is_(False),
        )
    )
    return found.first() is not None


def midnight(day: date, *, days: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(), LOCAL)


async def _listed(
    session: AsyncSession, row: type[R], wanted: Wanted, key: str, *also: Any
) -> Sequence[R]:
    by = getattr(row, key)
    query = select(row).order_by(by).limit(wanted.limit)
    area = getattr(row, "area")  # noqa: B009  every row that is listed has one
    query = query.where(inside(area, wanted.within), *also)
    for name, value in wanted.equal.items():
        query = query.where(getattr(row, name) == value)
    if wanted.after:
        query = query.where(by > _key(wanted.after[0], key))
    return (await session.exec(query)).all()


def _key(text: str, column: str) -> str | UUID:
    if not column.endswith("_id"):
        return text
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(
            "`cursor` belongs to another list.", zh="cursor 不属于此列表。", field="cursor"
        ) from error
