"""Bookings, closures, sessions and assignments as a calendar shows them.

Each row's last change is looked up in the event log by its version: it is the one clock that
everything shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from contracts.kinds import BookingStatus, VisitorLevel
from contracts.kinds.courses import SessionStatus
from contracts.kinds.feeds import FeedScope
from services.bases.domain.feeds.items import OFF, Assigned, Booked, Closed, Item, Taught
from services.bases.domain.feeds.keys import Subject
from services.chassis.rows import missing

BOOKED = """
SELECT k.booking_id AS id, k.version, k.area, k.starts_at, k.ends_at, k.recorded_at,
       coalesce(e.recorded_at, k.recorded_at) AS changed_at,
       k.base_id AS host_id, b.name AS host, v.name AS venue, k.status, k.organisation_id,
       coalesce(o.name, g.name) AS visitors, coalesce(m.name, t.label) AS activity,
       k.headcount, k.visitor_level, k.off_day
  FROM booking k
  JOIN base b USING (base_id)
  JOIN venue v ON v.venue_id = k.venue_id
  LEFT JOIN organisation o ON o.organisation_id = k.organisation_id
  LEFT JOIN guest g ON g.guest_id = k.organisation_id
  LEFT JOIN menu_item m ON m.item_id = k.menu_item_id
  LEFT JOIN kind t ON t.family = 'menu-item' AND t.code = k.menu_item_kind
  LEFT JOIN event_log e ON e.aggregate_id = k.booking_id AND e.aggregate_version = k.version
"""
CLOSED = """
SELECT c.closure_id AS id, c.version, c.area, c.starts_at, c.recorded_at,
       CASE WHEN c.reopens_at > c.starts_at THEN least(c.ends_at, c.reopens_at)
            ELSE c.ends_at END AS ends_at,
       coalesce(e.recorded_at, c.recorded_at) AS changed_at,
       c.base_id AS host_id, b.name AS host, v.name AS venue,
       coalesce(t.label, c.reason_kind) AS reason,
       coalesce(c.reopens_at <= c.starts_at, false) AS withdrawn
  FROM closure c
  JOIN base b USING (base_id)
  LEFT JOIN venue v ON v.venue_id = c.venue_id
  LEFT JOIN kind t ON t.family = 'closure-reason' AND t.code = c.reason_kind
  LEFT JOIN event_log e ON e.aggregate_id = c.closure_id AND e.aggregate_version = c.version
"""
TAUGHT = """
SELECT s.session_id AS id, s.version, s.area, s.starts_at, s.ends_at, s.recorded_at,
       coalesce(e.recorded_at, s.recorded_at) AS changed_at,
       coalesce(s.base_id, s.hall_id) AS host_id, coalesce(b.name, h.name) AS host,
       v.name AS venue, s.status, c.name AS course
  FROM session s
  JOIN course c USING (course_id)
  JOIN lecture_hall h ON h.hall_id = s.hall_id
  LEFT JOIN base b ON b.base_id = s.base_id
  LEFT JOIN venue v ON v.venue_id = s.venue_id
  LEFT JOIN event_log e ON e.aggregate_id = s.session_id AND e.aggregate_version = s.version
"""
ASSIGNED = """
SELECT a.assignment_id AS id, a.version, a.area, a.starts_at, a.ends_at, a.recorded_at,
       coalesce(e.recorded_at, a.recorded_at) AS changed_at,
       a.place_id AS host_id, coalesce(b.name, h.name, '') AS host, v.name AS venue,
       a.holds, a.completed_at IS NOT NULL AS completed, k.status,
       CASE WHEN a.shift_id IS NOT NULL THEN '讲解值班'
            WHEN a.session_id IS NOT NULL THEN '授课' ELSE '接待讲解' END AS task,
       coalesce(c.name, o.name, g.name) AS subject
  FROM lecturer_assignment a
  LEFT JOIN booking k ON k.booking_id = a.booking_id
  LEFT JOIN session s ON s.session_id = a.session_id
  LEFT JOIN course c ON c.course_id = s.course_id
  LEFT JOIN lecture_hall h ON h.hall_id = s.hall_id
  LEFT JOIN base b ON b.base_id = a.base_id
  LEFT JOIN venue v ON v.venue_id = coalesce(k.venue_id, s.venue_id)
  LEFT JOIN organisation o ON o.organisation_id = k.organisation_id
  LEFT JOIN guest g ON g.guest_id = k.organisation_id
  LEFT JOIN event_log e ON e.aggregate_id = a.assignment_id AND e.aggregate_version = a.version
"""
WINDOW = """
 WHERE {whose}
   AND {row}.starts_at < $3 AND {row}.ends_at > $2
   AND (({off}) IS NOT TRUE OR coalesce(e.recorded_at, {row}.recorded_at) > $4)
 ORDER BY abs(extract(epoch FROM {row}.starts_at - $5::timestamptz)), 1
 LIMIT $6
"""
"""Of what was off before `$4` nobody is told any more. The nearest to `$5` come first."""

WHOSE = {
    FeedScope.BASE: "{row}.base_id = $1",
    FeedScope.VENUE: "{row}.venue_id = $1",
    FeedScope.ORGANISATION: "{row}.organisation_id = $1",
    FeedScope.LECTURER: "{row}.lecturer_id = $1",
}
A_DAY = " AND k.starts_at > $2::timestamptz - interval '1 day'"
"""No booking is longer, so those before need not be looked at."""
NOT_FOR_A_SESSION = " AND NOT EXISTS (SELECT FROM session s WHERE s.booking_id = k.booking_id)"
"""What holds the venue for a session is shown once, as the session."""
CLOSES = {
    FeedScope.BASE: "c.base_id = $1",
    FeedScope.VENUE: """(c.venue_id = $1 OR c.venue_id IS NULL AND c.base_id = (
        SELECT base_id FROM venue WHERE venue_id = $1))""",
}
SUBJECTS = {
    FeedScope.BASE: "SELECT area, name FROM base WHERE base_id = $1",
    FeedScope.VENUE: """
        SELECT b.area, b.name || ' ' || v.name AS name
          FROM venue v JOIN base b USING (base_id) WHERE v.venue_id = $1
    """,
    FeedScope.ORGANISATION: """
        SELECT area, name FROM organisation WHERE organisation_id = $1
         UNION ALL SELECT area, name FROM guest WHERE guest_id = $1
    """,
    FeedScope.LECTURER: "SELECT area, '讲师 ' || code AS name FROM lecturer WHERE lecturer_id = $1",
}
"""A lecturer is called by the code: the name is sealed."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """Items that touch `[since, until)`, and of those that are off the ones since `off_since`."""

    since: datetime
    until: datetime
    off_since: datetime
    around: datetime
    most: int


async def subject(connection: asyncpg.Connection, scope: FeedScope, subject_id: UUID) -> Subject:
    """Raises `NotFound`."""
    row = await connection.fetchrow(SUBJECTS[scope], subject_id)
    if row is None:
        raise missing(scope, subject_id, scope.label)
    return Subject(scope=scope, subject_id=subject_id, **row)


async def items(connection: asyncpg.Connection, whose: Subject, window: Window) -> Sequence[Item]:
    """In order of start; one more than `window.most` when there are more."""
    found: list[Item] = []
    for read in READERS[whose.scope]:
        found += await read(connection, whose, window)
    found.sort(key=lambda item: (abs(item.starts_at - window.around), item.id))
    return sorted(found[: window.most + 1], key=lambda item: (item.starts_at, item.id))


async def booked(connection: asyncpg.Connection, booking_id: UUID) -> Booked:
    """Raises `NotFound`."""
    row = await connection.fetchrow(BOOKED + " WHERE k.booking_id = $1", booking_id)
    if row is None:
        raise missing("booking", booking_id, "预约")
    return _booked(row)


async def _bookings(
    connection: asyncpg.Connection, whose: Subject, window: Window
) -> Sequence[Item]:
    off = ", ".join(f"'{status}'" for status in sorted(OFF))
    those = WHOSE[whose.scope] + A_DAY
    if whose.scope is not FeedScope.ORGANISATION:
        those += NOT_FOR_A_SESSION
    query = _within(BOOKED, "k", those, off=f"k.status IN ({off})")
    return [_booked(row) for row in await _fetched(connection, query, whose, window)]


async def _closures(
    connection: asyncpg.Connection, whose: Subject, window: Window
) -> Sequence[Item]:
    query = _within(CLOSED, "c", CLOSES[whose.scope], off="c.reopens_at <= c.starts_at")
    return [Closed(**row) for row in await _fetched(connection, query, whose, window)]


async def _sessions(
    connection: asyncpg.Connection, whose: Subject, window: Window
) -> Sequence[Item]:
    query = _within(TAUGHT, "s", WHOSE[whose.scope], off="s.status = 'cancelled'")
    rows = await _fetched(connection, query, whose, window)
    return [Taught(**{**row, "status": SessionStatus(row["status"])}) for row in rows]


async def _assignments(
    connection: asyncpg.Connection, whose: Subject, window: Window
) -> Sequence[Item]:
    off = "NOT a.holds AND a.completed_at IS NULL"
    query = _within(ASSIGNED, "a", WHOSE[whose.scope], off=off)
    rows = await _fetched(connection, query, whose, window)
    return [
        Assigned(**{**row, "status": row["status"] and BookingStatus(row["status"])})
        for row in rows
    ]


READERS = {
    FeedScope.BASE: (_bookings, _closures, _sessions),
    FeedScope.VENUE: (_bookings, _closures, _sessions),
    FeedScope.ORGANISATION: (_bookings,),
    FeedScope.LECTURER: (_assignments,),
}


def _within(select: str, row: str, whose: str, *, off: str) -> str:
    return select + WINDOW.format(whose=whose.format(row=row), row=row, off=off)


async def _fetched(
    connection: asyncpg.Connection, query: str, whose: Subject, window: Window
) -> Sequence[asyncpg.Record]:
    found: Sequence[asyncpg.Record] = await connection.fetch(
        query, whose.subject_id, window.since, window.until, window.off_since, window.around,
        window.most + 1,
    )  # fmt: skip
    return found


def _booked(row: asyncpg.Record) -> Booked:
    status = BookingStatus(row["status"])
    return Booked(**{**row, "status": status, "visitor_level": VisitorLevel(row["visitor_level"])})
