"""The pools of reserve cadres."""

from datetime import date, datetime
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from services.chassis import personal, rulebook
from services.chassis.http import versions
from services.chassis.personal import Vault
from services.chassis.rules import Book
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import reserve as domain
from services.membership.domain.organisations import area_id, area_unknown
from services.membership.handlers import alerts
from services.membership.tables import organisations as tree
from services.membership.tables import reserve as tables
from services.membership.tables.reserve import ReserveRow


async def join(
    row: ReserveRow, name: str, vault: Vault, uow: UnitOfWork, occurred_at: datetime
) -> ReserveRow:
    """Raises `AreaUnknown`, `NoCommunity`, `PoolFull`, `ReserveKnown`. The name is sealed."""
    if not await tree.area_exists(uow.session, row.area):
        raise area_unknown(row.area, field="area")
    await tables.lock_pool(uow.session, row.area)
    if row.member_id and await tables.holds(uow.session, row.area, row.member_id):
        raise domain.ReserveKnown(
            f"Member {row.member_id} is in the pool of {row.area}.",
            zh="该党员已在本社区后备干部库中，请勿重复登记。",
            field="member_id",
        )
    book = await rulebook.at(uow.session, row.since, domain.ReservePool)
    present = await tables.present(uow.session, row.area)
    event = domain.join(tables.reserve_of(row), present, book)
    await personal.keep(await uow.driver(), vault, {row.reserve_id: {"name": name}})
    uow.session.add(row)
    await uow.session.flush()
    uow.announce(event, version=1, occurred_at=occurred_at)
    await _settle(uow, row.area, present + 1, book, occurred_at)
    return row


async def remove(
    reserve_id: UUID, until: date, expected: int, uow: UnitOfWork, occurred_at: datetime
) -> ReserveRow:
    """Raises `ReserveEndsBeforeStart`, `PreconditionFailed`."""
    area = (await tables.reserve(uow.session, reserve_id)).area
    await tables.lock_pool(uow.session, area)
    row = await tables.reserve(uow.session, reserve_id, lock=True)
    versions.check(expected, row.version)
    if row.until is not None:
        return row
    book = await rulebook.at(uow.session, until, domain.ReservePool)
    event = domain.remove(tables.reserve_of(row), until)
    row.until, row.version = until, row.version + 1
    await uow.session.flush()
    uow.announce(event, version=row.version, occurred_at=occurred_at)
    present = await tables.present(uow.session, area)
    await _settle(uow, area, present, book, occurred_at)
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
