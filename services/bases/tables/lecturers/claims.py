"""How a lecturer is taken and given back. Being in two places at one time ends here.

Three walls, as for the slots of a venue: writers of one lecturer take turns (advisory lock), they
look at what takes the lecturer already, and two constraints would refuse what both let through:
nobody does two things at one time, and nobody is elsewhere sooner than they can get there.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from contracts.kinds.lecturers import EngagedFor
from services.bases.domain.lecturers.assignments import Assignment, Task, taken
from services.bases.domain.lecturers.people import Ahead
from services.bases.domain.lecturers.times import Busy
from services.bases.domain.opening import Range

LOCK = "pg_advisory_xact_lock(hashtextextended(id::text, 73))"
LOCK_ALL = f"SELECT {LOCK} FROM unnest($1::uuid[]) AS id"  # noqa: S608  our own constant
"""In the order in which they are named."""

BUSY = """
SELECT a.lecturer_id, a.assignment_id, a.place_id, a.starts_at, a.ends_at, a.free_at
  FROM lecturer l JOIN lecturer_assignment a
    ON int8range(a.lecturer_no, a.lecturer_no, '[]') = int8range(l.no, l.no, '[]')
   AND a.reach && tstzrange($2, $3, '[)')
 WHERE l.lecturer_id = ANY($1) AND a.holds
 ORDER BY a.starts_at
"""
TAKE = """
INSERT INTO lecturer_assignment (assignment_id, lecturer_id, lecturer_no, booking_id, session_id,
                                 shift_id, base_id, place_id, area, skill, starts_at, ends_at,
                                 free_at, version, recorded_at)
SELECT one.assignment_id, l.lecturer_id, l.no, one.booking_id, one.session_id, one.shift_id,
       one.base_id, one.place_id, one.area, one.skill, one.starts_at, one.ends_at, one.free_at,
       1, $13
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[],
              $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
       AS one (assignment_id, lecturer_id, booking_id, session_id, shift_id, base_id, place_id,
               area, skill, starts_at, ends_at, free_at)
  JOIN lecturer l USING (lecturer_id)
"""
MOVE = """
UPDATE lecturer_assignment a
   SET lecturer_id = l.lecturer_id, lecturer_no = l.no, base_id = one.base_id,
       place_id = one.place_id, area = one.area, starts_at = one.starts_at,
       ends_at = one.ends_at, free_at = one.free_at, version = one.version
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[],
              $7::timestamptz[], $8::timestamptz[], $9::int[])
       AS one (assignment_id, lecturer_id, base_id, place_id, area, starts_at, ends_at, free_at,
               version)
  JOIN lecturer l USING (lecturer_id)
 WHERE a.assignment_id = one.assignment_id
"""
RELEASE = """
UPDATE lecturer_assignment SET holds = false, version = version + 1 WHERE assignment_id = ANY($1)
"""
COMPLETE = """
UPDATE lecturer_assignment SET completed_at = $2, headcount = $3, version = version + 1
 WHERE assignment_id = ANY($1)
"""
HELD = """
SELECT assignment_id, lecturer_id, booking_id, session_id, shift_id, base_id, place_id, area, skill,
       starts_at, ends_at, completed_at, version
  FROM lecturer_assignment WHERE holds
"""
SUBJECTS = {
    EngagedFor.BOOKING: f"{HELD} AND booking_id = ANY($1) ORDER BY lecturer_id",
    EngagedFor.SESSION: f"{HELD} AND session_id = ANY($1) ORDER BY lecturer_id",
    EngagedFor.SHIFT: f"{HELD} AND shift_id = ANY($1) ORDER BY lecturer_id",
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
    connection: asyncpg.Connection,
    assignments: Sequence[Assignment],
    travel: timedelta,
    at: datetime,
) -> None:
    """Write them. Raises `LecturerTaken` should one be in the way of another after all."""
    columns = [
        (
            each.assignment_id,
            each.lecturer_id,
            each.task.of(EngagedFor.BOOKING),
            each.task.of(EngagedFor.SESSION),
            each.task.of(EngagedFor.SHIFT),
            *_place(each.task),
            each.skill,
            *_span(each.task, travel),
        )
        for each in assignments
    ]
    with _one_place_at_a_time():
        await connection.execute(TAKE, *_columns(columns), at)


async def restless(connection: asyncpg.Connection, ids: Collection[UUID]) -> set[UUID]:
    """Assignments to bookings that are about to move in this transaction: their slots are free."""
    return {row["assignment_id"] for row in await connection.fetch(RESTLESS, list(ids))}


async def move(
    connection: asyncpg.Connection,
    assignments: Sequence[Assignment],
    travel: timedelta,
    *,
    last: bool = True,
) -> None:
    """Write them as they are now, all in one statement. Raises `LecturerTaken` as `take` does.

    Unless they are the `last` that move, they may be in the way of those that will.
    """
    columns = [
        (
            each.assignment_id,
            each.lecturer_id,
            *_place(each.task),
            *_span(each.task, travel),
            each.version,
        )
        for each in assignments
    ]
    with _one_place_at_a_time():
        await connection.execute(f"SET CONSTRAINTS {WALLS} DEFERRED")
        await connection.execute(MOVE, *_columns(columns))
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
) -> list[Assignment]:
    """What stands for these subjects, in order of lecturer."""
    rows = await connection.fetch(SUBJECTS[engaged_for], list(subjects))
    return [_assignment(row, engaged_for) for row in rows]


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
    span = (task.starts_at, task.ends_at, task.ends_at + travel)
    given = (task.area, list(areas), skill, *span, task.place_id, *month)
    return [Candidate(**row) for row in await connection.fetch(FREE, *given)]


@contextmanager
def _one_place_at_a_time() -> Iterator[None]:
    try:
        yield
    except asyncpg.ExclusionViolationError as error:
        raise taken("", (), (), ()) from error


def _place(task: Task) -> tuple[UUID | None, UUID, str]:
    return task.base_id, task.place_id, task.area


def _span(task: Task, travel: timedelta) -> tuple[datetime, datetime, datetime]:
    return task.starts_at, task.ends_at, task.ends_at + travel


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _assignment(row: asyncpg.Record, engaged_for: EngagedFor) -> Assignment:
    task = Task(
        engaged_for=engaged_for,
        subject_id=row[f"{engaged_for}_id"],
        base_id=row["base_id"],
        place_id=row["place_id"],
        area=row["area"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
    )
    return Assignment(
        assignment_id=row["assignment_id"],
        lecturer_id=row["lecturer_id"],
        task=task,
        skill=row["skill"],
        completed=row["completed_at"] is not None,
        version=row["version"],
    )
