"""The pools of reserve cadres."""

from datetime import date, datetime

from contracts.kinds.alerts import AlertKind
from services.chassis import personal, rulebook
from services.chassis.personal import Vault
from services.chassis.rows import check_area
from services.chassis.rules import Book
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import reserve as domain
from services.membership.domain.organisations import area_id
from services.membership.domain.reserve import Reserve
from services.membership.handlers import alerts
from services.membership.tables import reserve as tables
from services.membership.tables.organisations import AreaRow
from services.membership.tables.reserve import ReserveRow


async def join(
    reserve: Reserve, name: str, vault: Vault, uow: UnitOfWork, occurred_at: datetime
) -> ReserveRow:
    """Raises `AreaUnknown`, `NoCommunity`, `PoolFull`, `ReserveKnown`. The name is sealed."""
    await check_area(uow.session, AreaRow, reserve.area)
    await tables.lock_pool(uow.session, reserve.area)
    if reserve.member_id and await tables.holds(uow.session, reserve.area, reserve.member_id):
        raise domain.ReserveKnown(
            f"Member {reserve.member_id} is in the pool of {reserve.area}.",
            zh="该党员已在本社区后备干部库中，请勿重复登记。",
            field="member_id",
        )
    book = await rulebook.at(uow.session, reserve.since, domain.ReservePool)
    present = await tables.present(uow.session, reserve.area)
    event = domain.join(reserve, present, book)
    await personal.keep(await uow.driver(), vault, {reserve.reserve_id: {"name": name}})
    row = uow.begin(ReserveRow.of(reserve, recorded_at=uow.now), event, occurred_at)
    await uow.session.flush()
    await _settle(uow, row.area, present + 1, book, occurred_at)
    return row


async def remove(
    row: ReserveRow, until: date, uow: UnitOfWork, occurred_at: datetime
) -> ReserveRow:
    """Raises `ReserveEndsBeforeStart`."""
    if row.until is not None:
        return row
    await tables.lock_pool(uow.session, row.area)
    book = await rulebook.at(uow.session, until, domain.ReservePool)
    uow.step(row, domain.remove(row, until), occurred_at, until=until)
    await uow.session.flush()
    present = await tables.present(uow.session, row.area)
    await _settle(uow, row.area, present, book, occurred_at)
    return row


async def _settle(
    uow: UnitOfWork, area: str, present: int, book: Book, occurred_at: datetime
) -> None:
    wanted = alerts.Wanted(
        kind=AlertKind.RESERVE_TOO_SMALL,
        subject_id=area_id(area),
        area=area,
        rule=book.statement(domain.ReservePool),
        facts={"present": present, "least": book[domain.ReservePool].least},
    )
    stands = domain.too_few(present, book)
    await alerts.settle(uow, wanted, stands=stands, at=occurred_at)
