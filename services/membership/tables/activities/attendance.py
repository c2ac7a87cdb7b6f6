"""Who came, and what a member's year adds up to."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.membership.domain.activities import Attendance
from services.membership.tables.activities.rows import AttendanceRow
from services.membership.tables.rows import scope_of


@dataclass(frozen=True)
class Attended:
    """A member's year: activities they were expected at, and what became of it."""

    expected: int = 0
    """Without those at which attendance was no demand."""
    attended: int = 0
    excused: int = 0
    missed: int = 0
    present: int = 0
    """All at which they were present, demanded or not."""
    training_minutes: int = 0
    last_on: date | None = None
    """The last day they were present."""


ATTENDED = """
SELECT count(*) FILTER (WHERE counted AND NOT exempt) AS expected,
       count(*) FILTER (WHERE counted AND NOT exempt AND presence = 'present') AS attended,
       count(*) FILTER (WHERE counted AND NOT exempt AND presence = 'excused') AS excused,
       count(*) FILTER (WHERE counted AND NOT exempt AND presence = 'absent') AS missed,
       count(*) FILTER (WHERE presence = 'present') AS present,
       coalesce(sum(minutes) FILTER (WHERE presence = 'present'), 0) AS training_minutes,
       max(held_on) FILTER (WHERE presence = 'present') AS last_on
  FROM attendance WHERE member_id = :member AND held_on BETWEEN :first AND :last
"""


async def attendance_of(session: AsyncSession, member_id: UUID, year: int) -> Attended:
    """What a member attended in a calendar year; all zero for one who appears nowhere."""
    days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    rows = await execute(session, ATTENDED, {"member": member_id, **days})
    return Attended(**rows.mappings().one())


KNOWN = """
SELECT member_id, organisation_id, area, counted, health <> 'able' AS exempt FROM member
 WHERE member_id = ANY(:members) ORDER BY member_id FOR SHARE
"""


@dataclass(frozen=True)
class Standing:
    """What the register says of somebody listed; on the `exempt` attendance is no demand (art. 23
    of the regulation on members' education).
    """

    member_id: UUID
    organisation_id: UUID
    area: str
    counted: bool
    exempt: bool


async def standing(session: AsyncSession, members: Iterable[UUID]) -> Mapping[UUID, Standing]:
    """Those that are known, kept as they are until the transaction ends."""
    rows = await execute(session, KNOWN, {"members": list(members)})
    return {row["member_id"]: Standing(**row) for row in rows.mappings()}


async def roll(
    session: AsyncSession, activity_id: UUID, *, after: UUID | None = None, limit: int | None = None
) -> Sequence[AttendanceRow]:
    """In order of the members' ids."""
    query = select(AttendanceRow).where(AttendanceRow.activity_id == activity_id)
    if after:
        query = query.where(col(AttendanceRow.member_id) > after)
    return (await session.exec(query.order_by(col(AttendanceRow.member_id)).limit(limit))).all()


async def listed(session: AsyncSession, activity_id: UUID) -> list[Attendance]:
    """As it was before the whole list is written anew."""
    return [row.as_state(Attendance) for row in await roll(session, activity_id)]


WRITE = """
INSERT INTO attendance
       (activity_id, member_id, presence, reason, exempt, counted, held_on, minutes)
SELECT :activity, member_id, presence, reason, exempt, counted, :held_on, :minutes
  FROM jsonb_to_recordset(CAST(:listed AS jsonb))
    AS l (member_id uuid, presence text, reason text, exempt boolean, counted boolean)
"""


async def replace(
    session: AsyncSession,
    activity_id: UUID,
    entries: Sequence[Attendance],
    held_on: date | None,
    minutes: int,
) -> None:
    """The whole list anew; the activity is locked."""
    given = {"activity": activity_id, "held_on": held_on, "minutes": minutes}
    await execute(session, "DELETE FROM attendance WHERE activity_id = :activity", given)
    if entries:
        listed = json.dumps([entry.model_dump(mode="json") for entry in entries])
        await execute(session, WRITE, given | {"listed": listed})


async def date_all(
    session: AsyncSession, activity_id: UUID, held_on: date | None, minutes: int
) -> None:
    """Let the list count on `held_on`, or not at all."""
    await execute(
        session,
        "UPDATE attendance SET held_on = :held_on, minutes = :minutes"
        " WHERE activity_id = :activity",
        {"activity": activity_id, "held_on": held_on, "minutes": minutes},
    )


SHORT = """
SELECT m.member_id, m.organisation_id, m.area, coalesce(t.minutes, 0) AS minutes
  FROM member m
  LEFT JOIN LATERAL (
       SELECT sum(a.minutes) AS minutes FROM attendance a
        WHERE a.member_id = m.member_id AND a.presence = 'present'
          AND a.held_on BETWEEN :first AND :last) t ON true
 WHERE m.counted AND m.health = 'able'
   AND ({within})
   AND (CAST(:organisation AS uuid) IS NULL OR m.organisation_id = :organisation)
   AND (m.area, m.member_id) > (:after_area, CAST(:after AS uuid))
   AND coalesce(t.minutes, 0) < :needed
 ORDER BY m.area, m.member_id
 LIMIT :limit
"""


async def short_of_training(
    session: AsyncSession,
    *,
    within: Sequence[str],
    organisation_id: UUID | None,
    year: int,
    needed: int,
    after: tuple[str, UUID] | None,
    limit: int,
) -> Sequence[RowMapping]:
    """Members with less than `needed` minutes, by area; those on whom it is no demand aside."""
    scope, areas = scope_of("m.area", within)
    after_area, after_member = after or ("", UUID(int=0))
    given = {
        **areas,
        "organisation": organisation_id,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
        "needed": needed,
        "after_area": after_area,
        "after": after_member,
        "limit": limit,
    }
    return (await execute(session, SHORT.format(within=scope), given)).mappings().all()
