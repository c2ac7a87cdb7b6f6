"""Lecture halls, courses, sessions and sign-ups; seats are counted by a guarded update."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.courses import SessionStatus, SignUpStatus
from services.bases.domain.courses.catalogue import Course, Hall
from services.bases.domain.courses.model import Planned, Room, Session, SignUp
from services.bases.tables.rows import Row
from services.chassis import rows
from services.chassis.rows import Versioned, for_update
from services.chassis.unit_of_work import Transaction, UnitOfWork

TAKE = """
UPDATE session SET taken = taken + $2
 WHERE session_id = $1 AND status = 'announced' AND taken + $2 <= seats
RETURNING taken
"""
"""The wall against overselling: looks at the newest row, whoever committed it meanwhile."""
GIVE_BACK = "UPDATE session SET taken = taken - $2 WHERE session_id = $1"
STANDING = """
SELECT EXISTS (SELECT 1 FROM sign_up
                WHERE session_id = $1 AND organisation_id = $2 AND status = 'standing')
"""
BOOKED = """
SELECT b.booking_id, b.area, b.base_id, b.venue_id, b.starts_at, b.ends_at, b.holds,
       CASE WHEN b.exclusive THEN v.capacity ELSE b.headcount END AS places
  FROM booking b JOIN venue v USING (venue_id)
 WHERE b.booking_id = $1 FOR SHARE OF b
"""
IN_BOOKING = """
SELECT s.*, c.kind AS course_kind, c.audience_kind, h.kind AS hall_kind
  FROM session s JOIN course c USING (course_id) JOIN lecture_hall h ON h.hall_id = s.hall_id
 WHERE s.booking_id = $1 AND s.status = 'announced'
 ORDER BY s.session_id FOR UPDATE OF s
"""
LEAVE = """
UPDATE session SET booking_id = NULL, venue_id = NULL, version = version + 1 WHERE session_id = $1
"""
FOLLOWING = """
SELECT s.session_id, s.starts_at, s.seats - s.taken AS free
  FROM session s
 WHERE s.course_id = $1 AND s.session_id <> $2 AND s.status = 'announced'
   AND s.closes_at > $3 AND s.seats - s.taken >= $4
 ORDER BY s.starts_at, s.session_id LIMIT 3
"""


class HallRow(Hall, Versioned, Row, table=True):
    __tablename__ = "lecture_hall"

    hall_id: UUID = Field(primary_key=True)


class CourseRow(Course, Versioned, Row, table=True):
    __tablename__ = "course"

    course_id: UUID = Field(primary_key=True)


class SessionRow(Planned, Versioned, Row, table=True):
    """`taken` belongs to the guard and is set in SQL alone."""

    __tablename__ = "session"

    session_id: UUID = Field(primary_key=True)


class SignUpRow(SignUp, Versioned, Row, table=True):
    __tablename__ = "sign_up"

    sign_up_id: UUID = Field(primary_key=True)


@dataclass(frozen=True)
class Lesson:
    """A session with what it is a session of."""

    row: SessionRow
    course: CourseRow
    hall: HallRow

    def state(self, **changes: Any) -> Session:
        """What rules look at, with `changes` as it would be."""
        return Session(
            **self.row.model_dump() | changes,
            course_kind=self.course.kind,
            audience_kind=self.course.audience_kind,
            hall_kind=self.hall.kind,
        )


R = TypeVar("R", HallRow, CourseRow, SessionRow, SignUpRow)
CALLED: dict[type[Row], tuple[str, str]] = {
    HallRow: ("lecture hall", "讲习场所"),
    CourseRow: ("course", "课程"),
    SessionRow: ("session", "讲习场次"),
    SignUpRow: ("sign-up", "报名"),
}


async def one(session: AsyncSession, table: type[R], key: UUID, *, lock: bool = False) -> R:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await rows.one(session, table, key, *CALLED[table], lock=lock)


async def lock_session_of(uow: UnitOfWork, sign_up_id: UUID) -> None:
    """Session before sign-up: who cancels or holds the session locks them in that order."""
    sign_up = await one(uow.session, SignUpRow, sign_up_id)
    await one(uow.session, SessionRow, sign_up.session_id, lock=True)


async def lesson(session: AsyncSession, row: SessionRow) -> Lesson:
    course = await one(session, CourseRow, row.course_id)
    return Lesson(row, course, await one(session, HallRow, row.hall_id))


async def next_session(session: AsyncSession, **of: UUID) -> datetime | None:
    """When the first announced session of a hall or a course begins, past ones included."""
    query = select(SessionRow.starts_at).filter_by(status=SessionStatus.ANNOUNCED, **of)
    return (await session.exec(query.order_by(col(SessionRow.starts_at)).limit(1))).first()


async def halls_of(session: AsyncSession, base_id: UUID) -> Sequence[HallRow]:
    """Those open at the base, locked in order of their ids."""
    query = select(HallRow).where(HallRow.base_id == base_id, col(HallRow.closed_on).is_(None))
    return (await session.exec(for_update(query.order_by(col(HallRow.hall_id))))).all()


# Seats


async def take(work: Transaction, session_id: UUID, headcount: int) -> bool:
    """False when so many seats are not left, or the session is announced no more.

    A negative `headcount` gives seats back.
    """
    return await (await work.driver()).fetchval(TAKE, session_id, headcount) is not None


async def give_back(work: Transaction, session_id: UUID, headcount: int) -> None:
    await (await work.driver()).execute(GIVE_BACK, session_id, headcount)


async def following(
    work: Transaction, row: SessionRow, headcount: int, at: datetime
) -> list[tuple[UUID, datetime, int]]:
    """Other sessions of the course that still take so many: id, start, seats left."""
    about = (row.course_id, row.session_id, at, headcount)
    return [tuple(found) for found in await (await work.driver()).fetch(FOLLOWING, *about)]


async def signed_up(work: Transaction, session_id: UUID, organisation_id: UUID) -> bool:
    found: bool = await (await work.driver()).fetchval(STANDING, session_id, organisation_id)
    return found


async def room(work: Transaction, booking_id: UUID) -> Room | None:
    """What the booking holds; it stays so until the transaction ends."""
    row = await (await work.driver()).fetchrow(BOOKED, booking_id)
    return Room(**row) if row else None


async def in_booking(work: Transaction, booking_id: UUID) -> list[tuple[Session, int]]:
    """The announced sessions that rely on it, locked, with their versions."""
    rows = await (await work.driver()).fetch(IN_BOOKING, booking_id)
    return [(Session(**row), row["version"]) for row in rows]


async def leave_venue(work: Transaction, session_id: UUID) -> None:
    await (await work.driver()).execute(LEAVE, session_id)


async def standing(session: AsyncSession, session_id: UUID) -> Sequence[SignUpRow]:
    """Sign-ups that stand, locked in order of their ids."""
    query = (
        select(SignUpRow)
        .where(SignUpRow.session_id == session_id, SignUpRow.status == SignUpStatus.STANDING)
        .order_by(col(SignUpRow.sign_up_id))
    )
    return (await session.exec(for_update(query))).all()
