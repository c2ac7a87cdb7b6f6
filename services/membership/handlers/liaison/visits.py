"""Visits and calls at liaison points: counted in codes, their words sealed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.chassis import kinds, personal
from services.chassis.clock import business_date
from services.chassis.errors import Conflict
from services.chassis.personal import Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import visits as domain
from services.membership.domain.liaison.points import Point
from services.membership.domain.liaison.visits import Visit
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import VisitRow


class NumberTaken(Conflict):
    code = "number-taken"
    title, title_zh = "The number is in the logbook already", "登记编号已使用"


async def log(
    visit: Visit,
    point: Point,
    words: Mapping[str, str],
    vault: Vault,
    uow: UnitOfWork,
    at: datetime,
) -> VisitRow:
    """`words` are who came and what they said: sealed under a key of this visit's own.

    The point is held open.
    """
    topic, on = visit.topic_kind, business_date(at)
    await kinds.check(uow.session, "liaison-topic", topic, on, "topic_kind")
    if visit.number is not None:
        await _check_number(visit.point_id, visit.number, uow)
    row = VisitRow.of(visit, occurred_at=at, recorded_at=uow.now)
    uow.begin(row, domain.log(visit, point, on), at)
    if words:
        await personal.keep(await uow.driver(), vault, {visit.visit_id: words})
    return row


async def withdraw(row: VisitRow, uow: UnitOfWork) -> VisitRow:
    """It was entered wrongly: the counts go back on its own day, its words are erased."""
    uow.step(row, domain.withdraw(row), row.occurred_at, withdrawn=True)
    return await forget(row, uow)


async def forget(row: VisitRow, uow: UnitOfWork) -> VisitRow:
    """Erase who came and what they said; the counts stay."""
    await personal.erase(await uow.driver(), row.visit_id, uow.now)
    row.sealed = False
    return row


async def _check_number(point_id: UUID, number: str, uow: UnitOfWork) -> None:
    if await store.number_taken(uow.session, point_id, number):
        raise NumberTaken(
            f"Number {number} is in this point's logbook already.",
            zh=f"该联络点已有编号为 {number} 的登记。",
            field="number",
            value=number,
        )
