"""How a lecturer is taken and given back. Being in two places at one time ends here.

Three walls, as for the slots of a venue: writers of one lecturer take turns (advisory lock), they
look at what takes the lecturer already, and two constraints would refuse what both let through:
nobody does two things at one time, and nobody is elsewhere sooner than they can get there.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from pydantic_core import to_json

from contracts.kinds.lecturers import EngagedFor
from services.bases.domain.lecturers.assignments import Claim, Task, taken
from services.bases.domain.lecturers.people import Ahead, Lecturer
from services.bases.domain.lecturers.times import Busy
from services.bases.domain.opening import Range
from services.chassis.unit_of_work import UnitOfWork

LOCK = "pg_advisory_xact_lock(hashtextextended(id::text, 73))"
LOCK_ALL = f"SELECT {LOCK} FROM unnest($1::uuid[]) AS id"  # noqa: S608  our own constant
"""In the order in which they are named."""

FOUND = """
SELECT lecturer_id, code, area, base_id, roles, skills, engagement, engaged_on, retired_on
  FROM lecturer WHERE lecturer_id = ANY($1)
"""
BUSY = """
SELECT a.lecturer_id, a.assignment_id, a.place_id, a.starts_at, a.ends_at, a.free_at
  FROM lecturer l JOIN lecturer_assignment a
    ON int8range(a.lecturer_no, a.lecturer_no, '[]') = int8range(l.no, l.no, '[]')
   AND a.reach && tstzrange($2, $3, '[)')
 WHERE l.lecturer_id = ANY($1) AND a.holds
 ORDER BY a.starts_at
"""
CLAIMS = "jsonb_populate_recordset(NULL::lecturer_assignment, $1::text::jsonb)"
TAKE = f"""
INSERT INTO lecturer_assignment (assignment_id, lecturer_id, lecturer_no, booking_id, session_id,
                                 shift_id, base_id, place_id, area, skill, starts_at, ends_at,
                                 free_at, version, recorded_at)
SELECT assignment_id, lecturer_id, l.no, booking_id, session_id, shift_id, one.base_id, place_id,
       one.area, skill, starts_at, ends_at, free_at, one.version, $2
  FROM {CLAIMS} AS one JOIN lecturer l USING (lecturer_id)
"""  # noqa: S608  our own constant
MOVE = f"""
UPDATE lecturer_assignment a
   SET lecturer_id = l.lecturer_id, lecturer_no = l.no, base_id = one.base_id,
       place_id = one.place_id, area = one.area, starts_at = one.starts_at,
       ends_at = one.ends_at, free_at = one.free_at, version = one.version
  FROM {CLAIMS} AS one JOIN lecturer l USING (lecturer_id)
 WHERE a.assignment_id = one.assignment_id
"""  # noqa: S608  our own constant
RELEASE = """
UPDATE lecturer_assignment SET holds = false, version = version + 1 WHERE assignment_id = ANY($1)
"""
COMPLETE = """
UPDATE lecturer_assignment SET completed_at = $2, headcount = $3, version = version + 1
 WHERE assignment_id = ANY($1)
"""
HELD = {
    kind: f"""
SELECT '{kind}' AS engaged_for, {kind}_id AS subject_id, base_id, place_id, area,
       starts_at, ends_at, assignment_id, lecturer_id, skill,
       completed_at IS NOT NULL AS completed, version
  FROM lecturer_assignment WHERE holds AND {kind}_id = ANY($1) ORDER BY lecturer_id
"""  # noqa: S608  our own columns
    for kind in EngagedFor
}
RESTLESS = """
SELECT a.assignment_id FROM lecturer_assignment a JOIN booking b USING (booking_id)
 WHERE a.lecturer_id = ANY($1) AND a.holds AND a.completed_at IS NULL AND NOT b.holds
"""
WALLS = "one_task_at_a_time, time_to_get_there"
AHEAD = """
SELECT assignment_id, starts_at, ends_at FROM lecturer_assignment
 WHERE lecturer_id = $1 AND holds AND completed_at IS NULL AND ends_at > $2 AND starts_at < $3
 ORDER BY starts_at, assignment_id
"""
FREE = """
SELECT l.lecturer_id, l.code,
       (SELECT coalesce(round(sum(extract(epoch FROM m.ends_at - m.starts_at)) / 60), 0)::int
          FROM lecturer_assignment m
         WHERE m.lecturer_id = l.lecturer_id AND m.holds
           AND m.starts_at >= $8 AND m.starts_at < $9) AS minutes
  FROM lecturer l
 WHERE l.retired_on IS NULL AND l.engaged_on <= ($4 AT TIME ZONE 'Asia/Shanghai')::date
   AND (starts_with($1, l.area)
        OR EXISTS (SELECT FROM unnest($2::text[]) AS a WHERE starts_with(l.area, a)))
   AND ($3::text IS NULL OR l.skills @> ARRAY[$3::text])
   AND NOT EXISTS (
        SELECT FROM lecturer_assignment a
         WHERE int8range(a.lecturer_no, a.lecturer_no, '[]') = int8range(l.no, l.no, '[]')
           AND a.holds AND a.reach && tstzrange($4, $6, '[)')
           AND (a.place_id <> $7 OR a.during && tstzrange($4, $5, '[)')))
 ORDER BY minutes, l.code
 LIMIT 500
"""
EVER = "9999-12-31T00:00:00+00:00"


@dataclass(frozen=True)
class Candidate:
    """`minutes` are those of everything that takes the lecturer in that month."""

    lecturer_id: UUID
    code: str
    minutes: int


async def lock(connection: asyncpg.Connection, ids: Iterable[UUID]) -> None:
    """Writers of one lecturer take turns until their transactions end; several go by id."""
    await connection.execute(LOCK_ALL, sorted(set(ids)))


async def lock_one(uow: UnitOfWork, lecturer_id: UUID) -> None:
    """Before the row, to which whoever assigns the lecturer refers."""
    await lock(await uow.driver(), [lecturer_id])


async def found(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, Lecturer]:
    """For whoever holds their lock already."""
    rows = await connection.fetch(FOUND, list(ids))
    return {row["lecturer_id"]: Lecturer(**row) for row in rows}


async def busy(
    connection: asyncpg.Connection, ids: Collection[UUID], since: datetime, until: datetime
) -> dict[UUID, list[Busy]]:
    """What takes each of them between two instants, travel afterwards included, in order."""
    found: dict[UUID, list[Busy]] = {lecturer_id: [] for lecturer_id in ids}
    for row in await connection.fetch(BUSY, list(ids), since, until):
        said = dict(row)
        found[said.pop("lecturer_id")].append(Busy(**said))
    return found


async def take(
    connection: asyncpg.Connection, claims: Sequence[Claim], travel: timedelta, at: datetime
) -> None:
    """Write them. Raises `LecturerTaken` should one be in the way of another after all."""
    with _one_place_at_a_time():
        await connection.execute(TAKE, _columns(claims, travel), at)


async def restless(connection: asyncpg.Connection, ids: Collection[UUID]) -> set[UUID]:
    """Assignments to bookings that are about to move in this transaction: their slots are free."""
    return {row["assignment_id"] for row in await connection.fetch(RESTLESS, list(ids))}


async def move(
    connection: asyncpg.Connection,
    claims: Sequence[Claim],
    travel: timedelta,
    *,
    last: bool = True,
) -> None:
    """Write them as they are now, all in one statement. Raises `LecturerTaken` as `take` does.

    Unless they are the `last` that move, they may be in the way of those that will.
    """
    with _one_place_at_a_time():
        await connection.execute(f"SET CONSTRAINTS {WALLS} DEFERRED")
        await connection.execute(MOVE, _columns(claims, travel))
        if last:
            await connection.execute(f"SET CONSTRAINTS {WALLS} IMMEDIATE")


async def release(connection: asyncpg.Connection, ids: Collection[UUID]) -> None:
    await connection.execute(RELEASE, list(ids))


async def complete(
    connection: asyncpg.Connection, ids: Collection[UUID], headcount: int, at: datetime
) -> None:
    await connection.execute(COMPLETE, list(ids), at, headcount)


async def held(
    connection: asyncpg.Connection, engaged_for: EngagedFor, subjects: Collection[UUID]
) -> list[Claim]:
    """What stands for these subjects, in order of lecturer."""
    rows = await connection.fetch(HELD[engaged_for], list(subjects))
    return [Claim(**row) for row in rows]


async def ahead(
    connection: asyncpg.Connection,
    lecturer_id: UUID,
    since: datetime,
    until: datetime | None = None,
) -> list[Ahead]:
    """What the lecturer is still to do, in order."""
    last = until or datetime.fromisoformat(EVER)
    return [Ahead(**row) for row in await connection.fetch(AHEAD, lecturer_id, since, last)]


async def unclaimed(
    connection: asyncpg.Connection,
    task: Task,
    skill: str | None,
    travel: timedelta,
    month: Range,
    areas: Sequence[str] = (),
) -> list[Candidate]:
    """Who is taken by nothing then: of those who serve there, and those of `areas`.

    The least busy of the month first. Whether they can come is not looked at.
    """
    span = (*task.span, task.ends_at + travel)
    given = (task.area, list(areas), skill, *span, task.place_id, *month)
    return [Candidate(**row) for row in await connection.fetch(FREE, *given)]


@contextmanager
def _one_place_at_a_time() -> Iterator[None]:
    try:
        yield
    except asyncpg.ExclusionViolationError as error:
        raise taken("", (), (), ()) from error


def _columns(claims: Sequence[Claim], travel: timedelta) -> str:
    """As `CLAIMS` reads them."""
    rows = [claim.model_dump() | claim.subject() for claim in claims]
    return to_json([row | {"free_at": row["ends_at"] + travel} for row in rows]).decode()
