"""What commands of this room refer to, and whether it is there."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis import kinds
from services.chassis.rows import check_area
from services.membership.domain.working.registrants import EmployerUnknown
from services.membership.tables.organisations import AreaRow
from services.membership.tables.working.rows import EmployerRow


async def place_known(session: AsyncSession, community: str, area: str) -> None:
    """Raises `AreaUnknown` for the community or its grid."""
    await check_area(session, AreaRow, community, "community")
    if area != community:
        await check_area(session, AreaRow, area, "grid")


async def skills_known(
    session: AsyncSession, skills: Sequence[str], was: Collection[str], day: date
) -> None:
    """Those of before may have gone out of use since. Raises `UnknownKind`."""
    for skill in skills:
        if skill not in was:
            await kinds.check(session, "skill", skill, day, "skills")


async def employer_known(session: AsyncSession, employer_id: UUID) -> None:
    """Raises `EmployerUnknown`."""
    if await session.get(EmployerRow, employer_id) is None:
        raise EmployerUnknown(
            f"No employer {employer_id}.",
            zh="没有该编号的来源单位。",
            field="employer_id",
            value=str(employer_id),
        )
