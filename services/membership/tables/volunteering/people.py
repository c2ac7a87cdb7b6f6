"""Who serves: holders as the rolls know them, their teams, and the time they gave."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.members import HolderKind, MemberState
from contracts.kinds.volunteering import SkillStatus, StarTier
from contracts.kinds.working import RegistrantState
from services.chassis.database import driver, execute
from services.chassis.rows import for_update, one
from services.membership.domain.volunteering.holders import Holder, Place
from services.membership.domain.volunteering.teams import Skill
from services.membership.tables.members import MemberRow
from services.membership.tables.rows import Row
from services.membership.tables.volunteering.rows import (
    EnlistmentRow,
    ServiceTimeRow,
    SkillRow,
    VolunteerRow,
    ZoneRow,
)
from services.membership.tables.working.rows import RegistrantRow

R = TypeVar("R", bound=Row)

ENTRY = ("volunteer_id", "source_id", "source", "area", "served_on", "minutes", "recorded_at")
CREDIT = """
INSERT INTO service_time ({columns})
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING true
""".format(columns=", ".join(ENTRY))
HOLD = """
SELECT FROM volunteer
 WHERE volunteer_id = ANY($2)
    OR volunteer_id IN (SELECT volunteer_id FROM service_time WHERE source_id = $1)
 ORDER BY volunteer_id FOR UPDATE
"""
BEGIN_RECORD = """
INSERT INTO volunteer (volunteer_id, holder_id, holder_kind, area, minutes, star, version,
                       recorded_at)
VALUES ($1, $2, $3, $4, 0, 'none', 0, $5) ON CONFLICT DO NOTHING
"""


async def place_of(session: AsyncSession, holder: Holder) -> Place | None:
    """Where a holder on the rolls belongs, kept so until the transaction ends; None for others."""
    if holder.holder_kind is HolderKind.MEMBER:
        member = await _kept(session, MemberRow, holder)
        if member is not None and member.state is not MemberState.LEFT:
            return Place(member.area, member.organisation_id)
    else:
        registrant = await _kept(session, RegistrantRow, holder)
        if registrant is not None and registrant.state is RegistrantState.ACTIVE:
            return Place(registrant.area, None)
    return None


async def _kept(session: AsyncSession, roll: type[R], holder: Holder) -> R | None:
    lock = {"read": True}
    return await session.get(roll, holder.holder_id, with_for_update=lock, populate_existing=True)


# Teams


async def enlisted(
    session: AsyncSession, team_id: UUID, holder_id: UUID | None = None
) -> Sequence[EnlistmentRow]:
    """Those in the team now, in the order of their joining; or the one of them."""
    query = select(EnlistmentRow).filter_by(team_id=team_id, left_on=None)
    if holder_id is not None:
        query = query.filter_by(holder_id=holder_id)
    return (await session.exec(query.order_by(col(EnlistmentRow.enlistment_id)))).all()


async def dismiss(session: AsyncSession, team_id: UUID, on: date) -> None:
    """Everybody leaves a team that ends."""
    await execute(
        session,
        "UPDATE volunteer_enlistment SET left_on = :on WHERE team_id = :team AND left_on IS NULL",
        {"on": on, "team": team_id},
    )


# Skills and zones


async def skill_known(session: AsyncSession, skill: Skill) -> bool:
    """Whether the same is offered by the same holder already."""
    query = select(SkillRow.skill_id).where(
        SkillRow.holder_id == skill.holder_id,
        SkillRow.service_kind == skill.service_kind,
        SkillRow.skill_register == skill.skill_register,
        col(SkillRow.status).in_([SkillStatus.OFFERED, SkillStatus.APPROVED]),
    )
    return (await session.exec(query)).first() is not None


async def zone_taken(session: AsyncSession, area: str) -> bool:
    query = select(ZoneRow.zone_id).filter_by(area=area, ended_on=None)
    return (await session.exec(query)).first() is not None


# Time of service


async def record_of(
    session: AsyncSession, holder: Holder, place: Place, now: datetime
) -> VolunteerRow:
    """The record of somebody's service, begun with the first entry, held until the end."""
    begun = (holder.volunteer_id, holder.holder_id, holder.holder_kind, place.area, now)
    await (await driver(session)).execute(BEGIN_RECORD, *begun)
    return await one(
        session, VolunteerRow, holder.volunteer_id, "volunteer", "志愿者服务档案", lock=True
    )


async def add_time(session: AsyncSession, entry: ServiceTimeRow) -> bool:
    """False when this source was entered for this volunteer before."""
    values = [getattr(entry, column) for column in ENTRY]
    return bool(await (await driver(session)).fetchval(CREDIT, *values))


async def hold(session: AsyncSession, source_id: UUID, also: Iterable[UUID]) -> None:
    """The records of all who were credited for a source, and `also` these: locked in one order."""
    await (await driver(session)).execute(HOLD, source_id, list(also))


async def times_of(
    session: AsyncSession, source_id: UUID
) -> list[tuple[VolunteerRow, ServiceTimeRow]]:
    """Who was credited for a source, with what; their records are held until the end."""
    query = (
        select(VolunteerRow, ServiceTimeRow)
        .where(
            VolunteerRow.volunteer_id == ServiceTimeRow.volunteer_id,
            ServiceTimeRow.source_id == source_id,
        )
        .order_by(col(VolunteerRow.volunteer_id))
    )
    return [(row, time) for row, time in (await session.exec(for_update(query))).all()]


async def star_of(session: AsyncSession, holder_id: UUID) -> StarTier:
    query = select(VolunteerRow.star).where(VolunteerRow.holder_id == holder_id)
    return StarTier((await session.exec(query)).first() or StarTier.NONE)
