"""What commands of this room refer to, and whether it is there."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis import kinds
from services.chassis.rows import check_area, check_code
from services.membership.domain.working.registrants import EmployerUnknown, Place
from services.membership.tables.organisations import AreaRow
from services.membership.tables.rows import Row
from services.membership.tables.working import registrants as tables
from services.membership.tables.working.rows import EmployerRow


async def area_known(session: AsyncSession, area: str, field: str) -> None:
    """Raises `AreaUnknown`."""
    await check_area(session, AreaRow, area, field)


async def place_known(session: AsyncSession, place: Place) -> None:
    """Raises `AreaUnknown` for the community or its grid."""
    await area_known(session, place.community, "community")
    if place.grid is not None:
        await area_known(session, place.grid, "grid")


async def kinds_known(
    session: AsyncSession, family: str, codes: Iterable[str], day: date, field: str
) -> None:
    """Raises `UnknownKind`."""
    for code in codes:
        await kinds.check(session, family, code, day, field)


async def employer_known(session: AsyncSession, employer_id: UUID) -> EmployerRow:
    """Raises `EmployerUnknown`."""
    row = await tables.employer(session, employer_id)
    if row is None:
        raise EmployerUnknown(
            f"No employer {employer_id}.",
            zh="没有该编号的来源单位。",
            field="employer_id",
            value=str(employer_id),
        )
    return row


async def code_free(session: AsyncSession, table: type[Row], code: str) -> None:
    """Raises `CodeTaken`. Nobody else can take it before the transaction ends."""
    await check_code(session, table, code, "编号")


def fresh_code(prefix: str, of: UUID) -> str:
    """A code for what was entered without one: the random half of its id."""
    return f"{prefix}-{of.hex[-12:].upper()}"
