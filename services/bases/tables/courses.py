"""Lecture halls, courses, sessions and sign-ups; seats are counted by a guarded update."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds import Channel
from contracts.kinds.courses import SessionStatus, SignUpStatus
from services.bases.domain.courses.catalogue import Course, Hall
from services.bases.domain.courses.model import Room, Session, SignUp
from services.bases.tables.rows import Row
from services.chassis import rows
from services.chassis.rows import behind, for_update, inside
from services.chassis.unit_of_work import Transaction

TAKE = """
UPDATE session SET taken = taken + $2
 WHERE session_id = $1 AND status = 'announced' AND taken + $2 <= seats
RETURNING taken
"""
"""The wall against overselling: looks at the newest row, whoever committed it meanwhile."""
GIVE_BACK = "UPDATE session SET taken = taken - $2 WHERE session_id = $1"
FREE = "SELECT seats - taken FROM session WHERE session_id = $1"
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
SELECT s.session_id, s.course_id, c.kind AS course_kind, c.audience_kind, s.hall_id,
       h.kind AS hall_kind, s.area, s.base_id, s.venue_id, s.booking_id, s.lecturer_id,
       s.starts_at, s.ends_at, s.closes_at, s.seats, s.place, s.taken, s.version
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


class HallRow(Row, table=True):
    __tablename__ = "lecture_hall"

    hall_id: UUID = Field(primary_key=True)
    code: str
    name: str
    kind: str
    area: str
    base_id: UUID | None
    venue_id: UUID | None
    opened_on: date
    closed_on: date | None = None
    version: int
    recorded_at: datetime

    def state(self) -> Hall:
        return Hall(**self.model_dump(exclude={"version", "recorded_at"}))


class CourseRow(Row, table=True):
    __tablename__ = "course"

    course_id: UUID = Field(primary_key=True)
    hall_id: UUID
    code: str
    name: str
    kind: str
    audience_kind: str
    area: str
    retired_on: date | None = None
    version: int
    recorded_at: datetime

    def state(self) -> Course:
        return Course(**self.model_dump(exclude={"version", "recorded_at"}))


class SessionRow(Row, table=True):
    """`taken` belongs to the guard and is set in SQL alone."""

    __tablename__ = "session"

    session_id: UUID = Field(primary_key=True)
    course_id: UUID
    hall_id: UUID
    code: str | None
    area: str
    base_id: UUID | None
    venue_id: UUID | None
    booking_id: UUID | None
    place: str | None
    lecturer_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    seats: int
    taken: int = 0
    status: str
    walk_ins: int | None = None
    attended: int | None = None
    absent: int | None = None
    version: int
    recorded_at: datetime


class SignUpRow(Row, table=True):
    __tablename__ = "sign_up"

    sign_up_id: UUID = Field(primary_key=True)
    session_id: UUID
    organisation_id: UUID | None
    headcount: int
    channel: str
    status: str
    attended: int | None = None
    version: int
    recorded_at: datetime

    def state(self) -> SignUp:
        fields = self.model_dump(exclude={"session_id", "version", "recorded_at"})
        said = {"channel": Channel(self.channel), "status": SignUpStatus(self.status)}
        return SignUp(**fields | said)


@dataclass(frozen=True)
class Held:
    """A session with what it is a session of."""

    row: SessionRow
    course: CourseRow
    hall: HallRow

    def state(self) -> Session:
        said = self.row.model_dump(include={field.name for field in fields(Session)})
        return Session(
            **said | {"status": SessionStatus(self.row.status)},
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


async def held(session: AsyncSession, session_id: UUID, *, lock: bool = False) -> Held:
    """The session with its course and hall; only the session is locked. Raises `NotFound`."""
    row = await one(session, SessionRow, session_id, lock=lock)
    return await of_row(session, row)


async def of_row(session: AsyncSession, row: SessionRow) -> Held:
    course = await one(session, CourseRow, row.course_id)
    return Held(row, course, await one(session, HallRow, row.hall_id))


async def next_session(
    session: AsyncSession, *, hall_id: UUID | None = None, course_id: UUID | None = None
) -> datetime | None:
    """When the first announced session of a hall or a course begins, past ones included."""
    query = select(SessionRow.starts_at).where(SessionRow.status == SessionStatus.ANNOUNCED)
    if hall_id:
        query = query.where(SessionRow.hall_id == hall_id)
    if course_id:
        query = query.where(SessionRow.course_id == course_id)
    return (await session.exec(query.order_by(col(SessionRow.starts_at)).limit(1))).first()


async def halls_of(session: AsyncSession, base_id: UUID) -> Sequence[UUID]:
    """Those open at the base, in order of their ids."""
    query = select(HallRow.hall_id).where(
        HallRow.base_id == base_id, col(HallRow.closed_on).is_(None)
    )
    return (await session.exec(query.order_by(col(HallRow.hall_id)))).all()


# Seats


async def take(work: Transaction, session_id: UUID, headcount: int) -> bool:
    """False when so many seats are not left, or the session is announced no more.

    A negative `headcount` gives seats back.
    """
    return await (await work.driver()).fetchval(TAKE, session_id, headcount) is not None


async def give_back(work: Transaction, session_id: UUID, headcount: int) -> None:
    await (await work.driver()).execute(GIVE_BACK, session_id, headcount)


async def free(work: Transaction, session_id: UUID) -> int:
    found: int = await (await work.driver()).fetchval(FREE, session_id)
    return found


async def following(
    work: Transaction, row: SessionRow, headcount: int, at: datetime
) -> list[tuple[UUID, datetime, int]]:
    """Other sessions of the course that still take so many: id, start, seats left."""
    connection = await work.driver()
    rows = await connection.fetch(FOLLOWING, row.course_id, row.session_id, at, headcount)
    return [(found["session_id"], found["starts_at"], found["free"]) for found in rows]


async def signed_up(work: Transaction, session_id: UUID, organisation_id: UUID) -> bool:
    found: bool = await (await work.driver()).fetchval(STANDING, session_id, organisation_id)
    return found


async def room(work: Transaction, booking_id: UUID) -> tuple[str, Room] | None:
    """What the booking holds, and the area it lies in; it stays so until the transaction ends."""
    row = await (await work.driver()).fetchrow(BOOKED, booking_id)
    if row is None:
        return None
    fields_ = {name: value for name, value in row.items() if name != "area"}
    return row["area"], Room(**fields_)


async def in_booking(work: Transaction, booking_id: UUID) -> list[tuple[Session, int]]:
    """The announced sessions that rely on it, locked, with their versions."""
    rows = await (await work.driver()).fetch(IN_BOOKING, booking_id)
    return [
        (Session(**{name: row[name] for name in row.keys() - {"version"}}), row["version"])
        for row in map(dict, rows)
    ]


async def leave_venue(work: Transaction, session_id: UUID) -> None:
    await (await work.driver()).execute(LEAVE, session_id)


async def standing(
    session: AsyncSession, session_id: UUID, *, lock: bool = False
) -> Sequence[SignUpRow]:
    """Sign-ups that stand, in order of their ids."""
    query = (
        select(SignUpRow)
        .where(SignUpRow.session_id == session_id, SignUpRow.status == SignUpStatus.STANDING)
        .order_by(col(SignUpRow.sign_up_id))
    )
    if lock:
        query = for_update(query)
    return (await session.exec(query)).all()


# Lists


async def halls(
    session: AsyncSession, within: Sequence[str], *, after: str | None, limit: int, **sought: Any
) -> Sequence[HallRow]:
    """`sought` are equal columns; `None` asks nothing."""
    query = select(HallRow).where(inside(col(HallRow.area), within))
    for name, value in sought.items():
        if value is not None:
            query = query.where(getattr(HallRow, name) == value)
    if after:
        query = query.where(col(HallRow.code) > after)
    return (await session.exec(query.order_by(col(HallRow.code)).limit(limit))).all()


async def courses(
    session: AsyncSession, within: Sequence[str], *, after: str | None, limit: int, **sought: Any
) -> Sequence[CourseRow]:
    """`sought` as in `halls`."""
    query = select(CourseRow).where(inside(col(CourseRow.area), within))
    for name, value in sought.items():
        if value is not None:
            query = query.where(getattr(CourseRow, name) == value)
    if after:
        query = query.where(col(CourseRow.code) > after)
    return (await session.exec(query.order_by(col(CourseRow.code)).limit(limit))).all()


async def sessions(
    session: AsyncSession,
    within: Sequence[str],
    *,
    since: datetime | None,
    until: datetime | None,
    with_room: bool,
    after: tuple[datetime, UUID] | None,
    limit: int,
    **sought: Any,
) -> Sequence[Held]:
    """In order of start; those that begin in `[since, until)`. `sought` as in `halls`."""
    started, key = col(SessionRow.starts_at), col(SessionRow.session_id)
    query = (
        select(SessionRow, CourseRow, HallRow)
        .join(CourseRow, col(CourseRow.course_id) == SessionRow.course_id)
        .join(HallRow, col(HallRow.hall_id) == SessionRow.hall_id)
        .where(inside(col(SessionRow.area), within))
    )
    for name, value in sought.items():
        if value is not None:
            query = query.where(getattr(SessionRow, name) == value)
    if since:
        query = query.where(started >= since)
    if until:
        query = query.where(started < until)
    if with_room:
        query = query.where(col(SessionRow.taken) < col(SessionRow.seats))
    query = query.where(*behind(after, started, key))
    found = await session.exec(query.order_by(started, key).limit(limit))
    return [Held(*each) for each in found]


async def sign_ups(
    session: AsyncSession,
    within: Sequence[str],
    *,
    session_id: UUID | None,
    organisation_id: UUID | None,
    status: SignUpStatus | None,
    after: UUID | None,
    limit: int,
) -> Sequence[tuple[SignUpRow, SessionRow]]:
    query = (
        select(SignUpRow, SessionRow)
        .join(SessionRow, col(SessionRow.session_id) == SignUpRow.session_id)
        .where(inside(col(SessionRow.area), within))
    )
    if session_id:
        query = query.where(SignUpRow.session_id == session_id)
    if organisation_id:
        query = query.where(SignUpRow.organisation_id == organisation_id)
    if status:
        query = query.where(SignUpRow.status == status)
    if after:
        query = query.where(col(SignUpRow.sign_up_id) > after)
    found = await session.exec(query.order_by(col(SignUpRow.sign_up_id)).limit(limit))
    return found.all()
