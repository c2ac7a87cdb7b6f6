"""Everything a request is judged by, in one trip: the venue, its hours, the rules, who asks."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from contracts.kinds import Sharing
from contracts.kinds.alerts import Severity
from contracts.kinds.bases import DayKind
from services.bases.domain.bookings.model import Occasion, Venue
from services.bases.domain.bookings.terms import REQUEST, BookingTerms, Breaches
from services.bases.domain.opening import Hours, Range, Timetable
from services.chassis.clock import business_date, midnight
from services.chassis.rules import Book, Stated, by_code
from services.chassis.unit_of_work import Transaction
from services.chassis.working_days import ONE_DAY, WorkingCalendar

LOOKED_AT = by_code(REQUEST)
CODES = list(LOOKED_AT)

LOCK = "pg_advisory_xact_lock(hashtextextended(v.venue_id::text, 3))"
RULES = """
SELECT DISTINCT ON (code) code, version, effective_from, severity, source, parameters
  FROM rule WHERE code = ANY($3)
 ORDER BY code, effective_from <= $4 DESC,
          CASE WHEN effective_from <= $4 THEN effective_from END DESC, effective_from
"""
"""As `rulebook.at` reads them."""
HOURS = """
SELECT json_agg(h)::text FROM (
    SELECT venue_id, effective_from, version, hours FROM opening_hours
     WHERE base_id = v.base_id AND (venue_id IS NULL OR venue_id = v.venue_id)) h
"""
HOURS_VERSION = """
SELECT coalesce(sum(version), 0) FROM opening_hours
 WHERE base_id = v.base_id AND (venue_id IS NULL OR venue_id = v.venue_id)
"""
"""Rises whenever hours of the venue are stated: none are ever taken back. Also the sum of the
versions in `HOURS`.
"""
CLOSURES = """
SELECT array_agg(tstzrange(starts_at, least(ends_at, reopens_at), '[)')) FROM closure
 WHERE base_id = v.base_id AND (venue_id IS NULL OR venue_id = v.venue_id)
   AND ends_at > $5 AND starts_at < $6 AND (reopens_at IS NULL OR reopens_at > starts_at)
"""
YEARS = "SELECT array_agg(year) FROM calendar_year"
DAYS = "SELECT json_object_agg(day, working)::text FROM calendar_day WHERE day BETWEEN $7 AND $8"
BREACHES = """
SELECT array_agg(starts_at) FILTER (WHERE status = 'no-show') AS missed,
       array_agg(starts_at) FILTER (WHERE late) AS late
  FROM booking WHERE organisation_id = $2 AND (status = 'no-show' OR late) AND starts_at > $9
"""
ASK = f"""
SELECT v.venue_id, v.base_id, b.kind AS base_kind, b.area, v.kind, v.capacity, v.sharing,
       v.buffer_minutes, v.version, v.name, v.retired_at IS NOT NULL AS retired, b.terms::text,
       coalesce(o.name, g.name) AS organisation_name, coalesce(o.area, g.area) AS organisation_area,
       o.dissolved_on,
       (SELECT json_agg(r)::text FROM ({RULES}) r) AS rules,
       ({HOURS}) AS hours, ({CLOSURES}) AS closures,
       v.available_from, v.available_to,
       ({YEARS}) AS years, ({DAYS}) AS days,
       breaches.missed, breaches.late,
       EXISTS (SELECT 1 FROM quota_use q
                WHERE q.base_id = v.base_id AND q.organisation_id = $2) AS counted,
       {LOCK}
  FROM venue v JOIN base b USING (base_id)
  LEFT JOIN organisation o ON o.organisation_id = $2
  LEFT JOIN guest g ON g.guest_id = $2
       CROSS JOIN ({BREACHES}) breaches
 WHERE v.venue_id = $1
"""  # noqa: S608  our own constants
"""Looks and locks in one trip. What it saw may be older than the lock, so the insert looks again:
at the versions of the venue and its hours, at its days, and, as a statement of its own begins with
a fresh snapshot, for closures and for overlaps."""

FOREVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)

SAME = 4096
"""How many different texts are remembered with what they mean: hours of so many venues."""

FURTHEST = timedelta(days=3660)
"""How far back a breach can count."""

WORKING_DAYS = timedelta(days=60)
"""More than any number of working days that an off-day booking is filed before."""


@dataclass(frozen=True)
class Asked:
    """What a booking refers to; the venue's slots are ours until the transaction ends."""

    occasion: Occasion
    venue_version: int
    hours_version: int
    available: tuple[date | None, date | None]
    """From which day to which a partner gives the venue."""
    venue_name: str
    organisation_name: str | None
    """`None` when there is no such organisation."""
    organisation_area: str | None
    dissolved_on: date | None
    counted: bool
    """Its bookings at the base are counted for a quota, now or once."""

    @property
    def venue(self) -> Venue:
        return self.occasion.venue


async def lock_venue(
    work: Transaction,
    venue_id: UUID,
    organisation_id: UUID,
    since: datetime,
    until: datetime,
    at: datetime,
) -> Asked | None:
    """For `[since, until)`, filed `at`; `None` when there is no such venue."""
    row = await (await work.driver()).fetchrow(
        ASK, venue_id, organisation_id, CODES, business_date(at), since, until,
        business_date(min(at, since)) - WORKING_DAYS, business_date(until) + WORKING_DAYS,
        at - FURTHEST,
    )  # fmt: skip
    return None if row is None else _asked(row)


def _asked(row: Mapping[str, Any]) -> Asked:
    book = book_of(row)
    late = row["late"] if book[Breaches].late_cancellations else None
    occasion = Occasion(
        venue=venue_of(row),
        timetable=timetable_of(row),
        terms=_terms(row["rules"], row["terms"]),
        book=book,
        breaches=[*(row["missed"] or ()), *(late or ())],
    )
    return Asked(
        occasion,
        row["version"],
        _hours(row["hours"]).version,
        (row["available_from"], row["available_to"]),
        row["name"],
        row["organisation_name"],
        row["organisation_area"],
        row["dissolved_on"],
        row["counted"],
    )


# What is made of a text is kept by that text: an edit is another text.


def book_of(row: Mapping[str, Any]) -> Book:
    return _book(row["rules"])


@lru_cache(maxsize=SAME)
def _book(rules: str) -> Book:
    return Book([_stated(rule) for rule in json.loads(rules)])


@lru_cache(maxsize=SAME)
def _terms(rules: str, own: str) -> BookingTerms:
    return terms_of(_book(rules)[BookingTerms], json.loads(own))


@dataclass(frozen=True)
class _Stated:
    """All hours of one venue, and the sum of their versions."""

    of_base: Sequence[Hours]
    of_venue: Sequence[Hours]
    version: int


@lru_cache(maxsize=SAME)
def _hours(stated: str | None) -> _Stated:
    rows = json.loads(stated or "[]")
    return _Stated(
        of_base=[hours_of(row) for row in rows if row["venue_id"] is None],
        of_venue=[hours_of(row) for row in rows if row["venue_id"] is not None],
        version=sum(row["version"] for row in rows),
    )


@lru_cache(maxsize=SAME)
def _calendar(years: tuple[int, ...], days: str | None) -> WorkingCalendar:
    known = json.loads(days or "{}")
    exceptions = {date.fromisoformat(day): works for day, works in known.items()}
    return WorkingCalendar(frozenset(years), exceptions)


def timetable_of(row: Mapping[str, Any]) -> Timetable:
    """Of a venue with its `hours`, `closures` and days, beside `years` and `days`."""
    hours = _hours(row["hours"])
    closures = [(each.lower, each.upper) for each in row["closures"] or ()]
    closures += _not_yet_or_more(row)
    return Timetable(
        _calendar(tuple(row["years"] or ()), row["days"]),
        hours.of_base,
        hours.of_venue,
        [(since.astimezone(UTC), until.astimezone(UTC)) for since, until in closures],
    )


def _not_yet_or_more(row: Mapping[str, Any]) -> Iterable[Range]:
    """When a venue is not to be had: before its first day and after its last."""
    if row["available_from"] is not None:
        yield FOREVER[0], midnight(row["available_from"])
    if row["available_to"] is not None:
        yield midnight(row["available_to"] + ONE_DAY), FOREVER[1]


def terms_of(general: BookingTerms, own: dict[str, Any]) -> BookingTerms:
    """The terms of a base: its own numbers where it has stated any."""
    return BookingTerms.model_validate(general.model_dump() | own) if own else general


def hours_of(row: Mapping[str, Any]) -> Hours:
    spans = {
        DayKind(kind): tuple((opens, closes) for opens, closes in stated)
        for kind, stated in row["hours"].items()
    }
    return Hours(date.fromisoformat(str(row["effective_from"])), spans)


def _stated(rule: Mapping[str, Any]) -> Stated:
    return Stated(
        LOOKED_AT[rule["code"]].model_validate(rule["parameters"]),
        rule["version"],
        date.fromisoformat(rule["effective_from"]),
        Severity(rule["severity"]),
        rule["source"],
    )


def venue_of(row: Mapping[str, Any]) -> Venue:
    return Venue(
        venue_id=row["venue_id"],
        base_id=row["base_id"],
        base_kind=row["base_kind"],
        area=row["area"],
        kind=row["kind"],
        capacity=row["capacity"],
        sharing=Sharing(row["sharing"]),
        buffer=timedelta(minutes=row["buffer_minutes"]),
        retired=row["retired"],
    )
